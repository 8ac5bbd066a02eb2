#include "bilateral/api/collection.h"

static const struct field FIELDS[] = {
    {"official_id", FIELD_REFERENCE, .help = "Whom they met.", .target = "official"},
    {"name", FIELD_LINE, .help = "That person's name."},
    {"country", FIELD_COUNTRY, .help = "That person's country."},
    {"meetings", FIELD_INTEGER, .help = "At how many meetings."},
    {"first_date", FIELD_LINE, .help = "When first."},
    {"last_date", FIELD_LINE, .help = "When last."},
    {0},
};

const struct resource COUNTERPART = {
    .type = "counterpart",
    RESOURCE_VIEW("counterpart", "official_id"),
    .label = "name",
    .sort = "-meetings,name",
    .help = "Whom an official met: both present at one meeting, on different sides.",
    .fields = FIELDS,
};
