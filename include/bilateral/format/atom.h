/*
 * atom - an Atom feed (RFC 4287): an entry for each record, in the order of the list.
 *
 *     static const struct atom_map MAP = {.title = "name", .summary = "description"};
 *     .formats = (const struct format_use[]){{&FORMAT_ATOM, .map = &MAP}, {0}},
 *
 * Ids are UUIDs: an entry's is its record's for ever, in whichever feed it stands; a feed's is its
 * address's, without the base path. `updated` and `published` are when the record was last and
 * first written, not when what it tells happened: that is `when` and stands before the summary.
 * Links are relative to the address of the feed. A character that XML cannot hold becomes U+FFFD.
 *
 * Rows of a view may tell what happened to records: with `at` an entry is of one such row, its
 * title is what was done to what, and its link leads to the record.
 */
#ifndef BILATERAL_FORMAT_ATOM_H
#define BILATERAL_FORMAT_ATOM_H

#include "bilateral/format/format.h"

/* Names of members. Of a resource only `title` must be given. */
struct atom_map {
    const char *title;
    const char *when[4]; /* what the summary begins with: dates, references; ended by NULL */
    const char *summary;
    const char *categories; /* references */
    /* Of a view whose rows name a record by `type` and `id`, and a `revision`: when it happened.
     * The title is then made of `when` and of what the record is called. */
    const char *at;
};

#endif
