#include "bilateral/resource/settle.h"

static const char NOTE[] =
    "INSERT INTO seed_conflict (record_type, record_id, dataset, digest, json, noticed_at)\n"
    "VALUES (?1, ?2, ?3, ?4, ?5 || '}', ?6)\n"
    "ON CONFLICT (record_type, record_id) DO UPDATE\n"
    "SET dataset = excluded.dataset,\n"
    "    digest = excluded.digest,\n"
    "    json = excluded.json,\n"
    "    noticed_at = excluded.noticed_at\n"
    "WHERE digest <> excluded.digest";

static const char FORGET[] =
    "DELETE FROM seed_conflict\n"
    "WHERE record_type = ?1 AND record_id = ?2";

static const char ANY[] = "SELECT EXISTS (SELECT 1 FROM seed_conflict)";

static const char FIND[] =
    "SELECT json, dataset\n"
    "FROM seed_conflict\n"
    "WHERE record_type = ?1 AND record_id = ?2";

/* The seed is known, but what it says is not what the record has: it stays an edited one. */
static const char KEEP_RECORD[] =
    "UPDATE record\n"
    "SET origin = refused.dataset,\n"
    "    origin_digest = refused.digest\n"
    "FROM seed_conflict AS refused\n"
    "WHERE type = ?1 AND id = ?2 AND refused.record_type = type AND refused.record_id = id";

bool settle_note(struct writer *writer, const struct draft *draft, const struct buffer *body,
                 const char *digest, struct error *error)
{
    return writer_count(writer, store_run_texts(writer->store, NOTE, error, draft->resource->type,
                                                draft->id, writer->origin, digest, body->data,
                                                writer->now));
}

bool settle_forget(struct writer *writer, const char *type, const char *id, struct error *error)
{
    return writer_count(writer, store_run_texts(writer->store, FORGET, error, type, id));
}

bool settle_any(struct writer *writer, int64_t *ret, struct error *error)
{
    return statement_number(store_prepare(writer->store, ANY, error), ret, error);
}

/* The seed goes the way of every other, but over what the user wrote. */
static bool take_seed(struct writer *writer, const struct resource *resource, const char *text,
                      size_t size, struct error *error)
{
    json_t *value = json_read(text, size, NULL, error);
    writer->overrules = true;
    bool good = value && writer_put_again(writer, resource, value, text, size, error);
    json_decref(value);
    return good;
}

bool settle_take(struct writer *writer, const struct resource *resource, const char *id, bool seed,
                 struct error *error)
{
    bool row;
    struct statement *find = store_prepare_texts(writer->store, FIND, error, resource->type, id);
    if (!statement_step(find, &row, error))
        return false;
    if (!row)
        return error_set(error, ERROR_NOT_FOUND, "No seed of the %s \"%.100s\" was refused.",
                         resource->type, id);
    size_t size = statement_size(find, 0);
    const char *text = arena_copy(writer->arena, statement_text(find, 0), size);
    writer->origin = arena_strdup(writer->arena, statement_text(find, 1));
    statement_reset(find);
    if (seed)
        return take_seed(writer, resource, text, size, error);
    return writer_count(writer,
                        store_run_texts(writer->store, KEEP_RECORD, error, resource->type, id)) &&
           settle_forget(writer, resource->type, id, error);
}
