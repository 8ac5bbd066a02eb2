#include "errand.h"

#include <pthread.h>
#include <stdlib.h>

#include "bilateral/base/clock.h"
#include "bilateral/base/thread.h"

/* A reply may wait for some time only, then it must say that it goes on waiting. */
enum { PATIENCE = 15 * 1000 * 1000 }; /* microseconds */

struct errands {
    _Atomic uint64_t *generation;
    pthread_mutex_t lock;
    pthread_t thread;
    bool busy;    /* somebody's thread runs */
    bool started; /* there is a thread to be joined */
    atomic_bool stops;
};

/* What a reply waits with. */
struct wait {
    struct errand *errand;
    int64_t due;
    bool goes_on; /* another wait has taken over */
};

struct errands *errands_create(_Atomic uint64_t *generation)
{
    struct errands *errands = memory_alloc(sizeof *errands);
    *errands = (struct errands){.generation = generation};
    pthread_mutex_init(&errands->lock, NULL);
    return errands;
}

void errands_destroy(struct errands *errands)
{
    if (!errands)
        return;
    atomic_store(&errands->stops, true);
    if (errands->started)
        pthread_join(errands->thread, NULL);
    pthread_mutex_destroy(&errands->lock);
    free(errands);
}

bool errands_busy(struct errands *errands)
{
    pthread_mutex_lock(&errands->lock);
    bool busy = errands->busy;
    pthread_mutex_unlock(&errands->lock);
    return busy;
}

struct errand *errand_create(size_t size, const struct reader *reader)
{
    struct arena *arena = arena_create();
    struct errand *errand = arena_alloc(arena, size);
    errand->application = reader->application;
    errand->arena = arena;
    errand->faults = (struct faults){.arena = arena};
    errand->error.faults = &errand->faults;
    return errand;
}

void errand_committed(struct errand *errand)
{
    atomic_fetch_add(errand->errands->generation, 1);
}

static void release(struct errand *errand)
{
    if (errand->release)
        errand->release(errand);
    arena_destroy(errand->arena);
}

static void drop(struct errand *errand)
{
    if (atomic_fetch_sub(&errand->holders, 1) == 1)
        release(errand);
}

static void *work(void *context)
{
    struct errand *errand = context;
    struct errands *errands = errand->errands;
    errand->good = errand->run(errand, &errands->stops);
    pthread_mutex_lock(&errands->lock);
    errands->busy = false;
    atomic_store(&errand->done, true);
    waker_wake(errand->waker);
    pthread_mutex_unlock(&errands->lock);
    drop(errand);
    return NULL;
}

/* ---- the reply that waits ---- */

static bool is_ready(void *context)
{
    const struct wait *wait = context;
    return atomic_load(&wait->errand->done) || clock_now() >= wait->due;
}

static void leave(void *context)
{
    const struct wait *wait = context;
    if (wait->goes_on)
        return;
    pthread_mutex_lock(&wait->errand->errands->lock);
    wait->errand->waker = NULL;
    pthread_mutex_unlock(&wait->errand->errands->lock);
    drop(wait->errand);
}

/* The errand ends before the reply is sent, so its faults are told again. */
static bool pass_failure(const struct errand *errand, struct reply *reply, struct error *error)
{
    error->faults->limit = errand->faults.limit;
    if (errand->error.code == ERROR_UNAVAILABLE)
        reply_header(reply, "Retry-After", "10");
    return error_pass(error, &errand->error);
}

static void wait_for(struct errand *errand, const struct request *request, struct reply *reply);

static bool finish(void *context, void *worker, struct request *request, struct reply *reply,
                   struct error *error)
{
    struct wait *wait = context;
    struct errand *errand = wait->errand;
    (void)worker;
    if (!atomic_load(&errand->done)) {
        wait->goes_on = true;
        wait_for(errand, request, reply);
        return true;
    }
    reply_header(reply, "Cache-Control", "no-store");
    return errand->good ? errand->answer(errand, reply) : pass_failure(errand, reply, error);
}

static void wait_for(struct errand *errand, const struct request *request, struct reply *reply)
{
    struct wait *wait = arena_alloc(request->arena, sizeof *wait);
    *wait = (struct wait){.errand = errand, .due = clock_now() + PATIENCE};
    reply->later = (struct reply_later){is_ready, finish, leave, wait};
}

bool errands_start(struct errands *errands, struct errand *errand, struct request *request,
                   struct reply *reply, struct error *error)
{
    errand->errands = errands;
    errand->waker = request->waker;
    atomic_init(&errand->done, false);
    atomic_init(&errand->holders, 2);
    pthread_mutex_lock(&errands->lock);
    bool good = !errands->busy;
    if (good) {
        if (errands->started)
            pthread_join(errands->thread, NULL); /* it has nothing left to do but end */
        good = errands->started = errands->busy = thread_start(&errands->thread, work, errand) == 0;
    }
    pthread_mutex_unlock(&errands->lock);
    if (good) {
        wait_for(errand, request, reply);
        return true;
    }
    reply_header(reply, "Retry-After", "10");
    release(errand);
    return error_set(error, ERROR_UNAVAILABLE, "Another one is under way; try again later.");
}
