#include "bilateral/resource/query.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/buffer.h"
#include "bilateral/resource/field.h"
#include "bilateral/resource/members.h"
#include "filter.h"
#include "suggest.h"

static const char *const COUNTS[] = {
    [QUERY_COUNT_AUTO] = "auto",
    [QUERY_COUNT_NONE] = "none",
    [QUERY_COUNT_CAPPED] = "capped",
    [QUERY_COUNT_EXACT] = "exact",
    NULL,
};

static void parse_limit(struct query *query, const struct parameter *parameter, struct error *error)
{
    char *end;
    bool digits = *parameter->value >= '0' && *parameter->value <= '9';
    long limit = strtol(parameter->value, &end, 10);
    if (!digits || *end || limit < 1 || limit > QUERY_LIMIT_MOST)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "limit",
                  "Write a whole number from 1 to %d.", QUERY_LIMIT_MOST);
    else
        query->limit = (size_t)limit;
}

static void parse_count(struct query *query, const struct parameter *parameter, struct error *error)
{
    for (size_t i = 0; COUNTS[i]; i++) {
        if (strcmp(COUNTS[i], parameter->value) == 0) {
            query->count = (enum query_count)i;
            return;
        }
    }
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "count",
              "Write auto, none, capped or exact.");
}

/*
 * Dates are ordered by their first day, decimals by their number, long texts by how they begin: a
 * cursor repeats what rows are ordered by, and a link to a whole text would be too long to follow.
 */
static const char *sort_column(struct arena *arena, const struct field *field)
{
    switch (field_columns(field->type)) {
    case FIELD_DATE_COLUMNS:
    case FIELD_RANGE_COLUMNS:
        return arena_printf(arena, "%s_earliest", field->name);
    case FIELD_NUMBER_COLUMNS:
        return arena_printf(arena, "%s_number", field->name);
    case FIELD_NO_COLUMN:
    case FIELD_ONE_COLUMN:
        break;
    }
    if (field->type == FIELD_PROSE || field->type == FIELD_URL)
        return arena_printf(arena, "SUBSTR(%s, 1, %d)", field->name, FIELD_LINE_LIMIT);
    return field->name;
}

/* Whether rows may have null there; what the store makes is always there. */
static bool is_nullable(const struct resource *resource, const struct field *field)
{
    return !(field->flags & (FIELD_REQUIRED | FIELD_READ_ONLY)) &&
           strcmp(field->name, resource->key) != 0;
}

/*
 * The key makes the order total. It goes the way of what is before it, so that an index over both
 * has the order from either end.
 */
static void end_order(struct query *query)
{
    const struct sort_key *last = query->sort_count ? &query->sort[query->sort_count - 1] : NULL;
    if (last && strcmp(last->column, query->resource->key) == 0)
        return;
    query->sort[query->sort_count++] = (struct sort_key){
        .column = query->resource->key,
        .descending = last && last->descending,
    };
}

static void parse_sort(struct query *query, const struct parameter *parameter, struct error *error)
{
    size_t count;
    const char **names = filter_split(query->arena, parameter->value, &count);
    query->sort_count = 0;
    if (count > QUERY_SORT_LIMIT)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "sort", "Sort by at most %d fields.",
                  QUERY_SORT_LIMIT);
    for (size_t i = 0; i < count && i < QUERY_SORT_LIMIT; i++) {
        bool descending = names[i][0] == '-';
        const char *name = names[i] + descending;
        const struct field *field = query_field(query->resource, name);
        if (!field || !filter_is_comparable(field)) {
            struct names known = {0};
            suggest_add_fields(&known, query->resource, filter_is_comparable);
            suggest_fault(error, "sort", "a field to sort by", name, &known);
            continue;
        }
        query->sort[query->sort_count++] = (struct sort_key){
            .field = field,
            .column = sort_column(query->arena, field),
            .descending = descending,
            .nullable = is_nullable(query->resource, field),
        };
    }
    if (query->sort_count == 0 && parameter->value != query->resource->sort)
        parse_sort(query, &(struct parameter){.value = query->resource->sort}, error);
    else
        end_order(query);
}

static bool is_facet(const struct field *field)
{
    return field->type == FIELD_ENUM || field->type == FIELD_REFERENCE ||
           field->type == FIELD_COUNTRY || field->type == FIELD_SIDE || field->type == FIELD_LANG ||
           field->type == FIELD_CURRENCY || field->type == FIELD_LINE ||
           field->type == FIELD_INTEGER;
}

static bool has_facet(const struct query *query, const struct field *field)
{
    bool found = false;
    for (size_t i = 0; i < query->facet_count; i++)
        found = found || query->facets[i] == field;
    return found;
}

static void parse_facets(struct query *query, const struct parameter *parameter,
                         struct error *error)
{
    size_t count;
    const char **names = filter_split(query->arena, parameter->value, &count);
    for (size_t i = 0; i < count; i++) {
        const struct field *field = query_field(query->resource, names[i]);
        if (!field || !is_facet(field)) {
            struct names known = {0};
            suggest_add_fields(&known, query->resource, is_facet);
            suggest_fault(error, "facet", "a field to count by", names[i], &known);
        } else if (has_facet(query, field)) {
            continue; /* once is all there is to tell */
        } else if (query->facet_count == QUERY_FACET_LIMIT) {
            error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "facet",
                      "Ask for at most %d facets.", QUERY_FACET_LIMIT);
        } else {
            query->facets[query->facet_count++] = field;
        }
    }
}

static void parse_fields(struct query *query, const struct parameter *parameter,
                         struct error *error)
{
    query->fields =
        members_parse(query->resource, parameter->value, query->arena, &query->field_count, error);
}

static void parse_include(struct query *query, const struct parameter *parameter,
                          struct error *error)
{
    include_parse(query->resource, query->registry, parameter->value, query->arena,
                  &query->includes, error);
}

static void parse_cursor(struct query *query, const struct parameter *parameter,
                         struct error *error)
{
    (void)error;
    query->cursor = parameter->value;
}

static void parse_deleted(struct query *query, const struct parameter *parameter,
                          struct error *error)
{
    query->deleted = strcmp(parameter->value, "true") == 0;
    if (!query->deleted && strcmp(parameter->value, "false") != 0)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "deleted", "Write true or false.");
}

static bool has_since(const struct resource *resource)
{
    return resource->since;
}

/* Of records, not of lists. */
static bool never(const struct resource *resource)
{
    (void)resource;
    return false;
}

static bool has_at(const struct resource *resource)
{
    return resource->at;
}

static bool is_stored(const struct resource *resource)
{
    return !resource->view;
}

static_assert(QUERY_LIMIT_DEFAULT == 50 && QUERY_LIMIT_MOST == 1000, "as `limit` is described");

#define MOMENT "'type':'string','pattern':'^([0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z)$'"

/*
 * To add a parameter: a row, with its reader above. What is unknown is suggested from here, repeats
 * are refused, cursors bound and the documentation made by it. Filters are tried after these.
 */
const struct query_parameter QUERY_PARAMETERS[] = {
    {"sort",
     "The fields to order by, first to last; `-` before one turns its order round. Rows that are "
     "equal in all of them are ordered by their id, the same way as by the last. Free texts, "
     "addresses and digests are sorted anew for each page: narrow a long list before.",
     parse_sort, .names = filter_is_comparable, .most = QUERY_SORT_LIMIT, .flags = QUERY_ORDERS},
    {"limit", "How many rows a page has at most: 1 to 1000, 50 without it.", parse_limit,
     .schema = "'type':'integer','minimum':1,'maximum':1000,'default':50", .flags = QUERY_UNBOUND},
    {"cursor", "Where the page begins: taken from the links of another page, never made up.",
     parse_cursor, .schema = "'type':'string'", .flags = QUERY_UNBOUND},
    {"count",
     "How the rows are counted: not at all, exactly, exactly up to 10,000 (`capped`), or where "
     "the store keeps the total (`auto`). What cannot be counted in a quarter of a second is null.",
     parse_count,
     .schema = "'type':'string','enum':['auto','none','capped','exact'],'default':'auto'",
     .flags = QUERY_UNBOUND},
    {"facet",
     "Fields whose values are to be counted over all pages; may be given again. What cannot be "
     "counted in a quarter of a second is null: narrow the list.",
     parse_facets, .names = is_facet, .most = QUERY_FACET_LIMIT,
     .flags = QUERY_UNBOUND | QUERY_REPEATS},
    {"fields", "The members wanted; all without it.", parse_fields,
     .flags = QUERY_UNBOUND | QUERY_MEMBERS},
    {"include", "Related records to embed beside their ids.", parse_include, .most = INCLUDE_LIMIT,
     .flags = QUERY_UNBOUND | QUERY_INCLUDES},
    {"q",
     "Words that must all be in the record, in any spelling and order: with marks or without, a "
     "name in one word or two. The last may be a beginning; punctuation is ignored. At most 8. A "
     "filter like any other: the order stays the list's.",
     filter_parse_search, .schema = "'type':'string','minLength':1,'maxLength':300",
     .fits = is_stored},
    {"at", "Only what holds on this day.", filter_parse_at,
     .schema = "'type':'string','format':'date'", .fits = has_at, .flags = QUERY_REPEATS},
    {"since",
     "Only what was written behind this revision of the store, or at this time or later. The "
     "revision of the last row is what to go on from.",
     filter_parse_since, .schema = MOMENT, .fits = has_since},
    {"modified_since",
     "Only records that changed behind this revision of the store, or at this time or later.",
     filter_parse_since, .schema = MOMENT, .fits = is_stored},
    {"deleted",
     "With true, records that were deleted or merged into others stand among the others, as "
     "tombstones: in JSON and NDJSON, and without `include`.",
     parse_deleted, .schema = "'type':'boolean','default':false", .fits = is_stored},
    {"as_of", "The record as it was: at this revision of it, or at this time. Without `include`.",
     NULL, .schema = MOMENT, .fits = never},
    {0},
};

const struct query_parameter *query_parameter(const char *name)
{
    const struct query_parameter *row = QUERY_PARAMETERS;
    while (row->name && strcmp(row->name, name) != 0)
        row++;
    return row->name ? row : NULL;
}

static void parse_parameter(struct query *query, const struct parameter *parameter,
                            struct error *error)
{
    const struct query_parameter *row = query_parameter(parameter->name);
    if (row && (!row->fits || row->fits(query->resource)))
        row->parse(query, parameter, error);
    else
        filter_parse(query, parameter, error);
}

/* sort, limit and the like may be given once; filters and facets may repeat. */
static void refuse_repeats(const struct request *request, struct error *error)
{
    for (const struct query_parameter *row = QUERY_PARAMETERS; row->name; row++) {
        size_t count = 0;
        for (size_t p = 0; p < request->parameter_count; p++)
            count += strcmp(request->parameters[p].name, row->name) == 0;
        if (count > 1 && !(row->flags & QUERY_REPEATS))
            error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, row->name,
                      "Give this parameter once.");
    }
}

/* What a cursor is bound to: the address, the order and the filters, whatever their order. */
static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *make_seal(const struct request *request)
{
    const char **lines =
        arena_alloc(request->arena, (request->parameter_count + 1) * sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < request->parameter_count; i++) {
        const struct parameter *parameter = &request->parameters[i];
        const struct query_parameter *row = query_parameter(parameter->name);
        if (!row || !(row->flags & QUERY_UNBOUND))
            lines[count++] =
                arena_printf(request->arena, "%zu %s=%s", strlen(parameter->name) + parameter->size,
                             parameter->name, parameter->value);
    }
    qsort(lines, count, sizeof *lines, compare_texts);
    struct buffer seal = {0};
    /* A place in a list is the same in every format of it. */
    size_t extension = request->extension ? strlen(request->extension) + 1 : 0;
    buffer_append(&seal, request->path, strlen(request->path) - extension);
    for (size_t i = 0; i < count; i++)
        buffer_put_all(&seal, "\n", lines[i], NULL);
    return buffer_keep(&seal, request->arena);
}

bool query_parse(const struct resource *resource, const struct registry *registry,
                 const struct request *request, struct query *ret, struct error *error)
{
    struct query query = {
        .resource = resource,
        .arena = request->arena,
        .registry = registry,
        .limit = QUERY_LIMIT_DEFAULT,
    };
    parse_sort(&query, &(struct parameter){.name = "sort", .value = resource->sort}, error);
    refuse_repeats(request, error);
    for (size_t i = 0; i < request->parameter_count; i++)
        parse_parameter(&query, &request->parameters[i], error);
    if (error->code != ERROR_NONE)
        return false;
    if (query.deleted && query.includes.count > 0) {
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "include",
                  "There is nothing to embed in a tombstone; leave it out, or deleted.");
        return false;
    }
    for (size_t i = 0; query.deleted && i + 1 < query.sort_count; i++)
        query.sort[i].nullable = true; /* a tombstone has nothing but its id and its times */
    query.seal = make_seal(request);
    *ret = query;
    return true;
}

bool query_allow_only(const struct request *request, const char *const *names, struct error *error)
{
    struct names known = {0};
    while (names && *names)
        suggest_add(&known, *names++);
    for (size_t i = 0; i < request->parameter_count; i++) {
        const char *name = request->parameters[i].name;
        bool allowed = false;
        for (size_t k = 0; k < known.count; k++)
            allowed = allowed || strcmp(known.names[k], name) == 0;
        if (!allowed)
            suggest_fault(error, name, "a parameter", name, &known);
        else if (request_parameter(request, name) != request->parameters[i].value)
            error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, name, "Give this parameter once.");
    }
    return error->code == ERROR_NONE;
}
