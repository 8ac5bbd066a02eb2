/*
 * request - one HTTP request, read and checked, as handlers see it.
 *
 * Everything in it lives in `arena`, which dies when the reply has been sent. Names and values are
 * percent-decoded, valid UTF-8 and free of NUL: the server has refused everything else with 400
 * before a handler runs. Handlers read it; only http/ writes it.
 *
 *     const char *q = request_parameter(request, "q");
 *     const char *tags = request_header(request, "If-None-Match");
 */
#ifndef BILATERAL_HTTP_REQUEST_H
#define BILATERAL_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <strings.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/error.h"

enum http_method {
    HTTP_OTHER = 0, /* a method nobody here has heard of: no route takes it */
    HTTP_GET = 1 << 0,
    HTTP_HEAD = 1 << 1,
    HTTP_OPTIONS = 1 << 2,
    HTTP_POST = 1 << 3,
    HTTP_PUT = 1 << 4,
    HTTP_PATCH = 1 << 5,
    HTTP_DELETE = 1 << 6,
};

enum {
    REQUEST_TARGET_LIMIT = 8192,   /* bytes of the raw target; more is 414 */
    REQUEST_PARAMETER_LIMIT = 200, /* query parameters; more is 400 */
    REQUEST_CAPTURE_LIMIT = 2,     /* {…} in a route's pattern */
    REQUEST_ID_SIZE = 37,
};

struct parameter {
    const char *name;
    const char *value; /* "" where the query has no `=` */
    size_t size;       /* of value */
};

struct request_header {
    const char *name;
    const char *value;
};

/* Whether the field has the name, in any case. Few begin alike: most are told apart without a call. */
static inline bool request_header_is(const struct request_header *field, const char *name)
{
    return (*field->name | 0x20) == (*name | 0x20) && strcasecmp(field->name, name) == 0;
}

struct route;
struct waker;

struct request {
    struct arena *arena;
    enum http_method method;
    const char *target;        /* path and query as sent, not decoded; begins with "/" */
    const char *path;          /* decoded, the base path taken off; always begins with "/" */
    const char *extension;     /* "csv" of /v1/meetings.csv; NULL without one */
    const struct route *route; /* the one that was found; set by route_dispatch */
    const char *captures[REQUEST_CAPTURE_LIMIT]; /* what {…} in the route's pattern matched */
    const struct parameter *parameters;          /* in the order sent */
    size_t parameter_count;
    /* Fields of the header section only, never trailers. A value has no control character and no
     * space at either end, but may be any other bytes. */
    const struct request_header *headers;
    size_t header_count;
    const char *body; /* NULL where the request has none */
    size_t body_size;
    FILE *spool;              /* holds the body instead, at its beginning; a handler that takes it
                               * sets NULL; see service.spool */
    const char *client;       /* the peer's address without its port */
    struct waker *waker;      /* of the worker that answers; NULL where there is no server */
    char id[REQUEST_ID_SIZE]; /* a fresh UUID (RFC 9562, version 4), also sent as X-Request-Id */
};

/* The field of that name (any case), or NULL. What came in several lines is one list, with commas
 * (RFC 9110, 5.3). */
const char *request_header(const struct request *request, const char *name);

/* Whether a field may have the value: a line break would let whoever chose it write fields of his own,
 * and no other control character but a tab has a meaning there. */
bool request_header_fits(const char *value);

/*
 * What a Prefer field (RFC 7240) says of the preference, in the request's arena: "lenient" of
 * `handling=lenient`, "" where it has no value; NULL where the client does not name it. The first
 * counts, names are compared in any case.
 */
const char *request_preference(const struct request *request, const char *name);

/* Whether the body is sent as that media type, whatever its parameters. */
bool request_has_type(const struct request *request, const char *media_type);

/* The first parameter of that name, or NULL. */
const char *request_parameter(const struct request *request, const char *name);

/* "GET", …; "other" for HTTP_OTHER. */
const char *request_method_name(enum http_method method);

/* The method of that name (case counts), or HTTP_OTHER. */
enum http_method request_method_of(const char *name);

/*
 * Splits a raw target into path and parameters, decoded into `request` (whose arena must be set).
 * `+` is a space in the query only. The absolute form (http://host/path) is read as its path.
 * ERROR_BAD_REQUEST names the parameter, or says which escape is wrong; ERROR_URI_TOO_LONG;
 * ERROR_NOT_FOUND where the path lies outside the base path. `target` must live as long as
 * `request`.
 */
bool request_parse_target(struct request *request, const char *target, const char *base_path,
                          struct error *error);

/*
 * What another thread needs of a request, for the client may go: copied into the arena. It has no
 * body and no waker, and is dispatched anew.
 */
struct request *request_copy(const struct request *request, struct arena *arena);

#endif
