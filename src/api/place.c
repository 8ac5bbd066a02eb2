#include "bilateral/api/registry.h"
#include "bilateral/format/geojson.h"
#include "bilateral/format/jsonld.h"
#include "bilateral/resource/names.h"

static const char *const CLASSIFICATIONS[] = {
    "country", "region",      "autonomous_region", "province", "municipality",
    "city",    "border_gate", "scenic_area",       "site",     NULL};

static const struct field IDENTIFIER_FIELDS[] = {
    {"scheme", FIELD_LINE, .help = "Who gives the code, such as \"ISO 3166-2\".",
     .flags = FIELD_REQUIRED},
    {"identifier", FIELD_LINE, .help = "The code.", .flags = FIELD_REQUIRED},
    {0},
};

static const struct part IDENTIFIERS = {.fields = IDENTIFIER_FIELDS};

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "With full diacritics (Vietnamese) or in pinyin (Chinese).",
     .flags = FIELD_REQUIRED},
    {"other_names", FIELD_PART, .help = "Other names.", .part = &NAMES_PART},
    {"classification", FIELD_ENUM, .help = "What sort of place it is.", .values = CLASSIFICATIONS},
    {"country", FIELD_COUNTRY, .help = "Country (ISO 3166-1 alpha-2)."},
    {"parent_id", FIELD_REFERENCE, .help = "The place it lies in.", .target = "place"},
    {"identifiers", FIELD_PART, .help = "Codes that others give it.", .part = &IDENTIFIERS},
    {"latitude", FIELD_DECIMAL, .help = "Degrees north (WGS 84), -90 to 90."},
    {"longitude", FIELD_DECIMAL, .help = "Degrees east (WGS 84), -180 to 180."},
    {"start_date", FIELD_DATE, .help = "When it came to be."},
    {"end_date", FIELD_DATE, .help = "When it ceased to be."},
    {"succeeded_by_id", FIELD_REFERENCE, .help = "The place that followed it.", .target = "place"},
    {0},
};

static const struct relation RELATIONS[] = {
    {"place", "place", .where = "id IN " PLACES_INSIDE,
     .help = "This place and every place inside it."},
    {"meeting", "meeting", .help = "Is where this meeting was held, or took part in it.",
     .sets = REFERRED("place", "meeting")},
    {"agreement", "agreement", .help = "Is concerned by this agreement, or a party to it.",
     .sets = REFERRED("place", "agreement")},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("place", "source")},
    {0},
};

static const struct geojson_map GEOJSON = {.latitude = "latitude", .longitude = "longitude"};

static const struct format_word JSONLD_TYPES[] = {
    {"country", "Country"},
    {"region", "AdministrativeArea"},
    {"autonomous_region", "AdministrativeArea"},
    {"province", "AdministrativeArea"},
    {"municipality", "AdministrativeArea"},
    {"city", "City"},
    {0},
};

static const struct jsonld_row JSONLD_IDENTIFIER[] = {
    {"propertyID", JSONLD_VALUE, .of = {"scheme"}},
    {"value", JSONLD_VALUE, .of = {"identifier"}},
    {0},
};

static const struct jsonld_row JSONLD_GEO[] = {
    {"latitude", JSONLD_VALUE, .of = {"latitude"}},
    {"longitude", JSONLD_VALUE, .of = {"longitude"}},
    {0},
};

static const struct jsonld_row JSONLD_ROWS[] = {
    {"name", JSONLD_VALUE, .of = {"name"}},
    {"alternateName", JSONLD_NAMES, .of = {"other_names"}},
    {"containedInPlace", JSONLD_LINK, .of = {"parent_id"}},
    {"address", JSONLD_GROUP, .type = "PostalAddress", .rows = JSONLD_ADDRESS},
    {"geo", JSONLD_GROUP, .type = "GeoCoordinates", .rows = JSONLD_GEO},
    {"identifier", JSONLD_NODES, .of = {"identifiers"}, .type = "PropertyValue",
     .rows = JSONLD_IDENTIFIER},
    {"startDate", JSONLD_DATE, .of = {"start_date"}},
    {"endDate", JSONLD_DATE, .of = {"end_date"}},
    {"dcterms:isReplacedBy", JSONLD_LINK, .of = {"succeeded_by_id"}},
    {0},
};

static const struct jsonld_map JSONLD = {
    .type = "Place",
    .type_member = "classification",
    .types = JSONLD_TYPES,
    .rows = JSONLD_ROWS,
};

static const struct format_use FORMATS[] = {
    {&FORMAT_GEOJSON, .map = &GEOJSON},
    {&FORMAT_JSONLD, .map = &JSONLD},
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
    RESOURCE_RECORDS("place", "places"),
    .label = "name",
    .sort = "name",
    .help = "Countries, provinces, cities, border gates and sites.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .formats = FORMATS,
    .check = check,
};
