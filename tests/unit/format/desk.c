#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/resource/names.h"

static const char TABLES[] =
    "CREATE TABLE thing (id TEXT PRIMARY KEY, json TEXT NOT NULL, revision INTEGER, updated_at "
    "TEXT) STRICT;"
    "CREATE TABLE spot (id TEXT PRIMARY KEY, json TEXT NOT NULL, revision INTEGER, updated_at "
    "TEXT) STRICT;"
    "CREATE TABLE tag (id TEXT PRIMARY KEY, json TEXT NOT NULL, revision INTEGER, updated_at TEXT) "
    "STRICT;";

static const char *const STATES[] = {"sure", "very_sure", "unknown", NULL};

static const struct field GUEST_FIELDS[] = {
    {"name", FIELD_LINE, .help = "A name."},
    {"spot_id", FIELD_REFERENCE, .help = "Whence.", .target = "spot"},
    {"state", FIELD_ENUM, .help = "A word.", .values = STATES},
    {0},
};

static const struct part GUESTS = {.fields = GUEST_FIELDS};

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "A name."},
    {"other_names", FIELD_PART, .help = "Others.", .part = &NAMES_PART},
    {"from", FIELD_DATE, .help = "First day."},
    {"to", FIELD_DATE, .help = "Last day."},
    {"text", FIELD_PROSE, .help = "Prose."},
    {"state", FIELD_ENUM, .help = "A word.", .values = STATES},
    {"north", FIELD_DECIMAL, .help = "Degrees."},
    {"east", FIELD_DECIMAL, .help = "Degrees."},
    {"spot_id", FIELD_REFERENCE, .help = "Where.", .target = "spot"},
    {"outer_id", FIELD_REFERENCE, .help = "In what.", .target = "thing"},
    {"tag_ids", FIELD_REFERENCES, .help = "Tags.", .target = "tag"},
    {"guests", FIELD_PART, .help = "Who came.", .part = &GUESTS},
    {0},
};

const struct resource THING = {
    .type = "thing",
    .collection = "things",
    .table = "thing",
    .label = "name",
    .fields = FIELDS,
    .key = "id",
};

static const struct resource SPOT = {
    .type = "spot",
    .collection = "spots",
    .table = "spot",
    .label = "name",
    .fields = FIELDS,
    .key = "id",
};

static const struct resource TAG = {
    .type = "tag",
    .collection = "tags",
    .table = "tag",
    .label = "name",
    .fields = FIELDS,
    .key = "id",
};

static const struct resource *const RESOURCES[] = {&THING, &SPOT, &TAG};
static const struct registry ALL = {.resources = RESOURCES, .count = 3};

int desk_set_up(void **state)
{
    struct error error = {0};
    struct desk *desk = memory_alloc(sizeof *desk);
    *desk = (struct desk){.arena = arena_create()};
    assert_true(store_open(":memory:", STORE_WRITE, &desk->store, &error));
    assert_true(store_run_script(desk->store, TABLES, &error));
    desk->snapshot = (struct snapshot){
        .store = desk->store,
        .registry = &ALL,
        .arena = desk->arena,
        .revision = {.store_id = "0123456789abcdef", .updated_at = "2025-03-01T12:00:00.500Z"},
    };
    desk->writing = (struct format_writing){
        .snapshot = &desk->snapshot,
        .resource = &THING,
        .title = "Things",
        .self = "/x/v1/things",
        .base_path = "/x",
    };
    *state = desk;
    return 0;
}

int desk_tear_down(void **state)
{
    struct desk *desk = *state;
    store_close(desk->store);
    arena_destroy(desk->arena);
    free(desk);
    return 0;
}

void desk_keep(struct desk *desk, const char *table, const char *id, const char *json)
{
    struct error error = {0};
    const char *sql =
        arena_printf(desk->arena, "INSERT INTO %s (id, json)\nVALUES (?1, ?2)", table);
    struct statement *insert = store_prepare(desk->store, sql, &error);
    assert_non_null(insert);
    statement_bind_text(insert, 1, id);
    statement_bind_text(insert, 2, json);
    assert_true(statement_run(insert, &error));
}

static void flush(struct buffer *out, struct buffer *all)
{
    buffer_append(all, buffer_text(out), out->size);
    buffer_reset(out);
}

const char *desk_write(struct desk *desk, const struct format *format, const void *map, ...)
{
    struct buffer out = {0}, all = {0};
    struct error error = {0};
    va_list rows;
    desk->writing.map = map;
    format->begin(&desk->writing, &out);
    va_start(rows, map);
    for (const char *row = va_arg(rows, const char *); row; row = va_arg(rows, const char *)) {
        flush(&out, &all);
        assert_true(format->row(&desk->writing, row, strlen(row), &out, &error));
    }
    va_end(rows);
    flush(&out, &all);
    format->end(&desk->writing, &out);
    flush(&out, &all);
    const char *text = arena_copy(desk->arena, all.data, all.size);
    buffer_finish(&out);
    buffer_finish(&all);
    return text;
}

const char *desk_thing(struct desk *desk, const char *members)
{
    char *json = arena_printf(desk->arena,
                              "{'id':'one','type':'thing',%s,'source_ids':[],'created_at':"
                              "'2025-01-02T03:04:05.678Z','updated_at':'2025-02-03T04:05:06.789Z',"
                              "'revision':3}",
                              members);
    for (char *at = json; *at; at++) {
        if (*at == '\'')
            *at = '"';
    }
    return json;
}
