#include "bilateral/api/registry.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {"theme", "commodity", NULL};

static const struct field FIELDS[] = {
    {.name = "name", .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = "In English."},
    {.name = "other_names", .type = FIELD_PART, .part = &NAMES_PART, .help = "Other names."},
    {.name = "classification",
     .type = FIELD_ENUM,
     .values = CLASSIFICATIONS,
     .help = "A theme of dealings, or a commodity that is traded."},
    {.name = "description", .type = FIELD_PROSE, .help = "What it covers, in own words."},
    {.name = "broader_id", .type = FIELD_REFERENCE, .target = "topic", .help = "The wider topic."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"topic", "topic", REFERRING("topic", "topic"), "Lies directly under this topic."},
    {"source", "source", REFERRING("topic", "source"), "Cites this source."},
    {0},
};

const struct resource TOPIC = {
    .type = "topic",
    .collection = "topics",
    .table = "topic",
    .label = "name",
    .sort = "name",
    .help = "What dealings are about: themes and commodities.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
};
