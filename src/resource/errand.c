#include "bilateral/resource/errand.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/thread.h"
#include "bilateral/http/waker.h"

const struct errand_rules ERRAND_ALONE = {
    .threads = 1,
    .retry_after = "10",
    .refusal = "Another one is under way; try again later.",
};

struct errands {
    const char *store_path;
    struct generation *generation;
    const struct errand_rules *rules;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    unsigned threads;       /* that have not ended */
    unsigned running;       /* errands that are not done */
    struct errand *waiting; /* in the order in which they came */
    size_t count;           /* of these */
    uint64_t turn;          /* of the one that was begun last */
    atomic_bool stops;
};

struct errands *errands_create(const char *store_path, struct generation *generation,
                               const struct errand_rules *rules)
{
    struct errands *errands = memory_alloc(sizeof *errands);
    *errands = (struct errands){.store_path = store_path, .generation = generation, .rules = rules};
    pthread_mutex_init(&errands->lock, NULL);
    pthread_cond_init(&errands->ended, NULL);
    return errands;
}

void errands_destroy(struct errands *errands)
{
    if (!errands)
        return;
    atomic_store(&errands->stops, true);
    pthread_mutex_lock(&errands->lock);
    while (errands->threads > 0)
        pthread_cond_wait(&errands->ended, &errands->lock);
    pthread_mutex_unlock(&errands->lock);
    pthread_cond_destroy(&errands->ended);
    pthread_mutex_destroy(&errands->lock);
    free(errands);
}

size_t errands_count(struct errands *errands)
{
    pthread_mutex_lock(&errands->lock);
    size_t count = errands->count + errands->running;
    pthread_mutex_unlock(&errands->lock);
    return count;
}

void *errand_create(size_t size)
{
    struct arena *arena = arena_create();
    struct errand *errand = arena_alloc(arena, size);
    errand->arena = arena;
    errand->faults.arena = arena;
    errand->error.faults = &errand->faults;
    return errand;
}

void errand_drop(struct errand *errand)
{
    if (errand->release)
        errand->release(errand);
    arena_destroy(errand->arena);
}

static void let_go(struct errand *errand)
{
    if (atomic_fetch_sub(&errand->holders, 1) == 1)
        errand_drop(errand);
}

/* ---- on its own thread ---- */

void errand_reads(struct errand *errand, struct store *store)
{
    pthread_mutex_lock(&errand->errands->lock);
    errand->store = store;
    pthread_mutex_unlock(&errand->errands->lock);
}

struct store *errand_open_store(struct errand *errand, enum store_mode mode)
{
    struct store *store;
    if (!store_open(errand->errands->store_path, mode, &store, &errand->error))
        return NULL;
    errand_reads(errand, store);
    return store;
}

void errand_committed(struct errand *errand)
{
    generation_raise(errand->errands->generation);
}

const atomic_bool *errand_stops(const struct errand *errand)
{
    return &errand->errands->stops;
}

bool errand_tell(struct errand *errand)
{
    pthread_mutex_lock(&errand->errands->lock);
    bool awaited = !errand->gone;
    if (awaited)
        waker_wake(errand->waker);
    pthread_mutex_unlock(&errand->errands->lock);
    return awaited;
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
    const size_t room = errands->rules->waiting;
    size_t own = 0;
    struct errand **end = &errands->waiting;
    errand->turn = errands->turn;
    for (; *end; end = &(*end)->next) {
        if (strcmp((*end)->client, errand->client) == 0) {
            errand->turn = (*end)->turn + 1;
            own++;
        }
    }
    if (errands->count >= room || own >= (room + 1) / 2)
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
        errand->good = errand->run(errand);
        struct store *store = errand->store;
        errand_reads(errand, NULL);
        store_close(store);
        pthread_mutex_lock(&errands->lock);
        struct errand *next = take_next(errands);
        errands->running -= !next; /* before anybody is told, who may begin another one */
        atomic_store(&errand->done, true);
        waker_wake(errand->waker);
        pthread_mutex_unlock(&errands->lock);
        let_go(errand);
        errand = next;
    }
    pthread_mutex_lock(&errands->lock);
    errands->threads--;
    pthread_cond_broadcast(&errands->ended);
    pthread_mutex_unlock(&errands->lock);
    return NULL;
}

/* Under the lock. */
static bool begin(struct errands *errands, struct errand *errand)
{
    pthread_t thread;
    if (thread_start(&thread, work, errand) != 0)
        return false;
    pthread_detach(thread);
    errands->threads++;
    errands->running++;
    return true;
}

/* ---- on the worker's thread ---- */

static bool has_begun(struct errand *errand)
{
    return errand->begun && errand->begun(errand);
}

static bool is_ready(void *context)
{
    struct errand *errand = context;
    return atomic_load(&errand->done) || has_begun(errand);
}

static void leave(void *context)
{
    struct errand *errand = context;
    struct errands *errands = errand->errands;
    pthread_mutex_lock(&errands->lock);
    errand->gone = true;
    errand->waker = NULL;
    bool dropped = !errand->lasts && unlink_waiting(errands, errand);
    if (!errand->lasts && errand->store)
        store_interrupt(errand->store);
    pthread_mutex_unlock(&errands->lock);
    if (dropped)
        let_go(errand); /* for the thread that would have run it */
    let_go(errand);
}

static void leave_unless_it_streams(void *context)
{
    const struct errand *errand = context;
    if (!errand->streams)
        leave(context);
}

void errand_stream(struct errand *errand, struct reply *reply,
                   ssize_t (*read)(void *errand, char *bytes, size_t size))
{
    errand->streams = true;
    reply->stream = (struct reply_stream){read, leave, errand, is_ready};
}

/* The errand ends before the reply is sent, so its faults are told again. */
static bool pass_failure(const struct errand *errand, struct reply *reply, struct error *error)
{
    error->faults->limit = errand->faults.limit;
    if (errand->error.code == ERROR_UNAVAILABLE && !reply_find_header(reply, "Retry-After"))
        reply_header(reply, "Retry-After", "%s", errand->errands->rules->retry_after);
    return error_pass(error, &errand->error);
}

static bool finish(void *context, void *worker, struct request *request, struct reply *reply,
                   struct error *error)
{
    struct errand *errand = context;
    (void)worker, (void)request;
    if (errand->lasts)
        reply_header(reply, "Cache-Control", "no-store");
    return ((has_begun(errand) || errand->good) && errand->answer(errand, reply)) ||
           pass_failure(errand, reply, error);
}

bool errands_start(struct errands *errands, struct errand *errand, const struct request *request,
                   struct reply *reply, struct error *error)
{
    errand->errands = errands;
    errand->waker = request->waker;
    atomic_init(&errand->done, false);
    atomic_init(&errand->holders, 2);
    pthread_mutex_lock(&errands->lock);
    bool good = errands->running < errands->rules->threads ? begin(errands, errand)
                                                           : wait_in_line(errands, errand);
    pthread_mutex_unlock(&errands->lock);
    if (good) {
        reply->later = (struct reply_later){is_ready, finish, leave_unless_it_streams, errand};
        reply->later_seconds = errand->lasts ? UINT_MAX : 0;
        reply->later_is_fleeting = !errand->lasts;
        return true;
    }
    reply_header(reply, "Retry-After", "%s", errands->rules->retry_after);
    errand_drop(errand);
    return error_set(error, ERROR_UNAVAILABLE, "%s", errands->rules->refusal);
}
