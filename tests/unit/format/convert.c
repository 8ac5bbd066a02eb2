/*
 * convert - prints the records of a store in a format, as tests of the formats want them.
 *
 *     convert STORE COLLECTION EXTENSION SELF BASE_PATH [FIELD…]
 *
 * Each row is written and sent on before the next is made, as the daemon does.
 */
#include <stdio.h>
#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/format/format.h"

static const struct format_use *find_use(const struct resource *resource, const char *extension)
{
    const struct format_use *use = resource ? resource->formats : NULL;
    while (use && use->format && strcmp(use->format->extension, extension) != 0)
        use++;
    return use && use->format ? use : NULL;
}

static void flush(struct buffer *out)
{
    fwrite(buffer_text(out), 1, out->size, stdout);
    buffer_reset(out);
}

static bool write_rows(struct format_writing *writing, const struct format *format,
                       struct error *error)
{
    struct buffer out = {0}, sql = {0};
    buffer_put_all(&sql, "SELECT json\nFROM ", writing->resource->table, "\nORDER BY id", NULL);
    struct statement *walk = store_prepare(writing->snapshot->store, buffer_text(&sql), error);
    bool row = true, good = walk;
    format->begin(writing, &out);
    while (good && (good = statement_step(walk, &row, error)) && row) {
        flush(&out);
        good = format->row(writing, statement_text(walk, 0), statement_size(walk, 0), &out, error);
    }
    format->end(writing, &out);
    flush(&out);
    buffer_finish(&out);
    buffer_finish(&sql);
    return good;
}

int main(int count, char **arguments)
{
    struct error error = {0};
    struct snapshot snapshot;
    struct store *store = NULL;
    if (count < 6)
        return 2;
    const struct resource *resource = registry_by_collection(&REGISTRY, arguments[2]);
    const struct format_use *use = find_use(resource, arguments[3]);
    struct arena *arena = arena_create();
    bool good = use && store_open(arguments[1], STORE_READ, &store, &error) &&
                snapshot_open(&snapshot, store, &REGISTRY, arena, &error);
    if (good) {
        struct format_writing writing = {
            .snapshot = &snapshot,
            .resource = resource,
            .map = use->map,
            .fields = count > 6 ? (const char *const *)arguments + 6 : NULL,
            .field_count = (size_t)count - 6,
            .title = "Title, with <marks>; & \"quotes\"",
            .self = arguments[4],
            .base_path = arguments[5],
        };
        good = write_rows(&writing, use->format, &error);
        snapshot_close(&snapshot);
    }
    if (!good)
        fprintf(stderr, "convert: %s %s\n", error.detail, error.cause);
    store_close(store);
    arena_destroy(arena);
    return good ? 0 : 1;
}
