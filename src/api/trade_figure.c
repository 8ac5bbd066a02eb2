#include "bilateral/api/registry.h"

#include <string.h>

static const char *const INDICATORS[] = {"trade_turnover",
                                         "export_value",
                                         "import_value",
                                         "export_share",
                                         "transit_share",
                                         "growth_rate",
                                         "partner_rank",
                                         "partner_rank_years",
                                         "border_length",
                                         "other",
                                         NULL};

static const char *const FLOWS[] = {"export", "import", "total", NULL};

static const char *const FREQUENCIES[] = {"A", "S", "Q", "M", "D", NULL};

static const char *const QUALIFIERS[] = {"exact",     "about", "more_than", "at_least",
                                         "less_than", "up_to", "between",   NULL};

static const char *const TRANSFORMATIONS[] = {"level", "growth_rate", "share",
                                              "rank",  "cumulative",  NULL};

/* SDMX CL_OBS_STATUS, version 2.2. */
static const char *const OBS_STATUSES[] = {"A", "B", "D", "E", "F", "G", "H", "I", "J", "K", "L",
                                           "M", "N", "O", "P", "Q", "S", "U", "V", "W", NULL};

static const struct field FIELDS[] = {
    {"indicator", FIELD_ENUM, .help = "What is measured.", .values = INDICATORS,
     .flags = FIELD_REQUIRED},
    {"ref_area_id", FIELD_REFERENCE, .help = "Whose figure it is.", .target = "place"},
    {"counterpart_area_id", FIELD_REFERENCE, .help = "With whom.", .target = "place"},
    {"via_area_id", FIELD_REFERENCE, .help = "Through which area it passes.", .target = "place"},
    {"trade_flow", FIELD_ENUM, .help = "Direction, seen from ref_area.", .values = FLOWS},
    {"commodity_id", FIELD_REFERENCE,
     .help = "Of which commodity, a topic of that classification; null is all.", .target = "topic",
     .kind = "commodity"},
    {"commodity_code", FIELD_LINE, .help = "Its code in the Harmonized System."},
    {"time_period", FIELD_PERIOD, .help = "When: SDMX time period."},
    {"time_period_text", FIELD_LINE, .help = "When, in words, where no period is known."},
    {"freq", FIELD_ENUM, .help = "SDMX CL_FREQ.", .values = FREQUENCIES},
    {"value", FIELD_DECIMAL,
     .help = "In unit_measure, times 10 to the power of unit_mult; null for a range."},
    {"value_low", FIELD_DECIMAL, .help = "Lower end of a range."},
    {"value_high", FIELD_DECIMAL, .help = "Upper end of a range."},
    {"qualifier", FIELD_ENUM, .help = "The hedge that belongs to the figure.",
     .values = QUALIFIERS},
    {"value_text", FIELD_LINE, .help = "The figure as printed."},
    {"unit_measure", FIELD_LINE, .help = "Unit: USD, PERCENT, YEARS, KM, …"},
    {"unit_mult", FIELD_INTEGER, .help = "Power of ten of the value."},
    {"currency", FIELD_CURRENCY, .help = "Currency (ISO 4217)."},
    {"transformation", FIELD_ENUM,
     .help = "What the value is: a level, a rate, a share, a rank, a sum.",
     .values = TRANSFORMATIONS},
    {"base_period", FIELD_LINE, .help = "What a rate or share is measured against."},
    {"obs_status", FIELD_ENUM, .help = "SDMX CL_OBS_STATUS.", .values = OBS_STATUSES},
    {"obs_comment", FIELD_PROSE, .help = "What a reader should know."},
    {"topic_ids", FIELD_REFERENCES, .help = "What it is about.", .target = "topic"},
    {0},
};

const struct relation TRADE_FIGURE_RELATIONS[] = {
    {"place", "place", .help = "Is about, with or through this place or one inside it.",
     .sets = REFERRING_TO_PLACES_INSIDE("trade_figure")},
    {"topic", "topic", .help = "Is about this topic or commodity.",
     .sets = REFERRING("trade_figure", "topic")},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("trade_figure", "source")},
    {0},
};

static bool is_given(const json_t *record, const char *name)
{
    const json_t *value = json_object_get(record, name);
    return value && !json_is_null(value);
}

static void check(const json_t *record, struct error *error)
{
    const char *id = json_string_value(json_object_get(record, "id"));
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
    if (id && strcmp(id, "series") == 0)
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/id",
                  "/v1/trade-figures/series is another address; write another id.");
}

const struct resource TRADE_FIGURE = {
    RESOURCE_RECORDS("trade_figure", "trade-figures"),
    .label = "value_text",
    .sort = "indicator,time_period",
    .help = "Figures of trade and of what goes with it, each with its hedge, unit and base.",
    .fields = FIELDS,
    .relations = TRADE_FIGURE_RELATIONS,
    .check = check,
};
