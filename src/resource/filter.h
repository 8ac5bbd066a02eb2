/*
 * filter - the parameters of a list request that narrow it: field__op=value, relations, at.
 *
 * For query.c. Every fault names its parameter.
 */
#ifndef RESOURCE_FILTER_H
#define RESOURCE_FILTER_H

#include "bilateral/resource/query.h"

/* The parameters that are not filters; ended by NULL. In query.c. */
extern const char *const QUERY_RESERVED[];

/* Whether a field has a column of its own, so that rows can be ordered and compared by it. */
bool filter_is_comparable(const struct field *field);

/* at=YYYY-MM-DD, where the resource has it. */
void filter_parse_at(struct query *query, const struct parameter *parameter, struct error *error);

/* Whatever is not reserved: a field or a relation, with or without __op; or it is unknown. */
void filter_parse(struct query *query, const struct parameter *parameter, struct error *error);

/* Splits at commas, in the arena; empty pieces are kept, to be refused by their check. */
const char **filter_split(struct arena *arena, const char *text, size_t *ret_count);

#endif
