#include "bilateral/json/patch.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"
#include "bilateral/json/scan.h"
#include "bilateral/json/write.h"

static bool is_null(const char *value)
{
    return *value == 'n';
}

static void put_key(const struct json_walk *walk, struct buffer *json)
{
    if (json->data[json->size - 1] != '{')
        buffer_putc(json, ',');
    buffer_append(json, walk->key - 1, walk->key_size + 2);
    buffer_putc(json, ':');
}

/* MergePatch of RFC 7396, section 2; a target that is no object counts as an empty one. */
void json_merge(const char *target, size_t target_size, const char *patch, size_t patch_size,
                struct buffer *merged)
{
    struct json_walk change = json_walk(patch, patch_size), found;
    if (!change.object) {
        buffer_append(merged, patch, patch_size);
        return;
    }
    buffer_putc(merged, '{');
    struct json_walk member = json_walk(target, target_size);
    while (member.object && json_walk_next(&member)) {
        bool changes = json_walk_find(patch, patch_size, member.key, member.key_size, &found);
        if (changes && is_null(found.value))
            continue;
        put_key(&member, merged);
        if (changes)
            json_merge(member.value, member.value_size, found.value, found.value_size, merged);
        else
            buffer_append(merged, member.value, member.value_size);
    }
    while (json_walk_next(&change)) {
        if (is_null(change.value) ||
            json_walk_find(target, target_size, change.key, change.key_size, &found))
            continue;
        put_key(&change, merged);
        json_merge("", 0, change.value, change.value_size, merged);
    }
    buffer_putc(merged, '}');
}

struct value {
    const char *text;
    size_t size;
};

static struct value value_at(const struct json_walk *walk)
{
    return (struct value){walk->value, walk->value_size};
}

/* `path` is the pointer to what is compared, as it stands within a JSON text. */
static void compare(struct value before, struct value after, struct buffer *path,
                    struct buffer *patch);

static bool equal(struct value a, struct value b)
{
    return a.size == b.size && memcmp(a.text, b.text, a.size) == 0;
}

static void put_operation(const char *name, const struct buffer *path, const struct value *value,
                          struct buffer *patch)
{
    json_put_element(patch);
    buffer_put_all(patch, "{\"op\":\"", name, "\",\"path\":\"", buffer_text(path), "\"", NULL);
    if (value) {
        buffer_puts(patch, ",\"value\":");
        buffer_append(patch, value->text, value->size);
    }
    buffer_putc(patch, '}');
}

static void shorten(struct buffer *path, size_t size)
{
    path->size = size;
    if (path->data)
        path->data[size] = '\0';
}

static void put_name(const struct json_walk *member, struct buffer *path)
{
    buffer_putc(path, '/');
    json_put_token(path, member->key, member->key_size);
}

static void compare_objects(struct value before, struct value after, struct buffer *path,
                            struct buffer *patch)
{
    size_t size = path->size;
    struct json_walk walk = json_walk(before.text, before.size), other;
    for (; json_walk_next(&walk); shorten(path, size)) {
        put_name(&walk, path);
        if (json_walk_find(after.text, after.size, walk.key, walk.key_size, &other))
            compare(value_at(&walk), value_at(&other), path, patch);
        else
            put_operation("remove", path, NULL, patch);
    }
    walk = json_walk(after.text, after.size);
    for (; json_walk_next(&walk); shorten(path, size)) {
        const struct value own = value_at(&walk);
        put_name(&walk, path);
        if (!json_walk_find(before.text, before.size, walk.key, walk.key_size, &other))
            put_operation("add", path, &own, patch);
    }
}

static struct value *elements_of(struct value array, size_t *ret_count)
{
    size_t count = 0, room = 8;
    struct value *elements = memory_alloc(room * sizeof *elements);
    struct json_walk walk = json_walk(array.text, array.size);
    while (json_walk_next(&walk)) {
        if (count == room)
            elements = memory_resize(elements, (room *= 2) * sizeof *elements);
        elements[count++] = value_at(&walk);
    }
    *ret_count = count;
    return elements;
}

/* The middles, from `first` on: first what both have, then what is gone (from its end, so that the
 * indices hold) or new. */
static void compare_middles(const struct value *before, size_t before_count,
                            const struct value *after, size_t after_count, size_t first,
                            struct buffer *path, struct buffer *patch)
{
    size_t size = path->size;
    size_t both = before_count < after_count ? before_count : after_count;
    for (size_t i = 0; i < both; i++, shorten(path, size)) {
        buffer_printf(path, "/%zu", first + i);
        compare(before[i], after[i], path, patch);
    }
    for (size_t i = before_count; i-- > both; shorten(path, size)) {
        buffer_printf(path, "/%zu", first + i);
        put_operation("remove", path, NULL, patch);
    }
    for (size_t i = both; i < after_count; i++, shorten(path, size)) {
        buffer_printf(path, "/%zu", first + i);
        put_operation("add", path, &after[i], patch);
    }
}

static void compare_arrays(struct value before, struct value after, struct buffer *path,
                           struct buffer *patch)
{
    size_t before_count, after_count, first = 0;
    struct value *old = elements_of(before, &before_count), *new = elements_of(after, &after_count);
    while (first < before_count && first < after_count && equal(old[first], new[first]))
        first++;
    while (before_count > first && after_count > first &&
           equal(old[before_count - 1], new[after_count - 1])) {
        before_count--;
        after_count--;
    }
    compare_middles(old + first, before_count - first, new + first, after_count - first, first,
                    path, patch);
    free(old);
    free(new);
}

static void compare(struct value before, struct value after, struct buffer *path,
                    struct buffer *patch)
{
    if (equal(before, after))
        return;
    if (*before.text == '{' && *after.text == '{')
        compare_objects(before, after, path, patch);
    else if (*before.text == '[' && *after.text == '[')
        compare_arrays(before, after, path, patch);
    else
        put_operation("replace", path, &after, patch);
}

void json_diff(const char *before, size_t before_size, const char *after, size_t after_size,
               struct buffer *patch)
{
    const struct value none = {"null", strlen("null")};
    const struct value old = before ? (struct value){before, before_size} : none;
    const struct value new = after ? (struct value){after, after_size} : none;
    struct buffer path = {0};
    buffer_putc(patch, '[');
    compare(old, new, &path, patch);
    buffer_putc(patch, ']');
    buffer_finish(&path);
}
