#include "bilateral/api/registry.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {
    "party",           "party_committee",
    "government",      "ministry",
    "legislature",     "mission",
    "joint_committee", "provincial_authority",
    "company",         "international_organization",
    "other",           NULL,
};

static const struct field FIELDS[] = {
    {.name = "name", .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = "In English."},
    {.name = "other_names", .type = FIELD_PART, .part = &NAMES_PART, .help = "Other names."},
    {.name = "classification",
     .type = FIELD_ENUM,
     .values = CLASSIFICATIONS,
     .help = "What sort of body it is."},
    {.name = "country", .type = FIELD_COUNTRY, .help = "Country (ISO 3166-1 alpha-2)."},
    {.name = "parent_id",
     .type = FIELD_REFERENCE,
     .target = "organization",
     .help = "The body it is part of."},
    {.name = "place_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "Its territory or seat."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"organization", "organization", "parent_id = $", "Is directly part of this body."},
    {"place", "place", "place_id IN " PLACES_INSIDE, "Belongs to this place or one inside it."},
    {"source", "source", REFERRING("organization", "source"), "Cites this source."},
    {0},
};

const struct resource ORGANIZATION = {
    .type = "organization",
    .collection = "organizations",
    .table = "organization",
    .label = "name",
    .sort = "name",
    .help = "Parties, governments, ministries, committees and companies.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
};
