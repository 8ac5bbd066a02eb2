#include "bilateral/http/throttle.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/clock.h"
#include "bilateral/base/hash.h"

/* Addresses share a slot by chance: they are slowed together, and none is forgotten too early. */
enum { SLOTS = 4096, STEP = 200 * 1000, BURST = 10, LONGEST = 5 * 1000 * 1000 };

struct throttle {
    pthread_mutex_t lock;
    uint64_t seed;
    int64_t due[SLOTS];
};

struct throttle *throttle_create(void)
{
    struct throttle *throttle = memory_alloc(sizeof *throttle);
    *throttle = (struct throttle){0};
    hash_random(&throttle->seed, sizeof throttle->seed);
    pthread_mutex_init(&throttle->lock, NULL);
    return throttle;
}

void throttle_destroy(struct throttle *throttle)
{
    if (!throttle)
        return;
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}

/* Who has one IPv6 address has its whole network of 64 bits. */
static size_t slot_of(const struct throttle *throttle, const char *client)
{
    unsigned char bytes[16] = {0};
    size_t size = inet_pton(AF_INET6, client, bytes) == 1  ? 8
                  : inet_pton(AF_INET, client, bytes) == 1 ? 4
                                                           : 0;
    return (hash_mix(throttle->seed, bytes, size) >> 32) % SLOTS;
}

int64_t throttle_count(struct throttle *throttle, const char *client)
{
    int64_t now = clock_now();
    pthread_mutex_lock(&throttle->lock);
    int64_t *due = &throttle->due[slot_of(throttle, client)];
    if (*due < now)
        *due = now;
    int64_t wait = *due + STEP - now - (int64_t)BURST * STEP;
    bool too_many = wait > LONGEST;
    if (!too_many)
        *due += STEP;
    pthread_mutex_unlock(&throttle->lock);
    return too_many ? -1 : wait > 0 ? wait : 0;
}
