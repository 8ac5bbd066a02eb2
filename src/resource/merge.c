#include "bilateral/resource/merge.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/json/patch.h"
#include "bilateral/json/read.h"
#include "bilateral/resource/delete.h"
#include "bilateral/resource/names.h"

static const char FIND_REFERRERS[] =
    "SELECT DISTINCT from_type, from_id\n"
    "FROM reference\n"
    "WHERE to_type = ?1 AND to_id = ?2\n"
    "    AND NOT (from_type = ?1 AND from_id = ?2)";

/* What was merged into the record before leads to where it is now. */
static const char FOLLOW[] =
    "UPDATE record\n"
    "SET merged_into = ?3\n"
    "WHERE type = ?1 AND merged_into = ?2";

/* One record on its way into another. Trees are the caller's to json_decref. */
struct merge {
    struct writer *writer;
    const struct resource *resource;
    const char *id;
    const char *into;
    struct stored from, to;    /* as they are stored */
    json_t *old, *new;         /* the same as trees */
    const struct field *names; /* the resource's field for other names; NULL: it has none */
    size_t label_at;           /* where the old label is among the names */
    size_t *name_at;           /* and each old name */
    bool label_kept;           /* both have the same label */
};

static const struct field *names_of(const struct resource *resource)
{
    for (const struct field *field = resource->fields; field->name; field++) {
        if (field->part == &NAMES_PART || field->type == FIELD_LINES)
            return field;
    }
    return NULL;
}

static const char *name_of(const json_t *element)
{
    const char *line = json_string_value(element);
    return line ? line : json_string_value(json_object_get(element, "name"));
}

/* Where the name is in the array; it is put there where it is not. */
static size_t place_name(json_t *names, json_t *element)
{
    size_t index;
    json_t *each;
    json_array_foreach(names, index, each)
    {
        if (strcmp(name_of(each), name_of(element)) == 0)
            return index;
    }
    json_array_append(names, element);
    return json_array_size(names) - 1;
}

static void move_names(struct merge *merge, json_t *patch)
{
    const char *label = merge->resource->label;
    json_t *old_label = json_object_get(merge->old, label);
    merge->label_kept = json_equal(old_label, json_object_get(merge->new, label));
    if (!merge->names)
        return;
    json_t *names = json_deep_copy(json_object_get(merge->new, merge->names->name));
    json_t *olds = json_object_get(merge->old, merge->names->name), *each;
    json_t *element = merge->names->part
                          ? json_pack("{s:O, s:s}", "name", old_label, "kind", "alternative")
                          : json_incref(old_label);
    size_t index;
    if (!merge->label_kept)
        merge->label_at = place_name(names, element);
    json_decref(element);
    merge->name_at =
        arena_alloc(merge->writer->arena, (json_array_size(olds) + 1) * sizeof *merge->name_at);
    json_array_foreach(olds, index, each)
    {
        merge->name_at[index] = place_name(names, each);
    }
    json_object_set_new(patch, merge->names->name, names);
}

/* What a pointer into the old record is in the new one. */
static const char *move_pointer(const struct merge *merge, const char *pointer)
{
    struct arena *arena = merge->writer->arena;
    const char *label = merge->resource->label, *names = merge->names ? merge->names->name : "";
    size_t size = strlen(names);
    char *rest;
    if (*pointer == '/' && strcmp(pointer + 1, label) == 0 && !merge->label_kept && merge->names)
        return arena_printf(arena, "/%s/%zu%s", names, merge->label_at,
                            merge->names->part ? "/name" : "");
    if (size && *pointer == '/' && strncmp(pointer + 1, names, size) == 0 &&
        pointer[size + 1] == '/') {
        size_t index = strtoul(pointer + size + 2, &rest, 10);
        return arena_printf(arena, "/%s/%zu%s", names, merge->name_at[index], rest);
    }
    return json_leads(merge->old, pointer) && json_leads(merge->new, pointer) ? pointer : "";
}

static void move_citations(struct merge *merge, json_t *patch)
{
    json_t *citations = json_deep_copy(json_object_get(merge->new, "citations"));
    json_t *sources = json_deep_copy(json_object_get(merge->new, "source_ids"));
    size_t index, known;
    json_t *each, *other;
    json_array_foreach(json_object_get(merge->old, "citations"), index, each)
    {
        json_t *moved = json_deep_copy(each);
        const char *pointer = json_string_value(json_object_get(each, "pointer"));
        json_object_set_new(moved, "pointer", json_string(move_pointer(merge, pointer)));
        bool is_known = false;
        json_array_foreach(citations, known, other)
        {
            is_known = is_known || json_equal(other, moved);
        }
        if (!is_known)
            json_array_append(citations, moved);
        json_decref(moved);
    }
    json_array_foreach(json_object_get(merge->old, "source_ids"), index, each)
    {
        place_name(sources, each);
    }
    json_object_set_new(patch, "citations", citations);
    json_object_set_new(patch, "source_ids", sources);
}

static bool put_target(struct merge *merge, struct error *error)
{
    json_t *patch = json_object();
    move_names(merge, patch);
    move_citations(merge, patch);
    char *change = json_dumps(patch, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(patch);
    if (!change)
        memory_exhausted();
    struct buffer text = {0};
    json_merge(merge->to.text, merge->to.size, change, strlen(change), &text);
    free(change);
    json_t *value = json_read(text.data, text.size, NULL, error);
    bool good = value && writer_put_again(merge->writer, merge->resource, value, text.data,
                                          text.size, error);
    json_decref(value);
    buffer_finish(&text);
    return good;
}

/* What is cited of an array keeps its citations when an element goes that another is like. */
static void move_cited(const struct merge *merge, json_t *record, const char *array, size_t gone,
                       size_t kept)
{
    size_t each, size = strlen(array);
    json_t *citation;
    json_array_foreach(json_object_get(record, "citations"), each, citation)
    {
        const char *pointer = json_string_value(json_object_get(citation, "pointer"));
        if (strncmp(pointer, array, size) != 0 || pointer[size] != '/')
            continue;
        size_t index = strtoul(pointer + size + 1, NULL, 10);
        if (index == gone)
            index = kept;
        index -= index > gone;
        json_object_set_new(
            citation, "pointer",
            json_string(arena_printf(merge->writer->arena, "%s/%zu", array, index)));
    }
}

/* The last element with the id; the array's size where there is none. */
static size_t find_element(const json_t *array, const char *id)
{
    size_t index = json_array_size(array);
    while (index-- > 0) {
        if (strcmp(json_string_value(json_array_get(array, index)), id) == 0)
            return index;
    }
    return json_array_size(array);
}

/* In an array, an id that is there already is not put twice. */
static void redirect_elements(const struct merge *merge, json_t *record, const char *pointer,
                              json_t *array)
{
    size_t old, new;
    while ((old = find_element(array, merge->id)) < json_array_size(array)) {
        new = find_element(array, merge->into);
        if (new == json_array_size(array)) {
            json_array_set_new(array, old, json_string(merge->into));
        } else {
            json_array_remove(array, old);
            move_cited(merge, record, pointer, old, new);
        }
    }
}

/* Whatever referred to the one record refers to the other. `object` is in `record`, at `place`. */
static void redirect(const struct merge *merge, const struct field *fields, json_t *record,
                     const char *place, json_t *object)
{
    struct arena *arena = merge->writer->arena;
    for (const struct field *field = fields; field->name; field++) {
        json_t *value = json_object_get(object, field->name), *each;
        bool ours = field->target && strcmp(field->target, merge->resource->type) == 0;
        const char *id = json_string_value(value);
        const char *pointer = arena_printf(arena, "%s/%s", place, field->name);
        size_t index;
        if (ours && id && strcmp(id, merge->id) == 0)
            json_object_set_new(object, field->name, json_string(merge->into));
        else if (ours && json_is_array(value))
            redirect_elements(merge, record, pointer, value);
        json_array_foreach(value, index, each)
        {
            if (field->part)
                redirect(merge, field->part->fields, record,
                         arena_printf(arena, "%s/%zu", pointer, index), each);
        }
    }
}

static bool move_referrer(struct merge *merge, const char *type, const char *id,
                          struct error *error)
{
    struct writer *writer = merge->writer;
    const struct resource *resource = registry_by_type(writer->registry, type);
    struct stored stored;
    if (resource == merge->resource && strcmp(id, merge->into) == 0)
        return error_set(error, ERROR_CONFLICT,
                         "The %s \"%.100s\" refers to \"%.100s\"; change that first, or merge the "
                         "other way round.",
                         type, id, merge->id);
    if (!writer_find(writer, resource, id, &stored, error))
        return false;
    json_t *value = json_read(stored.text, stored.size, NULL, error);
    if (!value)
        return false;
    redirect(merge, resource->fields, value, "", value);
    redirect(merge, RESOURCE_COMMON_FIELDS, value, "", value);
    struct faults faults = {.arena = writer->arena};
    struct error found = {.faults = &faults};
    bool good = writer_put_again(writer, resource, value, stored.text, stored.size, &found);
    json_decref(value);
    if (good || found.code != ERROR_INVALID)
        return good || error_pass(error, &found);
    /* What is wrong with it is wrong because of the merge, and no fault of the request's body. */
    return error_set(error, ERROR_CONFLICT,
                     "Change the %s \"%.100s\" first, which refers to it: %s", type, id,
                     found.detail);
}

/* Who refers is read to the end before anything moves, for the moves change what is read. */
static bool move_referrers(struct merge *merge, struct error *error)
{
    struct arena *arena = merge->writer->arena;
    size_t count = 0, room = 16;
    const char *(*found)[2] = memory_alloc(room * sizeof *found);
    bool row = true, good = true;
    struct statement *find = store_prepare_texts(merge->writer->store, FIND_REFERRERS, error,
                                                 merge->resource->type, merge->id);
    while (statement_step(find, &row, error) && row) {
        if (count == room)
            found = memory_resize(found, (room *= 2) * sizeof *found);
        found[count][0] = arena_strdup(arena, statement_text(find, 0));
        found[count++][1] = arena_strdup(arena, statement_text(find, 1));
    }
    good = error->code == ERROR_NONE;
    for (size_t i = 0; i < count && good; i++)
        good = move_referrer(merge, found[i][0], found[i][1], error);
    free(found);
    return good;
}

bool writer_merge(struct writer *writer, const struct resource *resource, const char *id,
                  const char *into, struct error *error)
{
    struct merge merge = {.writer = writer,
                          .resource = resource,
                          .id = id,
                          .into = into,
                          .names = names_of(resource)};
    if (!writer_find(writer, resource, id, &merge.from, error) ||
        !writer_find(writer, resource, into, &merge.to, error))
        return false;
    merge.old = json_read(merge.from.text, merge.from.size, NULL, error);
    merge.new = json_read(merge.to.text, merge.to.size, NULL, error);
    bool good = merge.old && merge.new &&put_target(&merge, error) &&
                move_referrers(&merge, error) && writer_delete(writer, resource, id, into, error) &&
                store_run_texts(writer->store, FOLLOW, error, resource->type, id, into);
    json_decref(merge.old);
    json_decref(merge.new);
    return good;
}
