#include "bilateral/api/collection.h"

static const struct field FIELDS[] = {
    {.name = "series",
     .type = FIELD_LINE,
     .help = "The series: indicator, areas, commodity and route, joined by dots."},
    {.name = "indicator", .type = FIELD_LINE, .help = "What is measured."},
    {.name = "ref_area_id", .type = FIELD_REFERENCE, .target = "place", .help = "Whose figure."},
    {.name = "counterpart_area_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "With whom."},
    {.name = "commodity_id", .type = FIELD_REFERENCE, .target = "topic", .help = "Of what."},
    {.name = "time_period", .type = FIELD_PERIOD, .help = "When: SDMX time period."},
    {.name = "value", .type = FIELD_DECIMAL, .help = "Times 10 to the power of unit_mult."},
    {.name = "value_low", .type = FIELD_DECIMAL, .help = "Lower end of a range."},
    {.name = "value_high", .type = FIELD_DECIMAL, .help = "Upper end of a range."},
    {.name = "qualifier", .type = FIELD_LINE, .help = "The hedge."},
    {.name = "unit_measure", .type = FIELD_LINE, .help = "Unit."},
    {.name = "unit_mult", .type = FIELD_INTEGER, .help = "Power of ten."},
    {.name = "source_ids", .type = FIELD_JSON, .help = "Who says so."},
    {0},
};

const struct resource SERIES = {
    .type = "series_point",
    .table = "series",
    .label = "series",
    .sort = "series,time_period",
    .help = "Trade figures as flat series, ordered by series and period.",
    .fields = FIELDS,
    .key = "id",
    .view = true,
};
