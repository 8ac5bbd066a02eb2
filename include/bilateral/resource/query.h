/*
 * query - what a list request asks for: filters, order, page, fields, checked by the descriptor.
 *
 *     struct query query;
 *     if (!query_parse(resource, request, arena, &query, error))
 *         return false;               every wrong parameter is a fault, with the nearest right one
 *
 * Filters are `field=value` and `field__op=value`; relations are `name=id`, with not, in and notin.
 * Comparison of dates uses the earliest and latest day that a text can mean: `=` finds what
 * overlaps, `__gte` and `__lte` what may lie there, `__gt` and `__lt` what lies wholly behind or
 * before. `__not` and `__notin` are exact complements: what is null is not equal. `q=words` keeps
 * the records in which all the words are written (search.h); it is a filter, so the list stays in
 * its order.
 */
#ifndef BILATERAL_RESOURCE_QUERY_H
#define BILATERAL_RESOURCE_QUERY_H

#include "bilateral/http/request.h"
#include "bilateral/resource/include.h"
#include "bilateral/resource/search.h"

enum {
    QUERY_LIMIT_DEFAULT = 50,
    QUERY_LIMIT_MOST = 1000,
    QUERY_SORT_LIMIT = 5,
    QUERY_FACET_LIMIT = 10,
    QUERY_FILTER_LIMIT = 40,
    QUERY_VALUE_LIMIT = 100,  /* of one `in` */
    QUERY_VALUES_LIMIT = 300, /* of all filters together: SQL has room for so many */
    QUERY_TEXT_LIMIT = 300,   /* bytes of one value */
};

enum query_op {
    QUERY_EQ,
    QUERY_NOT,
    QUERY_GT,
    QUERY_GTE,
    QUERY_LT,
    QUERY_LTE,
    QUERY_IN,
    QUERY_NOTIN,
    QUERY_CONTAINS,
    QUERY_STARTSWITH,
    QUERY_ISNULL,
    QUERY_OP_COUNT
};

/* Either a field with its op, or a relation, or a search, or (none of them) the resource's `at`. */
struct filter {
    const struct field *field;
    const struct relation *relation;
    struct search *search;
    enum query_op op;
    const char *const *values; /* one, or several for in and notin */
    size_t count;
};

struct sort_key {
    const struct field *field; /* NULL: the key at the end */
    const char *column;        /* what is compared: start_date_earliest for start_date */
    bool descending;
    bool nullable;
};

enum query_count { QUERY_COUNT_AUTO, QUERY_COUNT_NONE, QUERY_COUNT_CAPPED, QUERY_COUNT_EXACT };

struct query {
    const struct resource *resource;
    struct arena *arena; /* the request's */
    const struct registry *registry;
    struct filter filters[QUERY_FILTER_LIMIT + 1]; /* one more is the address's own */
    size_t filter_count;
    size_t value_count;                         /* of all filters */
    const struct filter *driver;                /* what finds the rows; NULL: the order; plan.h */
    const struct filter *counted_by;            /* without a driver: what finds them for a count */
    struct sort_key sort[QUERY_SORT_LIMIT + 1]; /* the last is the resource's key */
    size_t sort_count;
    const struct field *facets[QUERY_FACET_LIMIT];
    size_t facet_count;
    const char **fields; /* NULL: all */
    size_t field_count;
    struct includes includes;
    bool deleted; /* with a row for each record that was deleted or merged */
    size_t limit;
    enum query_count count;
    const char *cursor; /* as sent, or NULL */
    const char *seal;   /* the filters and the order as one text, to which cursors are bound */
};

/* What reading and documentation need to know of a parameter besides its row. */
enum query_flag {
    QUERY_REPEATS = 1 << 0, /* may be given more than once */
    QUERY_UNBOUND = 1 << 1, /* changes neither the rows nor their order: no cursor is bound to it */
    QUERY_ORDERS = 1 << 2,  /* its names may have a `-` before them; the resource has a default */
    QUERY_MEMBERS = 1 << 3, /* its names are those of a record's members */
    QUERY_INCLUDES = 1 << 4, /* its names are those of include.h */
    QUERY_REQUIRED = 1 << 5, /* without it there is no answer */
};

/*
 * A parameter that lists take besides their filters. Its value is of `schema`; without one it is
 * names separated by commas: of the fields that `names` wants, or as the flags say.
 */
struct query_parameter {
    const char *name;
    const char *help; /* one sentence for the documentation */
    void (*parse)(struct query *query, const struct parameter *parameter, struct error *error);
    const char *schema; /* JSON Schema without its braces, ' for " */
    bool (*names)(const struct field *field);
    size_t most;                                   /* names at once; 0: any number */
    bool (*fits)(const struct resource *resource); /* NULL: every list takes it */
    unsigned flags;                                /* enum query_flag, or-ed */
};

/* All of them, ended by a NULL name; see query.c. */
extern const struct query_parameter QUERY_PARAMETERS[];

/* The row of that name, whichever lists it fits; or NULL. */
const struct query_parameter *query_parameter(const char *name);

bool query_parse(const struct resource *resource, const struct registry *registry,
                 const struct request *request, struct query *ret, struct error *error);

/* The same for an address that takes no parameter but those named (ended by NULL), each once; NULL:
 * none at all. */
bool query_allow_only(const struct request *request, const char *const *names, struct error *error);

/* A resource's `id`, its own or common field, as filters and sorts know it; or NULL. */
const struct field *query_field(const struct resource *resource, const char *name);

/* The same in turn, counted from 0; NULL past the last. */
const struct field *query_field_at(const struct resource *resource, size_t index);

#endif
