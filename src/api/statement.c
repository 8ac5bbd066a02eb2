#include "bilateral/api/registry.h"

static const char *const ACTS[] = {"proposed", "requested", "invited",   "pledged",
                                   "agreed",   "supported", "welcomed",  "stressed",
                                   "reported", "decided",   "conferred", NULL};

static const struct field FIELDS[] = {
    {"meeting_id", FIELD_REFERENCE, .help = "The meeting at which it was made.",
     .target = "meeting"},
    {"date", FIELD_DATE, .help = "When it was made."},
    {"official_id", FIELD_REFERENCE, .help = "Who made it; null when it is a body's or joint.",
     .target = "official"},
    {"organization_id", FIELD_REFERENCE, .help = "The body that made it.",
     .target = "organization"},
    {"side", FIELD_SIDE, .help = "Whose it is: ISO 3166-1 alpha-2, or joint."},
    {"act", FIELD_ENUM, .help = "What was done by saying it.", .values = ACTS},
    {"text", FIELD_PROSE, .help = "What was said, one sentence in own words.",
     .flags = FIELD_REQUIRED},
    {"agreement_id", FIELD_REFERENCE, .help = "The agreement or undertaking that it is about.",
     .target = "agreement"},
    {"topic_ids", FIELD_REFERENCES, .help = "What it is about.", .target = "topic"},
    {"place_ids", FIELD_REFERENCES, .help = "The places it is about.", .target = "place"},
    {"follows_id", FIELD_REFERENCE, .help = "The earlier statement that it answers or repeats.",
     .target = "statement"},
    {0},
};

static const struct set ABOUT_MECHANISM[] = {
    {"statement", "id", "agreement_id = $", "agreement_id = $"},
    {"meeting JOIN statement ON statement.meeting_id = meeting.id", "statement.id",
     "meeting.mechanism_id = $",
     "EXISTS (SELECT 1 FROM meeting WHERE id = meeting_id AND mechanism_id = $)"},
    {0},
};

static const struct relation RELATIONS[] = {
    {"official", "official", .where = "official_id = $", .help = "Made by this official."},
    {"organization", "organization", .where = "organization_id = $", .help = "Made by this body."},
    {"place", "place", .help = "Is about this place or one inside it.",
     .sets = REFERRING_TO_PLACES_INSIDE("statement")},
    {"topic", "topic", .help = "Is about this topic.", .sets = REFERRING("statement", "topic")},
    {"agreement", "agreement", .where = "agreement_id = $", .help = "Is about this agreement."},
    {"mechanism", "agreement", .help = "Is about this mechanism, or was made at a session of it.",
     .sets = ABOUT_MECHANISM},
    {"meeting", "meeting", .where = "meeting_id = $", .help = "Was made at this meeting."},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("statement", "source")},
    {0},
};

const struct resource STATEMENT = {
    RESOURCE_RECORDS("statement", "statements"),
    .label = "text",
    .sort = "date",
    .help =
        "Who proposed, asked, promised or agreed what, about which agreement, at which meeting.",
    .fields = FIELDS,
    .relations = RELATIONS,
};
