/*
 * patch - changes to JSON: applying a merge patch (RFC 7396), telling two texts apart (RFC 6902).
 *
 *     json_merge(target, target_size, patch, patch_size, &merged);
 *     json_diff(before, before_size, after, after_size, &patch);
 *
 * Both work on texts that are known to be valid, and copy numbers as they are written: 3.30 stays
 * 3.30. Nesting is as deep as the texts', which json_read has bounded.
 */
#ifndef BILATERAL_JSON_PATCH_H
#define BILATERAL_JSON_PATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/buffer.h"

/* Appends the target as the merge patch makes it. A member that is null in the patch goes. */
void json_merge(const char *target, size_t target_size, const char *patch, size_t patch_size,
                struct buffer *merged);

/*
 * Appends a JSON Patch that makes `after` of `before`: an array of add, remove and replace. A text
 * of NULL is the document null. Members of objects are told apart by name; of arrays, what is equal
 * at the beginning and the end stays, and what lies between is told apart in its order.
 *
 * Two values are equal where their texts are: texts of one writer, as those of this program.
 */
void json_diff(const char *before, size_t before_size, const char *after, size_t after_size,
               struct buffer *patch);

#endif
