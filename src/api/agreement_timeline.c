#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"

static const char *const KINDS[] = {"statement", "status", NULL};

static const struct field FIELDS[] = {
    {"date", FIELD_DATE, .help = "When it was said or done."},
    {"kind", FIELD_ENUM, .help = "What the row is.", .values = KINDS},
    {"statement_id", FIELD_REFERENCE, .help = "The statement; null for a change of status.",
     .target = "statement"},
    {"meeting_id", FIELD_REFERENCE, .help = "At which meeting.", .target = "meeting"},
    {"official_id", FIELD_REFERENCE, .help = "Who.", .target = "official"},
    {"organization_id", FIELD_REFERENCE, .help = "Or which body.", .target = "organization"},
    {"side", FIELD_SIDE, .help = "Whose it is."},
    {"act", FIELD_LINE, .help = "What was done by saying it."},
    {"text", FIELD_PROSE, .help = "What was said, or a note on the change."},
    {"status", FIELD_ENUM, .help = "The status reached; null for a statement.",
     .values = AGREEMENT_STATUSES},
    {"source_ids", FIELD_JSON, .help = "Who says so.", .target = "source"},
    {0},
};

const struct resource AGREEMENT_TIMELINE = {
    .type = "agreement_event",
    RESOURCE_VIEW("agreement_timeline", "key"),
    .label = "text",
    .sort = "date",
    .help = "Everything said and done about an agreement, oldest first.",
    .fields = FIELDS,
};
