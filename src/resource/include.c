#include "bilateral/resource/include.h"

#include <string.h>

#include "filter.h"
#include "suggest.h"

static bool name_is(const char *name, const char *stem, const char *ending)
{
    size_t size = strlen(stem);
    return strncmp(name, stem, size) == 0 && strcmp(name + size, ending) == 0;
}

/* The field that an include's name stands for, or NULL. */
static const struct field *find_field(const struct field *fields, const char *name)
{
    size_t size = strlen(name);
    for (const struct field *field = fields; field->name; field++) {
        bool plural = size > 1 && name[size - 1] == 's' &&
                      strncmp(field->name, name, size - 1) == 0 &&
                      strcmp(field->name + size - 1, "_ids") == 0;
        if ((field->type == FIELD_PART && strcmp(field->name, name) == 0) ||
            (field->type == FIELD_REFERENCE && name_is(field->name, name, "_id")) ||
            (field->type == FIELD_REFERENCES && plural))
            return field;
    }
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

static const struct resource *find_referring(const struct resource *resource,
                                             const struct registry *registry, const char *name,
                                             struct arena *arena)
{
    for (size_t i = 0; i < registry->count; i++) {
        const struct resource *each = registry->resources[i];
        if (strcmp(member_name(each, arena), name) == 0 && targets(each->fields, resource->type))
            return each;
    }
    return NULL;
}

static void suggest_include(const struct resource *resource, const struct registry *registry,
                            const char *name, struct arena *arena, struct error *error)
{
    const struct field *const tables[] = {resource->fields, RESOURCE_COMMON_FIELDS};
    struct names known = {0};
    for (size_t t = 0; t < 2; t++) {
        for (const struct field *field = tables[t]; field->name; field++) {
            size_t size = strlen(field->name);
            if (field->type == FIELD_PART)
                suggest_add(&known, field->name);
            else if (field->type == FIELD_REFERENCES)
                suggest_add(&known, arena_printf(arena, "%.*ss", (int)size - 4, field->name));
            else if (field->type == FIELD_REFERENCE && size > 3 &&
                     strcmp(field->name + size - 3, "_id") == 0)
                suggest_add(&known, arena_copy(arena, field->name, size - 3));
        }
    }
    for (size_t i = 0; i < registry->count; i++) {
        if (targets(registry->resources[i]->fields, resource->type))
            suggest_add(&known, member_name(registry->resources[i], arena));
    }
    suggest_fault(error, "include", "a relation to include", name, &known);
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
    for (size_t i = 0; i < count && i < INCLUDE_LIMIT; i++) {
        const struct field *field = find_field(resource->fields, names[i]);
        if (!field && !resource->view)
            field = find_field(RESOURCE_COMMON_FIELDS, names[i]);
        const struct resource *referring =
            field || resource->view ? NULL : find_referring(resource, registry, names[i], arena);
        if (!field && !referring)
            suggest_include(resource, registry, names[i], arena, error);
        else if (!is_repeated(ret, names[i]))
            ret->items[ret->count++] =
                (struct include){.name = names[i], .field = field, .referring = referring};
    }
}
