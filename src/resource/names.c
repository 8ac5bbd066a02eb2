#include "bilateral/resource/names.h"

static const char *const KINDS[] = {
    "official", "translation", "transliteration", "former", "short", "alternative", NULL,
};

static const struct field FIELDS[] = {
    {.name = "name", .type = FIELD_LINE, .flags = FIELD_REQUIRED, .help = "As it is written."},
    {.name = "kind",
     .type = FIELD_ENUM,
     .flags = FIELD_REQUIRED,
     .values = KINDS,
     .help = "What sort of name it is; the Sino-Vietnamese reading of a Chinese name is a "
             "transliteration into vi."},
    {.name = "lang", .type = FIELD_LANG, .help = "Language (BCP 47)."},
    {.name = "script", .type = FIELD_SCRIPT, .help = "Script (ISO 15924)."},
    {.name = "note", .type = FIELD_PROSE, .help = "What a reader should know, in own words."},
    {.name = "source_ids",
     .type = FIELD_REFERENCES,
     .target = "source",
     .help = "The sources that print this name."},
    {0},
};

const struct part NAMES_PART = {
    .table = "other_name",
    .owner = "record_id",
    .typed = true,
    .fields = FIELDS,
};
