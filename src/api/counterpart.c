#include "bilateral/api/collection.h"

static const struct field FIELDS[] = {
    {.name = "official_id",
     .type = FIELD_REFERENCE,
     .target = "official",
     .help = "Whom they met."},
    {.name = "name", .type = FIELD_LINE, .help = "That person's name."},
    {.name = "country", .type = FIELD_COUNTRY, .help = "That person's country."},
    {.name = "meetings", .type = FIELD_INTEGER, .help = "At how many meetings."},
    {.name = "first_date", .type = FIELD_LINE, .help = "When first."},
    {.name = "last_date", .type = FIELD_LINE, .help = "When last."},
    {0},
};

const struct resource COUNTERPART = {
    .type = "counterpart",
    .table = "counterpart",
    .label = "name",
    .sort = "-meetings,name",
    .help = "Whom an official met: both present at one meeting, on different sides.",
    .fields = FIELDS,
    .key = "official_id",
    .view = true,
};
