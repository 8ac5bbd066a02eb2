#include "bilateral/api/registry.h"

static const char *const ACTS[] = {
    "proposed", "requested", "invited",  "pledged", "agreed",    "supported",
    "welcomed", "stressed",  "reported", "decided", "conferred", NULL,
};

static const struct field FIELDS[] = {
    {.name = "meeting_id",
     .type = FIELD_REFERENCE,
     .target = "meeting",
     .help = "The meeting at which it was made."},
    {.name = "date", .type = FIELD_DATE, .help = "When it was made."},
    {.name = "official_id",
     .type = FIELD_REFERENCE,
     .target = "official",
     .help = "Who made it; null when it is a body's or joint."},
    {.name = "organization_id",
     .type = FIELD_REFERENCE,
     .target = "organization",
     .help = "The body that made it."},
    {.name = "side", .type = FIELD_SIDE, .help = "Whose it is: ISO 3166-1 alpha-2, or joint."},
    {.name = "act", .type = FIELD_ENUM, .values = ACTS, .help = "What was done by saying it."},
    {.name = "text",
     .type = FIELD_PROSE,
     .flags = FIELD_REQUIRED,
     .help = "What was said, one sentence in own words."},
    {.name = "agreement_id",
     .type = FIELD_REFERENCE,
     .target = "agreement",
     .help = "The agreement or undertaking that it is about."},
    {.name = "topic_ids", .type = FIELD_REFERENCES, .target = "topic", .help = "What it is about."},
    {.name = "place_ids",
     .type = FIELD_REFERENCES,
     .target = "place",
     .help = "The places it is about."},
    {.name = "follows_id",
     .type = FIELD_REFERENCE,
     .target = "statement",
     .help = "The earlier statement that it answers or repeats."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"official", "official", "official_id = $", "Made by this official."},
    {"organization", "organization", "organization_id = $", "Made by this body."},
    {"place", "place", REFERRING_TO_PLACES_INSIDE("statement"),
     "Is about this place or one inside it."},
    {"topic", "topic", REFERRING("statement", "topic"), "Is about this topic."},
    {"agreement", "agreement", "agreement_id = $", "Is about this agreement."},
    {"mechanism", "agreement",
     "meeting_id IN (\n"
     "    SELECT id\n"
     "    FROM meeting\n"
     "    WHERE mechanism_id = $\n"
     ")",
     "Was made at a session of this mechanism."},
    {"meeting", "meeting", "meeting_id = $", "Was made at this meeting."},
    {"source", "source", REFERRING("statement", "source"), "Cites this source."},
    {0},
};

const struct resource STATEMENT = {
    .type = "statement",
    .collection = "statements",
    .table = "statement",
    .label = "text",
    .sort = "date",
    .help =
        "Who proposed, asked, promised or agreed what, about which agreement, at which meeting.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
};
