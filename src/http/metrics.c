#include "metrics.h"

/* Upper bounds of the histogram, in microseconds; the last bucket is what lies above. */
static const uint64_t BOUNDS[METRICS_BUCKETS - 1] = {
    100,   250,   500,    1000,   2500,    5000,    10000,
    25000, 50000, 100000, 250000, 1000000, 5000000, 30000000,
};

void metrics_add(metrics_counter *counter, uint64_t amount)
{
    uint64_t before = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, before + amount, memory_order_relaxed);
}

static size_t method_index(enum http_method method)
{
    size_t index = 0; /* of HTTP_OTHER; the others by their bit */
    for (unsigned bits = method; bits; bits >>= 1)
        index++;
    return index < METRICS_METHODS ? index : 0;
}

void metrics_request(struct metrics *metrics, enum http_method method, int status,
                     uint64_t microseconds, uint64_t bytes)
{
    if (status >= 100 && status < 600)
        metrics_add(&metrics->requests[method_index(method)][status / 100 - 1], 1);
    size_t bucket = 0;
    while (bucket < METRICS_BUCKETS - 1 && microseconds > BOUNDS[bucket])
        bucket++;
    metrics_add(&metrics->seconds[bucket], 1);
    metrics_add(&metrics->microseconds, microseconds);
    metrics_add(&metrics->sent_bytes, bytes);
}

/* The sum over all workers of the counter at this offset of struct metrics. */
static unsigned long long sum(const struct metrics *const *all, size_t count, size_t offset)
{
    unsigned long long total = 0;
    for (size_t i = 0; i < count; i++) {
        const metrics_counter *place = (const void *)((const char *)all[i] + offset);
        total += atomic_load_explicit(place, memory_order_relaxed);
    }
    return total;
}

static void put_type(struct buffer *text, const char *name, const char *type, const char *help)
{
    buffer_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_requests(const struct metrics *const *all, size_t count, struct buffer *text)
{
    put_type(text, "http_requests_total", "counter", "Requests answered.");
    for (size_t method = 0; method < METRICS_METHODS; method++) {
        for (size_t class = 0; class < METRICS_CLASSES; class ++) {
            unsigned long long total =
                sum(all, count, offsetof(struct metrics, requests[method][class]));
            enum http_method bit = method ? 1U << (method - 1) : HTTP_OTHER;
            if (total)
                buffer_printf(text, "http_requests_total{method=\"%s\",status=\"%zuxx\"} %llu\n",
                              request_method_name(bit), class + 1, total);
        }
    }
}

static void print_seconds(const struct metrics *const *all, size_t count, struct buffer *text)
{
    put_type(text, "http_request_seconds", "histogram",
             "From the request line to the last byte of the reply.");
    unsigned long long below = 0;
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        below += sum(all, count, offsetof(struct metrics, seconds[i]));
        if (i < METRICS_BUCKETS - 1)
            buffer_printf(text, "http_request_seconds_bucket{le=\"%g\"} %llu\n",
                          (double)BOUNDS[i] / 1e6, below);
        else
            buffer_printf(text, "http_request_seconds_bucket{le=\"+Inf\"} %llu\n", below);
    }
    unsigned long long total = sum(all, count, offsetof(struct metrics, microseconds));
    buffer_printf(text, "http_request_seconds_sum %.6f\nhttp_request_seconds_count %llu\n",
                  (double)total / 1e6, below);
}

static void print_refusals(const struct metrics *const *all, size_t count, struct buffer *text)
{
    put_type(text, "http_refusals_total", "counter",
             "Requests refused before a handler saw them, by the rule they broke.");
    for (size_t i = 0; i < GUARD_RULE_COUNT; i++)
        buffer_printf(text, "http_refusals_total{rule=\"%s\"} %llu\n", GUARD_RULES[i].name,
                      sum(all, count, offsetof(struct metrics, refusals[i])));
    buffer_printf(text, "http_refusals_total{rule=\"library\"} %llu\n",
                  sum(all, count, offsetof(struct metrics, library_refusals)));

    put_type(text, "http_deadlines_total", "counter", "Connections closed because time was up.");
    for (size_t i = 0; i < PHASE_COUNT; i++)
        buffer_printf(text, "http_deadlines_total{phase=\"%s\"} %llu\n",
                      connection_phase_name((enum phase)i),
                      sum(all, count, offsetof(struct metrics, deadlines[i])));
}

static void print_cache(const struct metrics *const *all, size_t count, struct cache *cache,
                        struct buffer *text)
{
    struct cache_figures figures = cache_figures(cache);
    put_type(text, "http_cache_requests_total", "counter", "Requests that the cache might answer.");
    buffer_printf(text, "http_cache_requests_total{outcome=\"hit\"} %llu\n",
                  sum(all, count, offsetof(struct metrics, cache_hits)));
    buffer_printf(text, "http_cache_requests_total{outcome=\"miss\"} %llu\n",
                  sum(all, count, offsetof(struct metrics, cache_misses)));
    put_type(text, "http_cache_evictions_total", "counter", "Replies pushed out for others.");
    buffer_printf(text, "http_cache_evictions_total %llu\n", (unsigned long long)figures.evictions);
    put_type(text, "http_cache_bytes", "gauge", "Memory that kept replies take.");
    buffer_printf(text, "http_cache_bytes %zu\n", figures.bytes);
    put_type(text, "http_cache_replies", "gauge", "Replies kept.");
    buffer_printf(text, "http_cache_replies %zu\n", figures.entries);
}

void metrics_print(const struct metrics *const *all, size_t count, unsigned connections,
                   struct cache *cache, struct buffer *text)
{
    print_requests(all, count, text);
    print_seconds(all, count, text);
    print_refusals(all, count, text);
    if (cache)
        print_cache(all, count, cache, text);
    put_type(text, "http_sent_bytes_total", "counter", "Bytes of reply bodies.");
    buffer_printf(text, "http_sent_bytes_total %llu\n",
                  sum(all, count, offsetof(struct metrics, sent_bytes)));
    put_type(text, "http_connections_total", "counter", "Connections by what became of them.");
    buffer_printf(text, "http_connections_total{outcome=\"accepted\"} %llu\n",
                  sum(all, count, offsetof(struct metrics, accepted)));
    buffer_printf(text, "http_connections_total{outcome=\"turned_away\"} %llu\n",
                  sum(all, count, offsetof(struct metrics, turned_away)));
    put_type(text, "http_connections", "gauge", "Connections open.");
    buffer_printf(text, "http_connections %u\n", connections);
    put_type(text, "http_replies_waiting", "gauge", "Replies that wait for the server's own work.");
    buffer_printf(text, "http_replies_waiting %llu\n",
                  sum(all, count, offsetof(struct metrics, waiting)));
}
