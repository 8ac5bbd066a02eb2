/*
 * filter - the parameters of a list request that narrow it: field__op=value, relations, at.
 *
 * For query.c. Every fault names its parameter.
 */
#ifndef RESOURCE_FILTER_H
#define RESOURCE_FILTER_H

#include "bilateral/resource/query.h"

/* An operator, as parameters and documentation know it. */
struct filter_op {
    const char *name; /* behind `field__`; "" is equality */
    const char *help; /* follows the field's name */
    enum filter_value { FILTER_VALUE, FILTER_VALUES, FILTER_TEXT, FILTER_BOOLEAN } value;
};
extern const struct filter_op FILTER_OPS[QUERY_OP_COUNT];

/* `field` is NULL for a relation. */
bool filter_op_fits(const struct field *field, enum query_op op);

/* Whether lists can be narrowed by the field. */
bool filter_takes(const struct field *field);

/* Whether a field has a column of its own, so that rows can be ordered and compared by it. */
bool filter_is_comparable(const struct field *field);

/* Whether an index has the field in order: all but long texts, addresses and digests. */
bool filter_is_indexed(const struct field *field);

/* The resource's relation of that name, or NULL. */
const struct relation *filter_relation(const struct resource *resource, const char *name);

/* at=YYYY-MM-DD, where the resource has it. */
void filter_parse_at(struct query *query, const struct parameter *parameter, struct error *error);
void filter_parse_search(struct query *query, const struct parameter *parameter,
                         struct error *error);

/* since and modified_since: a revision of the store, or a time. */
void filter_parse_since(struct query *query, const struct parameter *parameter,
                        struct error *error);

/* Whatever is not reserved: a field or a relation, with or without __op; or it is unknown. */
void filter_parse(struct query *query, const struct parameter *parameter, struct error *error);

/* Splits at commas, in the arena; empty pieces are kept, to be refused by their check. */
const char **filter_split(struct arena *arena, const char *text, size_t *ret_count);

#endif
