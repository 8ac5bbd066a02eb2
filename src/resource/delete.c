#include "bilateral/resource/delete.h"

#include "bilateral/resource/history.h"
#include "bilateral/resource/search.h"
#include "row.h"

enum { REFERRER_LIMIT = 100 };

static const char FIND_REFERRERS[] =
    "SELECT from_type, from_id, field\n"
    "FROM reference\n"
    "WHERE to_type = ?1 AND to_id = ?2\n"
    "    AND NOT (from_type = ?1 AND from_id = ?2)\n"
    "LIMIT ?3";

static const char BURY[] =
    "UPDATE record\n"
    "SET revision = ?5,\n"
    "    state = CASE WHEN ?3 IS NULL THEN 'deleted' ELSE 'merged' END,\n"
    "    merged_into = ?3,\n"
    "    updated_at = ?4,\n"
    "    committed = ?6\n"
    "WHERE type = ?1 AND id = ?2";

static const char TAKE_FROM_TOTAL[] =
    "UPDATE total\n"
    "SET value = value - 1\n"
    "WHERE type = ?1";

static bool check_referrers(struct writer *writer, const struct resource *resource, const char *id,
                            struct error *error)
{
    bool row = true, free = true;
    struct statement *find =
        store_prepare_texts(writer->store, FIND_REFERRERS, error, resource->type, id);
    statement_bind_integer(find, 3, REFERRER_LIMIT);
    while (statement_step(find, &row, error) && row) {
        free = error_set(error, ERROR_CONFLICT,
                         "Other records refer to the %s \"%.100s\"; change or delete them first.",
                         resource->type, id);
        error_add(error, ERROR_CONFLICT, FAULT_POINTER, "", "The %s \"%.100s\" refers to it in %s.",
                  statement_text(find, 0), statement_text(find, 1), statement_text(find, 2));
    }
    return free && error->code == ERROR_NONE;
}

static bool bury(struct writer *writer, const struct resource *resource, const char *id,
                 int64_t revision, const char *merged_into, struct error *error)
{
    struct statement *mark = store_prepare_texts(writer->store, BURY, error, resource->type, id,
                                                 merged_into, writer->now);
    statement_bind_integer(mark, 5, revision);
    statement_bind_integer(mark, 6, writer->committed);
    if (!statement_run(mark, error))
        return false;
    return store_run_texts(writer->store, TAKE_FROM_TOTAL, error, resource->type);
}

bool writer_delete(struct writer *writer, const struct resource *resource, const char *id,
                   const char *merged_into, struct error *error)
{
    struct stored stored;
    if (!writer_find(writer, resource, id, &stored, error) ||
        !check_referrers(writer, resource, id, error))
        return false;
    writer->changes++;
    return history_note(writer, resource, id, stored.revision + 1,
                        merged_into ? "merged" : "deleted", stored.text, stored.size, error) &&
           search_forget(writer->store, resource, id, error) &&
           row_forget(writer, resource, id, error) &&
           bury(writer, resource, id, stored.revision + 1, merged_into, error);
}
