/*
 * batch - what one ingestion has in hand, and its passes over the records.
 */
#ifndef INGEST_BATCH_H
#define INGEST_BATCH_H

#include "bilateral/ingest/dataset.h"
#include "bilateral/ingest/feed.h"
#include "bilateral/ingest/ingest.h"
#include "bilateral/resource/write.h"

/* A file of a batch, with the data set it belongs to (NULL for a file alone). */
struct input {
    struct feed feed;
    const char *dataset;
};

struct batch {
    struct arena *arena;
    const struct registry *registry;
    const struct ingest_order *order;
    struct error *error;
    struct writer writer;
    struct input *inputs;
    size_t input_count;
    struct dataset *datasets;
    size_t dataset_count;
    const char *prefix; /* of file names in faults: the folder, where there are several */
    bool complete; /* whether every record could be announced: else a missing one proves nothing */
    bool deletes;  /* a line says that a record shall go */
    json_t *held;  /* "type/id" of seeds that are kept back for what a user wrote elsewhere */
    bool again;    /* there is another one of them, so the batch must begin again */
    struct ingest_report report;
};

enum pass {
    PASS_ANNOUNCE, /* every id, so that records may refer forwards */
    PASS_PUT,
    PASS_CIRCLES, /* what could lie within itself before all was put */
    PASS_DELETE,  /* behind all others, when nothing may refer any more to what goes */
};

/* False only where the store fails; faults are collected. */
bool batch_pass(struct batch *batch, enum pass pass);

#endif
