#include "bilateral/format/atom.h"

#include <string.h>

#include "bilateral/format/reading.h"

static const char *const NONE[] = {NULL};

/* How many bytes at `text` are a character that XML 1.0 cannot hold (production 2, Char). */
static size_t unspeakable(const char *text)
{
    unsigned char byte = (unsigned char)*text;
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
        return 1;
    if (strncmp(text, "\xEF\xBF\xBE", 3) == 0 || strncmp(text, "\xEF\xBF\xBF", 3) == 0)
        return 3; /* U+FFFE and U+FFFF; records hold no surrogates */
    return 0;
}

/* Text of an element or, in double quotes, of an attribute: white space stays as it is in both. */
static void put_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        size_t bad = unspeakable(text);
        if (bad) {
            buffer_puts(out, "\xEF\xBF\xBD");
            text += bad - 1;
        } else if (strchr("<>&\"\t\n\r", *text)) {
            buffer_printf(out, "&#%d;", *text);
        } else {
            buffer_putc(out, *text);
        }
    }
}

static void put_element(struct buffer *out, const char *name, const char *text)
{
    buffer_put_all(out, "<", name, ">", NULL);
    put_escaped(out, text);
    buffer_put_all(out, "</", name, ">\n", NULL);
}

/* An element without text whose attributes are given in pairs, ended by NULL. */
static void put_empty(struct buffer *out, const char *name, const char *const *attributes)
{
    buffer_put_all(out, "<", name, NULL);
    for (; *attributes; attributes += 2) {
        buffer_put_all(out, " ", attributes[0], "=\"", NULL);
        put_escaped(out, attributes[1]);
        buffer_putc(out, '"');
    }
    buffer_puts(out, "/>\n");
}

static void put_link(struct buffer *out, const char *relation, const char *type, const char *href)
{
    put_empty(
        out, "link",
        (const char *const[]){"rel", relation, "href", href, type ? "type" : NULL, type, NULL});
}

static void put_id(const struct format_writing *writing, const char *type, const char *id,
                   struct buffer *out)
{
    char uuid[HASH_UUID_SIZE];
    reading_uuid(writing, type, id, uuid);
    buffer_put_all(out, "<id>urn:uuid:", uuid, "</id>\n", NULL);
}

/* The same list as JSON: the feed's address without its extension. */
static const char *plain_address(const struct format_writing *writing)
{
    size_t path = strcspn(writing->self, "?");
    size_t extension = strlen(".atom");
    bool extended =
        path > extension && strncmp(writing->self + path - extension, ".atom", extension) == 0;
    return arena_printf(writing->snapshot->arena, "%.*s%s",
                        (int)(extended ? path - extension : path), writing->self,
                        writing->self + path);
}

static void begin(struct format_writing *writing, struct buffer *out)
{
    const struct snapshot *snapshot = writing->snapshot;
    buffer_puts(out,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    put_id(writing, "feed", writing->self + strlen(writing->base_path), out);
    put_element(out, "title", writing->title);
    put_element(out, "updated", snapshot->revision.updated_at);
    buffer_put_all(out, "<author><name>", snapshot->dataset ? snapshot->dataset : "bilateral",
                   "</name></author>\n", NULL);
    buffer_puts(out, "<generator version=\"" BILATERAL_VERSION "\">bilateral</generator>\n");
    put_link(out, "self", "application/atom+xml", writing->self);
    put_link(out, "alternate", NULL, plain_address(writing));
    if (snapshot->license)
        put_element(out, "rights", snapshot->license);
    if (snapshot->license_url)
        put_link(out, "license", NULL, snapshot->license_url);
}

static void end(struct format_writing *writing, struct buffer *out)
{
    (void)writing;
    buffer_puts(out, "</feed>\n");
}

static bool put_summary(const struct reading *shown, const struct atom_map *map, struct buffer *out,
                        struct error *error)
{
    const char *when, *summary = reading_text(shown, map->summary);
    if (!reading_join(shown, NONE, map->at ? NONE : map->when, ", ", &when, error))
        return false;
    if (*when || summary) /* of type text, the default */
        put_element(out, "summary",
                    arena_printf(shown->arena, "%s%s%s", when, *when && summary ? ". " : "",
                                 summary ? summary : ""));
    return true;
}

static bool put_categories(const struct reading *shown, const char *member, struct buffer *out,
                           struct error *error)
{
    struct json_walk walk = reading_walk(shown, member);
    while (json_walk_next(&walk)) {
        const char *id = reading_decode(shown, walk.value, walk.value_size);
        struct reading topic;
        if (!reading_refer(shown, member, id, &topic, error))
            return false;
        const char *label = reading_text(&topic, topic.resource->label);
        put_empty(out, "category",
                  (const char *const[]){"term", id, label ? "label" : NULL, label, NULL});
    }
    return true;
}

/* What an entry must have. */
struct entry {
    const char *name; /* of its UUID */
    const char *title;
    const char *updated;
    const char *published; /* NULL: the same */
    const char *address;
};

static const char *address_of(const struct reading *whole, const struct resource *resource,
                              const char *id)
{
    return arena_printf(whole->arena, "%s/v1/%s/%s", whole->writing->base_path,
                        resource->collection, id);
}

static void read_record(const struct reading *whole, const struct atom_map *map, struct entry *ret)
{
    const char *id = reading_text(whole, "id");
    const char *title = reading_text(whole, map->title);
    *ret = (struct entry){
        .name = id,
        .title = title ? title : id,
        .updated = reading_text(whole, "updated_at"),
        .published = reading_text(whole, "created_at"),
        .address = address_of(whole, whole->resource, id),
    };
}

static bool read_event(const struct reading *whole, const struct atom_map *map, struct entry *ret,
                       struct error *error)
{
    const char *type = reading_text(whole, "type"), *id = reading_text(whole, "id");
    const struct snapshot *snapshot = whole->writing->snapshot;
    const char *label, *what;
    if (!snapshot_label(snapshot, type, id, whole->arena, &label, error) ||
        !reading_join(whole, NONE, map->when, " ", &what, error))
        return false;
    *ret = (struct entry){
        .name = arena_printf(whole->arena, "%s/%s/%s", type, id, reading_text(whole, "revision")),
        .title = arena_printf(whole->arena, "%s: %s", what, label ? label : id),
        .updated = reading_text(whole, map->at),
        .address = address_of(whole, registry_by_type(snapshot->registry, type), id),
    };
    return true;
}

static bool put_entry(const struct reading *shown, struct buffer *out, struct error *error)
{
    const struct atom_map *map = shown->writing->map;
    const struct reading whole = reading_whole(shown);
    struct entry entry;
    if (!map->at)
        read_record(&whole, map, &entry);
    else if (!read_event(&whole, map, &entry, error))
        return false;
    buffer_puts(out, "<entry>\n");
    put_id(shown->writing, shown->resource->type, entry.name, out);
    put_element(out, "title", entry.title);
    put_element(out, "updated", entry.updated);
    if (entry.published)
        put_element(out, "published", entry.published);
    put_link(out, "alternate", NULL, entry.address);
    if (!put_summary(shown, map, out, error) || !put_categories(shown, map->categories, out, error))
        return false;
    buffer_puts(out, "</entry>\n");
    return true;
}

static bool row(struct format_writing *writing, const char *text, size_t size, struct buffer *out,
                struct error *error)
{
    struct arena *arena = arena_create();
    const struct reading shown = reading_of(writing, text, size, arena);
    bool good = put_entry(&shown, out, error);
    arena_destroy(arena);
    return good;
}

const struct format FORMAT_ATOM = {
    .extension = "atom",
    .media_type = "application/atom+xml; charset=utf-8",
    .help = "An Atom feed (RFC 4287): an entry for each record.",
    .begin = begin,
    .row = row,
    .end = end,
};
