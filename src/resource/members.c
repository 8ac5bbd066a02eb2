#include "bilateral/resource/members.h"

#include <string.h>

#include "bilateral/json/scan.h"
#include "filter.h"
#include "suggest.h"

static bool is_shown(const struct field *field)
{
    return !(field->flags & FIELD_HIDDEN);
}

/* Whether a member of the record's text has this name: a field, or a date's precision. */
static bool is_member(const struct resource *resource, const char *name)
{
    static const char PRECISION[] = "_precision";
    if (strcmp(name, "id") == 0 || strcmp(name, "type") == 0)
        return !resource->view || resource_field(resource, name);
    const struct field *field = resource_field(resource, name);
    if (field)
        return is_shown(field);
    size_t size = strlen(name), end = strlen(PRECISION);
    char stem[64];
    if (resource->view || size <= end || size - end >= sizeof stem ||
        strcmp(name + size - end, PRECISION) != 0)
        return false;
    memcpy(stem, name, size - end);
    stem[size - end] = '\0';
    field = resource_field(resource, stem);
    return field && field->type == FIELD_DATE;
}

const struct member *members_all(const struct resource *resource, struct arena *arena,
                                 size_t *ret_count)
{
    size_t fields = 0, count = 0;
    while (query_field_at(resource, fields))
        fields++;
    struct member *members = arena_alloc(arena, (2 * fields + 1) * sizeof *members);
    for (size_t i = 0; i < fields; i++) {
        const struct field *field = query_field_at(resource, i);
        if (!is_shown(field))
            continue;
        members[count++] = (struct member){.name = field->name, .field = field};
        if (i == 0 && !resource->view)
            members[count++].name = "type";
        if (field->type == FIELD_DATE && !resource->view)
            members[count++].name = arena_printf(arena, "%s_precision", field->name);
    }
    *ret_count = count;
    return members;
}

size_t members_index(const struct member *members, size_t count, const char *name, size_t size,
                     size_t start)
{
    for (size_t i = 0; i < count; i++) {
        size_t index = (start + i) % count;
        const char *each = members[index].name;
        if (strncmp(each, name, size) == 0 && each[size] == '\0')
            return index;
    }
    return count;
}

const char **members_parse(const struct resource *resource, const char *text, struct arena *arena,
                           size_t *ret_count, struct error *error)
{
    size_t count, kept = 0;
    const char **fields = filter_split(arena, text, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_member(resource, fields[i])) {
            fields[kept++] = fields[i];
            continue;
        }
        struct names known = {0};
        suggest_add_fields(&known, resource, is_shown);
        suggest_fault(error, "fields", "a field", fields[i], &known);
    }
    *ret_count = kept;
    return kept ? fields : NULL;
}

bool members_want(const char *const *fields, size_t count, const char *name, size_t size)
{
    for (size_t i = 0; fields && i < count; i++) {
        if (strlen(fields[i]) == size && memcmp(fields[i], name, size) == 0)
            return true;
    }
    return !fields;
}

void members_put(const char *const *fields, size_t count, const char *text, size_t size,
                 struct buffer *json)
{
    if (!fields) {
        buffer_append(json, text, size);
        return;
    }
    struct json_walk walk = json_walk(text, size);
    const char *separator = "\"";
    buffer_putc(json, '{');
    for (size_t left = count; left > 0 && json_walk_next(&walk);) {
        if (!members_want(fields, count, walk.key, walk.key_size))
            continue;
        left--; /* what stands behind the last is not looked at */
        buffer_puts(json, separator);
        buffer_append(json, walk.key, walk.key_size);
        buffer_puts(json, "\":");
        buffer_append(json, walk.value, walk.value_size);
        separator = ",\"";
    }
    buffer_putc(json, '}');
}
