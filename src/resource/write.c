#include "bilateral/resource/write.h"

#include <stdio.h>
#include <string.h>

#include "bilateral/base/hash.h"
#include "bilateral/resource/body.h"
#include "bilateral/resource/circle.h"
#include "bilateral/resource/history.h"
#include "bilateral/resource/kind.h"
#include "bilateral/resource/search.h"
#include "bilateral/resource/settle.h"
#include "bilateral/store/revision.h"
#include "row.h"

/* The ids of the batch, so that records may refer forwards; a table, so that a batch may be long. */
static const char MAKE_ANNOUNCED[] =
    "CREATE TEMP TABLE IF NOT EXISTS announced (\n"
    "    type TEXT NOT NULL,\n"
    "    id TEXT NOT NULL,\n"
    "    PRIMARY KEY (type, id)\n"
    ") STRICT, WITHOUT ROWID";

static const char FORGET_ANNOUNCED[] = "DELETE FROM announced";

static const char ANNOUNCE[] =
    "INSERT INTO announced (type, id)\n"
    "VALUES (?1, ?2)\n"
    "ON CONFLICT DO NOTHING";

/* A seed does not bring back what was deleted; so, where ?3 says that one is to be stored, the
 * announcement of such a record is none. */
static const char FIND_TARGET[] =
    "SELECT 1\n"
    "FROM record\n"
    "WHERE type = ?1 AND id = ?2 AND state = 'live'\n"
    "UNION ALL\n"
    "SELECT 1\n"
    "FROM announced\n"
    "WHERE type = ?1 AND id = ?2\n"
    "    AND NOT (?3 AND EXISTS (SELECT 1 FROM record WHERE type = ?1 AND id = ?2))\n"
    "LIMIT 1";

static const char FIND_RECORD[] =
    "SELECT revision, state = 'live', committed, origin_revision IS NOT revision, created_at,"
    " origin_digest, merged_into\n"
    "FROM record\n"
    "WHERE type = ?1 AND id = ?2";

static const char PUT_RECORD[] =
    "INSERT INTO record (type, id, revision, state, created_at, updated_at, committed, label,"
    " origin, origin_digest, origin_revision)\n"
    "VALUES (?1, ?2, ?3, 'live', ?4, ?5, ?6, ?7, ?8, ?9, ?10)\n"
    "ON CONFLICT (type, id) DO UPDATE\n"
    "SET revision = excluded.revision,\n"
    "    state = 'live',\n"
    "    updated_at = excluded.updated_at,\n"
    "    committed = excluded.committed,\n"
    "    label = excluded.label,\n"
    "    origin = coalesce(excluded.origin, origin),\n"
    "    origin_digest = coalesce(excluded.origin_digest, origin_digest),\n"
    "    origin_revision = coalesce(excluded.origin_revision, origin_revision)";

static const char ADD_TO_TOTAL[] =
    "INSERT INTO total (type, value)\n"
    "VALUES (?1, 1)\n"
    "ON CONFLICT (type) DO UPDATE\n"
    "SET value = value + 1";

static const char PUT_DATASET[] =
    "INSERT INTO dataset (id, position, name, description, license, license_url, attribution)\n"
    "VALUES (?1, (SELECT count(*) FROM dataset), ?2, ?3, ?4, ?5, ?6)\n"
    "ON CONFLICT (id) DO UPDATE\n"
    "SET name = excluded.name,\n"
    "    description = excluded.description,\n"
    "    license = excluded.license,\n"
    "    license_url = excluded.license_url,\n"
    "    attribution = excluded.attribution\n"
    "WHERE (name, description, license, license_url, attribution)\n"
    "    IS NOT (excluded.name, excluded.description, excluded.license, excluded.license_url,\n"
    "            excluded.attribution)";

bool writer_begin(struct writer *writer, struct store *store, const struct registry *registry,
                  struct arena *arena, struct error *error)
{
    struct revision revision;
    *writer =
        (struct writer){.store = store, .registry = registry, .arena = arena, .by = WRITER_UNNAMED};
    date_now(writer->now);
    if (!store_run(store, MAKE_ANNOUNCED, error) || !search_begin(store, error) ||
        !store_begin_write(store, error))
        return false;
    if (!store_run(store, FORGET_ANNOUNCED, error) || !revision_read(store, &revision, error) ||
        !settle_any(writer, &writer->unsettled, error)) {
        writer_rollback(writer);
        return false;
    }
    writer->committed = revision.number + 1;
    memcpy(writer->store_id, revision.store_id, sizeof writer->store_id);
    return true;
}

bool writer_announce(struct writer *writer, const char *type, const char *id, bool *ret_first,
                     struct error *error)
{
    if (!store_run_texts(writer->store, ANNOUNCE, error, type, id))
        return false;
    *ret_first = store_changes(writer->store) == 1;
    return true;
}

static bool target_exists(struct writer *writer, const struct link *link, bool kept, int64_t *ret,
                          struct error *error)
{
    struct statement *find =
        store_prepare_texts(writer->store, FIND_TARGET, error, link->type, link->id);
    statement_bind_integer(find, 3, writer->origin && !kept);
    return statement_number(find, ret, error);
}

/* A record may refer to itself, also before it is there. */
static bool is_self(const struct draft *draft, const struct link *link)
{
    return draft->id && strcmp(link->id, draft->id) == 0 &&
           strcmp(link->type, draft->resource->type) == 0;
}

/* False only where the store fails. */
static bool check_targets(struct writer *writer, const struct draft *draft, bool kept,
                          struct error *error)
{
    for (const struct link *link = draft->links; link; link = link->next) {
        int64_t exists;
        if (is_self(draft, link))
            continue;
        if (!target_exists(writer, link, kept, &exists, error))
            return false;
        if (!exists)
            error_add(error, ERROR_INVALID, FAULT_POINTER, link->pointer,
                      "There is no %s with the id \"%s\"%s.", link->type, link->id,
                      writer->origin ? ", or it was deleted since it was seeded" : "");
    }
    return true;
}

bool writer_check_links(struct writer *writer, const struct draft *draft, struct error *error)
{
    size_t before = error->faults->count;
    return check_targets(writer, draft, false, error) && kind_check(writer, draft, error) &&
           circle_check(writer, draft, error) && error->faults->count == before;
}

static bool find_text(struct writer *writer, const struct resource *resource, const char *id,
                      const char **ret_text, size_t *ret_size, struct error *error)
{
    bool row;
    struct statement *find = record_find(writer->store, resource, id, &row, error);
    if (!find)
        return false;
    if (!row)
        return error_set(error, ERROR_INTERNAL, "The %s \"%.100s\" has no row.", resource->type,
                         id);
    *ret_size = statement_size(find, 0);
    *ret_text = arena_copy(writer->arena, statement_text(find, 0), *ret_size);
    statement_reset(find);
    return true;
}

static const char *keep_text(struct writer *writer, struct statement *find, int column)
{
    return statement_is_null(find, column)
               ? NULL
               : arena_strdup(writer->arena, statement_text(find, column));
}

bool writer_look(struct writer *writer, const char *type, const char *id, struct stored *ret,
                 struct error *error)
{
    struct stored stored = {0};
    struct statement *find = store_prepare_texts(writer->store, FIND_RECORD, error, type, id);
    if (!statement_step(find, &stored.exists, error))
        return false;
    if (stored.exists) {
        stored.revision = statement_integer(find, 0);
        stored.live = statement_integer(find, 1);
        stored.written = statement_integer(find, 2) == writer->committed;
        stored.edited = statement_integer(find, 3);
        stored.created_at = keep_text(writer, find, 4);
        stored.digest = keep_text(writer, find, 5);
        stored.merged_into = keep_text(writer, find, 6);
    }
    statement_reset(find);
    *ret = stored;
    return true;
}

bool writer_find(struct writer *writer, const struct resource *resource, const char *id,
                 struct stored *ret, struct error *error)
{
    return writer_look(writer, resource->type, id, ret, error) &&
           (!ret->live || find_text(writer, resource, id, &ret->text, &ret->size, error));
}

static bool put_entry(struct writer *writer, const struct draft *draft, int64_t revision,
                      const char *created_at, const char *digest, struct error *error)
{
    struct statement *put =
        store_prepare_texts(writer->store, PUT_RECORD, error, draft->resource->type, draft->id);
    statement_bind_integer(put, 3, revision);
    statement_bind_text(put, 4, created_at);
    statement_bind_text(put, 5, writer->now);
    statement_bind_integer(put, 6, writer->committed);
    const json_t *label = json_object_get(draft->value, draft->resource->label);
    statement_bind_text(put, 7, json_string_value(label));
    statement_bind_text(put, 8, writer->origin);
    if (writer->origin) {
        statement_bind_text(put, 9, digest);
        statement_bind_integer(put, 10, revision);
    }
    return statement_run(put, error);
}

static bool add_to_total(struct writer *writer, const char *type, struct error *error)
{
    return store_run_texts(writer->store, ADD_TO_TOTAL, error, type);
}

/* `json` holds the body and gets the store's members. */
static bool put_all(struct writer *writer, const struct draft *draft, const struct stored *entry,
                    const char *digest, struct buffer *json, struct error *error)
{
    const char *created_at = entry->exists ? entry->created_at : writer->now;
    int64_t revision = entry->revision + 1;
    writer->changes++;
    return history_note(writer, draft->resource, draft->id, revision,
                        entry->live ? "updated" : "created", entry->text, entry->size, error) &&
           row_put(writer, draft, created_at, revision, entry->live, json, error) &&
           row_put_parts(writer, draft, draft->resource->fields, entry->exists, error) &&
           row_put_parts(writer, draft, RESOURCE_COMMON_FIELDS, entry->exists, error) &&
           row_put_references(writer, draft, entry->exists, error) &&
           search_put(writer->store, draft->resource, draft->id, draft->value, entry->exists,
                      error) &&
           put_entry(writer, draft, revision, created_at, digest, error) &&
           (entry->live || add_to_total(writer, draft->resource->type, error));
}

/* The stored text goes on with the store's own members where the body ends. */
static bool is_stored(const struct stored *entry, const struct buffer *json)
{
    static const char OWN[] = ",\"created_at\":";
    return entry->text && entry->size > json->size + sizeof OWN &&
           memcmp(entry->text, json->data, json->size) == 0 &&
           memcmp(entry->text + json->size, OWN, sizeof OWN - 1) == 0;
}

static bool is_seeded(const struct writer *writer, const struct stored *entry, const char *digest)
{
    return writer->origin && entry->digest && strcmp(digest, entry->digest) == 0;
}

/* What is to be done with a draft, by what the ledger knows of its record. */
static enum write_result decide(const struct writer *writer, const struct stored *entry,
                                const char *digest, const struct buffer *json)
{
    if (is_seeded(writer, entry, digest) || (!writer->origin && is_stored(entry, json)))
        return WRITE_UNCHANGED; /* its references were checked when it was written */
    if (writer->origin && entry->exists && (entry->edited || writer->holds) && !writer->overrules)
        return WRITE_KEPT;
    return entry->live ? WRITE_UPDATED : WRITE_CREATED;
}

static bool settle(struct writer *writer, const struct draft *draft, enum write_result result,
                   const struct buffer *json, const char *digest, struct error *error)
{
    if (result == WRITE_KEPT)
        return settle_note(writer, draft, json, digest, error);
    return !writer->unsettled || settle_forget(writer, draft->resource->type, draft->id, error);
}

/* Whoever asks for a merged record is sent to the other one; so is who would write it. */
static bool check_place(struct writer *writer, const struct draft *draft,
                        const struct stored *entry, bool writes, size_t size, struct error *error)
{
    size_t before = error->faults->count;
    if (writes && entry->merged_into)
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/id",
                  "The %s was merged into \"%.100s\"; write to that one.", draft->resource->type,
                  entry->merged_into);
    return record_check_size(size, error) &&
           (writes ? writer_check_links(writer, draft, error)
                   : check_targets(writer, draft, true, error)) &&
           error->faults->count == before;
}

bool writer_put(struct writer *writer, const struct draft *draft, enum write_result *ret,
                struct stored *ret_stored, struct error *error)
{
    struct stored entry;
    if (!writer_look(writer, draft->resource->type, draft->id, &entry, error))
        return false;
    struct buffer json = {0};
    char digest[HASH_HEX_SIZE] = "";
    body_write(draft, &json);
    if (writer->origin)
        hash_sha256_hex(json.data, json.size, digest);
    if (entry.live && !is_seeded(writer, &entry, digest) &&
        !find_text(writer, draft->resource, draft->id, &entry.text, &entry.size, error)) {
        buffer_finish(&json);
        return false;
    }
    enum write_result result = decide(writer, &entry, digest, &json);
    bool writes = result == WRITE_CREATED || result == WRITE_UPDATED;
    bool good =
        result == WRITE_UNCHANGED || check_place(writer, draft, &entry, writes, json.size, error);
    if (good && writes)
        good = put_all(writer, draft, &entry, digest, &json, error);
    if (good && writer->origin)
        good = settle(writer, draft, result, &json, digest, error);
    if (good && writes && ret_stored) {
        entry.exists = entry.live = true;
        entry.revision++;
        entry.size = json.size;
        entry.text = arena_copy(writer->arena, json.data, json.size);
    }
    if (good && ret_stored)
        *ret_stored = entry;
    buffer_finish(&json);
    if (good)
        *ret = result;
    return good;
}

bool writer_put_again(struct writer *writer, const struct resource *resource, json_t *value,
                      const char *text, size_t size, struct error *error)
{
    struct draft draft;
    enum write_result result;
    record_strip(value);
    return record_check(resource, value, text, size, writer->arena, &draft, error) &&
           writer_put(writer, &draft, &result, NULL, error);
}

bool writer_count(struct writer *writer, bool run)
{
    writer->changes += run ? (size_t)store_changes(writer->store) : 0;
    return run;
}

bool writer_put_dataset(struct writer *writer, const struct dataset *dataset, struct error *error)
{
    return writer_count(writer,
                        store_run_texts(writer->store, PUT_DATASET, error, dataset->id,
                                        dataset->name, dataset->description, dataset->license,
                                        dataset->license_url, dataset->attribution));
}

bool writer_commit(struct writer *writer, struct error *error)
{
    int64_t number;
    bool done =
        writer->changes == 0 || (search_flush(writer->store, error) &&
                                 revision_advance(writer->store, writer->now, &number, error));
    if (done && (writer->changes > 0 || writer->commits))
        done = store_commit(writer->store, error);
    store_rollback(writer->store);
    return done;
}

void writer_rollback(struct writer *writer)
{
    store_rollback(writer->store);
}
