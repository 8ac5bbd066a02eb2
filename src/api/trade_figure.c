#include "bilateral/api/registry.h"

static const char *const INDICATORS[] = {
    "trade_turnover", "export_value", "import_value", "export_share",
    "transit_share",  "growth_rate",  "partner_rank", "partner_rank_years",
    "border_length",  "other",        NULL,
};

static const char *const FLOWS[] = {"export", "import", "total", NULL};

static const char *const FREQUENCIES[] = {"A", "S", "Q", "M", "D", NULL};

static const char *const QUALIFIERS[] = {
    "exact", "about", "more_than", "at_least", "less_than", "up_to", "between", NULL,
};

static const char *const TRANSFORMATIONS[] = {
    "level", "growth_rate", "share", "rank", "cumulative", NULL,
};

/* SDMX CL_OBS_STATUS, version 2.2. */
static const char *const OBS_STATUSES[] = {
    "A", "B", "D", "E", "F", "G", "H", "I", "J", "K",  "L",
    "M", "N", "O", "P", "Q", "S", "U", "V", "W", NULL,
};

static const struct field FIELDS[] = {
    {.name = "indicator",
     .type = FIELD_ENUM,
     .flags = FIELD_REQUIRED,
     .values = INDICATORS,
     .help = "What is measured."},
    {.name = "ref_area_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "Whose figure it is."},
    {.name = "counterpart_area_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "With whom."},
    {.name = "via_area_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "Through which area it passes."},
    {.name = "trade_flow",
     .type = FIELD_ENUM,
     .values = FLOWS,
     .help = "Direction, seen from ref_area."},
    {.name = "commodity_id",
     .type = FIELD_REFERENCE,
     .target = "topic",
     .help = "Of which commodity; null is all."},
    {.name = "commodity_code", .type = FIELD_LINE, .help = "Its code in the Harmonized System."},
    {.name = "time_period", .type = FIELD_PERIOD, .help = "When: SDMX time period."},
    {.name = "time_period_text",
     .type = FIELD_LINE,
     .help = "When, in words, where no period is known."},
    {.name = "freq", .type = FIELD_ENUM, .values = FREQUENCIES, .help = "SDMX CL_FREQ."},
    {.name = "value",
     .type = FIELD_DECIMAL,
     .help = "In unit_measure, times 10 to the power of unit_mult; null for a range."},
    {.name = "value_low", .type = FIELD_DECIMAL, .help = "Lower end of a range."},
    {.name = "value_high", .type = FIELD_DECIMAL, .help = "Upper end of a range."},
    {.name = "qualifier",
     .type = FIELD_ENUM,
     .values = QUALIFIERS,
     .help = "The hedge that belongs to the figure."},
    {.name = "value_text", .type = FIELD_LINE, .help = "The figure as printed."},
    {.name = "unit_measure", .type = FIELD_LINE, .help = "Unit: USD, PERCENT, YEARS, KM, …"},
    {.name = "unit_mult", .type = FIELD_INTEGER, .help = "Power of ten of the value."},
    {.name = "currency", .type = FIELD_CURRENCY, .help = "Currency (ISO 4217)."},
    {.name = "transformation",
     .type = FIELD_ENUM,
     .values = TRANSFORMATIONS,
     .help = "What the value is: a level, a rate, a share, a rank, a sum."},
    {.name = "base_period",
     .type = FIELD_LINE,
     .help = "What a rate or share is measured against."},
    {.name = "obs_status",
     .type = FIELD_ENUM,
     .values = OBS_STATUSES,
     .help = "SDMX CL_OBS_STATUS."},
    {.name = "obs_comment", .type = FIELD_PROSE, .help = "What a reader should know."},
    {.name = "topic_ids", .type = FIELD_REFERENCES, .target = "topic", .help = "What it is about."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"place", "place", REFERRING_TO_PLACES_INSIDE("trade_figure"),
     "Is about, with or through this place or one inside it."},
    {"topic", "topic", REFERRING("trade_figure", "topic"), "Is about this topic or commodity."},
    {"source", "source", REFERRING("trade_figure", "source"), "Cites this source."},
    {0},
};

static bool is_given(const json_t *record, const char *name)
{
    const json_t *value = json_object_get(record, name);
    return value && !json_is_null(value);
}

static void check(const json_t *record, struct error *error)
{
    bool low = is_given(record, "value_low"), high = is_given(record, "value_high");
    if (low != high)
        error_add(error, ERROR_INVALID, FAULT_POINTER, low ? "/value_high" : "/value_low",
                  "A range has both a low and a high end.");
    if ((low || high) && is_given(record, "value"))
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/value",
                  "A range has no single value; leave it out.");
    if (low && high &&
        json_number_value(json_object_get(record, "value_low")) >
            json_number_value(json_object_get(record, "value_high")))
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/value_high",
                  "The high end lies below the low end.");
}

const struct resource TRADE_FIGURE = {
    .type = "trade_figure",
    .collection = "trade-figures",
    .table = "trade_figure",
    .label = "value_text",
    .sort = "indicator,time_period",
    .help = "Figures of trade and of what goes with it, each with its hedge, unit and base.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
    .check = check,
};
