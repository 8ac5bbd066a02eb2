#include "gate.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/hash.h"

enum { BUCKETS = 1024, KEY_SIZE = 8 };

struct visitor {
    struct visitor *next;
    unsigned char key[KEY_SIZE];
    unsigned count;
};

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t emptied;
    unsigned limit;
    unsigned limit_per_address;
    unsigned count;
    uint64_t seed;
    struct visitor *visitors[BUCKETS];
    size_t limits[GATE_BYTES_COUNT];
    atomic_size_t claimed[GATE_BYTES_COUNT];
};

struct gate *gate_create(unsigned connections, unsigned per_address, size_t body_bytes,
                         size_t reply_bytes)
{
    struct gate *gate = memory_alloc(sizeof *gate);
    *gate = (struct gate){.limit = connections,
                          .limit_per_address = per_address,
                          .limits = {[GATE_BODIES] = body_bytes, [GATE_REPLIES] = reply_bytes}};
    hash_random(&gate->seed, sizeof gate->seed);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&gate->emptied, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return gate;
}

void gate_destroy(struct gate *gate)
{
    if (!gate)
        return;
    pthread_cond_destroy(&gate->emptied);
    pthread_mutex_destroy(&gate->lock);
    free(gate);
}

static void make_key(const struct sockaddr *address, unsigned char ret[static KEY_SIZE])
{
    memset(ret, 0, KEY_SIZE);
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)address;
        memcpy(ret, &four->sin_addr, sizeof four->sin_addr);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)address;
        const unsigned char *bytes = six->sin6_addr.s6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
            memcpy(ret, bytes + 12, 4);
        else
            memcpy(ret, bytes, KEY_SIZE);
    }
}

/* The link to the visitor with that key, or to the NULL where it would stand. */
static struct visitor **find(struct gate *gate, const unsigned char *key)
{
    uint64_t mixed = hash_mix(gate->seed, key, KEY_SIZE);
    struct visitor **link = &gate->visitors[(mixed >> 32) % BUCKETS];
    while (*link && memcmp((*link)->key, key, KEY_SIZE) != 0)
        link = &(*link)->next;
    return link;
}

static enum gate_answer enter(struct gate *gate, const unsigned char *key)
{
    if (gate->count >= gate->limit)
        return GATE_FULL;
    struct visitor **link = find(gate, key);
    if (gate->limit_per_address && *link && (*link)->count >= gate->limit_per_address)
        return GATE_ADDRESS_FULL;
    if (!*link) {
        *link = memory_alloc(sizeof **link);
        **link = (struct visitor){0};
        memcpy((*link)->key, key, KEY_SIZE);
    }
    (*link)->count++;
    gate->count++;
    return GATE_OPEN;
}

enum gate_answer gate_enter(struct gate *gate, const struct sockaddr *address)
{
    unsigned char key[KEY_SIZE];
    make_key(address, key);
    pthread_mutex_lock(&gate->lock);
    enum gate_answer answer = enter(gate, key);
    pthread_mutex_unlock(&gate->lock);
    return answer;
}

void gate_leave(struct gate *gate, const struct sockaddr *address)
{
    unsigned char key[KEY_SIZE];
    make_key(address, key);
    pthread_mutex_lock(&gate->lock);
    struct visitor **link = find(gate, key);
    struct visitor *visitor = *link;
    if (--visitor->count == 0) {
        *link = visitor->next;
        free(visitor);
    }
    if (--gate->count == 0)
        pthread_cond_broadcast(&gate->emptied);
    pthread_mutex_unlock(&gate->lock);
}

unsigned gate_connections(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    unsigned count = gate->count;
    pthread_mutex_unlock(&gate->lock);
    return count;
}

bool gate_wait_empty(struct gate *gate, unsigned seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)seconds;
    pthread_mutex_lock(&gate->lock);
    while (gate->count > 0 &&
           pthread_cond_timedwait(&gate->emptied, &gate->lock, &until) != ETIMEDOUT)
        continue;
    bool empty = gate->count == 0;
    pthread_mutex_unlock(&gate->lock);
    return empty;
}

bool gate_claim(struct gate *gate, enum gate_bytes what, size_t bytes)
{
    size_t before = atomic_fetch_add(&gate->claimed[what], bytes);
    if (before + bytes <= gate->limits[what])
        return true;
    gate_release(gate, what, bytes);
    return false;
}

void gate_release(struct gate *gate, enum gate_bytes what, size_t bytes)
{
    if (bytes == 0) /* as of most requests */
        return;
    atomic_fetch_sub(&gate->claimed[what], bytes);
}
