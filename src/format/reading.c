#include "bilateral/format/reading.h"

#include <string.h>

#include "bilateral/resource/members.h"

struct reading reading_of(const struct format_writing *writing, const char *text, size_t size,
                          struct arena *arena)
{
    return (struct reading){
        .writing = writing,
        .resource = writing->resource,
        .text = text,
        .size = size,
        .arena = arena,
    };
}

struct reading reading_whole(const struct reading *record)
{
    struct reading whole = *record;
    whole.whole = true;
    return whole;
}

const struct field *reading_field(const struct reading *record, const char *name)
{
    const struct field *field = record->fields;
    if (!field)
        return resource_field(record->resource, name);
    while (field->name && strcmp(field->name, name) != 0)
        field++;
    return field->name ? field : NULL;
}

bool reading_value(const struct reading *record, const char *name, const char **ret_value,
                   size_t *ret_size)
{
    const struct format_writing *writing = record->writing;
    const char *value;
    size_t size;
    if (!name || !record->text)
        return false;
    if (!record->whole && !members_want(writing->fields, writing->field_count, name, strlen(name)))
        return false;
    if (!json_scan_member(record->text, record->size, name, &value, &size) || *value == 'n')
        return false; /* of all JSON, only null begins so */
    *ret_value = value;
    *ret_size = size;
    return true;
}

const char *reading_decode(const struct reading *record, const char *value, size_t size)
{
    struct buffer text = {0};
    json_scan_text(value, size, &text);
    const char *kept = arena_copy(record->arena, buffer_text(&text), text.size);
    buffer_finish(&text);
    return kept;
}

const char *reading_text(const struct reading *record, const char *name)
{
    const char *value;
    size_t size;
    return reading_value(record, name, &value, &size) ? reading_decode(record, value, size) : NULL;
}

struct json_walk reading_walk(const struct reading *record, const char *name)
{
    const char *value;
    size_t size;
    return reading_value(record, name, &value, &size) ? json_walk(value, size) : json_walk("", 0);
}

struct reading reading_element(const struct reading *record, const char *name,
                               const struct json_walk *walk)
{
    const struct field *field = reading_field(record, name);
    struct reading element = reading_whole(record);
    element.fields = field->part->fields;
    element.text = walk->value;
    element.size = walk->value_size;
    return element;
}

/* A resource's table is a name of its descriptor. */
static struct statement *find(const struct reading *record, const struct resource *resource,
                              const char *id, struct error *error)
{
    struct buffer sql = {0};
    buffer_put_all(&sql, "SELECT json\nFROM ", resource->table, "\nWHERE id = ?1", NULL);
    struct statement *statement =
        store_prepare(record->writing->snapshot->store, buffer_text(&sql), error);
    buffer_finish(&sql);
    if (statement)
        statement_bind_text(statement, 1, id);
    return statement;
}

bool reading_refer(const struct reading *record, const char *name, const char *id,
                   struct reading *ret, struct error *error)
{
    const struct field *field = reading_field(record, name);
    const struct resource *resource =
        registry_by_type(record->writing->snapshot->registry, field->target);
    struct statement *statement = find(record, resource, id, error);
    bool row;
    if (!statement || !statement_step(statement, &row, error))
        return false;
    struct reading found = reading_whole(record);
    found.resource = resource;
    found.fields = NULL;
    found.size = row ? statement_size(statement, 0) : 0;
    found.text = row ? arena_copy(record->arena, statement_text(statement, 0), found.size) : NULL;
    statement_reset(statement);
    *ret = found;
    return true;
}

/* "unknown" says nothing by itself: what is not known stands before it. */
static const char *plain_word(const struct reading *record, const char *name, const char *word)
{
    char *plain = strcmp(word, "unknown") == 0 ? arena_printf(record->arena, "%s %s", name, word)
                                               : arena_strdup(record->arena, word);
    for (char *at = plain; *at; at++) {
        if (*at == '_')
            *at = ' ';
    }
    return plain;
}

bool reading_label(const struct reading *record, const char *name, const char **ret,
                   struct error *error)
{
    const struct field *field = reading_field(record, name);
    const char *text = reading_text(record, name);
    if (text && field && field->type == FIELD_ENUM)
        text = plain_word(record, name, text);
    if (text && field && field->type == FIELD_REFERENCE) {
        struct reading other;
        if (!reading_refer(record, name, text, &other, error))
            return false;
        const char *label = reading_text(&other, other.resource->label);
        text = label ? label : text;
    }
    *ret = text;
    return true;
}

static void put_joint(const char *label, const char *separator, size_t start, struct buffer *text)
{
    if (!label)
        return;
    if (text->size > start)
        buffer_puts(text, separator);
    buffer_puts(text, label);
}

bool reading_join(const struct reading *record, const char *const *names,
                  const char *const *members, const char *separator, struct buffer *text,
                  struct error *error)
{
    const size_t start = text->size;
    const char *label = NULL;
    for (; *names && !label; names++) {
        if (!reading_label(record, *names, &label, error))
            return false;
    }
    put_joint(label, separator, start, text);
    for (; *members; members++) {
        if (!reading_label(record, *members, &label, error))
            return false;
        put_joint(label, separator, start, text);
    }
    return true;
}

void reading_uuid(const struct format_writing *writing, const char *type, const char *id,
                  char ret[static HASH_UUID_SIZE])
{
    struct buffer name = {0};
    buffer_put_all(&name, writing->snapshot->revision.store_id, " ", type, " ", id, NULL);
    hash_uuid(name.data, name.size, ret);
    buffer_finish(&name);
}
