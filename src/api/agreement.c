#include "bilateral/api/registry.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {
    "treaty",          "legal_document", "protocol",      "memorandum",
    "joint_statement", "partnership",    "mechanism",     "programme",
    "project",         "exchange_year",  "market_access", "assistance",
    "honour",          "initiative",     "other",         NULL};

const char *const AGREEMENT_STATUSES[] = {"proposed",   "negotiating",    "agreed",    "signed",
                                          "in_force",   "implementation", "completed", "suspended",
                                          "terminated", "superseded",     "unknown",   NULL};

static const char *const RELATION_TYPES[] = {"amends",  "supersedes", "implements", "based_on",
                                             "part_of", "follows",    NULL};

static const struct field PARTY_FIELDS[] = {
    {"place_id", FIELD_REFERENCE, .help = "A country or locality.", .target = "place"},
    {"organization_id", FIELD_REFERENCE, .help = "A body.", .target = "organization"},
    {"side", FIELD_COUNTRY, .help = "Side (ISO 3166-1 alpha-2)."},
    {0},
};

static const struct field RELATION_FIELDS[] = {
    {"type", FIELD_ENUM, .help = "How this agreement relates to the other.",
     .values = RELATION_TYPES, .flags = FIELD_REQUIRED},
    {"agreement_id", FIELD_REFERENCE, .help = "The other agreement.", .target = "agreement",
     .flags = FIELD_REQUIRED},
    {0},
};

static const struct field HISTORY_FIELDS[] = {
    {"date", FIELD_DATE, .help = "When the status was reached."},
    {"status", FIELD_ENUM, .help = "The status.", .values = AGREEMENT_STATUSES,
     .flags = FIELD_REQUIRED},
    {"meeting_id", FIELD_REFERENCE, .help = "The meeting at which it was reached or reported.",
     .target = "meeting"},
    {"source_id", FIELD_REFERENCE, .help = "The source.", .target = "source"},
    {"note", FIELD_PROSE, .help = "What a reader should know, in own words."},
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
    {"name", FIELD_LINE, .help = "Its name in English.", .flags = FIELD_REQUIRED},
    {"other_names", FIELD_PART, .help = "Other names.", .part = &NAMES_PART},
    {"classification", FIELD_ENUM,
     .help = "What sort of agreement, mechanism or undertaking it is.", .values = CLASSIFICATIONS},
    {"status", FIELD_ENUM, .help = "How far it has come, as far as the sources say.",
     .values = AGREEMENT_STATUSES},
    {"status_date", FIELD_DATE, .help = "Since when."},
    {"start_date", FIELD_DATE, .help = "When it took effect."},
    {"end_date", FIELD_DATE, .help = "When it ended."},
    {"description", FIELD_PROSE, .help = "What it is about, in own words."},
    {"topic_ids", FIELD_REFERENCES, .help = "What it is about.", .target = "topic"},
    {"place_ids", FIELD_REFERENCES, .help = "The places it concerns.", .target = "place"},
    {"frequency", FIELD_LINE, .help = "How often a mechanism meets, such as \"annual\"."},
    {"amount", FIELD_DECIMAL, .help = "Of assistance, in `currency`."},
    {"currency", FIELD_CURRENCY, .help = "Currency (ISO 4217)."},
    {"parties", FIELD_PART, .help = "Between whom.", .part = &PARTIES},
    {"relations", FIELD_PART, .help = "How it hangs together with other agreements.",
     .part = &RELATED},
    {"status_history", FIELD_PART, .help = "What became of it, step by step.", .part = &HISTORY},
    {0},
};

static const struct set DEALT_WITH_AT[] = {
    {"statement", "agreement_id", "meeting_id = $", NULL},
    {"status_change", "agreement_id", "meeting_id = $", NULL},
    {0},
};

static const struct relation RELATIONS[] = {
    {"place", "place", .help = "Concerns this place or one inside it, or has it as a party.",
     .sets = REFERRING_TO_PLACES_INSIDE("agreement")},
    {"organization", "organization", .help = "Has this body as a party.",
     .sets = REFERRING("agreement", "organization")},
    {"topic", "topic", .help = "Is about this topic.", .sets = REFERRING("agreement", "topic")},
    {"agreement", "agreement", .help = "Relates to this other agreement.",
     .sets = REFERRING("agreement", "agreement")},
    {"official", "official", .help = "Was spoken of by this official.",
     .sets = RESOURCE_SET("statement", "agreement_id", "official_id = $", NULL)},
    {"meeting", "meeting", .help = "Was dealt with at this meeting.", .sets = DEALT_WITH_AT},
    {"side", NULL, .help = "Has a party of this side.",
     .sets = RESOURCE_SET("party", "agreement_id", "side = $", NULL)},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("agreement", "source")},
    {0},
};

const struct resource AGREEMENT = {
    RESOURCE_RECORDS("agreement", "agreements"),
    .label = "name",
    .sort = "name",
    .help = "Treaties, mechanisms, projects, initiatives: whatever was proposed or agreed.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .at =
        "COALESCE(start_date_earliest, (\n"
        "        SELECT MIN(date_earliest)\n"
        "        FROM status_change\n"
        "        WHERE agreement_id = agreement.id\n"
        "    ), status_date_earliest) <= $\n"
        "    AND COALESCE(end_date_latest, '9999-12-31') >= $",
};
