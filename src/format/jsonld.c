#include "bilateral/format/jsonld.h"

#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/format/reading.h"
#include "bilateral/json/write.h"

/* To use another vocabulary, add its prefix; to give a term's values a type, add the term. */
static const char CONTEXT[] =
    "{'@vocab':'https://schema.org/','dcterms':'http://purl.org/dc/terms/',"
    "'org':'http://www.w3.org/ns/org#','opengov':'http://www.w3.org/ns/opengov#',"
    "'contact':'http://www.w3.org/2000/10/swap/pim/contact#',"
    "'skos':'http://www.w3.org/2004/02/skos/core#','edtf':'http://id.loc.gov/datatypes/edtf/',"
    "'xsd':'http://www.w3.org/2001/XMLSchema#',"
    "'startDate':{'@type':'Date'},'endDate':{'@type':'Date'},'birthDate':{'@type':'Date'},"
    "'deathDate':{'@type':'Date'},'validFrom':{'@type':'Date'},'validThrough':{'@type':'Date'},"
    "'eventStatus':{'@type':'@id'},'dcterms:created':{'@type':'xsd:dateTime'},"
    "'dcterms:modified':{'@type':'xsd:dateTime'}}";

/* What every record has. */
static const struct jsonld_row COMMON_ROWS[] = {
    {"dcterms:source", JSONLD_LINK, .of = {"source_ids"}},
    {"dcterms:created", JSONLD_VALUE, .of = {"created_at"}},
    {"dcterms:modified", JSONLD_VALUE, .of = {"updated_at"}},
    {0},
};

const struct jsonld_row JSONLD_ADDRESS[] = {
    {"addressCountry", JSONLD_VALUE, .of = {"country"}},
    {0},
};

static void begin(struct format_writing *writing, struct buffer *out)
{
    writing->count = 0;
    buffer_puts(out, "{\"@context\":");
    json_printf(out, CONTEXT);
    buffer_puts(out, ",\n\"@graph\":[");
}

static void end(struct format_writing *writing, struct buffer *out)
{
    (void)writing;
    buffer_puts(out, "\n]}\n");
}

static void put_date(const struct reading *record, const char *value, size_t size,
                     struct buffer *out)
{
    const char *text = reading_decode(record, value, size);
    struct date date;
    struct error ignored = {0};
    bool plain = date_parse(text, &date, &ignored) && !date.approximate && !date.uncertain &&
                 date.precision != DATE_SEASON && date.precision != DATE_QUARTER;
    if (!plain)
        buffer_puts(out, "{\"@type\":\"edtf:EDTF\",\"@value\":");
    buffer_append(out, value, size);
    if (!plain)
        buffer_putc(out, '}');
}

/* `{"@id":"/v1/…"}`, not closed: a link, or the beginning of a node. Ids need no escape. */
static void open_node(const struct reading *record, const struct resource *resource, const char *id,
                      struct buffer *out)
{
    buffer_put_all(out, "{\"@id\":\"", record->writing->base_path, "/v1/", resource->collection,
                   "/", id, "\"", NULL);
}

static void put_link(const struct reading *record, const char *member, const char *value,
                     size_t size, struct buffer *out)
{
    const struct field *field = reading_field(record, member);
    const struct resource *resource =
        registry_by_type(record->writing->snapshot->registry, field->target);
    struct json_walk walk = json_walk(value, size);
    if (field->type == FIELD_REFERENCE) {
        open_node(record, resource, reading_decode(record, value, size), out);
        buffer_putc(out, '}');
        return;
    }
    buffer_putc(out, '[');
    while (json_walk_next(&walk)) {
        json_put_element(out);
        open_node(record, resource, reading_decode(record, walk.value, walk.value_size), out);
        buffer_putc(out, '}');
    }
    buffer_putc(out, ']');
}

static void put_names(const struct reading *record, const char *member, struct buffer *out)
{
    struct json_walk walk = reading_walk(record, member);
    buffer_putc(out, '[');
    while (json_walk_next(&walk)) {
        const struct reading one = reading_element(record, member, &walk);
        const char *lang = reading_text(&one, "lang");
        if (lang)
            json_printf(out, "{'@language':'%s','@value':", lang);
        else
            json_put_element(out);
        json_put_text(out, reading_text(&one, "name"));
        if (lang)
            buffer_putc(out, '}');
    }
    buffer_putc(out, ']');
}

static bool put_rows(const struct reading *record, const struct jsonld_row *rows,
                     struct buffer *out);

/* A node without an address as the next element, where there is anything to say of it. */
static void put_group(const struct reading *record, const struct jsonld_row *row,
                      struct buffer *out)
{
    struct buffer node = {0};
    buffer_putc(&node, '{');
    json_put_member(&node, "@type", row->type);
    if (put_rows(record, row->rows, &node)) {
        json_put_element(out);
        buffer_append(out, node.data, node.size);
        buffer_putc(out, '}');
    }
    buffer_finish(&node);
}

static bool is_let_in(const struct reading *element, const struct jsonld_row *row)
{
    const char *value = reading_text(element, row->only.member);
    return !row->only.member || (value && strcmp(value, row->only.value) == 0);
}

static void put_nodes(const struct reading *record, const char *member,
                      const struct jsonld_row *row, struct buffer *out)
{
    struct json_walk walk = reading_walk(record, member);
    buffer_putc(out, '[');
    while (json_walk_next(&walk)) {
        const struct reading element = reading_element(record, member, &walk);
        if (is_let_in(&element, row))
            put_group(&element, row, out);
    }
    buffer_putc(out, ']');
}

static void put_value(const struct reading *record, const struct jsonld_row *row,
                      const char *member, struct buffer *out)
{
    const char *value = "", *term;
    size_t size = 0;
    reading_value(record, member, &value, &size);
    switch (row->kind) {
    case JSONLD_VALUE:
        buffer_append(out, value, size);
        break;
    case JSONLD_DATE:
        put_date(record, value, size, out);
        break;
    case JSONLD_LINK:
        put_link(record, member, value, size, out);
        break;
    case JSONLD_WORD:
        term = format_term(row->words, reading_decode(record, value, size));
        if (term)
            json_put_text(out, term);
        break;
    case JSONLD_NAMES:
        put_names(record, member, out);
        break;
    case JSONLD_NODES:
        put_nodes(record, member, row, out);
        break;
    case JSONLD_GROUP:
        put_group(record, row, out);
        break;
    }
}

static bool put_row(const struct reading *record, const struct jsonld_row *row, struct buffer *out)
{
    const char *value;
    size_t size;
    const char *const *member = row->of;
    while (*member && !reading_value(record, *member, &value, &size))
        member++;
    struct buffer json = {0};
    if (*member || row->kind == JSONLD_GROUP)
        put_value(record, row, *member, &json);
    bool known = json.size > 0 && strcmp(json.data, "[]") != 0;
    if (known) {
        json_put_key(out, row->property);
        buffer_append(out, json.data, json.size);
    }
    buffer_finish(&json);
    return known;
}

/* Whether any of them is known. */
static bool put_rows(const struct reading *record, const struct jsonld_row *rows,
                     struct buffer *out)
{
    bool any = false;
    for (; rows->property; rows++)
        any = put_row(record, rows, out) || any;
    return any;
}

static bool row(struct format_writing *writing, const char *text, size_t size, struct buffer *out,
                struct error *error)
{
    (void)error;
    const struct jsonld_map *map = writing->map;
    struct arena *arena = arena_create();
    const struct reading shown = reading_of(writing, text, size, arena);
    const struct reading whole = reading_whole(&shown);
    const char *type = format_term(map->types, reading_text(&whole, map->type_member));
    buffer_puts(out, writing->count++ > 0 ? ",\n" : "\n");
    open_node(&whole, writing->resource, reading_text(&whole, "id"), out);
    json_put_member(out, "@type", type ? type : map->type);
    put_rows(&shown, map->rows, out);
    put_rows(&shown, COMMON_ROWS, out);
    buffer_putc(out, '}');
    arena_destroy(arena);
    return true;
}

const struct format FORMAT_JSONLD = {
    .extension = "jsonld",
    .media_type = "application/ld+json",
    .help = "Linked data (JSON-LD 1.1) in the terms of schema.org, W3C Organization and Popolo.",
    .begin = begin,
    .row = row,
    .end = end,
};
