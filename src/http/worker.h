/*
 * worker - one thread, one libmicrohttpd daemon, and the connections they serve.
 *
 * worker.c, exchange.c and deliver.c are the only files that know libmicrohttpd.
 */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "bilateral/base/arena.h"
#include "bilateral/http/server.h"
#include "connection.h"
#include "gate.h"
#include "metrics.h"

/* What all workers share. Constant after start, but for the gate and the flags. */
struct shared {
    struct server_options options;
    struct service service;
    struct gate *gate;
    int listener;
    atomic_bool draining; /* set once, by server_drain */
    atomic_bool stopping; /* set once, by server_destroy */
};

enum { WORKER_SPARE_ARENAS = 8, WORKER_RANDOM_SIZE = 256 };

struct MHD_Daemon;

struct worker {
    struct shared *shared;
    pthread_t thread;
    sem_t started;
    struct error error; /* why it did not start */
    int poll;           /* epoll: the library's own epoll set, the listener, and `wake` */
    int wake;           /* eventfd: a flag of `shared` has changed */
    bool accepts;       /* the listener is in `poll` */
    bool drains;        /* draining was noticed */
    int64_t last_tick;
    struct MHD_Daemon *daemon;
    void *own; /* what service.worker_start made */
    struct connections connections;
    struct connection *arriving; /* being handed to the library */
    struct metrics metrics;
    struct arena *spare[WORKER_SPARE_ARENAS]; /* kept for requests to come */
    size_t spare_count;
    unsigned char random[WORKER_RANDOM_SIZE]; /* for ids: one system call for many */
    size_t random_used;
};

/* Starts the thread; returns once it serves, or with the reason why it does not. */
bool worker_start(struct worker *worker, struct shared *shared, struct error *error);

/* Makes it look at the flags. Any thread. */
void worker_wake(struct worker *worker);

/* Ends the thread, and with it the connections still open; shared->stopping must be set. */
void worker_stop(struct worker *worker);

/* For exchanges, on the worker's own thread. */
struct arena *worker_take_arena(struct worker *worker);
void worker_return_arena(struct worker *worker, struct arena *arena);
void worker_make_id(struct worker *worker, char ret[static REQUEST_ID_SIZE]);

#endif
