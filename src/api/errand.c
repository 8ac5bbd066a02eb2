#include "errand.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/clock.h"
#include "bilateral/base/thread.h"

/* A reply may wait for some time only, then it must say that it goes on waiting. */
enum { PATIENCE = 15 * 1000 * 1000 }; /* microseconds */

struct errands {
    struct generation *generation;
    size_t limit; /* how many may wait */
    pthread_mutex_t lock;
    pthread_t thread;
    bool busy;              /* the thread runs */
    bool started;           /* there is a thread to be joined */
    struct errand *waiting; /* in the order in which they came */
    size_t count;
    uint64_t turn; /* of the one that runs, or ran last */
    atomic_bool stops;
};

/* What a reply waits with. */
struct wait {
    struct errand *errand;
    int64_t due;
    bool goes_on; /* another wait has taken over */
};

struct errands *errands_create(struct generation *generation, size_t limit)
{
    struct errands *errands = memory_alloc(sizeof *errands);
    *errands = (struct errands){.generation = generation, .limit = limit};
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

size_t errands_waiting(struct errands *errands)
{
    pthread_mutex_lock(&errands->lock);
    size_t waiting = errands->count + errands->busy;
    pthread_mutex_unlock(&errands->lock);
    return waiting;
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
    generation_raise(errand->errands->generation);
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

/* Under the lock, as what follows. */
static bool unlink_waiting(struct errands *errands, const struct errand *errand)
{
    struct errand **link = &errands->waiting;
    while (*link && *link != errand)
        link = &(*link)->next;
    if (!*link)
        return false;
    *link = errand->next;
    errands->count--;
    return true;
}

/* The one whose turn it is, the first of several; NULL where nobody waits. */
static struct errand *take_next(struct errands *errands)
{
    struct errand *next = errands->waiting;
    for (struct errand *each = next; each; each = each->next)
        next = each->turn < next->turn ? each : next;
    if (next) {
        unlink_waiting(errands, next);
        errands->turn = next->turn;
    }
    return next;
}

/*
 * A client's errands have one turn after the other, from the one that is under way; so who comes
 * with his first goes before the second of everybody else. Nobody has more than half of the room.
 */
static bool wait_in_line(struct errands *errands, struct errand *errand)
{
    size_t own = 0;
    struct errand **end = &errands->waiting;
    errand->turn = errands->turn;
    for (; *end; end = &(*end)->next) {
        if (strcmp((*end)->client, errand->client) == 0) {
            errand->turn = (*end)->turn + 1;
            own++;
        }
    }
    if (errands->count >= errands->limit || own >= (errands->limit + 1) / 2)
        return false;
    *end = errand;
    errands->count++;
    return true;
}

static void *work(void *context)
{
    struct errand *errand = context;
    struct errands *errands = errand->errands;
    while (errand) {
        errand->good = errand->run(errand, &errands->stops);
        pthread_mutex_lock(&errands->lock);
        struct errand *next = take_next(errands);
        errands->busy = next;
        atomic_store(&errand->done, true);
        waker_wake(errand->waker);
        pthread_mutex_unlock(&errands->lock);
        drop(errand);
        errand = next;
    }
    return NULL;
}

void errand_reads(struct errand *errand, struct store *store)
{
    pthread_mutex_lock(&errand->errands->lock);
    errand->store = store;
    pthread_mutex_unlock(&errand->errands->lock);
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
    struct errand *errand = wait->errand;
    struct errands *errands = errand->errands;
    if (wait->goes_on)
        return;
    pthread_mutex_lock(&errands->lock);
    errand->waker = NULL;
    bool dropped = !errand->lasts && unlink_waiting(errands, errand);
    if (!errand->lasts && errand->store)
        store_interrupt(errand->store);
    pthread_mutex_unlock(&errands->lock);
    if (dropped)
        drop(errand); /* for the thread that would have run it */
    drop(errand);
}

/* The errand ends before the reply is sent, so its faults are told again. */
static bool pass_failure(const struct errand *errand, struct reply *reply, struct error *error)
{
    error->faults->limit = errand->faults.limit;
    if (errand->error.code == ERROR_UNAVAILABLE && !reply_find_header(reply, "Retry-After"))
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
    if (errand->lasts)
        reply_header(reply, "Cache-Control", "no-store");
    return (errand->good && errand->answer(errand, reply)) || pass_failure(errand, reply, error);
}

static void wait_for(struct errand *errand, const struct request *request, struct reply *reply)
{
    struct wait *wait = arena_alloc(request->arena, sizeof *wait);
    *wait = (struct wait){
        .errand = errand,
        .due = errand->lasts ? clock_now() + PATIENCE : INT64_MAX,
    };
    reply->later = (struct reply_later){is_ready, finish, leave, wait};
    reply->later_is_fleeting = !errand->lasts;
}

bool errands_start(struct errands *errands, struct errand *errand, const struct request *request,
                   struct reply *reply, struct error *error)
{
    errand->errands = errands;
    errand->waker = request->waker;
    atomic_init(&errand->done, false);
    atomic_init(&errand->holders, 2);
    pthread_mutex_lock(&errands->lock);
    bool good = errands->busy && wait_in_line(errands, errand);
    if (!errands->busy) {
        if (errands->started)
            pthread_join(errands->thread, NULL); /* it has nothing left to do but end */
        good = errands->started = errands->busy = thread_start(&errands->thread, work, errand) == 0;
    }
    pthread_mutex_unlock(&errands->lock);
    if (good) {
        wait_for(errand, request, reply);
        return true;
    }
    size_t limit = errands->limit;
    reply_header(reply, "Retry-After", "10");
    release(errand);
    return error_set(error, ERROR_UNAVAILABLE,
                     limit ? "Too many answers that take long are asked for; try again later."
                           : "Another one is under way; try again later.");
}
