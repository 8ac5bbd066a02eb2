#include "plan.h"

#include <string.h>

#include "bilateral/base/buffer.h"
#include "bilateral/resource/sql.h"
#include "condition.h"
#include "filter.h"

/* From so many rows on it is cheaper to walk the list's order than to fetch and sort them. */
enum { RARE = 2000 };

/* Comparisons with values that an index has in order; a set has its own. */
static bool op_seeks(const struct filter *filter)
{
    if (filter->op == QUERY_ISNULL)
        return filter->field->type != FIELD_REFERENCES;
    bool ordered = filter->op >= QUERY_GT && filter->op <= QUERY_LTE;
    return filter->op == QUERY_EQ || filter->op == QUERY_IN || (ordered && filter->field);
}

static bool has_sets(const struct filter *filter)
{
    return filter->relation && filter->relation->sets;
}

/* What is counted by it is gathered first; a column's index is walked as far as need be. */
static bool is_set(const struct filter *filter)
{
    return has_sets(filter) || (filter->field && filter->field->type == FIELD_REFERENCES);
}

static bool can_seek(const struct resource *resource, const struct filter *filter)
{
    if (resource->view)
        return has_sets(filter) && op_seeks(filter);
    if (filter->search)
        return filter->search->count > 0;
    if (filter->relation)
        return op_seeks(filter);
    return filter->field && op_seeks(filter) &&
           (filter->field->type == FIELD_REFERENCES || filter_is_indexed(filter->field));
}

static bool follows(const struct query *query, const struct filter *filter)
{
    const struct field *field = filter->field;
    return field && field == query->sort[0].field && filter->count == 1 && op_seeks(filter);
}

/* Whether so few rows match that they are best fetched by the filter's own index. */
static bool weigh(const struct query *query, const struct filter *filter, struct store *store,
                  bool *ret_rare, struct error *error)
{
    if (filter->search)
        return search_weigh(filter->search, query->resource, store, query->arena, ret_rare, error);
    struct buffer text = {0};
    struct sql sql;
    int64_t rows;
    sql_init(&sql, query->arena, &text);
    sql_puts(&sql, "SELECT COUNT(*)\nFROM (\n");
    condition_put_sample(&sql, query->resource, filter);
    sql_put(&sql, "\nLIMIT $\n)", sql_integer(RARE + 1));
    struct statement *count = sql_prepare(&sql, store, error);
    buffer_finish(&text);
    if (!statement_number(count, &rows, error))
        return false;
    *ret_rare = rows <= RARE;
    return true;
}

static bool choose(struct query *query, struct store *store, struct error *error)
{
    const struct filter *common = NULL;
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct filter *filter = &query->filters[i];
        bool rare = false, following = follows(query, filter);
        if (!following && !can_seek(query->resource, filter))
            continue;
        if (!following && !weigh(query, filter, store, &rare, error))
            return false;
        if (rare) {
            query->driver = filter;
            return true;
        }
        if (!filter->search && (!common || (is_set(common) && !is_set(filter))))
            common = filter;
    }
    query->counted_by = common;
    return true;
}

/* The filter's number from 1 on as a byte; 0: none. */
static char number_of(const struct query *query, const struct filter *filter)
{
    return (char)(filter ? filter - query->filters + 1 : 0);
}

static const struct filter *numbered(const struct query *query, char number)
{
    return number ? &query->filters[number - 1] : NULL;
}

bool plan_make(struct query *query, const struct snapshot *snapshot, struct error *error)
{
    struct buffer plan = {0};
    if (query->filter_count == 0)
        return true;
    /* The seal tells the filters; the order is not in it where the format has one of its own. */
    const char *name = arena_printf(query->arena, "plan %s %s", query->sort[0].column, query->seal);
    bool good = true;
    if (kept_find(snapshot->kept, name, &plan) == snapshot->revision.number) {
        query->driver = numbered(query, plan.data[0]);
        query->counted_by = numbered(query, plan.data[1]);
        if (query->driver && query->driver->search)
            query->driver->search->typed = plan.data[2];
    } else if ((good = choose(query, snapshot->store, error))) {
        const struct search *search = query->driver ? query->driver->search : NULL;
        const char made[] = {number_of(query, query->driver), number_of(query, query->counted_by),
                             search && search->typed};
        kept_put(snapshot->kept, snapshot->revision.number, name, made, sizeof made);
    }
    buffer_finish(&plan);
    return good;
}

bool plan_seeks(const struct query *query, const struct filter *filter)
{
    if (query->resource->view && !has_sets(filter))
        return true; /* what an index is of any use for, the engine finds in the tables below */
    return query->driver ? filter == query->driver : follows(query, filter);
}

bool plan_seeks_to_count(const struct query *query, const struct filter *filter)
{
    return (query->resource->view && !has_sets(filter)) || filter == query->driver ||
           filter == query->counted_by;
}
