/*
 * errand - work for one request that takes long: on a thread of its own, while its client waits.
 *
 *     struct errand *errand = errand_create(sizeof *import, reader);   its first member is the errand
 *     errand->run = run, errand->answer = answer, …
 *     return errands_start(application->imports, errand, request, reply, error);
 *
 * Of one kind there is one at a time. Whoever goes away does not end it. At the end of the server
 * `stops` is set, and it is waited for.
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
    /* On its own thread; what it fails with stands in errand->error. */
    bool (*run)(struct errand *errand, const atomic_bool *stops);
    /* On the worker's thread, where `run` answered true. */
    bool (*answer)(struct errand *errand, struct reply *reply);
    /* Gives back what is not in the arena; may be NULL. */
    void (*release)(struct errand *errand);
    /* errand.c's own. */
    struct errands *errands;
    struct waker *waker;
    atomic_bool done;
    atomic_int holders;
    bool good;
};

/* `size` bytes, of which the errand is the first; with an arena of its own. */
struct errand *errand_create(size_t size, const struct reader *reader);

/* The reply waits for it. ERROR_UNAVAILABLE where another one is under way; it is released then. */
bool errands_start(struct errands *errands, struct errand *errand, struct request *request,
                   struct reply *reply, struct error *error);

/* Something was written: what was made of the store before is old. */
void errand_committed(struct errand *errand);

bool errands_busy(struct errands *errands);

#endif
