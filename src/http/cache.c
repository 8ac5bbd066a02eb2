#include "cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/hash.h"

enum {
    BYTES_PER_BUCKET = 4096, /* of the limit: about an entry each */
    LEAST_BUCKETS = 64,
    MOST_BUCKETS = 1 << 16,
    LARGEST_SHARE = 8, /* one entry has at most this part of the limit */
};

struct shared_bytes {
    struct cache *cache;
    atomic_uint users;
    size_t size; /* of its memory */
    char data[];
};

struct list {
    struct entry *newest;
    struct entry *oldest;
    size_t size; /* of its entries */
};

struct entry {
    struct cached cached; /* first: what others see of it */
    struct cache *cache;
    atomic_uint users; /* the lists are one */
    size_t overhead;   /* memory besides the body and the responses */
    atomic_size_t charged;
    struct entry *next; /* in its bucket; once out, in a chain of those to be released */
    struct entry *newer;
    struct entry *older;
    struct list *list;
    uint64_t hash;
    size_t key_size;
    const char *key;
};

struct cache {
    size_t limit;
    unsigned workers;
    void (*forget)(void *response);
    uint64_t seed;
    atomic_size_t used;
    pthread_mutex_t lock; /* of all below */
    struct list once;     /* asked for once */
    struct list again;
    size_t entries;
    uint64_t evictions;
    size_t bucket_count; /* a power of two */
    struct entry *buckets[];
};

struct cache *cache_create(size_t limit, unsigned workers, void (*forget)(void *response))
{
    size_t count = LEAST_BUCKETS;
    while (count < limit / BYTES_PER_BUCKET && count < MOST_BUCKETS)
        count *= 2;
    size_t size = sizeof(struct cache) + count * sizeof(struct entry *);
    struct cache *cache = memory_alloc(size);
    memset(cache, 0, size);
    cache->limit = limit;
    cache->workers = workers;
    cache->forget = forget;
    cache->bucket_count = count;
    hash_random(&cache->seed, sizeof cache->seed);
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

__extension__ typedef unsigned __int128 wide;

/* Eight bytes in one step: each waits for the one before. Both halves of the product count, so that
 * what differs in two words cannot meet again whatever the seed is. */
void cache_hash(const struct cache *cache, struct cache_key *key)
{
    uint64_t mixed = cache->seed, word;
    size_t at = 0;
    for (; at + sizeof word <= key->size; at += sizeof word) {
        memcpy(&word, key->text + at, sizeof word);
        wide product = (wide)(mixed ^ word) * 0x9e3779b97f4a7c15;
        mixed = (uint64_t)(product >> 64) ^ (uint64_t)product;
    }
    mixed = hash_mix(mixed, key->text + at, key->size - at);
    key->hash = mixed ^ mixed >> 32;
}

/* ---- memory ---- */

/* A word before it, in steps of two words, and no less than four; and where replies come and go, about
 * a sixteenth of the heap lies between them. */
size_t cache_block(size_t size)
{
    size_t block = (size + sizeof(size_t) + 15) / 16 * 16;
    return (block < 32 ? 32 : block) * 16 / 15;
}

void shared_bytes_hold(struct shared_bytes *bytes)
{
    atomic_fetch_add(&bytes->users, 1);
}

void shared_bytes_release(void *context)
{
    struct shared_bytes *bytes = context;
    if (atomic_fetch_sub(&bytes->users, 1) > 1)
        return;
    atomic_fetch_sub(&bytes->cache->used, bytes->size);
    free(bytes);
}

static struct shared_bytes *share(struct cache *cache, const char *body, size_t size)
{
    struct shared_bytes *bytes = memory_alloc(sizeof *bytes + size);
    *bytes = (struct shared_bytes){.cache = cache, .size = cache_block(sizeof *bytes + size)};
    memcpy(bytes->data, body, size);
    atomic_init(&bytes->users, 1);
    atomic_fetch_add(&cache->used, bytes->size);
    return bytes;
}

static size_t size_of(const struct entry *entry)
{
    return entry->overhead + entry->cached.bytes->size;
}

void cached_release(struct cached *cached)
{
    struct entry *entry = (struct entry *)(void *)cached;
    if (!entry || atomic_fetch_sub(&entry->users, 1) > 1)
        return;
    struct cache *cache = entry->cache;
    for (size_t i = 0; i < (size_t)cache->workers * CACHED_RESPONSES; i++) {
        if (cached->responses[i])
            cache->forget(cached->responses[i]);
    }
    shared_bytes_release(cached->bytes);
    atomic_fetch_sub(&cache->used, entry->overhead + atomic_load(&entry->charged));
    free(entry);
}

/* How much the texts take: of the key, the validators and the fields. */
static size_t text_size(const struct cache_key *key, const struct cached *like)
{
    const char *const texts[] = {like->etag, like->last_modified, like->tag, like->lines};
    size_t size = key->size + 1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        size += texts[i] ? strlen(texts[i]) + 1 : 0;
    return size;
}

static const char *put(char **at, const char *text, size_t size)
{
    char *copy = *at;
    memcpy(copy, text, size);
    copy[size] = '\0';
    *at += size + 1;
    return copy;
}

/* All in one piece: the entry, the workers' responses, the texts. */
struct cached *cached_create(struct cache *cache, const struct cache_key *key,
                             const struct cached *like)
{
    size_t responses = (size_t)cache->workers * CACHED_RESPONSES * sizeof(void *);
    size_t size = sizeof(struct entry) + responses + text_size(key, like);
    if (size + like->size > cache->limit / LARGEST_SHARE)
        return NULL;
    struct entry *entry = memory_alloc(size);
    memset(entry, 0, size);
    entry->cached = *like;
    entry->cached.responses = (void **)(entry + 1);
    char *texts = (char *)(entry + 1) + responses;
    const char **copied[] = {&entry->cached.etag, &entry->cached.last_modified, &entry->cached.tag,
                             &entry->cached.lines};
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        *copied[i] = *copied[i] ? put(&texts, *copied[i], strlen(*copied[i])) : NULL;
    entry->key = put(&texts, key->text, key->size);
    entry->key_size = key->size;
    entry->hash = key->hash;
    entry->cache = cache;
    entry->overhead = cache_block(size);
    atomic_fetch_add(&cache->used, entry->overhead);
    atomic_init(&entry->users, 1);
    entry->cached.bytes = share(cache, like->body, like->size);
    entry->cached.body = entry->cached.bytes->data;
    return &entry->cached;
}

/* ---- lists and buckets, under the lock ---- */

static void list_remove(struct entry *entry)
{
    struct list *list = entry->list;
    *(entry->newer ? &entry->newer->older : &list->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &list->oldest) = entry->newer;
    list->size -= size_of(entry);
}

static void list_add(struct list *list, struct entry *entry)
{
    entry->list = list;
    entry->newer = NULL;
    entry->older = list->newest;
    *(list->newest ? &list->newest->newer : &list->oldest) = entry;
    list->newest = entry;
    list->size += size_of(entry);
}

/* The link to the entry with that key, or to the NULL where it would stand. */
static struct entry **find(struct cache *cache, uint64_t hash, const char *key, size_t size)
{
    struct entry **link = &cache->buckets[hash & (cache->bucket_count - 1)];
    while (*link && ((*link)->hash != hash || (*link)->key_size != size ||
                     memcmp((*link)->key, key, size) != 0))
        link = &(*link)->next;
    return link;
}

/* Takes it out, onto a chain: it is released when the lock is free again. */
static void drop(struct cache *cache, struct entry **link, struct entry **chain)
{
    struct entry *entry = *link;
    *link = entry->next;
    list_remove(entry);
    cache->entries--;
    entry->next = *chain;
    *chain = entry;
}

/* What grows old in the second list has its chance in the first once more. */
static void balance(struct cache *cache)
{
    while (cache->again.size > cache->limit / 5 * 4) {
        struct entry *entry = cache->again.oldest;
        list_remove(entry);
        list_add(&cache->once, entry);
    }
}

static bool is_stale(const struct entry *entry, const struct entry *fresh)
{
    return entry && !entry->cached.depends && entry->cached.generation < fresh->cached.generation;
}

/* Who goes next: what depends on everything and is older has no use any more, and the fresh one
 * goes last. */
static struct entry *choose_victim(const struct cache *cache, const struct entry *fresh)
{
    struct entry *once = cache->once.oldest, *again = cache->again.oldest;
    if (once && (is_stale(once, fresh) || !is_stale(again, fresh)) && (once != fresh || !again))
        return once;
    return again;
}

/* Those in the chain are as good as gone: `going` bytes. */
static void make_room(struct cache *cache, const struct entry *fresh, size_t going,
                      struct entry **chain)
{
    while (cache->entries > 0 && atomic_load(&cache->used) > cache->limit + going) {
        struct entry *victim = choose_victim(cache, fresh);
        going += size_of(victim) + atomic_load(&victim->charged);
        drop(cache, find(cache, victim->hash, victim->key, victim->key_size), chain);
        cache->evictions++;
    }
}

static void release_chain(struct entry *chain)
{
    while (chain) {
        struct entry *entry = chain;
        chain = entry->next;
        cached_release(&entry->cached);
    }
}

/* ---- what others call ---- */

struct cached *cache_find(struct cache *cache, const struct cache_key *key)
{
    pthread_mutex_lock(&cache->lock);
    struct entry *entry = *find(cache, key->hash, key->text, key->size);
    if (entry)
        atomic_fetch_add(&entry->users, 1);
    if (entry && entry != cache->again.newest) {
        list_remove(entry);
        list_add(&cache->again, entry);
        balance(cache);
    }
    pthread_mutex_unlock(&cache->lock);
    return entry ? &entry->cached : NULL;
}

void cache_keep(struct cache *cache, struct cached *cached)
{
    struct entry *entry = (struct entry *)(void *)cached, *chain = NULL;
    struct list *list = &cache->once;
    size_t going = 0;
    atomic_fetch_add(&entry->users, 1);
    pthread_mutex_lock(&cache->lock);
    struct entry **link = find(cache, entry->hash, entry->key, entry->key_size);
    if (*link) {
        list = (*link)->list;
        going = size_of(*link);
        drop(cache, link, &chain);
    }
    entry->next = *link;
    *link = entry;
    list_add(list, entry);
    cache->entries++;
    balance(cache);
    make_room(cache, entry, going, &chain);
    pthread_mutex_unlock(&cache->lock);
    release_chain(chain);
}

void cached_charge(struct cached *cached, size_t size)
{
    struct entry *entry = (struct entry *)(void *)cached, *chain = NULL;
    struct cache *cache = entry->cache;
    atomic_fetch_add(&entry->charged, size);
    atomic_fetch_add(&cache->used, size);
    pthread_mutex_lock(&cache->lock);
    make_room(cache, entry, 0, &chain);
    pthread_mutex_unlock(&cache->lock);
    release_chain(chain);
}

struct cache_figures cache_figures(struct cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    struct cache_figures figures = {
        .bytes = atomic_load(&cache->used),
        .entries = cache->entries,
        .evictions = cache->evictions,
    };
    pthread_mutex_unlock(&cache->lock);
    return figures;
}

void cache_destroy(struct cache *cache)
{
    struct entry *chain = NULL;
    if (!cache)
        return;
    while (cache->once.oldest || cache->again.oldest) {
        struct entry *entry = cache->once.oldest ? cache->once.oldest : cache->again.oldest;
        drop(cache, find(cache, entry->hash, entry->key, entry->key_size), &chain);
    }
    release_chain(chain);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}
