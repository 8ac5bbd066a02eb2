/*
 * jsonld - linked data (JSON-LD 1.1): a node of schema.org and its neighbours for each record.
 *
 *     static const struct jsonld_row ROWS[] = {
 *         {"name", JSONLD_VALUE, .of = {"name"}},
 *         {"containedInPlace", JSONLD_LINK, .of = {"parent_id"}},
 *         {0},
 *     };
 *     static const struct jsonld_map MAP = {.type = "Place", .rows = ROWS};
 *
 * The document is {"@context": …, "@graph": [a node for each record]}. The context stands in it, so
 * nothing need be fetched: terms without a prefix are schema.org's; the prefixes are dcterms, org
 * (W3C), opengov and contact (Popolo), skos, edtf and xsd. `@id` is the address of the record,
 * relative to the document's. What is not known is left out: linked data has no null. Dates that
 * ISO 8601 has are schema.org's Date; others (seasons, `~`, `?`) are literals of the type
 * edtf:EDTF. Each node also has its sources and times (dcterms:source, created, modified).
 */
#ifndef BILATERAL_FORMAT_JSONLD_H
#define BILATERAL_FORMAT_JSONLD_H

#include "bilateral/format/format.h"

enum jsonld_kind {
    JSONLD_VALUE, /* as it stands: a text, a number, an array of texts */
    JSONLD_DATE,  /* of FIELD_DATE */
    JSONLD_LINK,  /* of FIELD_REFERENCE(S) */
    JSONLD_WORD,  /* what `words` has for it; other values are left out */
    JSONLD_NAMES, /* of a part with `name` and `lang`: texts with their language */
    JSONLD_NODES, /* of a part: a node of `type` with `rows` for each element that `only` lets in */
    JSONLD_GROUP, /* of the record itself: a node of `type` with `rows` */
};

struct jsonld_row {
    const char *property; /* a term of the context, or prefix:name */
    enum jsonld_kind kind;
    const char *of[4]; /* members: the first of them that is known, ended by NULL */
    const struct format_word *words;
    const char *type;
    const struct jsonld_row *rows; /* ended by a NULL property */
    struct {
        const char *member;
        const char *value;
    } only; /* the elements in which the member has this value; a NULL member: all */
};

/* The rows of a PostalAddress, of a record with a `country`. */
extern const struct jsonld_row JSONLD_ADDRESS[];

struct jsonld_map {
    const char *type;                /* of a record whose word is not among `types` */
    const char *type_member;         /* of FIELD_ENUM; may be NULL */
    const struct format_word *types; /* ended by a NULL value */
    const struct jsonld_row *rows;   /* ended by a NULL property */
};

#endif
