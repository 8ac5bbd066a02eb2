#include "bilateral/api/registry.h"
#include "bilateral/format/atom.h"
#include "bilateral/format/ics.h"
#include "bilateral/format/jsonld.h"

static const char *const CLASSIFICATIONS[] = {"talks",      "reception",  "visit",    "conference",
                                              "session",    "seminar",    "ceremony", "site_visit",
                                              "exhibition", "phone_call", "other",    NULL};

static const char *const STATUSES[] = {"proposed",  "tentative", "confirmed", "held",
                                       "postponed", "cancelled", NULL};

static const char *const ROLES[] = {
    "host",     "guest",    "chair",    "co_chair",  "head_of_delegation",
    "delegate", "honouree", "observer", "mentioned", NULL};

static const char *const ATTENDANCES[] = {"present",     "invited", "expected", "absent",
                                          "represented", "unknown", NULL};

static const struct field PARTICIPANT_FIELDS[] = {
    {"official_id", FIELD_REFERENCE, .help = "The person.", .target = "official"},
    {"organization_id", FIELD_REFERENCE,
     .help = "The body, where no person is named or besides the person.", .target = "organization"},
    {"place_id", FIELD_REFERENCE, .help = "The locality whose delegation it is.",
     .target = "place"},
    {"name", FIELD_LINE, .help = "As printed."},
    {"side", FIELD_COUNTRY, .help = "Side (ISO 3166-1 alpha-2)."},
    {"role", FIELD_ENUM, .help = "Part played.", .values = ROLES},
    {"attendance", FIELD_ENUM, .help = "Whether they were there, as far as the sources say.",
     .values = ATTENDANCES},
    {"post_id", FIELD_REFERENCE, .help = "In which capacity that day.", .target = "post"},
    {"post_label", FIELD_LINE, .help = "The capacity as printed."},
    {"on_behalf_of_id", FIELD_REFERENCE, .help = "The body they stood in for.",
     .target = "organization"},
    {0},
};

static const struct part PARTICIPANTS = {
    .table = "participant",
    .owner = "meeting_id",
    .fields = PARTICIPANT_FIELDS,
};

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "In own words.", .flags = FIELD_REQUIRED},
    {"classification", FIELD_ENUM, .help = "What sort of meeting it is.",
     .values = CLASSIFICATIONS},
    {"status", FIELD_ENUM, .help = "Whether it is planned, held or called off.",
     .values = STATUSES},
    {"start_date", FIELD_DATE, .help = "Its first day."},
    {"end_date", FIELD_DATE, .help = "Its last day; null where it is one day."},
    {"place_id", FIELD_REFERENCE, .help = "Where it is held.", .target = "place"},
    {"parent_id", FIELD_REFERENCE, .help = "The visit it belongs to.", .target = "meeting"},
    {"mechanism_id", FIELD_REFERENCE,
     .help = "The mechanism whose session it is: an agreement of that classification.",
     .target = "agreement", .kind = "mechanism"},
    {"session_number", FIELD_INTEGER, .help = "Its number in the mechanism."},
    {"description", FIELD_PROSE, .help = "What happened, in own words."},
    {"topic_ids", FIELD_REFERENCES, .help = "What it was about.", .target = "topic"},
    {"participants", FIELD_PART, .help = "Who took part.", .part = &PARTICIPANTS},
    {0},
};

static const struct set DEALT_WITH[] = {
    {"meeting", "id", "mechanism_id = $", "mechanism_id = $"},
    {"statement", "meeting_id", "agreement_id = $", NULL},
    {"status_change", "meeting_id", "agreement_id = $", NULL},
    {0},
};

static const struct relation RELATIONS[] = {
    {"official", "official", .help = "Names this official among its participants.",
     .sets = RESOURCE_SET("participant", "meeting_id", "official_id = $", NULL)},
    {"organization", "organization", .help = "Names this body among its participants.",
     .sets = REFERRING("meeting", "organization")},
    {"place", "place", .help = "Was held in this place or one inside it, or with its delegation.",
     .sets = REFERRING_TO_PLACES_INSIDE("meeting")},
    {"post", "post", .help = "Has a participant in this capacity.",
     .sets = REFERRING("meeting", "post")},
    {"topic", "topic", .help = "Was about this topic.", .sets = REFERRING("meeting", "topic")},
    {"mechanism", "agreement", .where = "mechanism_id = $",
     .help = "Is a session of this mechanism."},
    {"agreement", "agreement", .help = "Is a session of this agreement, or dealt with it.",
     .sets = DEALT_WITH},
    {"meeting", "meeting", .where = "parent_id = $", .help = "Belongs to this visit."},
    {"side", NULL, .help = "Has a participant of this side.",
     .sets = RESOURCE_SET("participant", "meeting_id", "side = $", NULL)},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("meeting", "source")},
    {0},
};

static const struct format_word ICS_STATUSES[] = {
    {"proposed", "TENTATIVE"},
    {"tentative", "TENTATIVE"},
    {"confirmed", "CONFIRMED"},
    {"held", "CONFIRMED"},
    {"postponed", "TENTATIVE"},
    {"cancelled", "CANCELLED"},
    {0},
};

static const struct ics_list ICS_LISTS[] = {
    {"Participants:",
     "participants",
     {"name", "official_id", "organization_id", "place_id"},
     {"post_label", "role", "attendance"}},
    {"Sources:", "source_ids", {"title"}, {"publisher", "published_on", "url"}},
    {0},
};

static const struct ics_map ICS = {
    .start = "start_date",
    .end = "end_date",
    .summary = "name",
    .description = "description",
    .location = "place_id",
    .latitude = "latitude",
    .longitude = "longitude",
    .categories = "topic_ids",
    .parent = "parent_id",
    .status = "status",
    .statuses = ICS_STATUSES,
    .lists = ICS_LISTS,
};

static const struct atom_map ATOM = {
    .title = "name",
    .when = {"start_date", "end_date", "place_id"},
    .summary = "description",
    .categories = "topic_ids",
};

/* schema.org has no word for what is only proposed. */
static const struct format_word JSONLD_STATUSES[] = {
    {"confirmed", "https://schema.org/EventScheduled"},
    {"held", "https://schema.org/EventScheduled"},
    {"postponed", "https://schema.org/EventPostponed"},
    {"cancelled", "https://schema.org/EventCancelled"},
    {0},
};

static const struct format_word JSONLD_TYPES[] = {{"exhibition", "ExhibitionEvent"}, {0}};

static const struct jsonld_row JSONLD_PARTICIPANT[] = {
    {"name", JSONLD_VALUE, .of = {"name"}},
    {"roleName", JSONLD_VALUE, .of = {"role"}},
    {"description", JSONLD_VALUE, .of = {"post_label"}},
    {"opengov:post", JSONLD_LINK, .of = {"post_id"}},
    {"opengov:onBehalfOf", JSONLD_LINK, .of = {"on_behalf_of_id"}},
    {"attendee", JSONLD_LINK, .of = {"official_id", "organization_id", "place_id"}},
    {0},
};

static const struct jsonld_row JSONLD_HOST[] = {
    {"organizer", JSONLD_LINK, .of = {"organization_id", "official_id"}},
    {0},
};

static const struct jsonld_row JSONLD_ROWS[] = {
    {"name", JSONLD_VALUE, .of = {"name"}},
    {"description", JSONLD_VALUE, .of = {"description"}},
    {"eventStatus", JSONLD_WORD, .of = {"status"}, .words = JSONLD_STATUSES},
    {"startDate", JSONLD_DATE, .of = {"start_date"}},
    {"endDate", JSONLD_DATE, .of = {"end_date"}},
    {"location", JSONLD_LINK, .of = {"place_id"}},
    {"superEvent", JSONLD_LINK, .of = {"parent_id"}},
    {"dcterms:isPartOf", JSONLD_LINK, .of = {"mechanism_id"}},
    {"about", JSONLD_LINK, .of = {"topic_ids"}},
    {"organizer", JSONLD_NODES, .of = {"participants"}, .type = "Role", .rows = JSONLD_HOST,
     .only = {"role", "host"}},
    /* Who was there; those who were invited, absent or stood in for are not. */
    {"attendee", JSONLD_NODES, .of = {"participants"}, .type = "Role", .rows = JSONLD_PARTICIPANT,
     .only = {"attendance", "present"}},
    {0},
};

static const struct jsonld_map JSONLD = {
    .type = "Event",
    .type_member = "classification",
    .types = JSONLD_TYPES,
    .rows = JSONLD_ROWS,
};

static const struct format_use FORMATS[] = {
    {&FORMAT_ICS, .map = &ICS},
    {&FORMAT_ATOM, .map = &ATOM, .sort = "-updated_at"},
    {&FORMAT_JSONLD, .map = &JSONLD},
    {0},
};

#define MEETINGS(order)                                                                            \
    {                                                                                              \
        .type = "meeting", .collection = "meetings", .table = "meeting", .label = "name",          \
        .sort = order, .fields = FIELDS, .relations = RELATIONS, .key = "id", .formats = FORMATS,  \
        .help = "Talks, receptions, visits, sessions and other occasions, held or planned.",       \
        .at =                                                                                      \
            "start_date_earliest <= $\n"                                                           \
            "    AND COALESCE(end_date_latest, start_date_latest) >= $",                           \
    }

const struct resource MEETING = MEETINGS("-start_date");

/* A mechanism's sessions are meetings too, but are read in the order in which they were held. */
const struct resource SESSION = MEETINGS("start_date");
