#include "bilateral/resource/circle.h"

#include <string.h>

/* Only who is referred to can be come back to; that spares most records the way. */
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

static const char SUSPECT[] =
    "UPDATE announced\n"
    "SET suspect = TRUE\n"
    "WHERE type = ?1 AND id = ?2";

static const char SUSPECTED[] =
    "SELECT suspect\n"
    "FROM announced\n"
    "WHERE type = ?1 AND id = ?2";

static bool may_close(struct writer *writer, const struct draft *draft, const struct link *link,
                      int64_t *ret, struct error *error)
{
    struct statement *find = store_prepare(writer->store, MAY_CLOSE, error);
    if (!find)
        return false;
    statement_bind_text(find, 1, link->type);
    statement_bind_text(find, 2, draft->id);
    statement_bind_text(find, 3, link->id);
    statement_bind_text(find, 4, link->field);
    statement_bind_integer(find, 5, writer->circles == CIRCLES_AGAIN);
    return statement_number(find, ret, error);
}

/* From the record that is linked to, the same field of each, until there is none or it is known. */
static bool leads_back(struct writer *writer, const struct draft *draft, const struct link *link,
                       int64_t *ret, struct error *error)
{
    struct buffer sql = {0};
    buffer_put_all(&sql,
                   "WITH RECURSIVE beyond (id) AS (\n"
                   "    VALUES (?1)\n"
                   "    UNION\n"
                   "    SELECT ",
                   link->field, "\n    FROM beyond CROSS JOIN ", draft->resource->table,
                   " USING (id)\n    WHERE ", link->field,
                   " IS NOT NULL\n"
                   ")\n"
                   "SELECT EXISTS (SELECT 1 FROM beyond WHERE id = ?2)",
                   NULL);
    struct statement *find = store_prepare(writer->store, buffer_text(&sql), error);
    buffer_finish(&sql);
    if (!find)
        return false;
    statement_bind_text(find, 1, link->id);
    statement_bind_text(find, 2, draft->id);
    return statement_number(find, ret, error);
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

/* Whether the link leads back to the draft's record, as other records are stored now. */
static bool find_circle(struct writer *writer, const struct draft *draft, const struct link *link,
                        int64_t *ret, struct error *error)
{
    *ret = 0;
    if (strcmp(link->type, draft->resource->type) != 0 || !is_own(draft->resource, link))
        return true;
    *ret = strcmp(link->id, draft->id) == 0;
    if (*ret || strchr(link->field, '/')) /* what a part relates may be related both ways */
        return true;
    return may_close(writer, draft, link, ret, error) &&
           (!*ret || leads_back(writer, draft, link, ret, error));
}

/* A statement about a record of the batch. */
static struct statement *prepare(struct writer *writer, const char *sql, const char *type,
                                 const char *id, struct error *error)
{
    struct statement *statement = store_prepare(writer->store, sql, error);
    if (statement) {
        statement_bind_text(statement, 1, type);
        statement_bind_text(statement, 2, id);
    }
    return statement;
}

static bool suspect(struct writer *writer, const struct draft *draft, struct error *error)
{
    struct statement *note = prepare(writer, SUSPECT, draft->resource->type, draft->id, error);
    writer->suspects = true;
    return note && statement_run(note, error);
}

bool circle_check(struct writer *writer, const struct draft *draft, struct error *error)
{
    bool good = true;
    const struct link *link = draft->id ? draft->links : NULL;
    for (int64_t circle; link; link = link->next) {
        if (!find_circle(writer, draft, link, &circle, error))
            return false;
        if (!circle)
            continue;
        if (writer->circles == CIRCLES_LATER) {
            good = suspect(writer, draft, error) && good;
            continue;
        }
        good = false;
        error_add(error, ERROR_INVALID, FAULT_POINTER, link->pointer,
                  "This leads back to the %s \"%.100s\" itself; write another %s, or null.",
                  link->type, draft->id, link->type);
    }
    return good;
}

bool circle_suspected(struct writer *writer, const char *type, const char *id, bool *ret,
                      struct error *error)
{
    int64_t suspected;
    if (!statement_number(prepare(writer, SUSPECTED, type, id, error), &suspected, error))
        return false;
    *ret = suspected;
    return true;
}
