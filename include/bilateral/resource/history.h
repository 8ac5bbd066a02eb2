/*
 * history - what was done to each record, and every state that it was in.
 *
 * The writer notes each write with the state that it replaced; so a state is what the next write
 * replaced or, the last one, the record itself (the view record_state). Reading a record as it was:
 *
 *     struct moment moment;
 *     if (!moment_parse("as_of", "2025-11-25T08:00:00Z", &moment, error) ||
 *         !history_find(store, resource, id, &moment, arena, &state, error))
 *         return false;
 */
#ifndef BILATERAL_RESOURCE_HISTORY_H
#define BILATERAL_RESOURCE_HISTORY_H

#include <stdint.h>

#include "bilateral/resource/write.h"

/* A point in the past: a revision or, where `time` is set, a time (RFC 3339, UTC). */
struct moment {
    int64_t revision;
    char time[DATE_TIMESTAMP_SIZE]; /* with milliseconds, as the store writes times; "" without */
};

/* ERROR_BAD_REQUEST, as a fault of that parameter, says what would be right. */
bool moment_parse(const char *parameter, const char *text, struct moment *ret, struct error *error);

struct history_state {
    int64_t revision; /* of the record */
    const char *at;   /* since when; RFC 3339 */
    const char *text; /* the canonical text; NULL where it was deleted or merged */
    size_t size;
};

/*
 * The state of a record at that moment, in the arena. ERROR_NOT_FOUND where there was none yet, or
 * is no such revision; the record need not be live.
 */
bool history_find(struct store *store, const struct resource *resource, const char *id,
                  const struct moment *moment, struct arena *arena, struct history_state *ret,
                  struct error *error);

/* For the writer: notes one write. `before` is the text it replaced, or NULL. */
bool history_note(struct writer *writer, const struct resource *resource, const char *id,
                  int64_t revision, const char *action, const char *before, size_t size,
                  struct error *error);

/* Gives the handle the function that the view record_revision needs. */
bool history_define(struct store *store, struct error *error);

#endif
