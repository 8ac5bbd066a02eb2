/*
 * worker - one thread, one libmicrohttpd daemon, and the connections they serve.
 *
 * worker.c, door.c, exchange.c, deliver.c, replay.c and sleep.c alone know libmicrohttpd.
 */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

#include "bilateral/base/arena.h"
#include "bilateral/http/server.h"
#include "bilateral/http/waker.h"
#include "connection.h"
#include "gate.h"
#include "metrics.h"

/* A server only ever goes forward through these. */
enum stage {
    STAGE_STARTING, /* nobody is let in: the others are not ready */
    STAGE_OPEN,
    STAGE_DRAINING,
    STAGE_STOPPING,
};

/* What all workers share. Constant after start, but for the gate and the stage. */
struct shared {
    struct server_options options;
    struct service service;
    struct gate *gate;
    struct cache *cache; /* NULL: none */
    int listener;
    atomic_int stage;
};

enum { WORKER_SPARE_ARENAS = 8, WORKER_RANDOM_SIZE = 4096, WORKER_DATE_SIZE = 30 };

struct MHD_Daemon;
struct exchange;

struct worker {
    struct shared *shared;
    size_t number; /* from 0 on */
    pthread_t thread;
    sem_t started;
    struct error error;  /* why it did not start */
    int poll;            /* epoll: the listener, and the waker */
    struct waker *waker; /* the stage has changed, or a sleeper may go on */
    bool accepts;        /* the listener is in `poll` */
    bool starved;        /* of descriptors or memory: does not accept before the next tick */
    bool drains;         /* draining was noticed */
    time_t dated;        /* the second that `date` tells */
    char date[WORKER_DATE_SIZE];
    int64_t now; /* by clock_now: when it woke, or at the end of the last request since then */
    int64_t last_tick;
    struct MHD_Daemon *daemon;
    void *own; /* what service.worker_start made */
    struct connections connections;
    struct exchange *sleepers;   /* a list; see sleep.h */
    size_t crowd;                /* the most there were since memory was given back */
    struct connection *arriving; /* being handed to the library */
    struct buffer log; /* lines of requests, written when they are many, and at each tick */
    struct gzip *gzip; /* made when it is first needed */
    struct metrics metrics;
    struct arena *spare[WORKER_SPARE_ARENAS]; /* kept for requests to come */
    size_t spare_count;
    struct buffer body;                       /* the same of a reply's */
    unsigned char random[WORKER_RANDOM_SIZE]; /* for ids: one system call for many */
    size_t random_used;
};

/* Starts the thread; returns once it serves, or with the reason why it does not. */
bool worker_start(struct worker *worker, size_t number, struct shared *shared, struct error *error);

/* Ends the thread, and with it the connections still open; the stage must be STAGE_STOPPING. */
void worker_stop(struct worker *worker);

/* For exchanges, on the worker's own thread. */
struct arena *worker_take_arena(struct worker *worker);
void worker_return_arena(struct worker *worker, struct arena *arena);
void worker_take_body(struct worker *worker, struct buffer *body);
void worker_return_body(struct worker *worker, struct buffer *body);
/* Of a reply that is sent now (RFC 9110, 6.6.1). */
const char *worker_date(struct worker *worker);
void worker_make_id(struct worker *worker, char ret[static REQUEST_ID_SIZE]);

#endif
