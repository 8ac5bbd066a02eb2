/*
 * operation - what the documentation says of an address: by its handler, its pattern and its data.
 *
 * For openapi.c.
 */
#ifndef API_OPERATION_H
#define API_OPERATION_H

#include "bilateral/api/service.h"
#include "bilateral/resource/query.h"

/* What the answers of an address have in common with others'. */
enum trait {
    EVERY = 1 << 0,
    LIST = 1 << 1,       /* the route's data is the resource of its rows */
    UNDER = 1 << 2,      /* a list; the route's data is a struct under */
    RECORD = 1 << 3,     /* one record of the route's data */
    STORED = 1 << 4,     /* made from the store: dated, licensed */
    TAGGED = 1 << 5,     /* has an ETag and answers 304 */
    NEGOTIATED = 1 << 6, /* looks at Accept */
    FOUND = 1 << 10,     /* its schema has rows of the route's data */
    CAPTURED = 1 << 7,   /* its path has a {…}: set by itself */
    OWNED = 1 << 8,      /* that is a record's id: set by itself */
    REFUSED = 1 << 9,    /* of a problem, not of an answer */
    HISTORY = 1 << 11,   /* of a list: its rows are revisions of the route's data */
    WRITES = 1 << 12,    /* needs a token; the route's data is the resource, if any */
    BODIED = 1 << 13,    /* takes a record */
    PATCHED = 1 << 14,   /* takes a merge patch of one */
    MERGED = 1 << 15,    /* takes the id of another */
    CREATES = 1 << 16,   /* answers 201 */
    CHANGES = 1 << 17,   /* answers 200 with the record */
    GUARDED = 1 << 18,   /* wants If-Match */
    KEYED = 1 << 19,     /* takes an Idempotency-Key */
    FOLLOWED = 1 << 21,  /* can be had as events */
    LINED = 1 << 24,     /* takes records, one a line */
    SETTLES = 1 << 23,   /* takes which of two is right */
    ADMIN = 1 << 22,     /* of what WRITES: with the scope admin */
    DATED = 1 << 20,     /* an answer with one record that was written */
};

struct operation {
    route_handler *handler;
    const char *verb;              /* the first word of operationId */
    const char *summary;           /* NULL: made of the address */
    const char *const *offers;     /* media types; the first is the default */
    const char *schema;            /* of the JSON, in components; NULL: by trait, or any object */
    const char *const *parameters; /* of QUERY_PARAMETERS, besides those of lists; or NULL */
    const struct query_parameter *own; /* parameters that lists have otherwise; or NULL */
    unsigned traits;
};

/* The row of the route's handler. */
const struct operation *operation_of(const struct route *route);

/* The traits of the handler and of its address. */
unsigned operation_traits(const struct route *route);

/* What the rows, or the one record, are; NULL for other addresses. */
const struct resource *operation_rows(const struct route *route);

/* The first collection that the address names; NULL where it names none. */
const struct resource *operation_owner(const struct route *route);

/* Appends the members operationId, summary and description. */
void operation_put_names(const struct route *route, struct buffer *json);

/* Copies the segment at *at of a pattern and moves behind it; false at the end. */
bool operation_segment(const char **at, char ret[static 64]);

#endif
