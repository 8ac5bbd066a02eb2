#include "bilateral/format/geojson.h"

#include <string.h>

#include "bilateral/format/reading.h"
#include "bilateral/resource/members.h"

static void begin(struct format_writing *writing, struct buffer *out)
{
    writing->count = 0;
    buffer_puts(out, "{\"type\":\"FeatureCollection\",\"features\":[");
}

static void end(struct format_writing *writing, struct buffer *out)
{
    (void)writing;
    buffer_puts(out, "\n]}\n");
}

static void put_geometry(const struct reading *whole, struct buffer *out)
{
    const struct geojson_map *map = whole->writing->map;
    const char *latitude = reading_text(whole, map->latitude);
    const char *longitude = reading_text(whole, map->longitude);
    if (latitude && longitude)
        buffer_put_all(out, "{\"type\":\"Point\",\"coordinates\":[", longitude, ",", latitude, "]}",
                       NULL);
    else
        buffer_puts(out, "null");
}

/* Whether a member is given by the Feature's own members. */
static bool is_shown_above(const struct geojson_map *map, const struct json_walk *member)
{
    const char *const above[] = {"id", map->latitude, map->longitude};
    return members_want(above, sizeof above / sizeof *above, member->key, member->key_size);
}

static void put_properties(const struct reading *whole, struct buffer *out)
{
    const struct format_writing *writing = whole->writing;
    struct json_walk walk = json_walk(whole->text, whole->size);
    const char *separator = "\"";
    buffer_putc(out, '{');
    while (json_walk_next(&walk)) {
        if (is_shown_above(writing->map, &walk) ||
            !members_want(writing->fields, writing->field_count, walk.key, walk.key_size))
            continue;
        buffer_puts(out, separator);
        buffer_append(out, walk.key, walk.key_size);
        buffer_puts(out, "\":");
        buffer_append(out, walk.value, walk.value_size);
        separator = ",\"";
    }
    buffer_putc(out, '}');
}

static bool row(struct format_writing *writing, const char *text, size_t size, struct buffer *out,
                struct error *error)
{
    (void)error;
    struct arena *arena = arena_create();
    const struct reading shown = reading_of(writing, text, size, arena);
    const struct reading whole = reading_whole(&shown);
    buffer_put_all(out, writing->count++ > 0 ? ",\n" : "\n", "{\"type\":\"Feature\",\"id\":\"",
                   reading_text(&whole, "id"), "\",\"geometry\":", NULL);
    put_geometry(&whole, out);
    buffer_puts(out, ",\"properties\":");
    put_properties(&whole, out);
    buffer_putc(out, '}');
    arena_destroy(arena);
    return true;
}

const struct format FORMAT_GEOJSON = {
    .extension = "geojson",
    .media_type = "application/geo+json",
    .help = "GeoJSON (RFC 7946): a Feature for each record, with its Point where it is known.",
    .begin = begin,
    .row = row,
    .end = end,
};
