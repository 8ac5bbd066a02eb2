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

/* The resource's relation of that name, or NULL. */
const struct relation *filter_relation(const struct resource *resource, const char *name);

void filter_parse_relation(struct query *query, const struct relation *relation,
                           const struct parameter *parameter, struct error *error);
void filter_parse_at(struct query *query, const struct parameter *parameter, struct error *error);

/* Whatever else there is: field or field__op, or else an unknown parameter. */
void filter_parse_field(struct query *query, const struct parameter *parameter,
                        struct error *error);

/* Splits at commas, in the arena; empty pieces are kept, to be refused by their check. */
const char **filter_split(struct arena *arena, const char *text, size_t *ret_count);

#endif
