#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"

static const char *const TYPES[] = {"meeting", "statement", "agreement", "trade_figure", NULL};

static const struct field FIELDS[] = {
    {.name = "date", .type = FIELD_DATE, .help = "When, or from when."},
    {.name = "end_date", .type = FIELD_DATE, .help = "Until when; null where it is one date."},
    {.name = "type",
     .type = FIELD_ENUM,
     .values = TYPES,
     .help = "The record's type; an agreement stands here with each change of its status."},
    {.name = "id", .type = FIELD_SLUG, .help = "The record's id."},
    {.name = "name", .type = FIELD_PROSE, .help = "What happened."},
    {.name = "place_id", .type = FIELD_REFERENCE, .target = "place", .help = "Where."},
    {.name = "source_ids", .type = FIELD_JSON, .help = "Who says so."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"place", "place", "place_id IN " PLACES_INSIDE, "In this place or one inside it."},
    {0},
};

const struct resource TIMELINE = {
    .type = "event",
    .table = "timeline",
    .label = "name",
    .sort = "date",
    .help = "Meetings, statements, changes of status and figures in one dated list.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "key",
    .view = true,
};
