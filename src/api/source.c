#include "bilateral/api/registry.h"

static const char *const CLASSIFICATIONS[] = {"news_agency", "newspaper", "ministry", "legal_text",
                                              "statistics",  "other",     NULL};

static const struct field FIELDS[] = {
    {"title", FIELD_LINE, .help = "Its title; null where it has none."},
    {"description", FIELD_PROSE, .help = "What it is, in own words."},
    {"classification", FIELD_ENUM, .help = "What sort of source it is.", .values = CLASSIFICATIONS},
    {"publisher", FIELD_LINE, .help = "Who published it."},
    {"author", FIELD_LINE, .help = "Who wrote it."},
    {"translator", FIELD_LINE, .help = "Who translated it."},
    {"lang", FIELD_LANG, .help = "Language (BCP 47)."},
    {"published_on", FIELD_DATE, .help = "When it was published."},
    {"retrieved_at", FIELD_TIMESTAMP, .help = "When it was read."},
    {"url", FIELD_URL, .help = "Where it can be read."},
    {"wire_of", FIELD_REFERENCE,
     .help = "The source whose wire it copies; a copy is not a second witness.",
     .target = "source"},
    {"sha256", FIELD_SHA256, .help = "Digest of the text that was read."},
    {"license", FIELD_LINE, .help = "Licence: SPDX identifier or URL."},
    {0},
};

static const struct relation RELATIONS[] = {
    {"official", "official", .help = "Is cited for this official.",
     .sets = REFERRED("source", "official")},
    {"organization", "organization", .help = "Is cited for this body.",
     .sets = REFERRED("source", "organization")},
    {"place", "place", .help = "Is cited for this place.", .sets = REFERRED("source", "place")},
    {"topic", "topic", .help = "Is cited for this topic.", .sets = REFERRED("source", "topic")},
    {"meeting", "meeting", .help = "Is cited for this meeting.",
     .sets = REFERRED("source", "meeting")},
    {"agreement", "agreement", .help = "Is cited for this agreement.",
     .sets = REFERRED("source", "agreement")},
    {"source", "source", .help = "Cites this source.", .sets = REFERRING("source", "source")},
    {0},
};

const struct resource SOURCE = {
    RESOURCE_RECORDS("source", "sources"),
    .label = "title",
    .sort = "published_on",
    .help = "Where facts come from: articles, statements, legal texts, statistics.",
    .fields = FIELDS,
    .relations = RELATIONS,
};
