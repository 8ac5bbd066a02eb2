/*
 * reply - the answer a handler makes.
 *
 *     reply->content_type = "application/json";
 *     buffer_puts(&reply->body, "{}");
 *     reply_header(reply, "Cache-Control", "public, max-age=0");
 *
 * A fresh reply is status 200 with an empty body. The server adds Date, Content-Length, the common
 * security fields, X-Request-Id and CORS fields; it compresses text of some length for who accepts
 * that, leaves the body out for HEAD, 204 and 304, and turns a 200 into 304 where `etag` matches
 * If-None-Match (RFC 9110, 13.1.2), or where `last_modified` is no later than If-Modified-Since.
 * Several fields Vary become one. What has a Content-Encoding is not compressed again. All fields
 * of a reply have 4 KiB together; one that does not fit any more is not sent, so add what matters
 * first.
 */
#ifndef BILATERAL_HTTP_REPLY_H
#define BILATERAL_HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bilateral/base/buffer.h"
#include "bilateral/http/request.h"

struct reply;

enum { REPLY_HEADER_LIMIT = 24 };

/* What the server puts before the closing quote of an ETag whose reply is compressed. */
#define ETAG_GZIP "-gz"

/* What a stream's `read` returns while there is nothing to send, but will be. */
enum { REPLY_LATER = -2 };

/*
 * A body that is made while it is sent. `read` fills at most `size` bytes and returns how many,
 * 0 at the end, -1 to break the connection off, so that a client sees that it is not whole, or
 * REPLY_LATER. Then the connection sleeps, at nobody's cost, until `ready` is true; it is asked
 * each time request->waker was woken, and about every 100 ms. Without `ready` it is `read` that is
 * asked again. `close` is called exactly once, however the reply ends: also when the client goes
 * away meanwhile (one that only ends its sending side has gone, too), or the server stops.
 * All are called on the worker's thread. The time a stream sleeps does not count against the client.
 */
struct reply_stream {
    ssize_t (*read)(void *context, char *bytes, size_t size);
    void (*close)(void *context);
    void *context;
    bool (*ready)(void *context); /* may be NULL */
};

/*
 * A reply that cannot be made yet. The handler sets it and returns true; `ready` is asked as that
 * of a stream, and once it is true `finish` does what a handler does, with what service.worker_start
 * made for this thread; it may answer later once more, with another context. After 30 s, or what
 * reply->later_seconds says, the client is told 503, and `finish` is not called. `close` is called
 * exactly once: behind `finish`, or without it when time is up, the client is gone or the server
 * stops. All on the worker's thread.
 *
 *     reply->later = (struct reply_later){is_committed, answer_write, close_write, write};
 *     return true;
 */
struct reply_later {
    bool (*ready)(void *context);
    bool (*finish)(void *context, void *worker, struct request *request, struct reply *reply,
                   struct error *error);
    void (*close)(void *context);
    void *context;
};

struct reply {
    struct arena *arena; /* the request's */
    int status;
    const char *content_type;  /* with its charset parameter where it has one */
    const char *etag;          /* with its quotes, or NULL */
    const char *last_modified; /* an HTTP-date, or NULL */
    /* The same for everybody who asks for this target, format and coding, as long as service.since
     * says so of what it depends on: may be kept and sent again. */
    bool shareable;
    uint64_t depends; /* on this alone, as the service calls it; 0: on everything */
    struct buffer body;
    struct reply_stream stream; /* used instead of body where `read` is set */
    struct reply_later later;   /* used instead of everything else where `ready` is set */
    unsigned later_seconds;     /* that `later` may take; 0: the server's own limit */
    bool later_is_fleeting;     /* a client that ends his sending side has gone: nothing is lost */
    struct request_header headers[REPLY_HEADER_LIMIT];
    size_t header_count;
};

/*
 * Adds a field. The name must be a literal; the value is copied. A value that is empty or holds a
 * control character, and a field past the limit, is left out and logged: a bad field must not let
 * a client write fields of its own, nor end the process.
 */
void reply_header(struct reply *reply, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets a strong ETag that is made of the body as it is now. */
void reply_tag(struct reply *reply);

/* The value of a field set before, or NULL. */
const char *reply_find_header(const struct reply *reply, const char *name);

/* Takes all fields of that name away. */
void reply_drop_header(struct reply *reply, const char *name);

/* Empties the body and closes stream and later, so that another body can be made. */
void reply_drop_body(struct reply *reply);

/* Calls `finish` of reply->later, and closes it; returns what it returned. */
bool reply_finish_later(struct reply *reply, void *worker, struct request *request,
                        struct error *error);

/* Whether the client has what the reply's ETag or Last-Modified names, so that 304 is the answer. */
bool reply_is_fresh(const struct request *request, const struct reply *reply);

/* 308 or 303 with a Location relative to the server's root (base path included by the caller). */
void reply_redirect(struct reply *reply, int status, const char *location);

/*
 * Whether a field value of If-None-Match or If-Match (`*` or a list) names the tag; `weak` picks
 * the weak comparison (RFC 9110, 8.8.3.2). The tag that the same state has when it is compressed
 * (ETAG_GZIP before its closing quote) names it as well.
 */
bool reply_etag_matches(const char *field, const char *etag, bool weak);

#endif
