#include "bilateral/resource/include.h"

#include <string.h>

#include "filter.h"
#include "suggest.h"

/* The name under which a field's records are included; NULL where it has none. */
static const char *include_name(const struct field *field, struct arena *arena)
{
    size_t size = strlen(field->name);
    if (field->type == FIELD_PART)
        return field->name;
    if (field->type == FIELD_REFERENCE && size > 3 && strcmp(field->name + size - 3, "_id") == 0)
        return arena_copy(arena, field->name, size - 3);
    if (field->type == FIELD_REFERENCES && size > 4 && strcmp(field->name + size - 4, "_ids") == 0)
        return arena_printf(arena, "%.*ss", (int)size - 4, field->name);
    return NULL;
}

static bool targets(const struct field *fields, const char *type)
{
    for (const struct field *field = fields; field->name; field++) {
        if ((field->target && strcmp(field->target, type) == 0) ||
            (field->part && targets(field->part->fields, type)))
            return true;
    }
    return false;
}

/* Whether the name was asked for before: it stands in the record once. */
static bool is_repeated(const struct includes *includes, const char *name)
{
    for (size_t i = 0; i < includes->count; i++) {
        if (strcmp(includes->items[i].name, name) == 0)
            return true;
    }
    return false;
}

/* A collection's name as a member's: trade_figures for trade-figures. */
static const char *member_name(const struct resource *resource, struct arena *arena)
{
    char *name = arena_strdup(arena, resource->collection);
    for (char *c = name; *c; c++)
        *c = *c == '-' ? '_' : *c;
    return name;
}

static const struct include *find_include(const struct include *all, const char *name)
{
    while (all->name && strcmp(all->name, name) != 0)
        all++;
    return all->name ? all : NULL;
}

const struct include *include_all(const struct resource *resource, const struct registry *registry,
                                  struct arena *arena)
{
    size_t count = 0, fields = 0;
    while (query_field_at(resource, fields))
        fields++;
    struct include *all = arena_alloc(arena, (fields + registry->count + 1) * sizeof *all);
    const struct field *field;
    for (size_t i = 0; (field = query_field_at(resource, i)); i++) {
        const char *name = include_name(field, arena);
        if (name)
            all[count++] = (struct include){.name = name, .field = field};
    }
    for (size_t i = 0; !resource->view && i < registry->count; i++) {
        const struct resource *each = registry->resources[i];
        const char *name = member_name(each, arena);
        if (targets(each->fields, resource->type) && !find_include(all, name))
            all[count++] = (struct include){.name = name, .referring = each};
    }
    return all;
}

void include_parse(const struct resource *resource, const struct registry *registry,
                   const char *text, struct arena *arena, struct includes *ret, struct error *error)
{
    size_t count;
    const char **names = filter_split(arena, text, &count);
    *ret = (struct includes){0};
    if (count > INCLUDE_LIMIT)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "include",
                  "Include at most %d relations.", INCLUDE_LIMIT);
    const struct include *all = include_all(resource, registry, arena);
    for (size_t i = 0; i < count && i < INCLUDE_LIMIT; i++) {
        const struct include *found = find_include(all, names[i]);
        struct names known = {0};
        if (is_repeated(ret, names[i]))
            continue;
        if (found) {
            ret->items[ret->count++] = *found;
            continue;
        }
        for (const struct include *each = all; each->name; each++)
            suggest_add(&known, each->name);
        suggest_fault(error, "include", "a relation to include", names[i], &known);
    }
}
