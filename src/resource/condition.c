#include "condition.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/buffer.h"
#include "bilateral/base/date.h"
#include "bilateral/resource/field.h"
#include "filter.h"

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
    return buffer_keep(&pattern, arena);
}

/* A `+` before what is compared keeps the engine from looking for an index. */
static void put_plus(struct sql *sql, enum condition_use use)
{
    sql_puts(sql, use == CONDITION_CHECK ? "+" : "");
}

static void put_name(struct sql *sql, const struct field *field, const char *suffix,
                     enum condition_use use)
{
    put_plus(sql, use);
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

/* The same day of the year before. */
static const char *year_before(struct arena *arena, const char *day)
{
    long year = strtol(day, NULL, 10);
    return arena_printf(arena, "%04ld%s", year > 0 ? year - 1 : 0, day + strlen("2024"));
}

/*
 * Rows are in the order of their first day. Nothing that has a date is known so roughly that it may
 * lie more than a year behind its first day; so a bound on the last day is one on the first, too.
 */
static void put_first_day(struct sql *sql, const struct field *field, enum query_op op,
                          const struct date *date)
{
    sql_puts(sql, field->name);
    if (op == QUERY_GT) {
        sql_put(sql, "_earliest > $", sql_text(date->latest));
    } else if (op == QUERY_LT) {
        sql_put(sql, "_earliest < $", sql_text(date->earliest));
    } else if (op == QUERY_LTE) {
        sql_put(sql, "_earliest <= $", sql_text(date->latest));
    } else {
        sql_put(sql, "_earliest >= $", sql_text(year_before(sql->arena, date->earliest)));
        if (op == QUERY_GTE)
            return;
        sql_puts(sql, " AND ");
        sql_puts(sql, field->name);
        sql_put(sql, "_earliest <= $", sql_text(date->latest));
    }
}

/* Dates overlap by what they can mean; > and < want the whole of it behind or before. */
static void put_date(struct sql *sql, const struct field *field, enum query_op op, const char *text,
                     enum condition_use use)
{
    const struct date *date = meaning_of(sql, field, text);
    if (use == CONDITION_SEEK) {
        put_first_day(sql, field, op, date);
        sql_puts(sql, " AND ");
    }
    bool behind = op == QUERY_GT || op == QUERY_LTE;
    if (op >= QUERY_GT && op <= QUERY_LTE) {
        put_name(sql, field, behind ? "_earliest" : "_latest", CONDITION_CHECK);
        sql_put(sql, COMPARISONS[op], sql_text(behind ? date->latest : date->earliest));
    } else {
        put_name(sql, field, "_latest", CONDITION_CHECK);
        sql_put(sql, " >= $ AND ", sql_text(date->earliest));
        put_name(sql, field, "_earliest", CONDITION_CHECK);
        sql_put(sql, " <= $", sql_text(date->latest));
    }
}

/* A time means all that begins with it, as a date does: 08:43:05Z is that whole second. */
static void put_time(struct sql *sql, const struct field *field, enum query_op op, const char *text,
                     enum condition_use use)
{
    char *first = arena_alloc(sql->arena, DATE_TIMESTAMP_SIZE);
    char *last = arena_alloc(sql->arena, DATE_TIMESTAMP_SIZE);
    date_timestamp_bound(text, false, first);
    date_timestamp_bound(text, true, last);
    put_name(sql, field, "", use);
    if (op >= QUERY_GT && op <= QUERY_LTE) {
        bool behind = op == QUERY_GT || op == QUERY_LTE;
        sql_put(sql, COMPARISONS[op], sql_text(behind ? last : first));
    } else {
        sql_put(sql, " >= $ AND ", sql_text(first));
        put_name(sql, field, "", use);
        sql_put(sql, " <= $", sql_text(last));
    }
}

static bool is_date(const struct field *field)
{
    enum field_columns columns = field_columns(field->type);
    return columns == FIELD_DATE_COLUMNS || columns == FIELD_RANGE_COLUMNS;
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
    return field->type == FIELD_DECIMAL ? "_number" : is_date(field) ? "_earliest" : "";
}

/* `FROM … WHERE …`: the records whose array of references holds the id, or (NULL) anything. */
static void put_references(struct sql *sql, const struct resource *resource,
                           const struct field *field, const char *id)
{
    sql_put(sql, " FROM reference WHERE to_type = $", sql_text(field->target));
    sql_put(sql, " AND from_type = $", sql_text(resource->type));
    sql_put(sql, " AND field = $", sql_text(field->name));
    if (id)
        sql_put(sql, " AND to_id = $", sql_text(id));
}

static void put_set(struct sql *sql, const struct set *set, const char *id)
{
    sql_puts(sql, " FROM ");
    sql_puts(sql, set->table);
    sql_puts(sql, " WHERE ");
    sql_put(sql, set->where, sql_text(id));
}

/* Whether the row's id is in one of the sets. */
static void put_sets(struct sql *sql, const struct resource *resource, const struct set *sets,
                     const char *id, enum condition_use use)
{
    const char *separator = use == CONDITION_SEEK ? "id IN (" : "";
    for (const struct set *set = sets; set->table; set++) {
        sql_puts(sql, separator);
        if (use == CONDITION_SEEK) {
            sql_puts(sql, "SELECT ");
            sql_puts(sql, set->key);
            put_set(sql, set, id);
            separator = " UNION ALL ";
            continue;
        }
        separator = " OR ";
        if (set->probe) {
            sql_put(sql, set->probe, sql_text(id));
            continue;
        }
        sql_puts(sql, "EXISTS (SELECT 1");
        put_set(sql, set, id);
        sql_puts(sql, " AND ");
        sql_puts(sql, set->key);
        sql_puts(sql, " = ");
        sql_puts(sql, resource->table);
        sql_puts(sql, ".id)");
    }
    sql_puts(sql, use == CONDITION_SEEK ? ")" : "");
}

static void put_one(struct sql *sql, const struct resource *resource, const struct filter *filter,
                    const char *text, enum condition_use use)
{
    const struct field *field = filter->field;
    const struct relation *relation = filter->relation;
    if (relation && relation->sets && (use == CONDITION_SEEK || !relation->where)) {
        put_sets(sql, resource, relation->sets, text, use);
        if (relation->where) {
            sql_puts(sql, " AND ");
            sql_put(sql, relation->where, sql_text(text));
        }
    } else if (relation) {
        put_plus(sql, resource->view ? CONDITION_SEEK : use);
        sql_put(sql, relation->where, sql_text(text));
    } else if (field->type == FIELD_REFERENCES) {
        sql_puts(sql, use == CONDITION_SEEK ? "id IN (SELECT from_id" : "EXISTS (SELECT 1");
        put_references(sql, resource, field, text);
        sql_puts(sql, use == CONDITION_SEEK ? ")" : " AND from_id = ");
        sql_puts(sql, use == CONDITION_SEEK ? "" : resource->table);
        sql_puts(sql, use == CONDITION_SEEK ? "" : ".id)");
    } else if (is_date(field)) {
        put_date(sql, field, filter->op, text, use);
    } else if (field->type == FIELD_TIMESTAMP) {
        put_time(sql, field, filter->op, text, use);
    } else {
        bool ordered = filter->op >= QUERY_GT && filter->op <= QUERY_LTE;
        put_name(sql, field, column_suffix(field), use);
        sql_put(sql, ordered ? COMPARISONS[filter->op] : " = $", value_of(field, text));
    }
}

static void put_any(struct sql *sql, const struct resource *resource, const struct filter *filter,
                    enum condition_use use)
{
    for (size_t i = 0; i < filter->count; i++) {
        sql_puts(sql, i ? " OR (" : "(");
        put_one(sql, resource, filter, filter->values[i], use);
        sql_puts(sql, ")");
    }
}

static void put_pattern(struct sql *sql, const struct filter *filter)
{
    bool contains = filter->op == QUERY_CONTAINS;
    const char *pattern = escape_pattern(sql->arena, filter->values[0], contains ? "%" : "", "%");
    put_name(sql, filter->field, "", CONDITION_CHECK);
    sql_put(sql, " LIKE $ ESCAPE '\\'", sql_text(pattern));
}

static bool wants_null(const struct filter *filter)
{
    return filter->op == QUERY_ISNULL && strcmp(filter->values[0], "true") == 0;
}

static void put_null(struct sql *sql, const struct resource *resource, const struct filter *filter,
                     enum condition_use use)
{
    bool null = wants_null(filter);
    if (filter->field->type == FIELD_REFERENCES) {
        sql_puts(sql, null ? "NOT EXISTS (SELECT 1" : "EXISTS (SELECT 1");
        put_references(sql, resource, filter->field, NULL);
        sql_puts(sql, " AND from_id = ");
        sql_puts(sql, resource->table);
        sql_puts(sql, ".id)");
    } else {
        put_name(sql, filter->field, column_suffix(filter->field), use);
        sql_puts(sql, null ? " IS NULL" : " IS NOT NULL");
    }
}

void condition_put(struct sql *sql, const struct resource *resource, const struct filter *filter,
                   enum condition_use use)
{
    if (filter->search) {
        search_put_condition(filter->search, resource, use == CONDITION_SEEK, sql);
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
        put_any(sql, resource, filter, CONDITION_CHECK);
        sql_puts(sql, ", FALSE)");
        break;
    case QUERY_CONTAINS:
    case QUERY_STARTSWITH:
        put_pattern(sql, filter);
        break;
    case QUERY_ISNULL:
        put_null(sql, resource, filter, use);
        break;
    case QUERY_EQ:
    case QUERY_IN:
    case QUERY_GT:
    case QUERY_GTE:
    case QUERY_LT:
    case QUERY_LTE:
    case QUERY_OP_COUNT:
        put_any(sql, resource, filter, use);
    }
}

/* The rows of an own column, by its index alone; of dates, those whose first day is near. */
static void put_sample(struct sql *sql, const struct resource *resource,
                       const struct filter *filter, const char *text)
{
    sql_puts(sql, " FROM ");
    sql_puts(sql, resource->table);
    sql_puts(sql, " WHERE ");
    if (filter->op == QUERY_ISNULL)
        put_null(sql, resource, filter, CONDITION_SEEK);
    else if (filter->field && is_date(filter->field))
        put_first_day(sql, filter->field, filter->op, meaning_of(sql, filter->field, text));
    else
        put_one(sql, resource, filter, text, CONDITION_SEEK);
}

void condition_put_sample(struct sql *sql, const struct resource *resource,
                          const struct filter *filter)
{
    const char *separator = "";
    for (size_t i = 0; i < filter->count; i++) {
        const struct set *set = filter->relation ? filter->relation->sets : NULL;
        do {
            sql_puts(sql, separator);
            sql_puts(sql, "SELECT 1");
            if (set)
                put_set(sql, set, filter->values[i]);
            else if (filter->field && filter->field->type == FIELD_REFERENCES)
                put_references(sql, resource, filter->field, filter->values[i]);
            else
                put_sample(sql, resource, filter, filter->values[i]);
            separator = " UNION ALL ";
        } while (set && (++set)->table);
    }
}

/* An index of a set ends with its key, so that equal ones mostly come together. */
void condition_put_ids(struct sql *sql, const struct filter *filter)
{
    const char *separator = "SELECT DISTINCT ";
    for (size_t i = 0; i < filter->count; i++) {
        for (const struct set *set = filter->relation->sets; set->table; set++) {
            sql_puts(sql, separator);
            sql_puts(sql, set->key);
            put_set(sql, set, filter->values[i]);
            sql_puts(sql, " AND ");
            sql_puts(sql, set->key);
            sql_puts(sql, " IS NOT NULL");
            separator = "\nUNION\nSELECT ";
        }
    }
}
