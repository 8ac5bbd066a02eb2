/*
 * reading - a record as a writer of other formats reads it: its members as plain text, and what the
 * records are called that it refers to.
 *
 *     struct reading record = reading_of(writing, text, size, arena);
 *     const char *name = reading_text(&record, "name");          (NULL where it is not known)
 *     const char *place;
 *     if (!reading_label(&record, "place_id", &place, error))    (what the place is called)
 *         return false;
 *
 * Nothing but the stored text is read; other records come from the writing's snapshot. A record
 * shows only the members that the request wants (`fields`); reading_whole shows all of them, for
 * what a format cannot do without. What is returned lives in `arena`, which is one row's: a list
 * takes the memory of one record. One thread's.
 */
#ifndef BILATERAL_FORMAT_READING_H
#define BILATERAL_FORMAT_READING_H

#include "bilateral/base/hash.h"
#include "bilateral/format/format.h"
#include "bilateral/json/scan.h"

struct reading_member; /* opaque */

struct reading {
    const struct format_writing *writing;
    const struct resource *resource;
    const struct field *fields; /* of an element of a part; NULL: the resource's own and common */
    bool whole;                 /* `fields` of the request does not matter */
    const char *text;
    size_t size;
    const struct reading_member *members; /* of the text, which is walked over once */
    struct arena *arena;
};

struct reading reading_of(const struct format_writing *writing, const char *text, size_t size,
                          struct arena *arena);
struct reading reading_whole(const struct reading *record);

/* The descriptor's field of that name, or NULL. */
const struct field *reading_field(const struct reading *record, const char *name);

/* A member's JSON; false where it is null, missing or not wanted. */
bool reading_value(const struct reading *record, const char *name, const char **ret_value,
                   size_t *ret_size);

/* A member as text, escapes resolved and numbers as they are written; NULL where not known. */
const char *reading_text(const struct reading *record, const char *name);
const char *reading_decode(const struct reading *record, const char *value, size_t size);

/* Over a member's elements, and one of them as a reading: the part's object at the walk. */
struct json_walk reading_walk(const struct reading *record, const char *name);
struct reading reading_element(const struct reading *record, const char *name,
                               const struct json_walk *walk);

/* The record of an id in the member, without members where there is none. False: store failed. */
bool reading_refer(const struct reading *record, const char *name, const char *id,
                   struct reading *ret, struct error *error);

/*
 * A member as people read it, NULL where not known: what the record is called that it refers to, a
 * word of a vocabulary without its underscores ("head of delegation", "attendance unknown"), else
 * the text.
 */
bool reading_label(const struct reading *record, const char *name, const char **ret,
                   struct error *error);

/*
 * The labels of members, `separator` between them; of several members that `names` gives, ended by
 * NULL, the first that is known comes first. "" where none is.
 */
bool reading_join(const struct reading *record, const char *const *names,
                  const char *const *members, const char *separator, const char **ret,
                  struct error *error);

/* The UUID that a thing of this store has for ever: of a record, by its type and id. */
void reading_uuid(const struct format_writing *writing, const char *type, const char *id,
                  char ret[static HASH_UUID_SIZE]);

#endif
