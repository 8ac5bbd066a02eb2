/*
 * embed - fetches the records that `include` asks for and writes them into their rows.
 *
 * Records are fetched in batches, one SELECT for each type however many rows there are.
 *
 *     if (!embed_load(snapshot, resource, &query.includes, rows, count, &set, error))
 *         return false;
 *     embed_put(set, &rows[0], query.fields, query.field_count, json);
 */
#ifndef BILATERAL_RESOURCE_EMBED_H
#define BILATERAL_RESOURCE_EMBED_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/include.h"
#include "bilateral/resource/snapshot.h"

enum { EMBED_LIMIT = 5000 }; /* records embedded in one answer */

/* A row of an answer: the record's text and its id. */
struct embed_row {
    const char *id;
    const char *text;
    size_t size;
};

/* What was fetched; opaque, in the snapshot's arena. */
struct embed_set;

/* Fetches what all rows need. ERROR_BAD_REQUEST where that is more than the limit. */
bool embed_load(const struct snapshot *snapshot, const struct resource *resource,
                const struct includes *includes, const struct embed_row *rows, size_t count,
                struct embed_set **ret, struct error *error);

/* Appends the row's record with the wanted members and what is embedded in it. */
void embed_put(const struct embed_set *set, const struct embed_row *row, const char *const *fields,
               size_t field_count, struct buffer *json);

#endif
