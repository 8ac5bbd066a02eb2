/*
 * metrics - what one worker has counted.
 *
 * Only the worker's own thread adds, so a counter needs no lock and no locked instruction; any
 * thread may read, and sums up over all workers.
 */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "bilateral/base/buffer.h"
#include "bilateral/http/request.h"
#include "cache.h"
#include "connection.h"
#include "guard.h"

enum { METRICS_METHODS = 8, METRICS_CLASSES = 5, METRICS_BUCKETS = 15 };

typedef _Atomic uint64_t metrics_counter;

struct metrics {
    metrics_counter requests[METRICS_METHODS][METRICS_CLASSES];
    metrics_counter seconds[METRICS_BUCKETS]; /* each its own range only; summed up when printed */
    metrics_counter microseconds;
    metrics_counter sent_bytes;
    metrics_counter refusals[GUARD_RULE_COUNT];
    metrics_counter library_refusals; /* answered by the library, before the guard was asked */
    metrics_counter deadlines[PHASE_COUNT];
    metrics_counter accepted;
    metrics_counter turned_away;
    metrics_counter cache_hits;
    metrics_counter cache_misses;
    metrics_counter waiting; /* replies that wait for something of ours: goes down, too */
};

void metrics_add(metrics_counter *counter, uint64_t amount);

/* `status` 0: none was sent. */
void metrics_request(struct metrics *metrics, enum http_method method, int status,
                     uint64_t microseconds, uint64_t bytes);

/* Appends the sum of `count` workers as Prometheus text. `cache` may be NULL. */
void metrics_print(const struct metrics *const *all, size_t count, unsigned connections,
                   struct cache *cache, struct buffer *text);

#endif
