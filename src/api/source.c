#include "bilateral/api/registry.h"

static const char *const CLASSIFICATIONS[] = {
    "news_agency", "newspaper", "ministry", "legal_text", "statistics", "other", NULL,
};

static const struct field FIELDS[] = {
    {.name = "title", .type = FIELD_LINE, .help = "Its title; null where it has none."},
    {.name = "description", .type = FIELD_PROSE, .help = "What it is, in own words."},
    {.name = "classification",
     .type = FIELD_ENUM,
     .values = CLASSIFICATIONS,
     .help = "What sort of source it is."},
    {.name = "publisher", .type = FIELD_LINE, .help = "Who published it."},
    {.name = "author", .type = FIELD_LINE, .help = "Who wrote it."},
    {.name = "translator", .type = FIELD_LINE, .help = "Who translated it."},
    {.name = "lang", .type = FIELD_LANG, .help = "Language (BCP 47)."},
    {.name = "published_on", .type = FIELD_DATE, .help = "When it was published."},
    {.name = "retrieved_at", .type = FIELD_TIMESTAMP, .help = "When it was read."},
    {.name = "url", .type = FIELD_URL, .help = "Where it can be read."},
    {.name = "wire_of",
     .type = FIELD_REFERENCE,
     .target = "source",
     .help = "The source whose wire it copies; a copy is not a second witness."},
    {.name = "sha256", .type = FIELD_SHA256, .help = "Digest of the text that was read."},
    {.name = "license", .type = FIELD_LINE, .help = "Licence: SPDX identifier or URL."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"source", "source", REFERRING("source", "source"), "Cites this source."},
    {0},
};

const struct resource SOURCE = {
    .type = "source",
    .collection = "sources",
    .table = "source",
    .label = "title",
    .sort = "published_on",
    .help = "Where facts come from: articles, statements, legal texts, statistics.",
    .fields = FIELDS,
    .relations = RELATIONS,
    .key = "id",
};
