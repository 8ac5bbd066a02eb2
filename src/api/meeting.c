#include "bilateral/api/registry.h"

static const char *const CLASSIFICATIONS[] = {
    "talks",    "reception",  "visit",      "conference", "session", "seminar",
    "ceremony", "site_visit", "exhibition", "phone_call", "other",   NULL,
};

static const char *const STATUSES[] = {
    "proposed", "tentative", "confirmed", "held", "postponed", "cancelled", NULL,
};

static const char *const ROLES[] = {
    "host",     "guest",    "chair",    "co_chair",  "head_of_delegation",
    "delegate", "honouree", "observer", "mentioned", NULL,
};

static const char *const ATTENDANCES[] = {
    "present", "invited", "expected", "absent", "represented", "unknown", NULL,
};

static const struct field PARTICIPANT_FIELDS[] = {
    {.name = "official_id", .type = FIELD_REFERENCE, .target = "official", .help = "The person."},
    {.name = "organization_id",
     .type = FIELD_REFERENCE,
     .target = "organization",
     .help = "The body, where no person is named or besides the person."},
    {.name = "place_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "The locality whose delegation it is."},
    {.name = "name", .type = FIELD_LINE, .help = "As printed."},
    {.name = "side", .type = FIELD_COUNTRY, .help = "Side (ISO 3166-1 alpha-2)."},
    {.name = "role", .type = FIELD_ENUM, .values = ROLES, .help = "Part played."},
    {.name = "attendance",
     .type = FIELD_ENUM,
     .values = ATTENDANCES,
     .help = "Whether they were there, as far as the sources say."},
    {.name = "post_id",
     .type = FIELD_REFERENCE,
     .target = "post",
     .help = "In which capacity that day."},
    {.name = "post_label", .type = FIELD_LINE, .help = "The capacity as printed."},
    {.name = "on_behalf_of_id",
     .type = FIELD_REFERENCE,
     .target = "organization",
     .help = "The body they stood in for."},
    {0},
};

static const struct part PARTICIPANTS = {
    .table = "participant",
    .owner = "meeting_id",
    .fields = PARTICIPANT_FIELDS,
};

static const struct field FIELDS[] = {
    {.name = "name", .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = "In own words."},
    {.name = "classification",
     .type = FIELD_ENUM,
     .values = CLASSIFICATIONS,
     .help = "What sort of meeting it is."},
    {.name = "status",
     .type = FIELD_ENUM,
     .values = STATUSES,
     .help = "Whether it is planned, held or called off."},
    {.name = "start_date", .type = FIELD_DATE, .help = "Its first day."},
    {.name = "end_date", .type = FIELD_DATE, .help = "Its last day; null where it is one day."},
    {.name = "place_id", .type = FIELD_REFERENCE, .target = "place", .help = "Where it is held."},
    {.name = "parent_id",
     .type = FIELD_REFERENCE,
     .target = "meeting",
     .help = "The visit it belongs to."},
    {.name = "mechanism_id",
     .type = FIELD_REFERENCE,
     .target = "agreement",
     .help = "The mechanism whose session it is."},
    {.name = "session_number", .type = FIELD_INTEGER, .help = "Its number in the mechanism."},
    {.name = "description", .type = FIELD_PROSE, .help = "What happened, in own words."},
    {.name = "topic_ids",
     .type = FIELD_REFERENCES,
     .target = "topic",
     .help = "What it was about."},
    {.name = "participants", .type = FIELD_PART, .part = &PARTICIPANTS, .help = "Who took part."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"official", "official",
     "id IN (\n"
     "    SELECT meeting_id\n"
     "    FROM participant\n"
     "    WHERE official_id = $\n"
     ")",
     "Names this official among its participants."},
    {"organization", "organization", REFERRING("meeting", "organization"),
     "Names this body among its participants."},
    {"place", "place", REFERRING_TO_PLACES_INSIDE("meeting"),
     "Was held in this place or one inside it, or with its delegation."},
    {"topic", "topic", REFERRING("meeting", "topic"), "Was about this topic."},
    {"mechanism", "agreement", "mechanism_id = $", "Is a session of this mechanism."},
    {"agreement", "agreement",
     "(mechanism_id = $ OR id IN (\n"
     "    SELECT meeting_id\n"
     "    FROM statement\n"
     "    WHERE agreement_id = $\n"
     "    UNION\n"
     "    SELECT meeting_id\n"
     "    FROM status_change\n"
     "    WHERE agreement_id = $\n"
     "))",
     "Is a session of this agreement, or dealt with it."},
    {"meeting", "meeting", "parent_id = $", "Belongs to this visit."},
    {"side", NULL,
     "id IN (\n"
     "    SELECT meeting_id\n"
     "    FROM participant\n"
     "    WHERE side = $\n"
     ")",
     "Has a participant of this side."},
    {"source", "source", REFERRING("meeting", "source"), "Cites this source."},
    {0},
};

const struct resource MEETING = {
    .type = "meeting",
    .collection = "meetings",
    .table = "meeting",
    .label = "name",
    .sort = "-start_date",
    .help = "Talks, receptions, visits, sessions and other occasions, held or planned.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
};
