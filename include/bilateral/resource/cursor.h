/*
 * cursor - a place in an ordered list, as an opaque text.
 *
 * It holds a direction and the sort keys of one row, sealed with the store's secret together with
 * the address, filters and order they belong to: a cursor that was cut, changed, or taken to
 * another list is refused. It survives restarts, because the secret lives in the store.
 *
 *     page->next = cursor_write(&cursor, secret, query.seal, arena);       (of one answer)
 *     cursor_read(query.cursor, secret, &query, arena, &cursor, error)     (of the next request)
 */
#ifndef BILATERAL_RESOURCE_CURSOR_H
#define BILATERAL_RESOURCE_CURSOR_H

#include "bilateral/base/hash.h"
#include "bilateral/resource/query.h"
#include "bilateral/resource/sql.h"

struct cursor {
    bool backwards; /* the page before the row, not the one behind it */
    bool alike;     /* a hint: rows about it mostly differ in their last key alone, see select.c */
    struct sql_value keys[QUERY_SORT_LIMIT + 1];
    size_t count;
    size_t range; /* which of the ranges behind the row is read; see select.h */
};

/* What seals cursors, from the store's secret. To make it costs as much as several cursors. */
struct hash_key *cursor_key(const char *secret, struct arena *arena);

/* The text, in `arena`. */
const char *cursor_write(const struct cursor *cursor, struct hash_key *key, const char *seal,
                         struct arena *arena);

/* ERROR_BAD_REQUEST, as a fault of the parameter `cursor`. */
bool cursor_read(const char *text, struct hash_key *key, const struct query *query,
                 struct arena *arena, struct cursor *ret, struct error *error);

#endif
