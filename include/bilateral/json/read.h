/*
 * read - strict JSON in (RFC 8259), by jansson.
 *
 *     json_t *value = json_read(text, size, &place, &error);
 *     ...
 *     json_decref(value);
 *
 * Refused beyond what jansson refuses by itself: nesting deeper than 16, duplicate names, a top
 * level that is neither object nor array, U+0000. jansson needs up to 80 times the text as heap, so
 * the caller bounds `size`.
 */
#ifndef BILATERAL_JSON_READ_H
#define BILATERAL_JSON_READ_H

#include <jansson.h>
#include <stddef.h>

#include "bilateral/base/error.h"

enum { JSON_DEPTH_LIMIT = 16 };

struct json_place {
    size_t line; /* counted from 1 */
    size_t column;
};

/*
 * Once, before there are threads: the library takes its memory as we do (memory_alloc, so that none
 * left is never mistaken for a fault of the text), and gets the seed that makes its tables proof
 * against names chosen to collide.
 */
void json_start(void);

/*
 * The value, the caller's to json_decref; NULL with ERROR_BAD_REQUEST on failure, whose detail says
 * what was expected, and with `ret_place` (may be NULL) set to where.
 */
json_t *json_read(const char *text, size_t size, struct json_place *ret_place, struct error *error);

/* Whether a JSON Pointer (RFC 6901) leads to a value, which may be null. */
bool json_leads(const json_t *value, const char *pointer);

/* "an object", "a string", "true" …: how messages name what was found. */
const char *json_kind(const json_t *value);

#endif
