/*
 * errand - work for one request that takes long: on another thread, while its client waits.
 *
 *     struct errands *backups = errands_create(store_path, &generation, &ERRAND_ALONE);
 *
 *     struct backup *backup = errand_create(sizeof *backup);       its first member is the errand
 *     backup->errand.run = run, backup->errand.answer = answer, …
 *     return errands_start(backups, &backup->errand, request, reply, error);
 *
 * The rules of a kind say how many run at a time and how many more may wait for their turn; clients
 * take turns, so that nobody waits for all that another one asked for. An errand that `lasts` is
 * carried out also when its client has gone, and he waits as long as it takes. Any other is dropped
 * with its client, and he is told 503 when the server's patience with replies is over. At the end
 * of the server errand_stops says so, and what runs is waited for.
 */
#ifndef BILATERAL_RESOURCE_ERRAND_H
#define BILATERAL_RESOURCE_ERRAND_H

#include <stdatomic.h>

#include "bilateral/http/reply.h"
#include "bilateral/resource/generation.h"
#include "bilateral/store/store.h"

struct waker;

/* All errands of one kind. */
struct errands;

struct errand_rules {
    unsigned threads; /* how many run at a time */
    size_t waiting;   /* how many more may wait */
    const char *retry_after;
    const char *refusal; /* what he is told for whom there is no room */
};

/* One at a time, and nobody waits. */
extern const struct errand_rules ERRAND_ALONE;

/* `generation` grows with errand_committed. Path, number and rules must outlive it. */
struct errands *errands_create(const char *store_path, struct generation *generation,
                               const struct errand_rules *rules);

/* Waits for those that run. All replies must be closed. NULL is fine. */
void errands_destroy(struct errands *errands);

/* How many run or wait. */
size_t errands_count(struct errands *errands);

struct errand {
    struct arena *arena;  /* what it needs and makes, itself included */
    struct faults faults; /* of `error` */
    struct error error;
    bool lasts;
    const char *client; /* who takes turns; NULL where none may wait */
    /* On its own thread; what it fails with stands in errand->error. */
    bool (*run)(struct errand *errand);
    /* On the worker's thread: whether it can be answered before it is done. NULL: never. */
    bool (*begun)(struct errand *errand);
    /* Likewise, once it can be. False: it fails with errand->error. */
    bool (*answer)(struct errand *errand, struct reply *reply);
    /* Gives back what is not in the arena; may be NULL. */
    void (*release)(struct errand *errand);
    /* errand.c's own, but for `store`: what `run` reads, and `good`: how it ended. */
    struct errands *errands;
    struct errand *next;
    uint64_t turn;
    struct waker *waker;
    struct store *store;
    bool gone, streams, good;
    atomic_bool done;
    atomic_int holders;
};

/* `size` bytes, of which the errand is the first; with an arena of its own. */
void *errand_create(size_t size);

/* Of one that was not started. */
void errand_drop(struct errand *errand);

/* The reply waits for it. ERROR_UNAVAILABLE where there is no room; it is dropped then. */
bool errands_start(struct errands *errands, struct errand *errand, const struct request *request,
                   struct reply *reply, struct error *error);

/* ---- for `run` ---- */

/* Opens the store, NULL with errand->error on failure. It is closed behind `run`; what is done with
 * it fails soon when the errand is dropped. */
struct store *errand_open_store(struct errand *errand, enum store_mode mode);

/* The same with a store that somebody else closes; NULL before that. */
void errand_reads(struct errand *errand, struct store *store);

/* Something was written: what was made of the store before is old. */
void errand_committed(struct errand *errand);

/* Whether the server ends. */
const atomic_bool *errand_stops(const struct errand *errand);

/* Makes the worker ask `begun` again. False where nobody waits any more. */
bool errand_tell(struct errand *errand);

/* ---- for `answer` ---- */

/* The reply is a stream that goes on while the errand does; `read` gets the errand. */
void errand_stream(struct errand *errand, struct reply *reply,
                   ssize_t (*read)(void *errand, char *bytes, size_t size));

#endif
