#include "bilateral/resource/names.h"

static const char *const KINDS[] = {
    "official", "translation", "transliteration", "former", "short", "alternative", NULL};

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "As it is written.", .flags = FIELD_REQUIRED},
    {"kind", FIELD_ENUM,
     .help = "What sort of name it is; the Sino-Vietnamese reading of a Chinese name is a "
             "transliteration "
             "into vi.",
     .values = KINDS, .flags = FIELD_REQUIRED},
    {"lang", FIELD_LANG, .help = "Language (BCP 47)."},
    {"script", FIELD_SCRIPT, .help = "Script (ISO 15924)."},
    {"note", FIELD_PROSE, .help = "What a reader should know, in own words."},
    {"source_ids", FIELD_REFERENCES, .help = "The sources that print this name.",
     .target = "source"},
    {0},
};

const struct part NAMES_PART = {
    .table = "other_name",
    .owner = "record_id",
    .typed = true,
    .fields = FIELDS,
};
