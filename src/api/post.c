#include "bilateral/api/registry.h"

static const char *const ROLES[] = {"head_of_party",
                                    "head_of_government",
                                    "deputy_head_of_government",
                                    "minister",
                                    "deputy_minister",
                                    "party_secretary",
                                    "deputy_party_secretary",
                                    "governor",
                                    "deputy_governor",
                                    "legislature_chair",
                                    "committee_member",
                                    "consul_general",
                                    "other",
                                    NULL};

static const struct field FIELDS[] = {
    {"label", FIELD_LINE, .help = "In English.", .flags = FIELD_REQUIRED},
    {"other_labels", FIELD_LINES, .help = "Other ways to name it."},
    {"role", FIELD_ENUM,
     .help = "What sort of post it is; governor is the chairman of a region's government.",
     .values = ROLES},
    {"organization_id", FIELD_REFERENCE, .help = "The body it belongs to.",
     .target = "organization"},
    {"place_id", FIELD_REFERENCE, .help = "The territory it is for.", .target = "place"},
    {0},
};

static const struct relation RELATIONS[] = {
    {"organization", "organization", .where = "organization_id = $",
     .help = "Belongs to this body."},
    {"place", "place", .where = "place_id IN " PLACES_INSIDE,
     .help = "Is for this place or one inside it."},
    {"official", "official", .help = "Was held by this official at some time.",
     .sets = RESOURCE_SET("tenure", "post_id", "official_id = $", NULL)},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("post", "source")},
    {0},
};

const struct resource POST = {
    RESOURCE_RECORDS("post", "posts"),
    .label = "label",
    .sort = "label",
    .help = "Offices that people hold, whoever holds them.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .at =
        "id IN (\n"
        "    SELECT post_id\n"
        "    FROM held_span\n"
        "    WHERE $ BETWEEN first_day AND last_day\n"
        ")",
};
