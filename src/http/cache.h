/*
 * cache - finished replies, kept for whoever asks the same again. Shared by all workers.
 *
 *     struct cached *kept = cache_find(cache, &key, generation);
 *     if (!kept && (kept = cached_create(cache, &key, &like, body)))
 *         cache_keep(cache, kept);
 *     ...                                        send it, without any lock
 *     cached_release(kept);
 *
 * A reply holds for one generation: whoever asks at another does not find it. The memory of all
 * replies, those still being sent after they were dropped included, stays below a limit.
 *
 * There are two lists by age. A new reply enters the first; one that is asked for again moves to
 * the second, which has four fifths of the memory, and comes back to the first when it grows old
 * there. So whoever asks for a million addresses once pushes out what others asked for once, and
 * nothing else. A reply that another generation replaces keeps its list.
 */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bilateral/http/request.h"

struct cache;

struct cache_key {
    const char *text;
    size_t size;
    uint64_t hash;
};

/* Bytes of a body, which a reply under way may need beyond the entry's life. */
struct shared_bytes;

/* What is kept of a reply. Constant, but for `responses`. */
struct cached {
    uint64_t generation;
    const char *etag; /* as the handler set it; NULL without one */
    const char *last_modified;
    const struct request_header *fields; /* all that the reply had */
    size_t field_count;
    const char *body;
    size_t size;
    struct shared_bytes *bytes; /* that hold the body */
    void **responses;           /* CACHED_RESPONSES of each worker, its own; see replay.c */
};

enum { CACHED_RESPONSES = 2 };

/* `forget` gives back one of the responses; it runs on any thread. */
struct cache *cache_create(size_t limit, unsigned workers, void (*forget)(void *response));

/* When no worker runs any more. NULL is fine. */
void cache_destroy(struct cache *cache);

/* Fills in the hash. Its seed is the cache's own, so that nobody can choose keys that collide. */
void cache_hash(const struct cache *cache, struct cache_key *key);

/* What is kept under the key for this generation, to be released; NULL where nothing is. */
struct cached *cache_find(struct cache *cache, const struct cache_key *key, uint64_t generation);

/*
 * Makes an entry, to be released: copies texts and fields of `like`, and takes over its `body`,
 * which was had from malloc. NULL where it would be more than an eighth of the limit; then nothing
 * was taken.
 */
struct cached *cached_create(struct cache *cache, const struct cache_key *key,
                             const struct cached *like);

/* Keeps it in the place of what had the same key. */
void cache_keep(struct cache *cache, struct cached *cached);

void cached_release(struct cached *cached);

void shared_bytes_hold(struct shared_bytes *bytes);
void shared_bytes_release(void *bytes);

/* Memory in use, what the workers' responses may take included, entries kept, and how many were
 * pushed out so far. */
struct cache_figures {
    size_t bytes;
    size_t entries;
    uint64_t evictions;
};
struct cache_figures cache_figures(struct cache *cache);

#endif
