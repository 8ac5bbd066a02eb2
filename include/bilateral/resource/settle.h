/*
 * settle - seeds that were refused because a user had edited their record, and how that ends.
 *
 * A refused seed is kept, one for each record, until somebody settles it: the record is taken, and
 * that seed is known from then on, so that it is not refused again; or the seed is taken, and
 * replaces the record. It also ends by itself, when the seed goes back to what it was.
 *
 *     settle_take(writer, &TOPIC, "trade", true, error) && writer_commit(writer, error)
 */
#ifndef BILATERAL_RESOURCE_SETTLE_H
#define BILATERAL_RESOURCE_SETTLE_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/write.h"

/* Keeps a refused seed; `body` is its canonical text without the closing brace, as body_write's. */
bool settle_note(struct writer *writer, const struct draft *draft, const struct buffer *body,
                 const char *digest, struct error *error);

/* The seed was applied, or is the one that was: there is nothing to settle any more. */
bool settle_forget(struct writer *writer, const char *type, const char *id, struct error *error);

/* *ret: whether there is anything to be settled at all. */
bool settle_any(struct writer *writer, int64_t *ret, struct error *error);

/* Settles one. ERROR_NOT_FOUND where none is kept; faults where the seed does not fit any more. */
bool settle_take(struct writer *writer, const struct resource *resource, const char *id, bool seed,
                 struct error *error);

#endif
