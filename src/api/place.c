#include "bilateral/api/registry.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {
    "country", "region",      "autonomous_region", "province", "municipality",
    "city",    "border_gate", "scenic_area",       "site",     NULL,
};

static const struct field IDENTIFIER_FIELDS[] = {
    {.name = "scheme",
     .type = FIELD_LINE,
     .flags = FIELD_REQUIRED,
     .help = "Who gives the code, such as \"ISO 3166-2\"."},
    {.name = "identifier", .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = "The code."},
    {0},
};

static const struct part IDENTIFIERS = {.fields = IDENTIFIER_FIELDS};

static const struct field FIELDS[] = {
    {.name = "name",
     .type = FIELD_LINE,
     .flags = FIELD_REQUIRED,
     .help = "With full diacritics (Vietnamese) or in pinyin (Chinese)."},
    {.name = "other_names", .type = FIELD_PART, .part = &NAMES_PART, .help = "Other names."},
    {.name = "classification",
     .type = FIELD_ENUM,
     .values = CLASSIFICATIONS,
     .help = "What sort of place it is."},
    {.name = "country", .type = FIELD_COUNTRY, .help = "Country (ISO 3166-1 alpha-2)."},
    {.name = "parent_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "The place it lies in."},
    {.name = "identifiers",
     .type = FIELD_PART,
     .part = &IDENTIFIERS,
     .help = "Codes that others give it."},
    {.name = "latitude", .type = FIELD_DECIMAL, .help = "Degrees north (WGS 84), -90 to 90."},
    {.name = "longitude", .type = FIELD_DECIMAL, .help = "Degrees east (WGS 84), -180 to 180."},
    {.name = "start_date", .type = FIELD_DATE, .help = "When it came to be."},
    {.name = "end_date", .type = FIELD_DATE, .help = "When it ceased to be."},
    {.name = "succeeded_by_id",
     .type = FIELD_REFERENCE,
     .target = "place",
     .help = "The place that followed it."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"place", "place", "id IN " PLACES_INSIDE, "This place and every place inside it."},
    {"source", "source", REFERRING("place", "source"), "Cites this source."},
    {0},
};

static void check_range(const json_t *record, const char *name, double most, struct error *error)
{
    const json_t *value = json_object_get(record, name);
    char pointer[16] = "/";
    double number = json_number_value(value);
    if (number >= -most && number <= most)
        return;
    for (size_t i = 0; name[i] && i + 2 < sizeof pointer; i++)
        pointer[i + 1] = name[i];
    error_add(error, ERROR_INVALID, FAULT_POINTER, pointer, "Degrees lie between -%.0f and %.0f.",
              most, most);
}

static void check(const json_t *record, struct error *error)
{
    check_range(record, "latitude", 90, error);
    check_range(record, "longitude", 180, error);
}

const struct resource PLACE = {
    .type = "place",
    .collection = "places",
    .table = "place",
    .label = "name",
    .sort = "name",
    .help = "Countries, provinces, cities, border gates and sites.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
    .check = check,
};
