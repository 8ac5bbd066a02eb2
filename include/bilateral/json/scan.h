/*
 * scan - walks over the text of JSON that is known to be valid, without making a tree of it.
 *
 *     struct json_walk walk = json_walk(text, size);
 *     while (json_walk_next(&walk))
 *         ... walk.key (of an object), walk.value, walk.value_size
 *
 * For texts that json_read has accepted or that we wrote ourselves. Slices point into the text.
 */
#ifndef BILATERAL_JSON_SCAN_H
#define BILATERAL_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/buffer.h"

struct json_walk {
    const char *at;
    const char *end;
    bool object;
    const char *key; /* without its quotes, escapes as they stand */
    size_t key_size;
    const char *value;
    size_t value_size;
};

/* Over the members of an object or the elements of an array; over nothing for other values. */
struct json_walk json_walk(const char *text, size_t size);
bool json_walk_next(struct json_walk *walk);

/*
 * The member of an object whose name is that key, however either is escaped, with the walk at it;
 * false where there is none. Then its value alone, by a name without escapes.
 */
bool json_walk_find(const char *text, size_t size, const char *key, size_t key_size,
                    struct json_walk *ret);
bool json_scan_member(const char *text, size_t size, const char *name, const char **ret_value,
                      size_t *ret_size);

/* Appends a string's value as UTF-8, its escapes resolved; any other value as it stands. */
void json_scan_text(const char *value, size_t size, struct buffer *text);

/*
 * Where the value that a JSON Pointer (RFC 6901) names begins. Where the pointer leads nowhere, the
 * deepest value on its way: a missing field's object.
 */
const char *json_scan_pointer(const char *text, size_t size, const char *pointer);

/* The index that a pointer's token writes: digits, no leading zero; SIZE_MAX where it is none. */
size_t json_scan_index(const char *token, size_t size);

/* The line, counted from 1, on which `at` stands. */
size_t json_scan_line(const char *text, const char *at);

#endif
