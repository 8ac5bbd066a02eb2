#include "worker.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bilateral/base/clock.h"
#include "bilateral/base/hash.h"
#include "bilateral/base/log.h"
#include "bilateral/base/thread.h"
#include "bilateral/http/gzip.h"
#include "door.h"
#include "envelope.h"
#include "exchange.h"
#include "sleep.h"

enum {
    SPARE_BODY = 64 * 1024,   /* bytes of a body that is worth keeping */
    TICK = 100 * 1000,        /* microseconds between two sweeps */
    DRAIN_GRACE = 200 * 1000, /* for a request that is on its way when draining begins */
    CROWD = 200,              /* connections of one worker that are many */
    QUIET = 1000 * 1000,      /* for which a connection is idle before its memory is given back */
    LOG_BATCH = 8 * 1024,     /* bytes of lines that are worth a write */
    /* Of one connection in the library: the header sections of request and reply, and slack. It is
     * cleared with each request, so more costs time as well: 7 KiB more took 4 in 100 longer. */
    POOL_SIZE = GUARD_SECTION_LIMIT + ENVELOPE_SECTION_LIMIT + 512,
};

/* ---- what exchanges need ---- */

struct arena *worker_take_arena(struct worker *worker)
{
    return worker->spare_count ? worker->spare[--worker->spare_count] : arena_create();
}

void worker_return_arena(struct worker *worker, struct arena *arena)
{
    if (worker->spare_count == WORKER_SPARE_ARENAS) {
        arena_destroy(arena);
        return;
    }
    arena_reset(arena);
    worker->spare[worker->spare_count++] = arena;
}

/* A body grows by a dozen steps, and the heap that they are taken from is everybody's. */
void worker_take_body(struct worker *worker, struct buffer *body)
{
    *body = worker->body;
    worker->body = (struct buffer){0};
}

void worker_return_body(struct worker *worker, struct buffer *body)
{
    if (worker->body.data || body->capacity > SPARE_BODY)
        return;
    buffer_reset(body);
    worker->body = *body;
    *body = (struct buffer){0};
}

const char *worker_date(struct worker *worker)
{
    time_t now = time(NULL);
    struct tm parts;
    if (now != worker->dated)
        strftime(worker->date, sizeof worker->date, "%a, %d %b %Y %H:%M:%S GMT",
                 gmtime_r(&now, &parts));
    worker->dated = now;
    return worker->date;
}

void worker_make_id(struct worker *worker, char ret[static REQUEST_ID_SIZE])
{
    if (worker->random_used == WORKER_RANDOM_SIZE) {
        hash_random(worker->random, WORKER_RANDOM_SIZE);
        worker->random_used = 0;
    }
    unsigned char *bytes = worker->random + worker->random_used;
    worker->random_used += 16;
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40); /* version 4 */
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80); /* the RFC's variant */
    static const char DIGITS[] = "0123456789abcdef";
    char *at = ret;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = DIGITS[bytes[i] >> 4];
        *at++ = DIGITS[bytes[i] & 15];
    }
    *at = '\0';
}

/* ---- deadlines ---- */

/* Who has sent part of a request is told; who is slow to read would not hear it. */
static void shut_late(struct worker *worker, struct connection *connection)
{
    bool asks = connection->phase == PHASE_HEAD || connection->phase == PHASE_BODY;
    metrics_add(&worker->metrics.deadlines[connection->phase], 1);
    if (connection->exchange && asks) {
        struct error error = {0};
        error_set(&error, ERROR_REQUEST_TIMEOUT, "the %s did not arrive in time",
                  connection->phase == PHASE_HEAD ? "header section" : "body");
        exchange_part(connection->exchange, &error);
    }
    connection->late = true;
    shutdown(connection->socket, SHUT_RDWR);
}

/* While the server drains, who is not asking anything has but a moment left to begin. */
static void hasten(struct connection *connection, int64_t now)
{
    bool asks = connection->phase != PHASE_IDLE && connection->phase != PHASE_ARRIVED;
    if (!asks && connection->deadline > now + DRAIN_GRACE)
        connection->deadline = now + DRAIN_GRACE;
}

static bool is_quiet(const struct worker *worker, const struct connection *connection, int64_t now)
{
    int64_t idle = (int64_t)worker->shared->options.idle_seconds * 1000000;
    return connection->phase == PHASE_IDLE && !connection->shrunk &&
           now - (connection->deadline - idle) >= QUIET;
}

static void sweep(struct worker *worker, int64_t now)
{
    struct connection *next;
    for (struct connection *each = worker->connections.first; each; each = next) {
        next = each->next;
        if (each->asleep)
            continue;
        if (worker->drains)
            hasten(each, now);
        if (each->phase == PHASE_LINGER) {
            if (connection_lingered(each, now))
                door_close(worker, each);
        } else if (now >= each->deadline && !each->late) {
            shut_late(worker, each);
        } else if (is_quiet(worker, each, now)) {
            connection_shrink(each, POOL_SIZE);
        }
    }
}

static void follow_stage(struct worker *worker)
{
    int stage = atomic_load(&worker->shared->stage);
    worker->drains = stage >= STAGE_DRAINING;
    door_set(worker, stage == STAGE_OPEN && !worker->starved);
}

/* The allocator keeps what thousands of connections have freed, for thousands more that may never
 * come. Once the crowd has gone, the system gets it back. */
static void shrink(struct worker *worker)
{
    if (worker->connections.count > worker->crowd)
        worker->crowd = worker->connections.count;
    if (worker->crowd < CROWD || worker->connections.count > worker->crowd / 4)
        return;
    malloc_trim(0);
    worker->crowd = 0;
}

static void tick(struct worker *worker, int64_t now)
{
    const struct shared *shared = worker->shared;
    worker->last_tick = now;
    sleep_tick(worker, now);
    sweep(worker, now);
    shrink(worker);
    log_flush(&worker->log);
    worker->starved = false;
    if (shared->service.worker_idle)
        shared->service.worker_idle(worker->own);
}

/* ---- the thread ---- */

/* How long to sleep, in milliseconds: not at all while the library has bytes in hand that epoll
 * will not announce again. */
static int patience(struct worker *worker)
{
    MHD_UNSIGNED_LONG_LONG wait;
    if (MHD_get_timeout(worker->daemon, &wait) == MHD_YES && wait == 0)
        return 0;
    return TICK / 1000;
}

/*
 * The library's epoll set is polled, and not in a set with the others: each packet that arrives on
 * any connection would have to be told to the outer set, too.
 */
static void serve(struct worker *worker)
{
    const struct shared *shared = worker->shared;
    int library = MHD_get_daemon_info(worker->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    struct pollfd ready[] = {{.fd = library, .events = POLLIN},
                             {.fd = worker->poll, .events = POLLIN}};
    while (atomic_load(&shared->stage) < STAGE_STOPPING) {
        struct epoll_event events[2];
        poll(ready, 2, patience(worker));
        int count = ready[1].revents ? epoll_wait(worker->poll, events, 2, 0) : 0;
        worker->now = clock_now();
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == shared->listener) {
                door_accept(worker);
            } else if (events[i].data.fd == waker_descriptor(worker->waker)) {
                waker_clear(worker->waker);
                sleep_look(worker);
            }
        }
        MHD_run(worker->daemon);
        if (worker->log.size >= LOG_BATCH)
            log_flush(&worker->log);

        follow_stage(worker);
        if (worker->now - worker->last_tick >= TICK)
            tick(worker, worker->now);
    }
}

/* The target is read from what was sent; how the library reads it nobody asks. */
static size_t leave_escaped(void *context, struct MHD_Connection *library, char *text)
{
    (void)context, (void)library;
    return strlen(text);
}

static bool start_library(struct worker *worker, struct error *error)
{
    const struct server_options *options = &worker->shared->options;
    worker->daemon = MHD_start_daemon(
        /* Our own loop: the library's hangs at exact multiples of 128 ready connections. Our own
         * accept: it can say 503, count over all workers and wait when descriptors run out. */
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        exchange_step, worker,
        /* The only place where the target can be seen as it was sent. */
        MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, worker, MHD_OPTION_UNESCAPE_CALLBACK,
        leave_escaped, NULL,
        /* Runs on lost connections too, so it is where everything is given back. */
        MHD_OPTION_NOTIFY_COMPLETED, exchange_end, worker,
        /* Ties our deadlines to its connections. */
        MHD_OPTION_NOTIFY_CONNECTION, door_notice, worker, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)POOL_SIZE,
        /* The gate keeps the limit; this one must never be the tighter. */
        MHD_OPTION_CONNECTION_LIMIT, options->connections + 1,
        /* Its timeout ends only silence; ours end slowness as well. */
        MHD_OPTION_CONNECTION_TIMEOUT, 0U,
        /* Its strictness answers in HTML, and the Host check sends two replies; the guard does
         * better, so it must see what is sent. */
        MHD_OPTION_STRICT_FOR_CLIENT, 0,
        /* The thread blocks all signals, so it may use the system calls that raise SIGPIPE. */
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (!worker->daemon)
        return error_set(error, ERROR_UNAVAILABLE, "cannot start libmicrohttpd");
    return true;
}

static bool watch(struct worker *worker, struct error *error)
{
    worker->poll = epoll_create1(EPOLL_CLOEXEC);
    worker->waker = waker_create();
    int waker = worker->waker ? waker_descriptor(worker->waker) : -1;
    struct epoll_event wake = {.events = EPOLLIN, .data.fd = waker};
    if (worker->poll < 0 || epoll_ctl(worker->poll, EPOLL_CTL_ADD, waker, &wake) != 0)
        return error_set(error, ERROR_UNAVAILABLE, "cannot start a worker: %s",
                         strerrordesc_np(errno));
    return true;
}

static void *run(void *context)
{
    struct worker *worker = context;
    const struct service *service = &worker->shared->service;
    /* Nobody cancels it. Of a thread that may be cancelled at any time the C library need not say so
     * before each system call that waits, and unsay it behind: four locked instructions a request. */
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    bool started = start_library(worker, &worker->error) && watch(worker, &worker->error) &&
                   (!service->worker_start ||
                    service->worker_start(service->context, &worker->own, &worker->error));
    sem_post(&worker->started);
    if (!started)
        return NULL;
    serve(worker);
    sleep_end(worker);
    MHD_run(worker->daemon);
    MHD_stop_daemon(worker->daemon);
    worker->daemon = NULL;
    while (worker->connections.first)
        door_close(worker, worker->connections.first);
    if (service->worker_stop)
        service->worker_stop(worker->own);
    return NULL;
}

static void clear(struct worker *worker)
{
    if (worker->daemon)
        MHD_stop_daemon(worker->daemon);
    if (worker->poll >= 0)
        close(worker->poll);
    waker_destroy(worker->waker);
    gzip_destroy(worker->gzip);
    log_flush(&worker->log);
    buffer_finish(&worker->log);
    buffer_finish(&worker->body);
    while (worker->spare_count)
        arena_destroy(worker->spare[--worker->spare_count]);
    sem_destroy(&worker->started);
}

bool worker_start(struct worker *worker, size_t number, struct shared *shared, struct error *error)
{
    *worker = (struct worker){
        .shared = shared, .number = number, .poll = -1, .random_used = WORKER_RANDOM_SIZE};
    sem_init(&worker->started, 0, 0);
    errno = thread_start(&worker->thread, run, worker);
    if (errno) {
        clear(worker);
        return error_set(error, ERROR_UNAVAILABLE, "cannot start a worker: %s",
                         strerrordesc_np(errno));
    }
    while (sem_wait(&worker->started) != 0)
        continue;
    if (worker->error.code == ERROR_NONE)
        return true;
    pthread_join(worker->thread, NULL);
    clear(worker);
    return error_pass(error, &worker->error);
}

void worker_stop(struct worker *worker)
{
    waker_wake(worker->waker);
    pthread_join(worker->thread, NULL);
    clear(worker);
}
