/*
 * members - the parameter `fields`: a record's text, whole or only the members that are wanted.
 *
 *     const char **fields = members_parse(resource, "id,name", arena, &count, error);
 *     members_put(fields, count, text, size, json);                 {"id":…,"name":…}
 */
#ifndef BILATERAL_RESOURCE_MEMBERS_H
#define BILATERAL_RESOURCE_MEMBERS_H

#include <stdbool.h>

#include "bilateral/base/buffer.h"
#include "bilateral/http/request.h"
#include "bilateral/resource/resource.h"

/* Reads the comma-separated names; an unknown one is a fault of `fields` with the nearest name. */
const char **members_parse(const struct resource *resource, const char *text, struct arena *arena,
                           size_t *ret_count, struct error *error);

/* A member of a record's text. */
struct member {
    const char *name;
    const struct field *field; /* NULL of the type and of a date's precision */
};

/* All members of the resource's records or rows, in their order. */
const struct member *members_all(const struct resource *resource, struct arena *arena,
                                 size_t *ret_count);

/* Where the member of that name is, looked for from `start` on and then from the beginning; `count`
 * where it is not. */
size_t members_index(const struct member *members, size_t count, const char *name, size_t size,
                     size_t start);

/* Whether a member is among `fields`; NULL wants all. */
bool members_want(const char *const *fields, size_t count, const char *name, size_t size);

/* Appends the object in `text`, which the store made, with the wanted members in their order. */
void members_put(const char *const *fields, size_t count, const char *text, size_t size,
                 struct buffer *json);

#endif
