/*
 * condition - one filter of a list as a condition in SQL.
 *
 * For select.c. A condition is written in one of two ways, because the engine below cannot know
 * how many rows it lets through: so that an index finds them, or so that rows which come in the
 * list's order are looked at one by one, with no index in the way.
 */
#ifndef RESOURCE_CONDITION_H
#define RESOURCE_CONDITION_H

#include "bilateral/resource/query.h"
#include "bilateral/resource/sql.h"

enum condition_use { CONDITION_CHECK, CONDITION_SEEK };

void condition_put(struct sql *sql, const struct resource *resource, const struct filter *filter,
                   enum condition_use use);

/*
 * Puts SELECT 1 of the rows that the filter alone lets through, read off its index and no more: of
 * dates, of whatever begins near enough.
 */
void condition_put_sample(struct sql *sql, const struct resource *resource,
                          const struct filter *filter);

/* Puts SELECT of the ids in the sets of the filter's relation, each once. */
void condition_put_ids(struct sql *sql, const struct filter *filter);

#endif
