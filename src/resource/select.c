#include "bilateral/resource/select.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/buffer.h"
#include "bilateral/base/date.h"
#include "bilateral/resource/column.h"
#include "bilateral/resource/field.h"

enum { FACET_VALUE_LIMIT = 100 };

static const char TOMBSTONES[] =
    ", created_at, updated_at, revision, '[]',\n"
    "    JSON_OBJECT('id', id, 'type', type, 'deleted', JSON('true'), 'merged_into', merged_into,\n"
    "        'created_at', created_at, 'updated_at', updated_at, 'revision', revision)\n"
    "FROM record\n"
    "WHERE type = $ AND state <> 'live'\n"
    ")";

static const char *const COMPARISONS[] = {
    [QUERY_GT] = " > $",
    [QUERY_GTE] = " >= $",
    [QUERY_LT] = " < $",
    [QUERY_LTE] = " <= $",
};

/* What `%` and `_` would mean to LIKE is taken from them by a backslash. */
static const char *escape_pattern(struct arena *arena, const char *text, const char *before,
                                  const char *behind)
{
    struct buffer pattern = {0};
    buffer_puts(&pattern, before);
    for (; *text; text++) {
        if (strchr("%_\\", *text))
            buffer_putc(&pattern, '\\');
        buffer_putc(&pattern, *text);
    }
    buffer_puts(&pattern, behind);
    const char *kept = arena_copy(arena, pattern.data, pattern.size);
    buffer_finish(&pattern);
    return kept;
}

static void put_name(struct sql *sql, const struct field *field, const char *suffix)
{
    sql_puts(sql, field->name);
    sql_puts(sql, suffix);
}

static const struct date *meaning_of(struct sql *sql, const struct field *field, const char *text)
{
    struct date *date = arena_alloc(sql->arena, sizeof *date);
    struct error ignored = {0};
    char freq;
    if (field->type == FIELD_PERIOD)
        date_parse_period(text, date, &freq, &ignored);
    else
        date_parse(text, date, &ignored);
    return date;
}

/* Dates overlap by what they can mean; > and < want the whole of it behind or before. */
static void put_date(struct sql *sql, const struct field *field, enum query_op op, const char *text)
{
    const struct date *date = meaning_of(sql, field, text);
    switch (op) {
    case QUERY_GT:
        put_name(sql, field, "_earliest");
        sql_put(sql, " > $", sql_text(date->latest));
        break;
    case QUERY_GTE:
        put_name(sql, field, "_latest");
        sql_put(sql, " >= $", sql_text(date->earliest));
        break;
    case QUERY_LT:
        put_name(sql, field, "_latest");
        sql_put(sql, " < $", sql_text(date->earliest));
        break;
    case QUERY_LTE:
        put_name(sql, field, "_earliest");
        sql_put(sql, " <= $", sql_text(date->latest));
        break;
    case QUERY_EQ:
    case QUERY_NOT:
    case QUERY_IN:
    case QUERY_NOTIN:
    case QUERY_CONTAINS:
    case QUERY_STARTSWITH:
    case QUERY_ISNULL:
    case QUERY_OP_COUNT:
        put_name(sql, field, "_latest");
        sql_put(sql, " >= $ AND ", sql_text(date->earliest));
        put_name(sql, field, "_earliest");
        sql_put(sql, " <= $", sql_text(date->latest));
    }
}

static struct sql_value value_of(const struct field *field, const char *text)
{
    if (field->type == FIELD_INTEGER)
        return sql_integer(strtoll(text, NULL, 10));
    if (field->type == FIELD_DECIMAL)
        return sql_real(strtod(text, NULL));
    return sql_text(text);
}

static const char *column_suffix(const struct field *field)
{
    return field->type == FIELD_DECIMAL ? "_number" : "";
}

/* `id IN (…)`: the records whose array of references holds the id. */
static void put_references(struct sql *sql, const struct resource *resource,
                           const struct field *field, const char *id)
{
    sql_put(sql, "id IN (SELECT from_id FROM reference WHERE to_type = $", sql_text(field->target));
    sql_put(sql, " AND from_type = $", sql_text(resource->type));
    sql_put(sql, " AND field = $", sql_text(field->name));
    sql_puts(sql, id ? "" : ")");
    if (id)
        sql_put(sql, " AND to_id = $)", sql_text(id));
}

static void put_one(struct sql *sql, const struct resource *resource, const struct filter *filter,
                    const char *text)
{
    const struct field *field = filter->field;
    if (filter->relation) {
        sql_put(sql, filter->relation->where, sql_text(text));
        return;
    }
    enum field_columns columns = field_columns(field->type);
    if (field->type == FIELD_REFERENCES) {
        put_references(sql, resource, field, text);
    } else if (columns == FIELD_DATE_COLUMNS || columns == FIELD_RANGE_COLUMNS) {
        put_date(sql, field, filter->op, text);
    } else {
        bool ordered = filter->op >= QUERY_GT && filter->op <= QUERY_LTE;
        put_name(sql, field, column_suffix(field));
        sql_put(sql, ordered ? COMPARISONS[filter->op] : " = $", value_of(field, text));
    }
}

static void put_any(struct sql *sql, const struct resource *resource, const struct filter *filter)
{
    for (size_t i = 0; i < filter->count; i++) {
        sql_puts(sql, i ? " OR (" : "(");
        put_one(sql, resource, filter, filter->values[i]);
        sql_puts(sql, ")");
    }
}

static void put_pattern(struct sql *sql, const struct filter *filter)
{
    bool contains = filter->op == QUERY_CONTAINS;
    const char *pattern = escape_pattern(sql->arena, filter->values[0], contains ? "%" : "", "%");
    put_name(sql, filter->field, "");
    sql_put(sql, " LIKE $ ESCAPE '\\'", sql_text(pattern));
}

static void put_null(struct sql *sql, const struct resource *resource, const struct filter *filter)
{
    bool null = strcmp(filter->values[0], "true") == 0;
    if (filter->field->type == FIELD_REFERENCES) {
        sql_puts(sql, null ? "NOT " : "");
        put_references(sql, resource, filter->field, NULL);
    } else {
        put_name(sql, filter->field, null ? " IS NULL" : " IS NOT NULL");
    }
}

static void put_filter(struct sql *sql, const struct resource *resource,
                       const struct filter *filter)
{
    if (filter->search) {
        search_put_condition(filter->search, resource, sql);
        return;
    }
    if (!filter->field && !filter->relation) {
        sql_put(sql, resource->at, sql_text(filter->values[0]));
        return;
    }
    switch (filter->op) {
    case QUERY_NOT:
    case QUERY_NOTIN:
        /* A complement: what is null, and so compares as null, belongs to it. */
        sql_puts(sql, "NOT COALESCE(");
        put_any(sql, resource, filter);
        sql_puts(sql, ", FALSE)");
        break;
    case QUERY_CONTAINS:
    case QUERY_STARTSWITH:
        put_pattern(sql, filter);
        break;
    case QUERY_ISNULL:
        put_null(sql, resource, filter);
        break;
    case QUERY_EQ:
    case QUERY_IN:
    case QUERY_GT:
    case QUERY_GTE:
    case QUERY_LT:
    case QUERY_LTE:
    case QUERY_OP_COUNT:
        put_any(sql, resource, filter);
    }
}

/*
 * The rows behind a cursor's: later in the first key, or equal in it and later in the second, …
 * NULL sorts before every value, as SQLite has it.
 */
static void put_later(struct sql *sql, const struct sort_key *key, const struct sql_value *value,
                      bool descending)
{
    sql_puts(sql, key->column);
    if (value->kind == SQL_NULL)
        sql_puts(sql, descending ? " IS NULL AND FALSE" : " IS NOT NULL");
    else if (descending) {
        sql_put(sql, " < $ OR ", *value);
        sql_puts(sql, key->column);
        sql_puts(sql, " IS NULL");
    } else
        sql_put(sql, " > $", *value);
}

static void put_cursor(struct sql *sql, const struct query *query, const struct cursor *cursor)
{
    for (size_t last = 0; last < query->sort_count; last++) {
        sql_puts(sql, last ? " OR (" : "(");
        for (size_t i = 0; i <= last; i++) {
            const struct sort_key *key = &query->sort[i];
            sql_puts(sql, i ? " AND (" : "(");
            if (i == last) {
                put_later(sql, key, &cursor->keys[i], key->descending != cursor->backwards);
            } else {
                sql_puts(sql, key->column);
                sql_put(sql, " IS $", cursor->keys[i]);
            }
            sql_puts(sql, ")");
        }
        sql_puts(sql, ")");
    }
}

/* The resource's table, and with `deleted` a row for each of its tombstones: what a column would
 * hold is not known of them any more. */
static void put_table(struct sql *sql, const struct query *query)
{
    const struct resource *resource = query->resource;
    struct buffer names = {0};
    if (!query->deleted) {
        sql_puts(sql, resource->table);
        return;
    }
    size_t count = column_names(resource->fields, &names);
    sql_puts(sql, "(\nSELECT id");
    sql_puts(sql, buffer_text(&names));
    sql_puts(sql, ", created_at, updated_at, revision, source_ids, json\nFROM ");
    sql_puts(sql, resource->table);
    sql_puts(sql, "\nUNION ALL\nSELECT id");
    while (count--)
        sql_puts(sql, ", NULL");
    sql_put(sql, TOMBSTONES, sql_text(resource->type));
    buffer_finish(&names);
}

static void put_where(struct sql *sql, const struct query *query, const struct scope *scope,
                      const struct cursor *cursor)
{
    sql_puts(sql, "\nFROM ");
    put_table(sql, query);
    const char *word = "\nWHERE (";
    if (scope->where) {
        sql_puts(sql, word);
        sql_put(sql, scope->where, sql_text(scope->value));
        sql_puts(sql, ")");
        word = "\n    AND (";
    }
    for (size_t i = 0; i < query->filter_count; i++, word = "\n    AND (") {
        sql_puts(sql, word);
        put_filter(sql, query->resource, &query->filters[i]);
        sql_puts(sql, ")");
    }
    if (cursor) {
        sql_puts(sql, word);
        put_cursor(sql, query, cursor);
        sql_puts(sql, ")");
    }
}

static void put_columns(struct sql *sql, const struct resource *resource)
{
    if (!resource->view) {
        sql_puts(sql, "json");
        return;
    }
    const char *separator = "";
    for (const struct field *field = resource->fields; field->name; field++) {
        if (field->flags & FIELD_HIDDEN)
            continue;
        sql_puts(sql, separator);
        sql_puts(sql, field->name);
        separator = ", ";
    }
}

void select_page(const struct query *query, const struct scope *scope, const struct cursor *cursor,
                 struct sql *sql)
{
    sql_puts(sql, "SELECT ");
    put_columns(sql, query->resource);
    for (size_t i = 0; i < query->sort_count; i++) {
        sql_puts(sql, ", ");
        sql_puts(sql, query->sort[i].column);
    }
    put_where(sql, query, scope, cursor);
    bool backwards = cursor && cursor->backwards;
    for (size_t i = 0; i < query->sort_count; i++) {
        sql_puts(sql, i ? ", " : "\nORDER BY ");
        sql_puts(sql, query->sort[i].column);
        sql_puts(sql, query->sort[i].descending != backwards ? " DESC" : " ASC");
    }
    if (query->limit)
        sql_put(sql, "\nLIMIT $", sql_integer((int64_t)query->limit + 1));
}

void select_count(const struct query *query, const struct scope *scope, int64_t cap,
                  struct sql *sql)
{
    sql_puts(sql, "SELECT COUNT(*)\nFROM (\nSELECT 1");
    put_where(sql, query, scope, NULL);
    if (cap > 0)
        sql_put(sql, "\nLIMIT $", sql_integer(cap + 1));
    sql_puts(sql, "\n)");
}

void select_facet(const struct query *query, const struct scope *scope, const struct field *facet,
                  struct sql *sql)
{
    sql_puts(sql, "SELECT ");
    sql_puts(sql, facet->name);
    sql_puts(sql, ", COUNT(*)");
    put_where(sql, query, scope, NULL);
    sql_puts(sql, "\nGROUP BY ");
    sql_puts(sql, facet->name);
    sql_puts(sql, "\nORDER BY 2 DESC, 1");
    sql_put(sql, "\nLIMIT $", sql_integer(FACET_VALUE_LIMIT));
}
