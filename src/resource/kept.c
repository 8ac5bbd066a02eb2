#include "bilateral/resource/kept.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/hash.h"

struct place {
    int64_t revision;
    struct buffer text; /* the name and its NUL, then what is kept; empty: nothing */
};

struct kept {
    pthread_mutex_t lock;
    uint64_t seed;
    struct place places[KEPT_COUNT];
};

struct kept *kept_create(void)
{
    struct kept *kept = memory_alloc(sizeof *kept);
    *kept = (struct kept){.lock = PTHREAD_MUTEX_INITIALIZER};
    hash_random(&kept->seed, sizeof kept->seed);
    return kept;
}

void kept_destroy(struct kept *kept)
{
    if (!kept)
        return;
    for (size_t i = 0; i < KEPT_COUNT; i++)
        buffer_finish(&kept->places[i].text);
    pthread_mutex_destroy(&kept->lock);
    free(kept);
}

int64_t kept_find(struct kept *kept, const char *name, struct buffer *ret)
{
    if (!kept)
        return KEPT_NOTHING;
    size_t size = strlen(name) + 1;
    struct place *place = &kept->places[hash_mix(kept->seed, name, size) % KEPT_COUNT];
    pthread_mutex_lock(&kept->lock);
    bool found = place->text.size >= size && memcmp(place->text.data, name, size) == 0;
    int64_t revision = found ? place->revision : KEPT_NOTHING;
    if (found)
        buffer_append(ret, place->text.data + size, place->text.size - size);
    pthread_mutex_unlock(&kept->lock);
    return revision;
}

void kept_put(struct kept *kept, int64_t revision, const char *name, const char *text, size_t size)
{
    size_t name_size = strlen(name) + 1;
    if (!kept || name_size + size > KEPT_SIZE_LIMIT)
        return;
    struct place *place = &kept->places[hash_mix(kept->seed, name, name_size) % KEPT_COUNT];
    pthread_mutex_lock(&kept->lock);
    place->revision = revision;
    buffer_reset(&place->text);
    buffer_append(&place->text, name, name_size);
    buffer_append(&place->text, text, size);
    pthread_mutex_unlock(&kept->lock);
}
