#include "bilateral/resource/kind.h"

#include <string.h>

/* A record that wants another to be of a kind, and whether a user wrote it. */
static const char FIND_REFERRER[] =
    "SELECT from_id, origin_revision IS NOT revision\n"
    "FROM reference\n"
    "    JOIN record ON type = from_type AND id = from_id\n"
    "WHERE to_type = ?1 AND to_id = ?2 AND from_type = ?3 AND field = ?4\n"
    "LIMIT 1";

/* Whether a record is stored and is of another kind; what it does not say it may be. */
static bool is_other(struct writer *writer, const char *type, const char *id, const char *kind,
                     int64_t *ret, struct error *error)
{
    struct buffer sql = {0};
    buffer_put_all(&sql, "SELECT classification <> ?2\nFROM ",
                   registry_by_type(writer->registry, type)->table, "\nWHERE id = ?1", NULL);
    struct statement *find = store_prepare_texts(writer->store, buffer_text(&sql), error, id, kind);
    buffer_finish(&sql);
    return statement_number(find, ret, error);
}

static bool check_target(struct writer *writer, const struct link *link, struct error *error)
{
    int64_t other;
    if (!is_other(writer, link->type, link->id, link->kind, &other, error))
        return false;
    writer->suspects = writer->suspects || other;
    if (other && writer->circles != CIRCLES_LATER)
        error_add(error, ERROR_INVALID, FAULT_POINTER, link->pointer,
                  "The classification of the %s \"%.100s\" is not \"%s\".", link->type, link->id,
                  link->kind);
    return true;
}

/* What is of another kind already has no referrer, but for those that the batch wrote. */
static bool check_referrers(struct writer *writer, const struct draft *draft, const char *from,
                            const struct field *field, struct error *error)
{
    const char *type = draft->resource->type;
    int64_t other;
    bool row;
    if (!is_other(writer, type, draft->id, field->kind, &other, error))
        return false;
    if (other != (writer->circles == CIRCLES_AGAIN))
        return true;
    struct statement *find = store_prepare_texts(writer->store, FIND_REFERRER, error, type,
                                                 draft->id, from, field->name);
    if (!statement_step(find, &row, error))
        return false;
    if (!row)
        return true;
    writer->suspects = true;
    writer->collides = writer->collides || (writer->holds && statement_integer(find, 1));
    if (writer->circles != CIRCLES_LATER && !writer->collides)
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/classification",
                  "The %s \"%.100s\" has it as its %s, so write \"%s\".", from,
                  statement_text(find, 0), field->name, field->kind);
    statement_reset(find);
    return true;
}

bool kind_check(struct writer *writer, const struct draft *draft, struct error *error)
{
    const char *own = json_string_value(json_object_get(draft->value, "classification"));
    for (const struct link *link = draft->links; link; link = link->next) {
        if (link->kind && !check_target(writer, link, error))
            return false;
    }
    for (size_t i = 0; draft->id && i < writer->registry->count; i++) {
        const struct resource *from = writer->registry->resources[i];
        for (const struct field *field = from->fields; field->name; field++) {
            bool wanted = field->kind && strcmp(field->target, draft->resource->type) == 0 && own &&
                          strcmp(own, field->kind) != 0;
            if (wanted && !check_referrers(writer, draft, from->type, field, error))
                return false;
        }
    }
    return true;
}
