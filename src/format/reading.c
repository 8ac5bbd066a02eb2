#include "bilateral/format/reading.h"

#include <string.h>

#include "bilateral/resource/members.h"
#include "bilateral/resource/record.h"

struct reading_member {
    struct json_walk at;
    const struct reading_member *next;
};

/* A writer asks for twenty members of a record: too many to look through the text for each. */
static const struct reading_member *find_members(struct arena *arena, const char *text, size_t size)
{
    const struct reading_member *first = NULL, **last = &first;
    struct json_walk walk = json_walk(text, size);
    while (json_walk_next(&walk)) {
        struct reading_member *member = arena_alloc(arena, sizeof *member);
        member->at = walk;
        *last = member;
        last = &member->next;
    }
    return first;
}

static struct reading read_as(const struct reading *model, const char *text, size_t size)
{
    struct reading record = *model;
    record.text = text;
    record.size = size;
    record.members = find_members(model->arena, text, size);
    return record;
}

struct reading reading_of(const struct format_writing *writing, const char *text, size_t size,
                          struct arena *arena)
{
    const struct reading model = {
        .writing = writing,
        .resource = writing->resource,
        .arena = arena,
    };
    return read_as(&model, text, size);
}

struct reading reading_whole(const struct reading *record)
{
    struct reading whole = *record;
    whole.whole = true;
    return whole;
}

const struct field *reading_field(const struct reading *record, const char *name)
{
    return record->fields ? resource_find_field(record->fields, name)
                          : resource_field(record->resource, name);
}

bool reading_value(const struct reading *record, const char *name, const char **ret_value,
                   size_t *ret_size)
{
    const struct format_writing *writing = record->writing;
    const size_t name_size = name ? strlen(name) : 0;
    if (!name ||
        (!record->whole && !members_want(writing->fields, writing->field_count, name, name_size)))
        return false;
    const struct reading_member *member = record->members;
    while (member &&
           !(member->at.key_size == name_size && memcmp(member->at.key, name, name_size) == 0))
        member = member->next;
    if (!member || *member->at.value == 'n') /* of all JSON, only null begins so */
        return false;
    *ret_value = member->at.value;
    *ret_size = member->at.value_size;
    return true;
}

const char *reading_decode(const struct reading *record, const char *value, size_t size)
{
    struct buffer text = {0};
    json_scan_text(value, size, &text);
    return buffer_keep(&text, record->arena);
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
    return read_as(&element, walk->value, walk->value_size);
}

bool reading_refer(const struct reading *record, const char *name, const char *id,
                   struct reading *ret, struct error *error)
{
    const struct field *field = reading_field(record, name);
    const struct resource *resource =
        registry_by_type(record->writing->snapshot->registry, field->target);
    bool row;
    struct statement *statement =
        record_find(record->writing->snapshot->store, resource, id, &row, error);
    if (!statement)
        return false;
    struct reading found = reading_whole(record);
    size_t size = row ? statement_size(statement, 0) : 0;
    found.resource = resource;
    found.fields = NULL;
    *ret = read_as(&found, row ? arena_copy(record->arena, statement_text(statement, 0), size) : "",
                   size);
    statement_reset(statement);
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

static const char *joined(struct arena *arena, const char *text, const char *separator,
                          const char *label)
{
    if (!label)
        return text;
    return *text ? arena_printf(arena, "%s%s%s", text, separator, label) : label;
}

bool reading_join(const struct reading *record, const char *const *names,
                  const char *const *members, const char *separator, const char **ret,
                  struct error *error)
{
    const char *label = NULL;
    for (; *names && !label; names++) {
        if (!reading_label(record, *names, &label, error))
            return false;
    }
    const char *text = label ? label : "";
    for (; *members; members++) {
        if (!reading_label(record, *members, &label, error))
            return false;
        text = joined(record->arena, text, separator, label);
    }
    *ret = text;
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
