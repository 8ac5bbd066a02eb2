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

static const struct relation RELATIONS[] = {
    {"place", "place",
     .where = "(place_id IN " PLACES_INSIDE " OR EXISTS (\n"
              "    SELECT 1\n"
              "    FROM reference\n"
              "    WHERE to_type = 'place' AND from_type = type AND from_id = id\n"
              "        AND to_id IN " PLACES_INSIDE "\n"
              "))",
     .help = "In, about, with or through this place or one inside it."},
    {"official", "official", .where = NAMED_IN("official"), .help = "Names this official."},
    {"agreement", "agreement",
     .where = "((type = 'agreement' AND id = $) OR " NAMED_IN("agreement") ")",
     .help = "Is about this agreement."},
    {"topic", "topic", .where = NAMED_IN("topic"), .help = "Is about this topic."},
    {"side", NULL,
     .where = "CASE type\n"
              "    WHEN 'meeting' THEN id IN (\n"
              "        SELECT meeting_id\n"
              "        FROM participant\n"
              "        WHERE participant.side = $)\n"
              "    WHEN 'statement' THEN id IN (\n"
              "        SELECT statement.id\n"
              "        FROM statement\n"
              "        WHERE statement.side = $)\n"
              "    WHEN 'agreement' THEN id IN (\n"
              "        SELECT agreement_id\n"
              "        FROM party\n"
              "        WHERE party.side = $)\n"
              "END",
     .help = "Has this side among its participants or parties, or is its statement."},
    {"source", "source", .where = NAMED_IN("source"), .help = "Rests on this source."},
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
