#include "bilateral/format/export.h"

#include <string.h>

#include "bilateral/json/write.h"
#include "bilateral/store/copy.h"

static const char FIND_DATASETS[] =
    "SELECT id, name, description, license, license_url, attribution\n"
    "FROM dataset\n"
    "ORDER BY position";

static const char FIND_TOTALS[] =
    "SELECT value\n"
    "FROM total\n"
    "WHERE type = ?1";

const char *const EXPORT_OFFERS[] = {"application/x-ndjson", "application/vnd.sqlite3", NULL};
const char *const EXPORT_EXTENSIONS[] = {"ndjson", "sqlite", NULL};

static void put_dataset(struct statement *row, struct buffer *json)
{
    static const char *const NAMES[] = {"id",      "name",        "description",
                                        "license", "license_url", "attribution"};
    for (int i = 0; i < (int)(sizeof NAMES / sizeof *NAMES); i++)
        json_put_member(json, NAMES[i], row ? statement_text(row, i) : NULL);
}

static bool put_datasets(struct store *store, struct buffer *json, struct error *error)
{
    struct statement *find = store_prepare(store, FIND_DATASETS, error);
    bool row = false;
    if (!statement_step(find, &row, error))
        return false;
    put_dataset(row ? find : NULL, json);
    json_printf(json, "'others':[");
    while (row && statement_step(find, &row, error) && row) {
        json_printf(json, "{");
        put_dataset(find, json);
        buffer_putc(json, '}');
    }
    buffer_putc(json, ']');
    return error->code == ERROR_NONE;
}

static bool put_counts(const struct snapshot *snapshot, struct buffer *json, struct error *error)
{
    json_printf(json, "'counts':{");
    for (size_t i = 0; i < snapshot->registry->count; i++) {
        const struct resource *resource = snapshot->registry->resources[i];
        struct statement *find =
            store_prepare_texts(snapshot->store, FIND_TOTALS, error, resource->type);
        int64_t total;
        if (!statement_number(find, &total, error))
            return false;
        json_put_number(json, resource->collection, total);
    }
    buffer_putc(json, '}');
    return true;
}

static bool put_head(const struct snapshot *snapshot, struct buffer *json, struct error *error)
{
    json_printf(json, "{'type':'dataset'");
    if (!put_datasets(snapshot->store, json, error))
        return false;
    json_put_number(json, "revision", snapshot->revision.number);
    json_put_member(json, "updated_at", snapshot->revision.updated_at);
    if (!put_counts(snapshot, json, error))
        return false;
    buffer_puts(json, "}\n");
    return true;
}

static bool put_records(struct production *production, const struct resource *resource,
                        struct buffer *out, struct error *error)
{
    struct buffer sql = {0};
    buffer_put_all(&sql, "SELECT json\nFROM ", resource->table, "\nORDER BY id", NULL);
    struct statement *rows = store_prepare(production->errand.store, buffer_text(&sql), error);
    buffer_finish(&sql);
    bool more = true;
    while (statement_step(rows, &more, error) && more) {
        buffer_append(out, statement_text(rows, 0), statement_size(rows, 0));
        buffer_putc(out, '\n');
        if (!production_put_block(production, out, error))
            return false;
    }
    return rows && !more;
}

static bool make_ndjson(struct production *production, struct error *error)
{
    const struct registry *registry = production->registry;
    struct buffer out = {0};
    bool good = production_open(production, error) && put_head(&production->snapshot, &out, error);
    for (size_t i = 0; good && i < registry->count; i++)
        good = put_records(production, registry->resources[i], &out, error);
    good = good && production_put(production, &out, error);
    buffer_finish(&out);
    return good;
}

/* What the copy says of itself is what the reply must say of it. */
static bool fill_copy(struct production *production, const char *path, struct error *error)
{
    struct store *copy;
    if (!copy_write(production->errand.store, path, error) ||
        !store_open(path, STORE_READ, &copy, error))
        return false;
    bool good = snapshot_open(&production->snapshot, copy, production->registry,
                              production->errand.arena, error);
    store_close(copy);
    return good;
}

static bool make_sqlite(struct production *production, struct error *error)
{
    return errand_open_store(&production->errand, STORE_READ) &&
           production_put_file(production, fill_copy, error);
}

bool export_answer(struct producers *producers, const struct snapshot *snapshot, size_t offer,
                   const struct request *request, struct reply *reply, struct error *error)
{
    bool text = offer == 0;
    struct production *production = production_create(sizeof *production, snapshot, request);
    production->make = text ? make_ndjson : make_sqlite;
    production->label = label_make(EXPORT_OFFERS[offer], EXPORT_EXTENSIONS[offer], text, request);
    if (!label_suffices(&production->label, snapshot, request, reply))
        return production_begin(producers, production, request, reply, error);
    errand_drop(&production->errand);
    return true;
}
