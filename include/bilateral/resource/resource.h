/*
 * resource - the descriptor: what a resource is, said once.
 *
 * One constant `struct resource` per resource drives validation, SQL, filters, sorts, JSON, seeds
 * and documentation. The engine in this folder knows no resource by name. How to add one stands in
 * the README.
 *
 * Arrays of fields and relations end with a row whose name is NULL.
 *
 * Guard against an ORM: what one resource needs is plain code or SQL in its own file under
 * src/api/; a flag is added here only when a second resource needs it.
 *
 *     const struct resource TOPIC = {
 *         RESOURCE_RECORDS("topic", "topics"),
 *         .label = "name",
 *         .sort = "name",
 *         .help = "What dealings are about: themes and commodities.",
 *         .fields = FIELDS,
 *         .relations = RELATIONS,
 *     };
 */
#ifndef BILATERAL_RESOURCE_RESOURCE_H
#define BILATERAL_RESOURCE_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/error.h"
#include "bilateral/json/read.h"

/* How a value is checked, stored, compared and described; one row each in field.c's table. */
enum field_type {
    FIELD_SLUG,       /* a permanent id */
    FIELD_LINE,       /* one line of text, at most 300 characters */
    FIELD_PROSE,      /* text, at most 4,000 characters */
    FIELD_ENUM,       /* one of field.values */
    FIELD_DATE,       /* EDTF; gives NAME_precision beside it */
    FIELD_PERIOD,     /* SDMX time period */
    FIELD_TIMESTAMP,  /* RFC 3339, UTC */
    FIELD_INTEGER,    /* within ±10^15 */
    FIELD_DECIMAL,    /* a JSON number, kept as it was written */
    FIELD_COUNTRY,    /* ISO 3166-1 alpha-2 */
    FIELD_SIDE,       /* ISO 3166-1 alpha-2, or `joint` */
    FIELD_LANG,       /* BCP 47 */
    FIELD_SCRIPT,     /* ISO 15924 */
    FIELD_CURRENCY,   /* ISO 4217 */
    FIELD_URL,        /* absolute http or https URL */
    FIELD_SHA256,     /* 64 hexadecimal digits */
    FIELD_POINTER,    /* JSON Pointer into the record */
    FIELD_REFERENCE,  /* id of a record of type field.target */
    FIELD_REFERENCES, /* array of such ids */
    FIELD_LINES,      /* array of lines */
    FIELD_PART,       /* array of objects, see field.part */
    FIELD_SCALAR,     /* any JSON text, number or boolean; its column holds it as JSON text */
    FIELD_JSON,       /* of a view: a column that holds JSON text */
    FIELD_TYPE_COUNT
};

enum field_flag {
    FIELD_REQUIRED = 1 << 0,
    FIELD_READ_ONLY = 1 << 1, /* made by the store; refused in a body */
    FIELD_HIDDEN = 1 << 2,    /* of a view: filters and sorts, but is not shown */
};

struct field {
    const char *name;
    enum field_type type;
    const char *help;          /* one sentence for the documentation */
    const char *const *values; /* of FIELD_ENUM, ended by NULL */
    const char *target;        /* of FIELD_REFERENCE(S): a resource's type */
    const struct part *part;   /* of FIELD_PART */
    unsigned flags;            /* enum field_flag, or-ed */
    const char *kind; /* of FIELD_REFERENCE: the target's classification; NULL: any. See kind.h */
};

/* An array of objects inside a record. */
struct part {
    const char *table; /* NULL: kept in the JSON text only */
    const char *owner; /* the table's column that holds the record's id */
    const char *outer; /* of a part within a part: the column that holds the outer row's position */
    bool typed;        /* the table serves several resources: record_type says which */
    const struct field *fields;
};

/*
 * Ids of a table or a join: SELECT `key` FROM `table` WHERE `where`, in which each `$` stands for
 * the id that is given. `probe` asks the same of one row of the resource; NULL: whether its id is
 * the key of such a row.
 */
struct set {
    const char *table, *key, *where, *probe;
};

/*
 * A filter by a relation: NAME=id. Either a literal condition on the row, which begins with a
 * column or is in brackets, and in which each `$` stands for the id; or the row's id is in one of
 * some sets, ended by a NULL table. With both, the condition decides, of rows whose id is in a set.
 */
struct relation {
    const char *name;
    const char *target; /* the type of the id; NULL where it is a side */
    const char *where;
    const char *help;
    const struct set *sets;
};

/* One set, for a relation's `sets`: its table and key, where, and how to probe (mostly NULL). */
#define RESOURCE_SET(from, id, condition, check)                                                   \
    (const struct set[])                                                                           \
    {                                                                                              \
        {.table = from, .key = id, .where = condition, .probe = check}, {0},                       \
    }

struct format_use;

struct resource {
    const char *type;       /* singular, snake_case: "trade_figure" */
    const char *collection; /* plural, in addresses: "trade-figures" */
    const char *table;      /* a table, or a view where `view` is true */
    const char *label;      /* the field that names a record: "name" */
    const char *sort;       /* the default order: "-start_date,name" */
    const char *help;       /* one sentence for the documentation */
    const struct field *fields;
    const struct relation *relations;
    const char *key; /* the unique column that makes every order total: "id" */
    bool view;       /* rows are made of columns; there is no stored text, nothing is written */
    const char *at;  /* a literal condition for at=YYYY-MM-DD, `$` the day; NULL: no such filter */
    /* Literal conditions for since=REVISION and since=TIME, `$` which. NULL: no such filter. */
    const char *since, *since_time;
    /* Formats of this resource besides those that every list has; see format.h. NULL: none. */
    const struct format_use *formats;
    /* Rules over several fields; adds faults with pointers. NULL: none. */
    void (*check)(const json_t *record, struct error *error);
};

/* Of a resource whose records are stored: their table has the name of their type. */
#define RESOURCE_RECORDS(one, many) .type = one, .collection = many, .table = one, .key = "id"

/* All resources that are written, in the order in which they are listed. */
struct registry {
    const struct resource *const *resources;
    size_t count;
};

/* NULL where there is none. */
const struct resource *registry_by_type(const struct registry *registry, const char *type);
const struct resource *registry_by_collection(const struct registry *registry,
                                              const char *collection);

/* What every record has behind its own fields: source_ids, citations, and the store's own. */
extern const struct field RESOURCE_COMMON_FIELDS[];

/* The field of that name in an array, or NULL; and a resource's own or common one. */
const struct field *resource_find_field(const struct field *fields, const char *name);
const struct field *resource_field(const struct resource *resource, const char *name);

#endif
