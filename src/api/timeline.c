#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"

static const char *const TYPES[] = {"meeting", "statement", "agreement", "trade_figure", NULL};

static const struct field FIELDS[] = {
    {"date", FIELD_DATE, .help = "When, or from when."},
    {"end_date", FIELD_DATE, .help = "Until when; null where it is one date."},
    {"type", FIELD_ENUM,
     .help = "The record's type; an agreement stands here with each change of its status.",
     .values = TYPES},
    {"id", FIELD_SLUG, .help = "The record's id."},
    {"name", FIELD_PROSE, .help = "What happened."},
    {"place_id", FIELD_REFERENCE, .help = "Where.", .target = "place"},
    {"source_ids", FIELD_JSON, .help = "Who says so.", .target = "source"},
    {0},
};

/* The row's record refers to the `$` of that type. */
#define NAMED_IN(target)                                                                           \
    "EXISTS (\n"                                                                                   \
    "    SELECT 1\n"                                                                               \
    "    FROM reference\n"                                                                         \
    "    WHERE to_type = '" target                                                                 \
    "' AND to_id = $ AND from_type = type AND from_id = id\n"                                      \
    ")"

/* Whatever refers to the `$` of that type; ids of other types among them are no rows of NAMED_IN. */
#define NAMING(target)                                                                             \
    RESOURCE_SET("reference", "from_id", "to_type = '" target "' AND to_id = $", NULL)

static const struct set NEAR_PLACES[] = {
    {"reference", "from_id", "to_type = 'place' AND to_id IN " PLACES_INSIDE, NULL},
    {"meeting JOIN statement ON statement.meeting_id = meeting.id", "statement.id",
     "meeting.place_id IN " PLACES_INSIDE, NULL},
    {"meeting JOIN status_change ON status_change.meeting_id = meeting.id", "agreement_id",
     "meeting.place_id IN " PLACES_INSIDE, NULL},
    {0},
};

static const struct set OF_SIDE[] = {
    {"participant", "meeting_id", "side = $", NULL},
    {"statement", "id", "side = $", NULL},
    {"party", "agreement_id", "side = $", NULL},
    {0},
};

static const struct set ABOUT_AGREEMENT[] = {
    {"reference", "from_id", "to_type = 'agreement' AND to_id = $", NULL},
    {"agreement", "id", "id = $", NULL},
    {0},
};

/*
 * All kinds of rows are merged, and of each the first that fits is looked for before any is given;
 * so each condition says which kinds can fit at all.
 */
static const struct relation RELATIONS[] = {
    {"place", "place",
     .where = "(place_id IN " PLACES_INSIDE " OR EXISTS (\n"
              "    SELECT 1\n"
              "    FROM reference\n"
              "    WHERE +to_type = 'place' AND from_type = type AND from_id = id\n"
              "        AND +to_id IN " PLACES_INSIDE "\n"
              "))",
     .help = "In, about, with or through this place or one inside it.", .sets = NEAR_PLACES},
    {"official", "official",
     .where = "(type IN ('meeting', 'statement') AND " NAMED_IN("official") ")",
     .help = "Names this official.", .sets = NAMING("official")},
    {"agreement", "agreement",
     .where = "(type <> 'trade_figure'\n"
              "    AND ((type = 'agreement' AND id = $) OR " NAMED_IN("agreement") "))",
     .help = "Is about this agreement.", .sets = ABOUT_AGREEMENT},
    {"topic", "topic", .where = NAMED_IN("topic"), .help = "Is about this topic.",
     .sets = NAMING("topic")},
    {"side", NULL,
     .where = "(type <> 'trade_figure' AND CASE type\n"
              "    WHEN 'meeting' THEN EXISTS (\n"
              "        SELECT 1\n"
              "        FROM participant\n"
              "        WHERE participant.meeting_id = id AND +participant.side = $)\n"
              "    WHEN 'statement' THEN EXISTS (\n"
              "        SELECT 1\n"
              "        FROM statement AS said\n"
              "        WHERE said.id = timeline.id AND +said.side = $)\n"
              "    WHEN 'agreement' THEN EXISTS (\n"
              "        SELECT 1\n"
              "        FROM party\n"
              "        WHERE party.agreement_id = id AND +party.side = $)\n"
              "END)",
     .help = "Has this side among its participants or parties, or is its statement.",
     .sets = OF_SIDE},
    {"source", "source", .where = NAMED_IN("source"), .help = "Rests on this source.",
     .sets = NAMING("source")},
    {0},
};

const struct resource TIMELINE = {
    .type = "event",
    RESOURCE_VIEW("timeline", "key"),
    .label = "name",
    .sort = "date",
    .help = "Meetings, statements, changes of status and figures in one dated list.",
    .fields = FIELDS,
    .relations = RELATIONS,
};
