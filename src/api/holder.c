#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"

static const char *const HELD[] = {"attested", "inferred", "unknown", NULL};

static const struct field ATTESTED_FIELDS[] = {
    {"date", FIELD_DATE, .help = "The day.", .flags = FIELD_REQUIRED},
    {"source_id", FIELD_REFERENCE, .help = "Which source states it.", .target = "source"},
    {0},
};

static const struct part ATTESTED = {.fields = ATTESTED_FIELDS};

static const struct field FIELDS[] = {
    {"official_id", FIELD_REFERENCE, .help = "Who.", .target = "official"},
    {"label", FIELD_LINE, .help = "The post as printed."},
    {"start_date", FIELD_DATE, .help = "When it began; null is not known."},
    {"end_date", FIELD_DATE, .help = "When it ended; null is not known."},
    {"held", FIELD_ENUM, .values = HELD,
     .help = "attested: a source states it; inferred: it lies between known days; unknown."},
    {"attested", FIELD_JSON, .help = "The days on which sources state it.", .part = &ATTESTED},
    {"known_from", FIELD_LINE, .help = "The first day that is known.", .flags = FIELD_HIDDEN},
    {0},
};

/* One row for each tenure that is known. */
const struct resource HOLDER = {
    .type = "holder",
    RESOURCE_VIEW("holder", "key"),
    .label = "label",
    .sort = "known_from,official_id",
    .help = "Who held a post, as far as sources say.",
    .fields = FIELDS,
};

/*
 * One row for each attested day and each span between known days: with `at`, whoever a source
 * states in the post that day, or who may be inferred. Nobody known is an empty list, not a guess.
 */
const struct resource HOLDER_ON_DAY = {
    .type = "holder",
    RESOURCE_VIEW("holder_on_day", "key"),
    .label = "label",
    .sort = "official_id",
    .help = "Who held a post on a day.",
    .fields = FIELDS,
    .at =
        "$ BETWEEN first_day AND last_day\n"
        "    AND (held = 'attested' OR NOT EXISTS (\n"
        "        SELECT 1\n"
        "        FROM attestation\n"
        "        WHERE attestation.official_id = holder_on_day.official_id\n"
        "            AND tenure_position = holder_on_day.position\n"
        "            AND date_earliest = $\n"
        "            AND date_latest = $\n"
        "    ))",
};

const struct under POST_HOLDERS = {
    .owner = &POST,
    .rows = &HOLDER,
    .rows_at = &HOLDER_ON_DAY,
    .help = "Who held the post; with `at`, only whoever is attested or may be inferred that day.",
    .by.where = "post_id = $",
};
