/*
 * row - a draft in its tables: its row, the rows of its parts, and its references.
 *
 * For write.c alone, inside its transaction.
 */
#ifndef RESOURCE_ROW_H
#define RESOURCE_ROW_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/write.h"

/* `json` holds the draft's body; the store's own members and the closing brace are added to it. With
 * `replace` there is a row already. */
bool row_put(struct writer *writer, const struct draft *draft, const char *created_at,
             int64_t revision, bool replace, struct buffer *json, struct error *error);

/* The parts among `fields`; with `replace` those that are stored go first. */
bool row_put_parts(struct writer *writer, const struct draft *draft, const struct field *fields,
                   bool replace, struct error *error);

/* Row, parts and references go. */
bool row_forget(struct writer *writer, const struct resource *resource, const char *id,
                struct error *error);

bool row_put_references(struct writer *writer, const struct draft *draft, bool replace,
                        struct error *error);

#endif
