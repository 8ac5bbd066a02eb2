/*
 * progress - tells people how far a long ingestion has come.
 *
 * On a terminal: a bar on standard error, drawn again ten times a second. Elsewhere: a log line
 * every five seconds. What ends within half a second shows nothing.
 *
 *     struct progress progress;
 *     progress_begin(&progress);
 *     const struct ingest_watcher watcher = {.context = &progress, .progress = progress_show};
 *     ...
 *     progress_end(&progress);
 */
#ifndef BILATERAL_INGEST_PROGRESS_H
#define BILATERAL_INGEST_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool terminal;
    bool shown;
    int64_t started; /* as clock_now tells it, and so is the next */
    int64_t last;
};

void progress_begin(struct progress *progress);
void progress_show(void *progress, size_t done, size_t total); /* an ingest_watcher's `progress` */
void progress_end(struct progress *progress);

#endif
