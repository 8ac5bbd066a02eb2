#include "bilateral/api/collection.h"

static const struct field FIELDS[] = {
    {"type", FIELD_LINE, .help = "The record's type."},
    {"id", FIELD_SLUG, .help = "The record's id."},
    {"name", FIELD_LINE, .help = "What people call the record."},
    {"pointer", FIELD_POINTER, .help = "Which part of it the source bears."},
    {"locator", FIELD_LINE, .help = "Where in the source."},
    {"note", FIELD_PROSE, .help = "What a reader should know."},
    {0},
};

const struct resource FACT = {
    .type = "fact",
    RESOURCE_VIEW("fact", "key"),
    .label = "name",
    .sort = "type,id",
    .help = "Every record that cites a source, with what it cites it for.",
    .fields = FIELDS,
};
