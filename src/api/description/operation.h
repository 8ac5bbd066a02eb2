/*
 * operation - what the documentation says of an address: by its handler, its pattern and its data.
 *
 * For openapi.c.
 *
 *     {docs_page, "get", TAGGED, .offers = HTML, .summary = "The reference as a page"},
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
    FOUND = 1 << 4,      /* its schema has rows of the route's data */
    HISTORY = 1 << 5,    /* of a list: its rows are revisions of the route's data */
    STORED = 1 << 6,     /* made from the store: dated, licensed */
    TAGGED = 1 << 7,     /* has an ETag and answers 304 */
    NEGOTIATED = 1 << 8, /* looks at Accept */
    READS = STORED | TAGGED | NEGOTIATED,
    FOLLOWED = 1 << 9,  /* can be had as events */
    CAPTURED = 1 << 10, /* its path has a {…}: set by itself */
    OWNED = 1 << 11,    /* that is a record's id: set by itself */
    WRITES = 1 << 12,   /* needs a token; the route's data is the resource, if any */
    ADMIN = 1 << 13,    /* of what WRITES: with the scope admin */
    BODIED = 1 << 14,   /* takes a body: set by itself */
    GUARDED = 1 << 15,  /* wants If-Match */
    KEYED = 1 << 16,    /* takes an Idempotency-Key */
    CREATES = 1 << 17,  /* answers 201 */
    CHANGES = 1 << 18,  /* answers 200 with the record */
    DATED = 1 << 19,    /* an answer with one record that was written */
    REFUSED = 1 << 20,  /* of a problem, not of an answer */
};

struct operation {
    route_handler *handler;
    const char *verb; /* the first word of operationId */
    unsigned traits;
    /* What may be left out: */
    const char *const *offers;     /* media types; the first is the default; else JSON alone */
    const char *summary;           /* made of the address without it */
    const char *schema;            /* of the JSON, in components; else by trait, or any object */
    const char *const *takes;      /* media types of a body */
    const char *body;              /* its schema; with `_` before it, of the route's data */
    const char *const *parameters; /* of QUERY_PARAMETERS, besides those of lists */
    const struct query_parameter *own; /* parameters that lists have otherwise */
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
