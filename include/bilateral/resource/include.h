/*
 * include - the parameter `include`: related records embedded beside their ids, one level deep.
 *
 *     include=place          place_id names a record; it stands as `place`
 *     include=topics         topic_ids name records; they stand as `topics`
 *     include=participants   in each element of the part, each X_id gets its record as `X`
 *     include=statements     every statement that refers to the record stands in `statements`
 *
 * embed.h fetches and writes them.
 */
#ifndef BILATERAL_RESOURCE_INCLUDE_H
#define BILATERAL_RESOURCE_INCLUDE_H

#include "bilateral/resource/resource.h"

enum {
    INCLUDE_LIMIT = 8, /* names in one request */
};

/* Exactly one of field and referring is set. */
struct include {
    const char *name;
    const struct field *field;        /* a reference, references or a part of the record */
    const struct resource *referring; /* or the resource whose records refer to it */
};

struct includes {
    struct include items[INCLUDE_LIMIT];
    size_t count;
};

/* All that can be included with a record of the resource, ended by a NULL name; in `arena`. */
const struct include *include_all(const struct resource *resource, const struct registry *registry,
                                  struct arena *arena);

/* Reads the comma-separated names; unknown ones are faults of `include` with the nearest name. */
void include_parse(const struct resource *resource, const struct registry *registry,
                   const char *text, struct arena *arena, struct includes *ret,
                   struct error *error);

#endif
