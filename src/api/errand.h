/*
 * errand - work for one request that takes long: on another thread, while its client waits.
 *
 *     struct errand *errand = errand_create(sizeof *import, reader);   its first member is the errand
 *     errand->run = run, errand->answer = answer, …
 *     return errands_start(application->imports, errand, request, reply, error);
 *
 * Of one kind there is one at a time, and so many more may wait for their turn; clients take turns,
 * so that nobody waits for all that another one asked for. An errand that `lasts` is carried out also
 * when its client has gone, and he waits as long as it takes. Any other is dropped with its client,
 * and he is told 503 when the server's patience with replies is over. At the end of the server
 * `stops` is set, and what runs is waited for.
 */
#ifndef API_ERRAND_H
#define API_ERRAND_H

#include <stdatomic.h>

#include "bilateral/api/service.h"

struct errand {
    const struct application *application;
    struct arena *arena;  /* what it needs and makes */
    struct faults faults; /* of `error` */
    struct error error;
    bool lasts;
    const char *client; /* who takes turns; NULL where none may wait */
    /* On its own thread; what it fails with stands in errand->error. */
    bool (*run)(struct errand *errand, const atomic_bool *stops);
    /* On the worker's thread, where `run` answered true. False: it fails with errand->error. */
    bool (*answer)(struct errand *errand, struct reply *reply);
    /* Gives back what is not in the arena; may be NULL. */
    void (*release)(struct errand *errand);
    /* errand.c's own. */
    struct errands *errands;
    struct waker *waker;
    struct errand *next;
    struct store *store;
    uint64_t turn;
    atomic_bool done;
    atomic_int holders;
    bool good;
};

/* `size` bytes, of which the errand is the first; with an arena of its own. */
struct errand *errand_create(size_t size, const struct reader *reader);

/* The reply waits for it. ERROR_UNAVAILABLE where there is no room; it is released then. */
bool errands_start(struct errands *errands, struct errand *errand, const struct request *request,
                   struct reply *reply, struct error *error);

/* Something was written: what was made of the store before is old. */
void errand_committed(struct errand *errand);

/* For `run`: what it reads, which is interrupted when the errand is dropped. NULL before it is closed. */
void errand_reads(struct errand *errand, struct store *store);

bool errands_busy(struct errands *errands);
size_t errands_waiting(struct errands *errands);

#endif
