#include "bilateral/format/production.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bilateral/base/log.h"
#include "bilateral/base/thread.h"
#include "bilateral/http/gzip.h"
#include "bilateral/http/waker.h"
#include "spool.h"

enum {
    NICENESS = 5,       /* threads that serve short requests go first */
    WAIT_SECONDS = 300, /* for the first bytes: a file comes whole, or not at all */
};

struct producers {
    const char *store_path;
    struct spools spools;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    unsigned running;
};

enum state { RUNNING, WHOLE, BROKEN };

/* Held by its thread, by the reply that waits for it and by the stream that sends it. */
struct production {
    struct producers *producers;
    struct produce produce;
    struct spool spool;
    struct gzip *gzip; /* the thread's, as what follows; NULL where nothing is packed */
    struct buffer packed;
    struct error error; /* why it is broken */
    bool streams;       /* the reply is being sent; the worker's alone */

    pthread_mutex_t lock; /* of what follows */
    unsigned holders;
    enum state state;
    uint64_t written;    /* into the spool */
    bool abandoned;      /* nobody waits for it any more */
    struct waker *waker; /* NULL once abandoned */
    struct store *store; /* while it may be interrupted */
};

struct producers *producers_create(const char *store_path, uint64_t bytes)
{
    struct producers *producers = memory_alloc(sizeof *producers);
    *producers = (struct producers){.store_path = store_path};
    spools_init(&producers->spools, store_path, bytes);
    pthread_mutex_init(&producers->lock, NULL);
    pthread_cond_init(&producers->ended, NULL);
    return producers;
}

void producers_destroy(struct producers *producers)
{
    if (!producers)
        return;
    pthread_mutex_lock(&producers->lock);
    while (producers->running > 0)
        pthread_cond_wait(&producers->ended, &producers->lock);
    pthread_mutex_unlock(&producers->lock);
    pthread_cond_destroy(&producers->ended);
    pthread_mutex_destroy(&producers->lock);
    free(producers);
}

static void let_go(struct production *production)
{
    pthread_mutex_lock(&production->lock);
    bool last = --production->holders == 0;
    pthread_mutex_unlock(&production->lock);
    if (!last)
        return;
    spool_close(&production->spool);
    pthread_mutex_destroy(&production->lock);
    arena_destroy(production->produce.arena); /* which holds the production itself */
}

bool production_open_store(struct production *production, struct store **ret, struct error *error)
{
    struct store *store;
    if (!store_open(production->producers->store_path, STORE_READ, &store, error))
        return false;
    pthread_mutex_lock(&production->lock);
    production->store = store;
    pthread_mutex_unlock(&production->lock);
    *ret = store;
    return true;
}

static void close_store(struct production *production)
{
    pthread_mutex_lock(&production->lock);
    struct store *store = production->store;
    production->store = NULL;
    pthread_mutex_unlock(&production->lock);
    store_close(store);
}

static bool is_abandoned(struct production *production)
{
    pthread_mutex_lock(&production->lock);
    bool abandoned = production->abandoned;
    pthread_mutex_unlock(&production->lock);
    return abandoned;
}

/* Writes to the spool, packed where it is to be, and tells the reply. */
static bool put_piece(struct production *production, struct buffer *bytes, bool last,
                      struct error *error)
{
    struct buffer *piece = bytes;
    if (production->gzip) {
        piece = &production->packed;
        gzip_put(production->gzip, buffer_text(bytes), bytes->size, last, piece);
    }
    if (!spool_write(&production->spool, piece->data, piece->size, error))
        return false;
    pthread_mutex_lock(&production->lock);
    production->written += piece->size;
    waker_wake(production->waker);
    pthread_mutex_unlock(&production->lock);
    buffer_reset(piece);
    buffer_reset(bytes);
    return true;
}

bool production_put(struct production *production, struct buffer *bytes, struct error *error)
{
    if (is_abandoned(production))
        return error_set(error, ERROR_UNAVAILABLE, "Nobody waits for the answer.");
    return put_piece(production, bytes, false, error);
}

bool production_put_file(struct production *production, production_maker *make, void *context,
                         struct error *error)
{
    char path[PATH_MAX];
    if (!spool_name(&production->spool, path, error))
        return false;
    bool made = make(path, production->store, context, error);
    bool good = spool_adopt(&production->spool, path, error) && made;
    pthread_mutex_lock(&production->lock);
    production->written += good ? production->spool.filled : 0;
    pthread_mutex_unlock(&production->lock);
    return good;
}

bool production_put_block(struct production *production, struct buffer *bytes, struct error *error)
{
    return bytes->size < PRODUCTION_BLOCK || production_put(production, bytes, error);
}

static void end_thread(struct producers *producers)
{
    pthread_mutex_lock(&producers->lock);
    producers->running--;
    pthread_cond_broadcast(&producers->ended);
    pthread_mutex_unlock(&producers->lock);
}

static void *run(void *context)
{
    struct production *production = context;
    struct producers *producers = production->producers;
    const struct produce *produce = &production->produce;
    setpriority(PRIO_PROCESS, 0, NICENESS); /* of this thread alone, as Linux has it */
    struct buffer end = {0};
    if (produce->packed)
        production->gzip = gzip_create();
    bool good = produce->run(production, produce->job, &production->error) &&
                put_piece(production, &end, true, &production->error);
    gzip_destroy(production->gzip);
    buffer_finish(&production->packed);
    close_store(production);
    pthread_mutex_lock(&production->lock);
    if (!good && !production->abandoned)
        log_message(LOG_WARNING, "production", "broken off after %llu bytes: %s (%s)",
                    (unsigned long long)production->written, production->error.detail,
                    production->error.cause);
    production->state = good ? WHOLE : BROKEN;
    waker_wake(production->waker);
    pthread_mutex_unlock(&production->lock);
    let_go(production);
    end_thread(producers);
    return NULL;
}

static bool is_ready(void *context)
{
    struct production *production = context;
    pthread_mutex_lock(&production->lock);
    bool ready = production->written > production->spool.sent || production->state != RUNNING;
    pthread_mutex_unlock(&production->lock);
    return ready;
}

static ssize_t read_more(void *context, char *bytes, size_t size)
{
    struct production *production = context;
    pthread_mutex_lock(&production->lock);
    enum state state = production->state;
    uint64_t waiting = production->written - production->spool.sent;
    pthread_mutex_unlock(&production->lock);
    if (waiting > 0)
        return spool_read(&production->spool, bytes, waiting < size ? (size_t)waiting : size);
    switch (state) {
    case RUNNING:
        return REPLY_LATER;
    case WHOLE:
        return 0;
    case BROKEN:
        break;
    }
    return -1;
}

static void abandon(void *context)
{
    struct production *production = context;
    pthread_mutex_lock(&production->lock);
    production->abandoned = true;
    production->waker = NULL;
    if (production->store)
        store_interrupt(production->store);
    pthread_mutex_unlock(&production->lock);
    let_go(production);
}

/* From now on it is the stream that holds the production. */
static bool finish(void *context, void *worker, struct request *request, struct reply *reply,
                   struct error *error)
{
    struct production *production = context;
    (void)worker, (void)request;
    pthread_mutex_lock(&production->lock);
    bool failed = production->state == BROKEN && production->written == 0;
    pthread_mutex_unlock(&production->lock);
    if (failed) {
        if (production->error.code == ERROR_UNAVAILABLE)
            reply_header(reply, "Retry-After", "1");
        return error_pass(error, &production->error);
    }
    production->streams = true;
    production->produce.fill(production->produce.job, reply);
    reply->stream = (struct reply_stream){
        .read = read_more, .close = abandon, .context = production, .ready = is_ready};
    return true;
}

static void end_waiting(void *context)
{
    struct production *production = context;
    if (!production->streams)
        abandon(production);
}

static bool take_turn(struct producers *producers)
{
    pthread_mutex_lock(&producers->lock);
    bool free = producers->running < PRODUCTION_LIMIT;
    producers->running += free;
    pthread_mutex_unlock(&producers->lock);
    return free;
}

static bool start(struct production *production, struct error *error)
{
    pthread_t thread;
    if (!take_turn(production->producers))
        return error_set(error, ERROR_UNAVAILABLE,
                         "%d whole lists are being made at the moment; try again a little later.",
                         PRODUCTION_LIMIT);
    if (thread_start(&thread, run, production) == 0) {
        pthread_detach(thread);
        return true;
    }
    end_thread(production->producers);
    return error_set(error, ERROR_UNAVAILABLE, "There are too many threads at the moment.");
}

bool production_begin(struct producers *producers, const struct produce *produce,
                      const struct request *request, struct reply *reply, struct error *error)
{
    struct production *production = arena_alloc(produce->arena, sizeof *production);
    *production = (struct production){
        .producers = producers, .produce = *produce, .holders = 2, .waker = request->waker};
    bool opened = spool_open(&production->spool, &producers->spools, error);
    if (opened) {
        pthread_mutex_init(&production->lock, NULL);
        if (start(production, error)) {
            reply->later = (struct reply_later){is_ready, finish, end_waiting, production};
            reply->later_seconds = WAIT_SECONDS;
            return true;
        }
        pthread_mutex_destroy(&production->lock);
        spool_close(&production->spool);
    }
    reply_header(reply, "Retry-After", "1");
    arena_destroy(produce->arena);
    return false;
}
