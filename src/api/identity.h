/*
 * identity - ids for records that are posted without one.
 */
#ifndef API_IDENTITY_H
#define API_IDENTITY_H

#include "bilateral/json/read.h"
#include "bilateral/resource/write.h"

/*
 * A free id by the data model's rule: the slug of the name; a meeting's begins with its start date,
 * a source's with its publication date and publisher. Where that is taken it gets -2, -3, … at its
 * end. NULL where nothing of the body can be written in an id, or (error set) on failure. In the
 * writer's arena.
 */
const char *identity_make(struct writer *writer, const struct resource *resource,
                          const json_t *body, struct error *error);

#endif
