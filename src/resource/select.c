#include "bilateral/resource/select.h"

#include "bilateral/resource/column.h"
#include "bilateral/resource/field.h"
#include "condition.h"
#include "plan.h"

enum { FACET_VALUE_LIMIT = 100 };

/* What changed stands in place of the table, so that the conditions are the same. */
static const char STEPS[] =
    "WITH step AS MATERIALIZED (\n"
    "    SELECT record_type, number, json\n"
    "    FROM record_step\n"
    "    WHERE committed > $\n"
    "    LIMIT 1000\n"
    "), ";

static const char KNOWN[] =
    "SELECT value, SUM(number)\n"
    "FROM (\n"
    "SELECT value ->> 'value' AS value, value ->> 'count' AS number\n"
    "FROM JSON_EACH($)\n"
    "UNION ALL\n";

/* Of a facet with as many values as are told it is not known how often the others come. */
static const char SUMMED[] =
    "\n)\n"
    "GROUP BY value\n"
    "HAVING SUM(number) > 0 AND JSON_ARRAY_LENGTH($) < 100 AND (SELECT COUNT(*) FROM step) < 1000";

static const char TOMBSTONES[] =
    ", created_at, updated_at, revision, CAST('[]' AS TEXT),\n"
    "    CAST(JSON_OBJECT('id', id, 'type', type, 'deleted', JSON('true'), 'merged_into', "
    "merged_into,\n"
    "        'created_at', created_at, 'updated_at', updated_at, 'revision', revision) AS TEXT)\n"
    "FROM record\n"
    "WHERE type = $ AND state <> 'live'\n"
    ") AS ";

/*
 * A `+` where rows are fetched by a filter keeps the engine from walking the order instead. What is
 * of several tables is merged in its order only if the keys are bare.
 */
static void put_key(struct sql *sql, const struct query *query, size_t key)
{
    sql_puts(sql, query->driver && !query->resource->view && !query->deleted ? "+" : "");
    sql_puts(sql, query->sort[key].column);
}

static void put_equal(struct sql *sql, const struct query *query, const struct cursor *cursor,
                      size_t key)
{
    put_key(sql, query, key);
    if (cursor->keys[key].kind == SQL_NULL)
        sql_puts(sql, " IS NULL");
    else
        sql_put(sql, " = $", cursor->keys[key]);
}

static bool is_falling(const struct query *query, const struct cursor *cursor, size_t key)
{
    return query->sort[key].descending != cursor->backwards;
}

/*
 * Keys that can be compared as one: from `first` to before the end that is returned. They go the
 * same way, and none but the first has nulls that lie behind the row. The engine compares them once
 * more in each row, so it is not done where rows are alike: there is one range more then, which a page
 * seldom reaches.
 */
static size_t end_of_run(const struct query *query, const struct cursor *cursor, size_t first)
{
    bool falling = is_falling(query, cursor, first);
    size_t end = first + 1;
    if (cursor->keys[first].kind == SQL_NULL || cursor->alike)
        return end;
    while (end < query->sort_count && cursor->keys[end].kind != SQL_NULL &&
           is_falling(query, cursor, end) == falling && !(falling && query->sort[end].nullable))
        end++;
    return end;
}

/*
 * `(start_date, id) > (…)`: with an index over these, a place in it. What a view computes is not
 * seen as a part of that, so its first key is compared by itself, too.
 */
static void put_later(struct sql *sql, const struct query *query, const struct cursor *cursor,
                      size_t first, size_t end)
{
    bool falling = is_falling(query, cursor, first);
    if (query->resource->view) {
        put_key(sql, query, first);
        sql_put(sql, falling ? " <= $ AND " : " >= $ AND ", cursor->keys[first]);
    }
    for (size_t key = first; key < end; key++) {
        sql_puts(sql, key == first ? "(" : ", ");
        put_key(sql, query, key);
    }
    sql_puts(sql, falling ? ") < (" : ") > (");
    for (size_t key = first; key < end; key++)
        sql_put(sql, key == first ? "$" : ", $", cursor->keys[key]);
    sql_puts(sql, ")");
}

/*
 * The rows behind a cursor's, range by range in the list's order: those that are equal in all but
 * the last keys, then those that are equal in fewer. NULL sorts before every value, as SQLite has
 * it, so a key that falls has its nulls in a range of their own. Keys before *ret_first are the same
 * in all of it. False: there is no such range.
 */
static bool put_range(struct sql *sql, const struct query *query, const struct cursor *cursor,
                      size_t *ret_first)
{
    size_t starts[QUERY_SORT_LIMIT + 1], runs = 0, range = 0;
    for (size_t key = 0; key < query->sort_count; key = end_of_run(query, cursor, key))
        starts[runs++] = key;
    while (runs-- > 0) {
        size_t first = starts[runs], end = end_of_run(query, cursor, first);
        bool null = cursor->keys[first].kind == SQL_NULL;
        bool falling = is_falling(query, cursor, first);
        bool later = !(null && falling) && range++ == cursor->range;
        bool nulls = !null && falling && query->sort[first].nullable && range++ == cursor->range;
        if (!later && !nulls)
            continue;
        for (size_t key = 0; key < first; key++) {
            put_equal(sql, query, cursor, key);
            sql_puts(sql, " AND ");
        }
        if (later && !null) {
            put_later(sql, query, cursor, first, end);
        } else {
            put_key(sql, query, first);
            sql_puts(sql, nulls ? " IS NULL" : " IS NOT NULL");
        }
        *ret_first = first + nulls;
        return true;
    }
    return false;
}

/*
 * The resource's table, and with `deleted` a row for each of its tombstones: what a column would
 * hold is not known of them any more. The engine merges both in their order because each column is
 * of one type in them.
 */
static void put_table(struct sql *sql, const struct query *query)
{
    const struct resource *resource = query->resource;
    struct buffer names = {0};
    if (!query->deleted) {
        sql_puts(sql, resource->table);
        return;
    }
    column_names(resource->fields, &names);
    sql_puts(sql, "(\nSELECT id");
    sql_puts(sql, buffer_text(&names));
    sql_puts(sql, ", created_at, updated_at, revision, source_ids, json\nFROM ");
    sql_puts(sql, resource->table);
    sql_puts(sql, "\nUNION ALL\nSELECT id");
    buffer_reset(&names);
    column_nulls(resource->fields, &names);
    sql_puts(sql, buffer_text(&names));
    sql_put(sql, TOMBSTONES, sql_text(resource->type));
    sql_puts(sql, resource->table);
    buffer_finish(&names);
}

typedef bool seeks_in(const struct query *query, const struct filter *filter);

/* Returns what stands before a further condition. */
static const char *put_where(struct sql *sql, const struct query *query, seeks_in *seeks)
{
    const char *word = "\nWHERE (";
    sql_puts(sql, "\nFROM ");
    put_table(sql, query);
    for (size_t i = 0; i < query->filter_count; i++, word = "\n    AND (") {
        const struct filter *filter = &query->filters[i];
        sql_puts(sql, word);
        condition_put(sql, query->resource, filter,
                      seeks(query, filter) ? CONDITION_SEEK : CONDITION_CHECK);
        sql_puts(sql, ")");
    }
    return word;
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
        sql_puts(sql, "\"");
        sql_puts(sql, field->name);
        sql_puts(sql, "\""); /* `values` is a word of SQL */
        separator = ", ";
    }
}

/* By the keys from `first` on; all before it are the same in the rows. */
static void put_order(struct sql *sql, const struct query *query, bool backwards, size_t first)
{
    for (size_t i = first; i < query->sort_count; i++) {
        sql_puts(sql, i > first ? ", " : "\nORDER BY ");
        put_key(sql, query, i);
        sql_puts(sql, query->sort[i].descending != backwards ? " DESC" : " ASC");
    }
}

/*
 * Rows that a filter fetched are sorted without their records, of which only a page is wanted: to
 * carry them all through the sorting cost more than everything else.
 */
bool select_page(const struct query *query, const struct cursor *cursor, struct sql *sql)
{
    bool backwards = cursor && cursor->backwards;
    bool late = query->driver && query->limit && !query->resource->view && !query->deleted;
    sql_puts(sql, "SELECT ");
    put_columns(sql, query->resource);
    for (size_t i = 0; i < query->sort_count; i++) {
        sql_puts(sql, ", ");
        sql_puts(sql, query->sort[i].column);
    }
    size_t first = 0;
    if (late) {
        sql_puts(sql, "\nFROM ");
        sql_puts(sql, query->resource->table);
        sql_puts(sql, "\nWHERE rowid IN (\nSELECT rowid");
    }
    const char *word = put_where(sql, query, plan_seeks);
    if (cursor) {
        sql_puts(sql, word);
        if (!put_range(sql, query, cursor, &first))
            return false;
        sql_puts(sql, ")");
    }
    put_order(sql, query, backwards, first);
    if (query->limit)
        sql_put(sql, "\nLIMIT $", sql_integer((int64_t)query->limit + 1));
    if (late) {
        sql_puts(sql, "\n)");
        put_order(sql, query, backwards, first);
    }
    return true;
}

/* Whether the rows are those of a relation alone: then its own index counts them, as far as need be. */
static bool is_set(const struct query *query)
{
    const struct filter *only = query->filters;
    return query->filter_count == 1 && !query->resource->view && only->relation &&
           only->relation->sets && !only->relation->where &&
           (only->op == QUERY_EQ || only->op == QUERY_IN);
}

void select_count(const struct query *query, int64_t cap, struct sql *sql)
{
    sql_puts(sql, "SELECT COUNT(*)\nFROM (\n");
    if (is_set(query)) {
        condition_put_ids(sql, query->filters);
    } else {
        sql_puts(sql, "SELECT 1");
        put_where(sql, query, plan_seeks_to_count);
    }
    if (cap > 0)
        sql_put(sql, "\nLIMIT $", sql_integer(cap + 1));
    sql_puts(sql, "\n)");
}

/* Whether what is counted stands in the records' texts as it does in their columns. */
bool select_can_carry(const struct query *query)
{
    bool can = !query->resource->view && !query->deleted;
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct field *field = query->filters[i].field;
        can = can && field && field_columns(field->type) == FIELD_ONE_COLUMN &&
              field->type != FIELD_TIMESTAMP;
    }
    return can;
}

static void put_known(struct sql *sql, const struct query *query, const struct field *facet,
                      const struct select_known *known)
{
    const struct resource *resource = query->resource;
    sql_put(sql, STEPS, sql_integer(known->revision));
    buffer_put_all(sql->text, resource->table, " AS (\n    SELECT number", NULL);
    for (size_t i = 0; i <= query->filter_count; i++) {
        const char *name = i < query->filter_count ? query->filters[i].field->name : facet->name;
        buffer_put_all(sql->text, ", json ->> '", name, "' AS ", name, NULL);
    }
    buffer_put_all(sql->text, "\n    FROM step\n    WHERE record_type = '", resource->type,
                   "'\n)\n", NULL);
    sql_put(sql, KNOWN, sql_text(known->values));
}

void select_facet(const struct query *query, const struct field *facet,
                  const struct select_known *known, struct sql *sql)
{
    if (known)
        put_known(sql, query, facet, known);
    buffer_put_all(sql->text, "SELECT ", facet->name, known ? ", SUM(number)" : ", COUNT(*)", NULL);
    put_where(sql, query, plan_seeks_to_count);
    buffer_put_all(sql->text, "\nGROUP BY ", facet->name, NULL);
    if (known)
        sql_put(sql, SUMMED, sql_text(known->values));
    sql_puts(sql, "\nORDER BY 2 DESC, 1");
    sql_put(sql, "\nLIMIT $", sql_integer(FACET_VALUE_LIMIT));
}
