#include "bilateral/api/registry.h"
#include "bilateral/format/jsonld.h"
#include "bilateral/resource/names.h"

static const char *const STATUSES[] = {"current", "ended", "unknown", NULL};

static const struct field ATTESTATION_FIELDS[] = {
    {"date", FIELD_DATE, .help = "A day on which a source states that the post was held.",
     .flags = FIELD_REQUIRED},
    {"source_id", FIELD_REFERENCE, .help = "The source.", .target = "source"},
    {0},
};

static const struct part ATTESTATIONS = {
    .table = "attestation",
    .owner = "official_id",
    .outer = "tenure_position",
    .fields = ATTESTATION_FIELDS,
};

static const struct field TENURE_FIELDS[] = {
    {"post_id", FIELD_REFERENCE, .help = "The post.", .target = "post", .flags = FIELD_REQUIRED},
    {"label", FIELD_LINE, .help = "As printed."},
    {"start_date", FIELD_DATE, .help = "When it began; null is not known."},
    {"end_date", FIELD_DATE, .help = "When it ended; null is not known."},
    {"status", FIELD_ENUM, .help = "Whether it goes on, as far as the sources say.",
     .values = STATUSES},
    {"attested", FIELD_PART, .help = "The days on which sources state it.", .part = &ATTESTATIONS},
    {0},
};

static const struct part TENURES = {
    .table = "tenure",
    .owner = "official_id",
    .fields = TENURE_FIELDS,
};

static const struct field FIELDS[] = {
    {"name", FIELD_LINE,
     .help = "With full diacritics (Vietnamese) or in pinyin (Chinese), in the person's order.",
     .flags = FIELD_REQUIRED},
    {"sort_name", FIELD_LINE, .help = "What lists are sorted by."},
    {"other_names", FIELD_PART, .help = "Other spellings.", .part = &NAMES_PART},
    {"country", FIELD_COUNTRY, .help = "Country (ISO 3166-1 alpha-2)."},
    {"honorific_prefix", FIELD_LINE, .help = "As used officially."},
    {"birth_date", FIELD_DATE, .help = "When they were born."},
    {"death_date", FIELD_DATE, .help = "When they died."},
    {"tenures", FIELD_PART, .help = "The posts they held.", .part = &TENURES},
    {0},
};

#define POSTS_HELD "tenure JOIN post ON post.id = tenure.post_id"

static const struct relation RELATIONS[] = {
    {"organization", "organization", .help = "Held a post of this body.",
     .sets = RESOURCE_SET(POSTS_HELD, "official_id", "post.organization_id = $", NULL)},
    {"place", "place", .help = "Held a post for this place or one inside it.",
     .sets = RESOURCE_SET(POSTS_HELD, "official_id", "post.place_id IN " PLACES_INSIDE,
                          "EXISTS (\n"
                          "    SELECT 1\n"
                          "    FROM " POSTS_HELD "\n"
                          "    WHERE official_id = official.id AND +post.place_id IN " PLACES_INSIDE
                          "\n"
                          ")")},
    {"post", "post", .help = "Held this post at some time.",
     .sets = RESOURCE_SET("tenure", "official_id", "post_id = $", NULL)},
    {"meeting", "meeting", .help = "Is named among the participants of this meeting.",
     .sets = RESOURCE_SET("participant", "official_id", "meeting_id = $", NULL)},
    {"agreement", "agreement", .help = "Made a statement about this agreement.",
     .sets = RESOURCE_SET("statement", "official_id", "agreement_id = $", NULL)},
    {"topic", "topic", .help = "Made a statement about this topic.",
     .sets = RESOURCE_SET("reference JOIN statement ON statement.id = from_id", "official_id",
                          "to_type = 'topic' AND to_id = $ AND from_type = 'statement'", NULL)},
    {"side", NULL, .where = "country = $", .help = "Belongs to this side."},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("official", "source")},
    {0},
};

static const struct jsonld_row JSONLD_COUNTRY[] = {
    {"identifier", JSONLD_VALUE, .of = {"country"}},
    {0},
};

/* Popolo's membership, which W3C's vocabulary of organizations has too. */
static const struct jsonld_row JSONLD_MEMBERSHIP[] = {
    {"skos:prefLabel", JSONLD_VALUE, .of = {"label"}},
    {"opengov:post", JSONLD_LINK, .of = {"post_id"}},
    {"validFrom", JSONLD_DATE, .of = {"start_date"}},
    {"validThrough", JSONLD_DATE, .of = {"end_date"}},
    {0},
};

static const struct jsonld_row JSONLD_OCCUPATION[] = {
    {"name", JSONLD_VALUE, .of = {"label"}},
    {0},
};

/* schema.org's way to say when something was so: a Role that has the property again. */
static const struct jsonld_row JSONLD_ROLE[] = {
    {"hasOccupation", JSONLD_GROUP, .type = "Occupation", .rows = JSONLD_OCCUPATION},
    {"startDate", JSONLD_DATE, .of = {"start_date"}},
    {"endDate", JSONLD_DATE, .of = {"end_date"}},
    {0},
};

static const struct jsonld_row JSONLD_ROWS[] = {
    {"name", JSONLD_VALUE, .of = {"name"}},
    {"contact:sortName", JSONLD_VALUE, .of = {"sort_name"}},
    {"alternateName", JSONLD_NAMES, .of = {"other_names"}},
    {"honorificPrefix", JSONLD_VALUE, .of = {"honorific_prefix"}},
    {"nationality", JSONLD_GROUP, .type = "Country", .rows = JSONLD_COUNTRY},
    {"birthDate", JSONLD_DATE, .of = {"birth_date"}},
    {"deathDate", JSONLD_DATE, .of = {"death_date"}},
    {"hasOccupation", JSONLD_NODES, .of = {"tenures"}, .type = "Role", .rows = JSONLD_ROLE},
    {"org:hasMembership", JSONLD_NODES, .of = {"tenures"}, .type = "org:Membership",
     .rows = JSONLD_MEMBERSHIP},
    {0},
};

static const struct jsonld_map JSONLD = {.type = "Person", .rows = JSONLD_ROWS};

static const struct format_use FORMATS[] = {{&FORMAT_JSONLD, .map = &JSONLD}, {0}};

const struct resource OFFICIAL = {
    RESOURCE_RECORDS("official", "officials"),
    .label = "name",
    .sort = "name",
    .help = "People who held posts or took part in dealings.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .formats = FORMATS,
    .at =
        "id IN (\n"
        "    SELECT official_id\n"
        "    FROM held_span\n"
        "    WHERE $ BETWEEN first_day AND last_day\n"
        ")",
};
