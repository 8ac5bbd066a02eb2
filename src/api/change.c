#include "bilateral/api/collection.h"
#include "bilateral/format/atom.h"

static const char *const ACTIONS[] = {"created", "updated", "deleted", "merged", NULL};

static const char *const TYPES[] = {"source",    "topic",        "place",   "organization",
                                    "post",      "official",     "meeting", "agreement",
                                    "statement", "trade_figure", NULL};

static const struct field REVISION_FIELDS[] = {
    {"revision", FIELD_INTEGER, .help = "Which revision of the record it made.",
     .flags = FIELD_REQUIRED},
    {"at", FIELD_TIMESTAMP, .help = "When.", .flags = FIELD_REQUIRED},
    {"by", FIELD_LINE,
     .help = "Who: the name of a token, `seed` and the data set's id, or `import`.",
     .flags = FIELD_REQUIRED},
    {"action", FIELD_ENUM, .help = "What was done.", .values = ACTIONS, .flags = FIELD_REQUIRED},
    {"diff", FIELD_JSON,
     .help = "What it changed, as a JSON Patch (RFC 6902) from the record before it to the record "
             "behind it; where there is no record, it is null."},
    {0},
};

/* Of one record, newest first; an address narrows them to it. */
const struct resource REVISION = {
    .type = "revision",
    RESOURCE_VIEW("record_revision", "revision"),
    .label = "action",
    .sort = "-revision",
    .help = "Every state of a record: who made it, when, and what changed.",
    .fields = REVISION_FIELDS,
};

static const struct field CHANGE_FIELDS[] = {
    {"revision", FIELD_INTEGER, .help = "The revision of the store that it was part of.",
     .flags = FIELD_REQUIRED},
    {"at", FIELD_TIMESTAMP, .help = "When.", .flags = FIELD_REQUIRED},
    {"action", FIELD_ENUM, .help = "What was done.", .values = ACTIONS, .flags = FIELD_REQUIRED},
    {"type", FIELD_ENUM, .help = "The record's type.", .values = TYPES, .flags = FIELD_REQUIRED},
    {"id", FIELD_SLUG, .help = "The record's id.", .flags = FIELD_REQUIRED},
    {"by", FIELD_LINE,
     .help = "Who: the name of a token, `seed` and the data set's id, or `import`.",
     .flags = FIELD_REQUIRED},
    {"number", FIELD_INTEGER, .help = "Commit order.", .flags = FIELD_REQUIRED | FIELD_HIDDEN},
    {0},
};

static const struct atom_map ATOM = {.at = "at", .when = {"action", "type"}, .summary = "by"};

static const struct format_use FORMATS[] = {
    {&FORMAT_ATOM, .map = &ATOM, .sort = "-number"},
    {0},
};

/* Numbers rise with revisions and times: both are a place in their order, found from its end. */
const struct resource CHANGE = {
    .type = "change",
    RESOURCE_VIEW("record_change", "number"),
    .label = "id",
    .sort = "number",
    .help = "What was created, updated, deleted or merged, in the order in which it was committed.",
    .fields = CHANGE_FIELDS,
    .formats = FORMATS,
    .since =
        "number > COALESCE((\n"
        "    SELECT change.number\n"
        "    FROM change\n"
        "    WHERE change.committed <= CAST($ AS INTEGER)\n"
        "    ORDER BY change.committed DESC, change.number DESC\n"
        "    LIMIT 1\n"
        "), 0)",
    .since_time =
        "number > COALESCE((\n"
        "    SELECT change.number\n"
        "    FROM change\n"
        "    WHERE change.at < $\n"
        "    ORDER BY change.number DESC\n"
        "    LIMIT 1\n"
        "), 0)",
};
