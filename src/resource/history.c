#include "bilateral/resource/history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/json/patch.h"

static const char NOTE[] =
    "INSERT INTO change (committed, at, record_type, record_id, revision, action, by, before)\n"
    "VALUES (?6, ?1, ?2, ?3, ?7, ?4, ?5, ?8)";

static const char FIND[] =
    "SELECT revision, at, text\n"
    "FROM record_state\n"
    "WHERE record_type = ?1 AND record_id = ?2\n"
    "    AND CASE WHEN ?4 IS NULL THEN revision = ?3 ELSE at <= ?4 END\n"
    "ORDER BY revision DESC\n"
    "LIMIT 1";

bool moment_parse(const char *parameter, const char *text, struct moment *ret, struct error *error)
{
    struct error ignored = {0};
    char *end;
    errno = 0;
    long long revision = strtoll(text, &end, 10);
    bool digits = *text >= '0' && *text <= '9' && *end == '\0' && !errno;
    if (!digits && !date_parse_timestamp(text, &ignored)) {
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter,
                  "Write a revision, such as 3, or a time, such as 2024-11-20T08:30:00Z.");
        return false;
    }
    *ret = (struct moment){.revision = digits ? revision : 0};
    if (!digits)
        date_timestamp_bound(text, false, ret->time);
    return true;
}

bool history_find(struct store *store, const struct resource *resource, const char *id,
                  const struct moment *moment, struct arena *arena, struct history_state *ret,
                  struct error *error)
{
    bool row;
    struct statement *find = store_prepare_texts(store, FIND, error, resource->type, id);
    statement_bind_integer(find, 3, moment->revision);
    statement_bind_text(find, 4, *moment->time ? moment->time : NULL);
    if (!statement_step(find, &row, error))
        return false;
    if (!row)
        return error_set(error, ERROR_NOT_FOUND,
                         *moment->time ? "There was no %s with the id \"%.100s\" then."
                                       : "The %s \"%.100s\" has no such revision.",
                         resource->type, id);
    *ret = (struct history_state){
        .revision = statement_integer(find, 0),
        .at = arena_strdup(arena, statement_text(find, 1)),
        .size = statement_size(find, 2),
    };
    if (!statement_is_null(find, 2))
        ret->text = arena_copy(arena, statement_text(find, 2), ret->size);
    statement_reset(find);
    return true;
}

bool history_note(struct writer *writer, const struct resource *resource, const char *id,
                  int64_t revision, const char *action, const char *before, size_t size,
                  struct error *error)
{
    struct statement *note = store_prepare_texts(writer->store, NOTE, error, writer->now,
                                                 resource->type, id, action, writer->by);
    statement_bind_integer(note, 6, writer->committed);
    statement_bind_integer(note, 7, revision);
    statement_bind_text_size(note, 8, before, size);
    return statement_run(note, error);
}

/* What is no text is the document null: there was no record, or is none any more. */
static void diff(const char *const *texts, const size_t *sizes, struct buffer *ret)
{
    json_diff(texts[0], sizes[0], texts[1], sizes[1], ret);
}

bool history_define(struct store *store, struct error *error)
{
    static const struct store_function DIFF = {"json_diff", 2, diff};
    return store_define(store, &DIFF, error);
}
