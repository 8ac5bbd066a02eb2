/*
 * select - a query as SQL: conditions, order and page.
 *
 * The rows behind a cursor lie in up to a few ranges, each of which an index over the order's keys
 * can enter where it begins; so no page costs more for lying far behind.
 *
 *     for (cursor.range = 0; !full && select_page(&query, &cursor, &sql); cursor.range++)
 *         …                                                   their rows one after the other
 */
#ifndef BILATERAL_RESOURCE_SELECT_H
#define BILATERAL_RESOURCE_SELECT_H

#include "bilateral/resource/cursor.h"

/*
 * SELECT of the page: column 0 is the record's text (of a view: one column for each shown field),
 * the last query->sort_count columns are the sort keys. One row more than the limit is asked for,
 * so that the caller knows whether there is a next page; a limit of 0 is none. `cursor` may be NULL:
 * from the beginning, in one range. False: the cursor has no such range.
 */
bool select_page(const struct query *query, const struct cursor *cursor, struct sql *sql);

/* SELECT of how many rows match; with `cap` > 0 at most that many + 1 are counted. */
void select_count(const struct query *query, int64_t cap, struct sql *sql);

/* The values of a facet at an earlier revision of the store: `[{"value":…,"count":…},…]`. */
struct select_known {
    int64_t revision;
    const char *values;
};

/*
 * SELECT of value and count, most frequent first, at most 100 values. With `known`, for which the
 * query must be fit, it reads what changed since and no more; it is empty where that is too much or
 * not enough. NULL: nothing is known.
 */
void select_facet(const struct query *query, const struct field *facet,
                  const struct select_known *known, struct sql *sql);

/* Whether it is: what its filters look at stands in the records' texts as it does in the columns. */
bool select_can_carry(const struct query *query);

#endif
