#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"

static const char *const KINDS[] = {"statement", "status", NULL};

static const struct field FIELDS[] = {
    {.name = "date", .type = FIELD_DATE, .help = "When it was said or done."},
    {.name = "kind", .type = FIELD_ENUM, .values = KINDS, .help = "What the row is."},
    {.name = "statement_id",
     .type = FIELD_REFERENCE,
     .target = "statement",
     .help = "The statement; null for a change of status."},
    {.name = "meeting_id",
     .type = FIELD_REFERENCE,
     .target = "meeting",
     .help = "At which meeting."},
    {.name = "official_id", .type = FIELD_REFERENCE, .target = "official", .help = "Who."},
    {.name = "side", .type = FIELD_SIDE, .help = "Whose it is."},
    {.name = "act", .type = FIELD_LINE, .help = "What was done by saying it."},
    {.name = "text", .type = FIELD_PROSE, .help = "What was said, or a note on the change."},
    {.name = "status",
     .type = FIELD_ENUM,
     .values = AGREEMENT_STATUSES,
     .help = "The status reached; null for a statement."},
    {.name = "source_ids", .type = FIELD_JSON, .help = "Who says so."},
    {0},
};

const struct resource AGREEMENT_TIMELINE = {
    .type = "agreement_event",
    .table = "agreement_timeline",
    .label = "text",
    .sort = "date",
    .help = "Everything said and done about an agreement, oldest first.",
    .fields = FIELDS,
    .key = "key",
    .view = true,
};
