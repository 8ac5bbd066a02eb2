#include "bilateral/api/registry.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {
    "treaty",          "legal_document", "protocol",      "memorandum",
    "joint_statement", "partnership",    "mechanism",     "programme",
    "project",         "exchange_year",  "market_access", "assistance",
    "honour",          "initiative",     "other",         NULL,
};

const char *const AGREEMENT_STATUSES[] = {
    "proposed",  "negotiating", "agreed",     "signed",     "in_force", "implementation",
    "completed", "suspended",   "terminated", "superseded", "unknown",  NULL,
};

static const char *const RELATION_TYPES[] = {
    "amends", "supersedes", "implements", "based_on", "part_of", "follows", NULL,
};

static const struct field PARTY_FIELDS[] = {
    {.name = "place_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "A country or locality."},
    {.name = "organization_id",
     .type = FIELD_REFERENCE,
     .target = "organization",
     .help = "A body."},
    {.name = "side", .type = FIELD_COUNTRY, .help = "Side (ISO 3166-1 alpha-2)."},
    {0},
};

static const struct field RELATION_FIELDS[] = {
    {.name = "type",
     .type = FIELD_ENUM,
     .flags = FIELD_REQUIRED,
     .values = RELATION_TYPES,
     .help = "How this agreement relates to the other."},
    {.name = "agreement_id",
     .type = FIELD_REFERENCE,
     .flags = FIELD_REQUIRED,
     .target = "agreement",
     .help = "The other agreement."},
    {0},
};

static const struct field HISTORY_FIELDS[] = {
    {.name = "date", .type = FIELD_DATE, .help = "When the status was reached."},
    {.name = "status",
     .type = FIELD_ENUM,
     .flags = FIELD_REQUIRED,
     .values = AGREEMENT_STATUSES,
     .help = "The status."},
    {.name = "meeting_id",
     .type = FIELD_REFERENCE,
     .target = "meeting",
     .help = "The meeting at which it was reached or reported."},
    {.name = "source_id", .type = FIELD_REFERENCE, .target = "source", .help = "The source."},
    {.name = "note", .type = FIELD_PROSE, .help = "What a reader should know, in own words."},
    {0},
};

static const struct part PARTIES = {
    .table = "party",
    .owner = "agreement_id",
    .fields = PARTY_FIELDS,
};

static const struct part RELATED = {
    .table = "relation",
    .owner = "of_agreement_id",
    .fields = RELATION_FIELDS,
};

static const struct part HISTORY = {
    .table = "status_change",
    .owner = "agreement_id",
    .fields = HISTORY_FIELDS,
};

static const struct field FIELDS[] = {
    {.name = "name", .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = "Its name in English."},
    {.name = "other_names", .type = FIELD_PART, .part = &NAMES_PART, .help = "Other names."},
    {.name = "classification",
     .type = FIELD_ENUM,
     .values = CLASSIFICATIONS,
     .help = "What sort of agreement, mechanism or undertaking it is."},
    {.name = "status",
     .type = FIELD_ENUM,
     .values = AGREEMENT_STATUSES,
     .help = "How far it has come, as far as the sources say."},
    {.name = "status_date", .type = FIELD_DATE, .help = "Since when."},
    {.name = "start_date", .type = FIELD_DATE, .help = "When it took effect."},
    {.name = "end_date", .type = FIELD_DATE, .help = "When it ended."},
    {.name = "description", .type = FIELD_PROSE, .help = "What it is about, in own words."},
    {.name = "topic_ids", .type = FIELD_REFERENCES, .target = "topic", .help = "What it is about."},
    {.name = "place_ids",
     .type = FIELD_REFERENCES,
     .target = "place",
     .help = "The places it concerns."},
    {.name = "frequency",
     .type = FIELD_LINE,
     .help = "How often a mechanism meets, such as \"annual\"."},
    {.name = "amount", .type = FIELD_DECIMAL, .help = "Of assistance, in `currency`."},
    {.name = "currency", .type = FIELD_CURRENCY, .help = "Currency (ISO 4217)."},
    {.name = "parties", .type = FIELD_PART, .part = &PARTIES, .help = "Between whom."},
    {.name = "relations",
     .type = FIELD_PART,
     .part = &RELATED,
     .help = "How it hangs together with other agreements."},
    {.name = "status_history",
     .type = FIELD_PART,
     .part = &HISTORY,
     .help = "What became of it, step by step."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"place", "place", REFERRING_TO_PLACES_INSIDE("agreement"),
     "Concerns this place or one inside it, or has it as a party."},
    {"organization", "organization", REFERRING("agreement", "organization"),
     "Has this body as a party."},
    {"topic", "topic", REFERRING("agreement", "topic"), "Is about this topic."},
    {"agreement", "agreement", REFERRING("agreement", "agreement"),
     "Relates to this other agreement."},
    {"official", "official",
     "id IN (\n"
     "    SELECT agreement_id\n"
     "    FROM statement\n"
     "    WHERE official_id = $\n"
     ")",
     "Was spoken of by this official."},
    {"meeting", "meeting",
     "id IN (\n"
     "    SELECT agreement_id\n"
     "    FROM statement\n"
     "    WHERE meeting_id = $\n"
     "    UNION\n"
     "    SELECT agreement_id\n"
     "    FROM status_change\n"
     "    WHERE meeting_id = $\n"
     ")",
     "Was dealt with at this meeting."},
    {"side", NULL,
     "id IN (\n"
     "    SELECT agreement_id\n"
     "    FROM party\n"
     "    WHERE side = $\n"
     ")",
     "Has a party of this side."},
    {"source", "source", REFERRING("agreement", "source"), "Cites this source."},
    {0},
};

const struct resource AGREEMENT = {
    .type = "agreement",
    .collection = "agreements",
    .table = "agreement",
    .label = "name",
    .sort = "name",
    .help = "Treaties, mechanisms, projects, initiatives: whatever was proposed or agreed.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
    .at =
        "(coalesce(start_date_earliest, status_date_earliest) <= $\n"
        "    AND coalesce(end_date_latest, '9999-12-31') >= $)",
};
