#include "bilateral/resource/circle.h"

#include <string.h>

/*
 * Only who is referred to can be come back to, and only by a new link; that spares most records the
 * way. A circle has one that was put last, when all the others led to it. Behind a batch (?5) no link
 * is new.
 */
static const char MAY_CLOSE[] =
    "SELECT EXISTS (\n"
    "        SELECT 1\n"
    "        FROM reference\n"
    "        WHERE to_type = ?1 AND to_id = ?2 AND from_type = ?1 AND field = ?4\n"
    "    )\n"
    "    AND (?5 OR NOT EXISTS (\n"
    "        SELECT 1\n"
    "        FROM reference\n"
    "        WHERE to_type = ?1 AND to_id = ?3 AND from_type = ?1 AND from_id = ?2 AND field = ?4\n"
    "    ))";

/* Which walk came by a record first, so that none goes the same way again. */
static const char MAKE_WALKED[] =
    "CREATE TEMP TABLE IF NOT EXISTS walked (\n"
    "    type TEXT NOT NULL,\n"
    "    field TEXT NOT NULL,\n"
    "    id TEXT NOT NULL,\n"
    "    walk INTEGER NOT NULL,\n"
    "    PRIMARY KEY (type, field, id)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "DELETE FROM walked;";

static const char FIND_WALK[] =
    "SELECT walk\n"
    "FROM walked\n"
    "WHERE type = ?1 AND field = ?2 AND id = ?3";

static const char NOTE_WALK[] =
    "INSERT INTO walked (type, field, id, walk)\n"
    "VALUES (?1, ?2, ?3, ?4)\n"
    "ON CONFLICT DO UPDATE\n"
    "SET walk = excluded.walk";

enum {
    UNTOLD = -1
}; /* the walk of a circle that was come to, but from a record that is not on it */

static bool may_close(struct writer *writer, const struct draft *draft, const struct link *link,
                      int64_t *ret, struct error *error)
{
    struct statement *find = store_prepare_texts(writer->store, MAY_CLOSE, error, link->type,
                                                 draft->id, link->id, link->field);
    statement_bind_integer(find, 5, writer->circles == CIRCLES_AGAIN);
    return statement_number(find, ret, error);
}

static struct statement *prepare_walk(struct writer *writer, const char *sql,
                                      const struct link *link, const char *id, struct error *error)
{
    return store_prepare_texts(writer->store, sql, error, link->type, link->field, id);
}

static bool note_walk(struct writer *writer, const struct link *link, const char *id, int64_t walk,
                      struct error *error)
{
    struct statement *note = prepare_walk(writer, NOTE_WALK, link, id, error);
    statement_bind_integer(note, 4, walk);
    return statement_run(note, error);
}

/* The walk that was at this record before, 0 where none was; then it is this one from now on. */
static bool enter(struct writer *writer, const struct link *link, const char *id, int64_t *ret,
                  struct error *error)
{
    if (!statement_number(prepare_walk(writer, FIND_WALK, link, id, error), ret, error))
        return false;
    return *ret != 0 || note_walk(writer, link, id, writer->walks, error);
}

/* The record that the stored one refers to by the link's field, in the writer's arena; or NULL. */
static bool find_next(struct writer *writer, const struct draft *draft, const struct link *link,
                      const char *id, const char **ret, struct error *error)
{
    struct buffer sql = {0};
    bool row;
    buffer_put_all(&sql, "SELECT ", link->field, "\nFROM ", draft->resource->table,
                   "\nWHERE id = ?1", NULL);
    struct statement *find = store_prepare(writer->store, buffer_text(&sql), error);
    buffer_finish(&sql);
    statement_bind_text(find, 1, id);
    if (!statement_step(find, &row, error))
        return false;
    *ret = row && !statement_is_null(find, 0) ? arena_strdup(writer->arena, statement_text(find, 0))
                                              : NULL;
    statement_reset(find);
    return true;
}

/* Notes a walk at each record of a circle, and, of one that is told, whether a user's is among them. */
static bool go_round(struct writer *writer, const struct draft *draft, const struct link *link,
                     const char *id, int64_t walk, struct error *error)
{
    const char *at = id;
    struct stored stored;
    do {
        if (!note_walk(writer, link, at, walk, error) ||
            !writer_look(writer, link->type, at, &stored, error) ||
            !find_next(writer, draft, link, at, &at, error))
            return false;
        writer->collides = writer->collides || (walk != UNTOLD && writer->holds && stored.edited);
    } while (strcmp(at, id) != 0);
    return true;
}

/*
 * From the draft's record on, until there is no next one, or somebody was there. Behind a batch, a
 * circle is told once: of the first of its records that comes, not of one that only leads to it.
 */
static bool walk(struct writer *writer, const struct draft *draft, const struct link *link,
                 bool *ret_circle, struct error *error)
{
    int64_t before = 0;
    const char *id = link->id;
    bool at_once = writer->circles == CIRCLES_AT_ONCE;
    if ((at_once || writer->walks == 0) && !store_run_script(writer->store, MAKE_WALKED, error))
        return false;
    writer->walks++;
    if (!enter(writer, link, draft->id, &before, error))
        return false;
    bool untold = before == UNTOLD;
    while (id && before == 0) {
        if (!enter(writer, link, id, &before, error) ||
            (before == 0 && !find_next(writer, draft, link, id, &id, error)))
            return false;
    }
    bool found = before == writer->walks;
    *ret_circle = untold || (found && strcmp(id, draft->id) == 0);
    if (at_once || (!untold && !found))
        return true;
    return *ret_circle ? go_round(writer, draft, link, draft->id, writer->walks, error)
                       : go_round(writer, draft, link, id, UNTOLD, error);
}

/* A record may cite itself, as a source does that bears its own title; no more than that. */
static bool is_own(const struct resource *resource, const struct link *link)
{
    size_t size = strcspn(link->field, "/");
    for (const struct field *field = resource->fields; field->name; field++) {
        if (strlen(field->name) == size && strncmp(field->name, link->field, size) == 0)
            return true;
    }
    return false;
}

/* Whether a fault is to be told of the link. */
static bool check_link(struct writer *writer, const struct draft *draft, const struct link *link,
                       bool *ret_circle, struct error *error)
{
    bool related = strchr(link->field, '/'); /* what a part relates may be related both ways */
    int64_t closes;
    *ret_circle = false;
    if (strcmp(link->type, draft->resource->type) != 0 || !is_own(draft->resource, link))
        return true;
    *ret_circle = strcmp(link->id, draft->id) == 0;
    if (*ret_circle || related)
        return true;
    if (!may_close(writer, draft, link, &closes, error))
        return false;
    if (closes && writer->circles != CIRCLES_LATER)
        return walk(writer, draft, link, ret_circle, error);
    writer->suspects = writer->suspects || closes;
    return true;
}

bool circle_check(struct writer *writer, const struct draft *draft, struct error *error)
{
    const struct link *link = draft->id ? draft->links : NULL;
    for (bool circle; link; link = link->next) {
        if (!check_link(writer, draft, link, &circle, error))
            return false;
        if (!circle || writer->collides)
            continue;
        error_add(error, ERROR_INVALID, FAULT_POINTER, link->pointer,
                  strcmp(link->id, draft->id) == 0
                      ? "This is the %s itself; write another, or null."
                      : "Followed from here, it leads in a circle; write another %s, or null.",
                  link->type);
    }
    return true;
}
