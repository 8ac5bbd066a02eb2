/*
 * desk - what a writer needs to be tested by itself: a store with a few records, and a list to write.
 *
 *     struct desk *desk = *state;             of a test with desk_set_up and desk_tear_down
 *     desk_keep(desk, "spot", "here", "{\"id\":\"here\",\"name\":\"Here\"}");
 *     desk_write(desk, &FORMAT_ICS, &MAP, record, NULL)    (all that is written, in desk->arena)
 *
 * The resources are made up, so that no test can lean on a writer's knowing one by name: a "thing"
 * refers to a "spot" by spot_id, to "tags" by tag_ids, and to a thing by outer_id.
 */
#ifndef DESK_H
#define DESK_H

#include "bilateral/format/format.h"

extern const struct resource THING;

struct desk {
    struct store *store;
    struct arena *arena;
    struct snapshot snapshot;
    struct format_writing writing; /* a test may change it */
};

int desk_set_up(void **state);
int desk_tear_down(void **state);

void desk_keep(struct desk *desk, const char *table, const char *id, const char *json);

/* Rows are given by their text, ended by NULL; the buffer is emptied between them. */
const char *desk_write(struct desk *desk, const struct format *format, const void *map, ...)
    __attribute__((sentinel));

/* A thing: the members given, as the source spells JSON with ' for ", among those that all have. */
const char *desk_thing(struct desk *desk, const char *members);

#endif
