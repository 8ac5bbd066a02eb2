#include "bilateral/api/registry.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {"theme", "commodity", NULL};

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "In English.", .flags = FIELD_REQUIRED},
    {"other_names", FIELD_PART, .help = "Other names.", .part = &NAMES_PART},
    {"classification", FIELD_ENUM, .help = "A theme of dealings, or a commodity that is traded.",
     .values = CLASSIFICATIONS},
    {"description", FIELD_PROSE, .help = "What it covers, in own words."},
    {"broader_id", FIELD_REFERENCE, .help = "The wider topic.", .target = "topic"},
    {0},
};

static const struct relation RELATIONS[] = {
    {"topic", "topic", .help = "Lies directly under this topic.",
     .sets = REFERRING("topic", "topic")},
    {"meeting", "meeting", .help = "Was dealt with at this meeting.",
     .sets = REFERRED("topic", "meeting")},
    {"agreement", "agreement", .help = "Is what this agreement is about.",
     .sets = REFERRED("topic", "agreement")},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("topic", "source")},
    {0},
};

const struct resource TOPIC = {
    RESOURCE_RECORDS("topic", "topics"),
    .label = "name",
    .sort = "name",
    .help = "What dealings are about: themes and commodities.",
    .fields = FIELDS,
    .relations = RELATIONS,
};
