/*
 * select - a query as SQL: conditions, order and page.
 */
#ifndef BILATERAL_RESOURCE_SELECT_H
#define BILATERAL_RESOURCE_SELECT_H

#include "bilateral/resource/cursor.h"

/* A condition that an address adds: `where` is a literal in which `$` stands for `value`. */
struct scope {
    const char *where; /* NULL: none */
    const char *value;
};

/*
 * SELECT of the page: column 0 is the record's text (of a view: one column for each shown field),
 * the last query->sort_count columns are the sort keys. One row more than the limit is asked for,
 * so that the caller knows whether there is a next page. `cursor` may be NULL; a limit of 0 is none.
 */
void select_page(const struct query *query, const struct scope *scope, const struct cursor *cursor,
                 struct sql *sql);

/* SELECT of how many rows match; with `cap` > 0 at most that many + 1 are counted. */
void select_count(const struct query *query, const struct scope *scope, int64_t cap,
                  struct sql *sql);

/* SELECT of value and count, most frequent first, at most 100 values. */
void select_facet(const struct query *query, const struct scope *scope, const struct field *facet,
                  struct sql *sql);

#endif
