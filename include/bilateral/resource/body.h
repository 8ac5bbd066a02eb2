/*
 * body - a draft's canonical text.
 *
 *     struct buffer json = {0};
 *     body_write(&draft, &json);               {"id":"lang-son","type":"place","name":…
 */
#ifndef BILATERAL_RESOURCE_BODY_H
#define BILATERAL_RESOURCE_BODY_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/record.h"

/*
 * Appends the canonical text without its closing brace and the store's own members: {"id":…,
 * "type":…, every field in the descriptor's order, null where it is not known, …"citations":[…].
 * Equal bodies give equal bytes, whatever their order and white space.
 */
void body_write(const struct draft *draft, struct buffer *json);

/* Appends the JSON array of every source the draft rests on. */
void body_write_source_ids(const struct draft *draft, struct buffer *json);

/* Appends a text, a number or a boolean as JSON; null where it is none of these. */
void body_put_scalar(const json_t *value, struct buffer *json);

/* A number of the body as it was written, or NULL; top-level fields only. In `arena`. */
const char *body_decimal(const struct draft *draft, const char *name, struct arena *arena);

#endif
