#include "bilateral/resource/members.h"

#include <string.h>

#include "bilateral/json/scan.h"
#include "filter.h"
#include "suggest.h"

static bool is_shown(const struct field *field)
{
    return !(field->flags & FIELD_HIDDEN);
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
    size_t count, all_count, kept = 0;
    const char **fields = filter_split(arena, text, &count);
    const struct member *all = members_all(resource, arena, &all_count);
    for (size_t i = 0; i < count; i++) {
        if (members_index(all, all_count, fields[i], strlen(fields[i]), 0) < all_count) {
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
