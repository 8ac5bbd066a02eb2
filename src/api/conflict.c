#include "bilateral/api/collection.h"

static const char *const KINDS[] = {"sources", "seed", NULL};
static const char *const RANKS[] = {"preferred", "normal", "deprecated", NULL};

static const struct field VALUE_FIELDS[] = {
    {"value", FIELD_JSON, .help = "What is said of the field."},
    {"rank", FIELD_ENUM, .help = "How good the value is next to the others.", .values = RANKS},
    {"source_ids", FIELD_JSON, .help = "Who says so.", .target = "source", .flags = FIELD_REQUIRED},
    {"locator", FIELD_LINE,
     .help = "Where in the source; of a refused seed: whether the record or the seed says so."},
    {0},
};

static const struct part VALUES = {.fields = VALUE_FIELDS};

static const struct field FIELDS[] = {
    {"kind", FIELD_ENUM, .values = KINDS,
     .help = "sources: independent sources differ; seed: a seed would undo what a user wrote."},
    {"conflict_id", FIELD_LINE,
     .help = "With what POST /v1/conflicts/{id} settles it; null where sources differ."},
    {"type", FIELD_LINE, .help = "The record's type."},
    {"id", FIELD_SLUG, .help = "The record's id."},
    {"name", FIELD_PROSE, .help = "What people call the record."},
    {"pointer", FIELD_POINTER, .help = "Of which field different things are said."},
    {"values", FIELD_JSON, .help = "What is said, each value with who says it.", .part = &VALUES},
    {0},
};

/* A wire and its copies are one witness: they cannot differ with themselves. */
const struct resource CONFLICT = {
    .type = "conflict",
    RESOURCE_VIEW("conflict", "key"),
    .label = "name",
    .sort = "type,id",
    .help = "Fields of which sources, or a record and its seed, say different things.",
    .fields = FIELDS,
};
