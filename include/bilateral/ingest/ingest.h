/*
 * ingest - seed folders and files of records into the store, all or nothing.
 *
 *     struct ingest_report report;
 *     if (!ingest(store, &registry, paths, count, progress, &report, error))
 *         ... error->faults has every fault of every file, with file, line and pointer
 *
 * A folder is a data set: dataset.json names it, and each `<collection>.json` or `.ndjson` holds
 * records of that resource. A file alone may hold any resources, each record with its `type`.
 * Records may refer to one another in any order, over all files. One transaction: when any fault
 * is found, nothing is stored; when nothing is new, nothing is written.
 */
#ifndef BILATERAL_INGEST_INGEST_H
#define BILATERAL_INGEST_INGEST_H

#include "bilateral/resource/resource.h"
#include "bilateral/store/store.h"

enum { INGEST_FAULT_LIMIT = 1000 };

struct ingest_report {
    size_t files;
    size_t records;
    size_t created;
    size_t updated;
    size_t unchanged;
    size_t kept; /* edited by a user since they were seeded, so left alone */
};

/* Called after each record, first with how many there will be. `kept` names one that was. */
struct ingest_watcher {
    void *context;
    void (*progress)(void *context, size_t done, size_t total);
    void (*kept)(void *context, const char *type, const char *id);
};

/* error->faults must be set. `watcher` may be NULL. */
bool ingest(struct store *store, const struct registry *registry, const char *const *paths,
            size_t count, const struct ingest_watcher *watcher, struct ingest_report *ret,
            struct error *error);

#endif
