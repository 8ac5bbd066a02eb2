/*
 * Fuzzes the writers of src/format: the input, parted at its NULs, becomes a record's name, prose and
 * dates. Whatever they are, a calendar stays lines of at most 75 octets, a feed stays a tree of the
 * same elements, and what is JSON can be read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/format/atom.h"
#include "bilateral/format/geojson.h"
#include "bilateral/format/ics.h"
#include "bilateral/format/jsonld.h"
#include "bilateral/json/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "A name."},
    {"text", FIELD_PROSE, .help = "Prose."},
    {"from", FIELD_DATE, .help = "First day."},
    {"to", FIELD_DATE, .help = "Last day."},
    {0},
};

static const struct resource THING = {
    .type = "thing", .collection = "things", .table = "thing", .label = "name", .fields = FIELDS};

static const struct ics_map ICS = {
    .start = "from", .end = "to", .summary = "name", .description = "text"};
static const struct atom_map ATOM = {.title = "name", .when = {"from", "to"}, .summary = "text"};
static const struct geojson_map GEOJSON = {.latitude = "north", .longitude = "east"};
static const struct jsonld_row ROWS[] = {
    {"name", JSONLD_VALUE, .of = {"name"}},
    {"startDate", JSONLD_DATE, .of = {"from"}},
    {0},
};
static const struct jsonld_map JSONLD = {.type = "Thing", .rows = ROWS};

static void require(bool promise)
{
    if (!promise)
        abort();
}

static const char *write_all(struct arena *arena, const struct format *format, const void *map,
                             const struct buffer *record)
{
    struct snapshot snapshot = {.arena = arena, .revision = {.updated_at = "2025-03-01T12:00:00Z"}};
    struct format_writing writing = {
        .snapshot = &snapshot,
        .resource = &THING,
        .map = map,
        .title = "Things",
        .self = "/v1/things",
        .base_path = "",
    };
    struct buffer out = {0};
    struct error error = {0};
    format->begin(&writing, &out);
    require(format->row(&writing, record->data, record->size, &out, &error));
    format->end(&writing, &out);
    const char *text = arena_copy(arena, out.data, out.size);
    require(strlen(text) == out.size && text_valid(text, out.size));
    buffer_finish(&out);
    return text;
}

static void check_calendar(const char *text)
{
    size_t begun = 0, ended = 0;
    for (const char *line = text; *line;) {
        size_t size = strcspn(line, "\n");
        require(size > 0 && size <= 76 && line[size] == '\n' && line[size - 1] == '\r');
        require(text_valid(line, size));
        for (size_t i = 0; i < size - 1; i++)
            require(((unsigned char)line[i] >= 0x20 || line[i] == '\t') && line[i] != 0x7F);
        begun += strncmp(line, "BEGIN:", strlen("BEGIN:")) == 0;
        ended += strncmp(line, "END:", strlen("END:")) == 0;
        line += size + 1;
    }
    /* The calendar, and in it an event or else a time zone and its standard. */
    require(begun == ended && begun == (strstr(text, "\r\nBEGIN:VEVENT\r\n") ? 2 : 3));
}

static void check_feed(const char *text)
{
    size_t opened = 0, closed = 0;
    for (const char *at = text; *at; at++) {
        opened += *at == '<';
        closed += *at == '>';
        require((unsigned char)*at >= 0x20 || *at == '\n');
        require(*at != '&' || at[1] == '#');
    }
    /* The feed has 17 tags besides those of its entry: 11, and two for a summary. */
    require(opened == closed);
    require(opened == (strstr(text, "<summary>") ? 30 : 28));
}

static void check_json(const char *text)
{
    struct error error = {0};
    json_t *value = json_read(text, strlen(text), NULL, &error);
    require(value);
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const NAMES[] = {"name", "text", "from", "to"};
    struct arena *arena = arena_create();
    const char *part = arena_copy(arena, (const char *)bytes, size), *end = part + size;
    struct buffer record = {0};
    buffer_puts(&record,
                "{\"id\":\"one\",\"created_at\":\"2025-01-02T03:04:05Z\",\"updated_at\":"
                "\"2025-01-02T03:04:05Z\",\"revision\":1");
    for (size_t i = 0; i < 4 && part < end; i++) {
        if (*part)
            json_put_member(&record, NAMES[i], part);
        part += strlen(part) + 1;
    }
    buffer_putc(&record, '}');
    check_calendar(write_all(arena, &FORMAT_ICS, &ICS, &record));
    check_feed(write_all(arena, &FORMAT_ATOM, &ATOM, &record));
    check_json(write_all(arena, &FORMAT_GEOJSON, &GEOJSON, &record));
    check_json(write_all(arena, &FORMAT_JSONLD, &JSONLD, &record));
    buffer_finish(&record);
    arena_destroy(arena);
    return 0;
}
