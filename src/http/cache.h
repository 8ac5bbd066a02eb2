/*
 * cache - finished replies, kept for whoever asks the same again. Shared by all workers.
 *
 *     struct cached *kept = cache_find(cache, &key);
 *     if (!kept && (kept = cached_create(cache, &key, &like)))
 *         cache_keep(cache, kept);
 *     ...                                        send it, without any lock
 *     cached_release(kept);
 *
 * Whether a reply still is what a new one would be is for others to judge, by its generation. The
 * memory of all replies, those still being sent after they were dropped included, stays below a
 * limit.
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
    uint64_t generation; /* at which it was asked for */
    uint64_t depends;    /* as reply->depends */
    const char *etag;    /* as the handler set it; NULL without one */
    const char *last_modified;
    const char *tag;     /* as it is sent, in the name of the coding */
    const char *lines;   /* of the other fields, as they are sent; each begins with CR LF */
    size_t content_size; /* of the first of them, which a 304 does not repeat */
    bool is_packed;
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

/* What is kept under the key, to be released; NULL where nothing is. */
struct cached *cache_find(struct cache *cache, const struct cache_key *key);

/* Makes an entry, to be released, of copies of all that `like` has. NULL where it would be more than
 * an eighth of the limit. */
struct cached *cached_create(struct cache *cache, const struct cache_key *key,
                             const struct cached *like);

/* Keeps it in the place of what had the same key. */
void cache_keep(struct cache *cache, struct cached *cached);

void cached_release(struct cached *cached);

/* Somebody keeps so much with it, until it is released: one of the responses. */
void cached_charge(struct cached *cached, size_t size);

/* What malloc takes for so many bytes. */
size_t cache_block(size_t size);

void shared_bytes_hold(struct shared_bytes *bytes);
void shared_bytes_release(void *bytes);

/* Memory in use, the workers' responses included, entries kept, and how many were pushed out so
 * far. */
struct cache_figures {
    size_t bytes;
    size_t entries;
    uint64_t evictions;
};
struct cache_figures cache_figures(struct cache *cache);

#endif
