/*
 * exchange - one request and its reply, from the request line to the last byte sent.
 *
 * The library calls in this order: exchange_begin with the request line; exchange_step with the
 * header section, then for each piece of the body, then once more at its end; exchange_end when the
 * reply is sent or the connection is lost, whatever came before.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "bilateral/http/reply.h"
#include "bilateral/http/request.h"
#include "cache.h"
#include "worker.h"

struct exchange {
    struct worker *worker;
    struct connection *connection;
    struct request request;
    struct reply reply;
    const char *method; /* as sent; the library's */
    const char *raw_target;
    size_t raw_size; /* of the target as sent; raw_target may be cut */
    struct buffer body;
    FILE *spool;    /* where the body goes instead, or NULL */
    size_t spooled; /* bytes in it */
    int64_t began;
    int64_t stream_deadline; /* where it started from */
    uint64_t sent;           /* bytes of the reply's body */
    size_t claimed;          /* of the memory that replies may have */
    /* Of the cache; see replay.h. */
    bool may_replay; /* the target is not parsed yet */
    struct cache_key key;
    uint64_t generation; /* when it was asked for */
    struct cached *kept; /* what the reply was kept as, or NULL */
    bool has_head;
    bool is_answered;
    /* While it sleeps, and how it was woken; see sleep.h. */
    struct MHD_Connection *library;
    struct exchange *next_sleeper;
    struct exchange *previous_sleeper;
    int64_t slept_since;
    bool is_lost;    /* the client is gone, or the server stops: to be broken off */
    bool is_overdue; /* the reply was not ready in time */
};

void *exchange_begin(void *worker, const char *target, struct MHD_Connection *library);

enum MHD_Result exchange_step(void *worker, struct MHD_Connection *library, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **exchange);

void exchange_end(void *worker, struct MHD_Connection *library, void **exchange,
                  enum MHD_RequestTerminationCode how);

/*
 * For a connection on which nothing was answered yet and nothing more will be read: writes the
 * problem to the socket, past the library, which could not be made to say it any more. The caller
 * closes.
 */
void exchange_part(struct exchange *exchange, const struct error *error);

#endif
