/*
 * progress - tells people how far a long ingestion has come.
 *
 * On a terminal: a bar on standard error, drawn again ten times a second. Elsewhere: a log line
 * every five seconds. What ends within half a second shows nothing.
 */
#ifndef BILATERAL_INGEST_PROGRESS_H
#define BILATERAL_INGEST_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
    bool terminal;
    bool shown;
    long long started; /* milliseconds of the monotonic clock */
    long long last;
};

void progress_begin(struct progress *progress);
void progress_show(struct progress *progress, size_t done, size_t total);
void progress_end(struct progress *progress);

#endif
