#include "bilateral/resource/resource.h"

#include <string.h>

static const char *const RANKS[] = {"preferred", "normal", "deprecated", NULL};

static const struct field CITATION_FIELDS[] = {
    {"pointer", FIELD_POINTER,
     .help = "Which part of the record the source bears; \"\" is all of it."},
    {"source_id", FIELD_REFERENCE, .help = "The source.", .target = "source",
     .flags = FIELD_REQUIRED},
    {"locator", FIELD_LINE, .help = "Where in the source, such as \"paragraph 6\"."},
    {"quote", FIELD_PROSE, .help = "The source's own words, for a user's own data."},
    {"note", FIELD_PROSE, .help = "What a reader should know, in own words."},
    {"value", FIELD_SCALAR,
     .help = "What the source says of the field that `pointer` names, where sources differ."},
    {"rank", FIELD_ENUM, .values = RANKS,
     .help = "How good that value is next to the others; null is normal."},
    {0},
};

static const struct part CITATIONS = {
    .table = "citation",
    .owner = "record_id",
    .typed = true,
    .fields = CITATION_FIELDS,
};

const struct field RESOURCE_COMMON_FIELDS[] = {
    {"source_ids", FIELD_REFERENCES,
     .help = "Every source that the record rests on; those of its citations are added.",
     .target = "source"},
    {"citations", FIELD_PART, .help = "Which source bears which part of the record, and where.",
     .part = &CITATIONS},
    {"created_at", FIELD_TIMESTAMP, .help = "When the record was first stored.",
     .flags = FIELD_READ_ONLY},
    {"updated_at", FIELD_TIMESTAMP, .help = "When the record last changed.",
     .flags = FIELD_READ_ONLY},
    {"revision", FIELD_INTEGER, .help = "1 at first, one more with each change.",
     .flags = FIELD_READ_ONLY},
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

const struct field *resource_find_field(const struct field *fields, const char *name)
{
    for (; fields->name; fields++) {
        if (strcmp(fields->name, name) == 0)
            return fields;
    }
    return NULL;
}

const struct field *resource_field(const struct resource *resource, const char *name)
{
    const struct field *field = resource_find_field(resource->fields, name);
    return field || resource->view ? field : resource_find_field(RESOURCE_COMMON_FIELDS, name);
}
