/*
 * atom - an Atom feed (RFC 4287): an entry for each record, in the order of the list.
 *
 *     static const struct atom_map MAP = {.title = "name", .summary = "description"};
 *     .formats = (const struct format_use[]){{&FORMAT_ATOM, &MAP}, {0}},
 *
 * Ids are UUIDs: an entry's is its record's for ever, in whichever feed it stands; a feed's is its
 * address's, without the base path. `updated` and `published` are when the record was last and
 * first written, not when what it tells happened: that is `when` and stands before the summary.
 * Links are relative to the address of the feed. A character that XML cannot hold becomes U+FFFD.
 */
#ifndef BILATERAL_FORMAT_ATOM_H
#define BILATERAL_FORMAT_ATOM_H

#include "bilateral/format/format.h"

/* Names of members. Only `title` must be given. */
struct atom_map {
    const char *title;
    const char *when[4]; /* dates and references that the summary begins with; ended by NULL */
    const char *summary;
    const char *categories; /* references */
};

#endif
