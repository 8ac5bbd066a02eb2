#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"

static const struct field FIELDS[] = {
    {"series", FIELD_LINE,
     .help = "The series: indicator, areas, commodity and route, joined by dots."},
    {"indicator", FIELD_LINE, .help = "What is measured."},
    {"ref_area_id", FIELD_REFERENCE, .help = "Whose figure.", .target = "place"},
    {"counterpart_area_id", FIELD_REFERENCE, .help = "With whom.", .target = "place"},
    {"commodity_id", FIELD_REFERENCE, .help = "Of what.", .target = "topic"},
    {"time_period", FIELD_PERIOD, .help = "When: SDMX time period."},
    {"value", FIELD_DECIMAL, .help = "Times 10 to the power of unit_mult."},
    {"value_low", FIELD_DECIMAL, .help = "Lower end of a range."},
    {"value_high", FIELD_DECIMAL, .help = "Upper end of a range."},
    {"qualifier", FIELD_LINE, .help = "The hedge."},
    {"unit_measure", FIELD_LINE, .help = "Unit."},
    {"unit_mult", FIELD_INTEGER, .help = "Power of ten."},
    {"source_ids", FIELD_JSON, .help = "Who says so.", .target = "source"},
    {0},
};

const struct resource SERIES = {
    .type = "series_point",
    RESOURCE_VIEW("series", "id"),
    .label = "series",
    .sort = "series,time_period",
    .help = "Trade figures as flat series, ordered by series and period.",
    .fields = FIELDS,
    .relations = TRADE_FIGURE_RELATIONS, /* a point has the id of its figure */
};
