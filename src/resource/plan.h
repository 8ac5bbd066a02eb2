/*
 * plan - how the rows of a list are found: by which index, in which order.
 *
 * For list.c and select.c. The engine below does not know whether two rows have a value or two
 * million, so we look: where a filter lets at most some two thousand rows through, its index
 * fetches them all, and they are sorted. Where none does, the list's own order is walked by its
 * index, rows are looked at one by one, and the walk ends when the page is full. Either way a page
 * costs the same wherever in the list it lies, and however large the record is.
 */
#ifndef RESOURCE_PLAN_H
#define RESOURCE_PLAN_H

#include "bilateral/resource/query.h"
#include "bilateral/resource/snapshot.h"

/* Sets query->driver, where there is one, and query->counted_by. */
bool plan_make(struct query *query, const struct snapshot *snapshot, struct error *error);

/* Whether the filter is to seek, not to check: for a page; for a count, where order is nothing. */
bool plan_seeks(const struct query *query, const struct filter *filter);
bool plan_seeks_to_count(const struct query *query, const struct filter *filter);

#endif
