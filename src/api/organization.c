#include "bilateral/api/registry.h"
#include "bilateral/format/jsonld.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {"party",           "party_committee",
                                              "government",      "ministry",
                                              "legislature",     "mission",
                                              "joint_committee", "provincial_authority",
                                              "company",         "international_organization",
                                              "other",           NULL};

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "In English.", .flags = FIELD_REQUIRED},
    {"other_names", FIELD_PART, .help = "Other names.", .part = &NAMES_PART},
    {"classification", FIELD_ENUM, .help = "What sort of body it is.", .values = CLASSIFICATIONS},
    {"country", FIELD_COUNTRY, .help = "Country (ISO 3166-1 alpha-2)."},
    {"parent_id", FIELD_REFERENCE, .help = "The body it is part of.", .target = "organization"},
    {"place_id", FIELD_REFERENCE, .help = "Its territory or seat.", .target = "place"},
    {0},
};

static const struct relation RELATIONS[] = {
    {"organization", "organization", .where = "parent_id = $",
     .help = "Is directly part of this body."},
    {"place", "place", .where = "place_id IN " PLACES_INSIDE,
     .help = "Belongs to this place or one inside it."},
    {"meeting", "meeting", .help = "Took part in this meeting.",
     .sets = REFERRED("organization", "meeting")},
    {"agreement", "agreement", .help = "Is a party to it.",
     .sets = REFERRED("organization", "agreement")},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("organization", "source")},
    {0},
};

static const struct format_word JSONLD_TYPES[] = {
    {"party", "PoliticalParty"},
    {"government", "GovernmentOrganization"},
    {"ministry", "GovernmentOrganization"},
    {"legislature", "GovernmentOrganization"},
    {"mission", "GovernmentOrganization"},
    {"provincial_authority", "GovernmentOrganization"},
    {"company", "Corporation"},
    {0},
};

static const struct jsonld_row JSONLD_ROWS[] = {
    {"name", JSONLD_VALUE, .of = {"name"}},
    {"alternateName", JSONLD_NAMES, .of = {"other_names"}},
    {"parentOrganization", JSONLD_LINK, .of = {"parent_id"}},
    {"location", JSONLD_LINK, .of = {"place_id"}},
    {"address", JSONLD_GROUP, .type = "PostalAddress", .rows = JSONLD_ADDRESS},
    {0},
};

static const struct jsonld_map JSONLD = {
    .type = "Organization",
    .type_member = "classification",
    .types = JSONLD_TYPES,
    .rows = JSONLD_ROWS,
};

static const struct format_use FORMATS[] = {{&FORMAT_JSONLD, .map = &JSONLD}, {0}};

const struct resource ORGANIZATION = {
    RESOURCE_RECORDS("organization", "organizations"),
    .label = "name",
    .sort = "name",
    .help = "Parties, governments, ministries, committees and companies.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .formats = FORMATS,
};
