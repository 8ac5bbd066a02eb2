#include "bilateral/resource/resource.h"

#include <string.h>

static const struct field CITATION_FIELDS[] = {
    {.name = "pointer",
     .type = FIELD_POINTER,
     .help = "Which part of the record the source bears; "
             "\"\" is all of it."},
    {.name = "source_id",
     .type = FIELD_REFERENCE,
     .target = "source",
     .flags = FIELD_REQUIRED,
     .help = "The source."},
    {.name = "locator",
     .type = FIELD_LINE,
     .help = "Where in the source, such as \"paragraph 6\"."},
    {.name = "quote",
     .type = FIELD_PROSE,
     .help = "The source's own words, for a user's own data."},
    {.name = "note", .type = FIELD_PROSE, .help = "What a reader should know, in own words."},
    {0},
};

static const struct part CITATIONS = {
    .table = "citation",
    .owner = "record_id",
    .typed = true,
    .fields = CITATION_FIELDS,
};

const struct field RESOURCE_COMMON_FIELDS[] = {
    {.name = "source_ids",
     .type = FIELD_REFERENCES,
     .target = "source",
     .help = "Every source that the record rests on; those of its citations are added."},
    {.name = "citations",
     .type = FIELD_PART,
     .part = &CITATIONS,
     .help = "Which source bears which part of the record, and where."},
    {.name = "created_at",
     .type = FIELD_TIMESTAMP,
     .flags = FIELD_READ_ONLY,
     .help = "When the record was first stored."},
    {.name = "updated_at",
     .type = FIELD_TIMESTAMP,
     .flags = FIELD_READ_ONLY,
     .help = "When the record last changed."},
    {.name = "revision",
     .type = FIELD_INTEGER,
     .flags = FIELD_READ_ONLY,
     .help = "1 at first, one more with each change."},
    {0},
};

const struct resource *registry_by_type(const struct registry *registry, const char *type)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (strcmp(registry->resources[i]->type, type) == 0)
            return registry->resources[i];
    }
    return NULL;
}

const struct resource *registry_by_collection(const struct registry *registry,
                                              const char *collection)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (strcmp(registry->resources[i]->collection, collection) == 0)
            return registry->resources[i];
    }
    return NULL;
}

static const struct field *find_field(const struct field *fields, const char *name)
{
    for (; fields->name; fields++) {
        if (strcmp(fields->name, name) == 0)
            return fields;
    }
    return NULL;
}

const struct field *resource_field(const struct resource *resource, const char *name)
{
    const struct field *field = find_field(resource->fields, name);
    return field || resource->view ? field : find_field(RESOURCE_COMMON_FIELDS, name);
}
