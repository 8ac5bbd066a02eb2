/*
 * kept - what was found out about one state of the store, for whoever asks the same again.
 *
 * All pages of a list have the same plan, the same count and the same facets, and these cost more
 * than a page. A text is kept under a name until the store has another revision; nothing else can
 * change it, so nothing is ever dropped one by one.
 *
 *     if (kept_find(kept, revision, name, &json))
 *         return true;
 *     ...                                                         work it out, at the end of `json`
 *     kept_put(kept, revision, name, json.data + before, json.size - before);
 *
 * Memory: KEPT_COUNT texts, which with their names have at most KEPT_SIZE_LIMIT bytes each. Where
 * two names fall into one place, the newer one has it.
 * Threads: any, all at once; a lock is held while a text is compared and copied.
 */
#ifndef BILATERAL_RESOURCE_KEPT_H
#define BILATERAL_RESOURCE_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "bilateral/base/buffer.h"

enum { KEPT_COUNT = 256, KEPT_SIZE_LIMIT = 8 * 1024 };

struct kept;

struct kept *kept_create(void);

/* NULL is fine, here and below: nothing is kept then. */
void kept_destroy(struct kept *kept);

/* Appends what is kept under the name; false, and nothing, where that is not known of the revision. */
bool kept_find(struct kept *kept, int64_t revision, const char *name, struct buffer *ret);

void kept_put(struct kept *kept, int64_t revision, const char *name, const char *text, size_t size);

#endif
