#include "bilateral/format/export.h"

#include <string.h>

#include "bilateral/format/stream.h"
#include "bilateral/json/write.h"
#include "bilateral/store/copy.h"

enum { WALK_SECONDS = 300 }; /* of the read transaction */

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

/* An export in the making; everything in the production's arena. */
struct job {
    struct request *request;
    const struct registry *registry;
    struct stream_label label;
    struct snapshot snapshot; /* of what is exported */
};

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
    if (!find || !statement_step(find, &row, error))
        return false;
    put_dataset(row ? find : NULL, json);
    json_put_key(json, "others");
    buffer_putc(json, '[');
    while (row) {
        if (!statement_step(find, &row, error))
            return false;
        if (!row)
            break;
        json_put_element(json);
        buffer_putc(json, '{');
        put_dataset(find, json);
        buffer_putc(json, '}');
    }
    buffer_putc(json, ']');
    return true;
}

static bool put_counts(const struct job *job, struct buffer *json, struct error *error)
{
    json_put_key(json, "counts");
    buffer_putc(json, '{');
    for (size_t i = 0; i < job->registry->count; i++) {
        const struct resource *resource = job->registry->resources[i];
        struct statement *find = store_prepare(job->snapshot.store, FIND_TOTALS, error);
        int64_t total;
        if (find)
            statement_bind_text(find, 1, resource->type);
        if (!statement_number(find, &total, error))
            return false;
        json_put_number(json, resource->collection, total);
    }
    buffer_putc(json, '}');
    return true;
}

static bool put_head(const struct job *job, struct buffer *json, struct error *error)
{
    const struct revision *revision = &job->snapshot.revision;
    buffer_putc(json, '{');
    json_put_member(json, "type", "dataset");
    if (!put_datasets(job->snapshot.store, json, error))
        return false;
    json_put_number(json, "revision", revision->number);
    json_put_member(json, "updated_at", revision->updated_at);
    if (!put_counts(job, json, error))
        return false;
    buffer_puts(json, "}\n");
    return true;
}

static bool put_records(const struct job *job, const struct resource *resource,
                        struct production *production, struct buffer *out, struct error *error)
{
    struct buffer sql = {0};
    buffer_put_all(&sql, "SELECT json\nFROM ", resource->table, "\nORDER BY id", NULL);
    struct statement *rows = store_prepare(job->snapshot.store, buffer_text(&sql), error);
    buffer_finish(&sql);
    bool more = true;
    while (rows && statement_step(rows, &more, error) && more) {
        buffer_append(out, statement_text(rows, 0), statement_size(rows, 0));
        buffer_putc(out, '\n');
        if (!production_put_block(production, out, error))
            return false;
    }
    return rows && !more;
}

static bool run_ndjson(struct production *production, void *context, struct error *error)
{
    struct job *job = context;
    struct store *store;
    if (!production_open_store(production, &store, error) ||
        !snapshot_open(&job->snapshot, store, job->registry, job->request->arena, error))
        return false;
    store_extend_read(store, WALK_SECONDS);
    struct buffer out = {0};
    bool good = put_head(job, &out, error);
    for (size_t i = 0; good && i < job->registry->count; i++)
        good = put_records(job, job->registry->resources[i], production, &out, error);
    good = good && production_put(production, &out, error);
    buffer_finish(&out);
    snapshot_close(&job->snapshot);
    return good;
}

/* What the copy says of itself is what the reply must say of it. */
static bool read_state(struct job *job, const char *path, struct error *error)
{
    struct store *copy;
    if (!store_open(path, STORE_READ, &copy, error))
        return false;
    bool good = snapshot_open(&job->snapshot, copy, job->registry, job->request->arena, error);
    if (good)
        snapshot_close(&job->snapshot);
    store_close(copy);
    return good;
}

static bool make_copy(const char *path, struct store *store, void *context, struct error *error)
{
    return copy_write(store, path, error) && read_state(context, path, error);
}

static bool run_sqlite(struct production *production, void *context, struct error *error)
{
    struct store *store;
    return production_open_store(production, &store, error) &&
           production_put_file(production, make_copy, context, error);
}

static void fill(void *context, struct reply *reply)
{
    const struct job *job = context;
    stream_fill(&job->snapshot, &job->label, job->request, reply);
}

bool export_answer(struct producers *producers, const struct snapshot *snapshot, size_t offer,
                   const struct request *request, struct reply *reply, struct error *error)
{
    bool text = offer == 0;
    struct arena *arena = arena_create();
    struct job *job = arena_alloc(arena, sizeof *job);
    *job = (struct job){
        .request = request_copy(request, arena),
        .registry = snapshot->registry,
        .label = stream_label(EXPORT_OFFERS[offer], EXPORT_EXTENSIONS[offer], text, request),
    };
    if (stream_is_bare(snapshot, &job->label, request, reply)) {
        arena_destroy(arena);
        return true;
    }
    const struct produce produce = {
        .run = text ? run_ndjson : run_sqlite,
        .fill = fill,
        .job = job,
        .packed = job->label.packed,
        .arena = arena,
    };
    return production_begin(producers, &produce, request, reply, error);
}
