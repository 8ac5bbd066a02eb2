/*
 * server - the HTTP/1.1 server: libmicrohttpd behind a few functions.
 *
 *     struct server *server;
 *     if (!server_create(&options, &service, &server, &error))
 *         ...
 *     printf("http://%s\n", server_address(server));
 *     ...                                       until a signal comes
 *     server_drain(server, 10);
 *     server_destroy(server);
 *
 * A few worker threads share one listening socket; each owns one libmicrohttpd daemon, which it
 * drives with its own epoll loop (the library's own loop stalls at exact multiples of 128 ready
 * connections), and whatever service.worker_start made for it. A request is answered on the thread
 * that accepted it. A few files of src/http (see worker.h) know libmicrohttpd, nothing else does.
 *
 * Before a handler runs, the guard has refused what a proxy could read otherwise than we do
 * (doubtful framing, several Host fields, bad escapes), and deadlines bound headers, body and reply
 * absolutely, not only by idleness.
 */
#ifndef BILATERAL_HTTP_SERVER_H
#define BILATERAL_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bilateral/base/buffer.h"
#include "bilateral/base/error.h"
#include "bilateral/http/reply.h"
#include "bilateral/http/request.h"

struct server;

struct server_options {
    const char *listen;    /* "127.0.0.1:8080", "[::1]:0", ":8080" (all addresses); port 0 picks */
    const char *base_path; /* "" or "/x": no trailing slash */
    const char *cors_origins; /* who may read and write, comma-separated; `*` (the default) lets
                               * anybody read; "" nobody */
    unsigned workers;         /* 1 to 64 */
    unsigned connections;     /* at most, over all workers */
    unsigned connections_per_address; /* 0: no limit (behind a proxy all come from one address) */
    unsigned header_seconds;  /* from accept, or a later request's first line, to the last field */
    unsigned request_seconds; /* from the end of the headers to the last byte of the reply; a
                               * streamed reply has a second more for each 16 KiB it sent */
    unsigned idle_seconds;    /* of a kept-alive connection until the next request line */
    unsigned later_seconds;   /* that a reply may be in coming (see reply.h); 0: 30 */
    size_t body_limit;        /* bytes; more is 413 */
    size_t spool_limit;       /* the same of a body that goes into a file; see service.spool */
    size_t body_budget; /* bytes of all bodies being received; more is 503; 0: 16 times the limit */
    size_t reply_budget; /* bytes of all large replies being sent; more is 503; 0: 128 MiB */
    size_t cache_bytes;  /* of replies that are kept to be sent again; 0: none are kept */
    bool access_log;     /* a line per request, event "request"; never header fields */
};

/* What the server calls. All but `answer` may be NULL. */
struct service {
    void *context;
    /* On each worker's thread, before its first request and after its last. */
    bool (*worker_start)(void *context, void **ret_worker, struct error *error);
    void (*worker_stop)(void *worker);
    /* Between requests, about every 100 ms, with or without any: closes a read transaction, say. */
    void (*worker_idle)(void *worker);
    /*
     * Asked behind the headers of each request: an empty file, open for reading and writing, where
     * its body shall go, up to `spool_limit`; or *ret_file NULL, and it is kept in memory, up to
     * `body_limit`. On false it is refused before a byte of it is read.
     */
    bool (*spool)(void *worker, const struct request *request, FILE **ret_file, struct reply *reply,
                  struct error *error);
    /*
     * Since when that stands which a shareable reply depends on (see reply.h): the number that this
     * answered for 0, which grows with each change, before that is acknowledged. A reply is good
     * that was asked for at this number or later. Cheap, for it is asked with each request. NULL:
     * no reply is kept.
     */
    uint64_t (*since)(void *worker, uint64_t depends);
    /* Answers; on false the server makes the problem reply. */
    bool (*answer)(void *worker, struct request *request, struct reply *reply, struct error *error);
};

/*
 * Binds, listens and starts the workers. `*ret` is set before the first request is let in, so that
 * handlers may reach the server through the place it points to (for /metrics and /ready).
 * ERROR_UNAVAILABLE says why the address cannot be had.
 */
bool server_create(const struct server_options *options, const struct service *service,
                   struct server **ret, struct error *error);

/* "127.0.0.1:43121": what was bound, the port resolved. Owned by the server. */
const char *server_address(const struct server *server);

/* Appends HTTP figures as Prometheus text (version 0.0.4): requests by method and status class,
 * seconds (histogram), connections open, refusals of the guard, deadlines passed. Any thread. */
void server_metrics(const struct server *server, struct buffer *text);

/* True from the start of draining on: /ready answers 503 then. Any thread. */
bool server_draining(const struct server *server);

/*
 * Stops accepting, lets requests under way finish, those that wait for something included, closes
 * idle connections, and returns when all are gone or after `seconds`. Returns whether all ended in
 * time. Call once, not from a worker.
 */
bool server_drain(struct server *server, unsigned seconds);

/* Stops the workers and closes what is open; a stream under way is broken off. NULL is fine. */
void server_destroy(struct server *server);

#endif
