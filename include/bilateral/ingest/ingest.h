/*
 * ingest - seed folders and files of records into the store, all or nothing.
 *
 *     struct ingest_report report;
 *     const struct ingest_order order = {.paths = paths, .count = count};
 *     if (!ingest(store, &registry, &order, &report, error))
 *         ... error->faults has every fault of every file, with file, line and pointer
 *
 * A folder is a data set: dataset.json names it, and each `<collection>.json` or `.ndjson` holds
 * records of that resource. A file alone may hold any resources, each record with its `type`.
 * Records may refer to one another in any order, over all files. One transaction: when any fault
 * is found, nothing is stored; when nothing is new, nothing is written.
 *
 * Of a file of lines each record is in memory alone, so a file may be of any size; it is read four
 * times at most. Outside a data set, {"type": "meeting", "id": "x", "deleted": true} deletes: behind
 * everything else, so that what referred to it may be changed in the same file. There, too, a line
 * of the type "dataset" is passed over: a record that was exported begins with one.
 */
#ifndef BILATERAL_INGEST_INGEST_H
#define BILATERAL_INGEST_INGEST_H

#include <stdatomic.h>
#include <stdio.h>

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
    size_t deleted;
    int64_t revision; /* of the store, behind it */
};

/* Called after each record, first with how many there will be. `kept` names one that was. */
struct ingest_watcher {
    void *context;
    void (*progress)(void *context, size_t done, size_t total);
    void (*kept)(void *context, const char *type, const char *id);
};

/* What shall be ingested, and how. */
struct ingest_order {
    const char *const *paths; /* folders and files */
    size_t count;
    FILE *lines;    /* besides these an open file of NDJSON, "-" in faults; closed behind it */
    const char *by; /* who writes what is no seed; NULL: nobody by name */
    bool dry_run;   /* look for every fault and count, but store nothing */
    const struct ingest_watcher *watcher; /* may be NULL */
    const atomic_bool *stops;             /* where it becomes true, give up; may be NULL */
};

/* error->faults must be set. */
bool ingest(struct store *store, const struct registry *registry, const struct ingest_order *order,
            struct ingest_report *ret, struct error *error);

#endif
