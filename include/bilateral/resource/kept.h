/*
 * kept - what was found out about one state of the store, for whoever asks the same again.
 *
 * All pages of a list have the same plan, the same count and the same facets, and these cost more
 * than a page. A text holds for one revision of the store; nothing else can change it, so nothing is
 * ever dropped one by one. What was known of an earlier revision may be a start for the next one.
 *
 *     if (kept_find(kept, name, &json) == revision)
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

#include <stdint.h>

#include "bilateral/base/buffer.h"

enum { KEPT_COUNT = 256, KEPT_SIZE_LIMIT = 8 * 1024, KEPT_NOTHING = -1 };

struct kept;

struct kept *kept_create(void);

/* NULL is fine, here and below: nothing is kept then. */
void kept_destroy(struct kept *kept);

/* Appends what is kept under the name. Returns the revision that it holds for, or KEPT_NOTHING. */
int64_t kept_find(struct kept *kept, const char *name, struct buffer *ret);

void kept_put(struct kept *kept, int64_t revision, const char *name, const char *text, size_t size);

#endif
