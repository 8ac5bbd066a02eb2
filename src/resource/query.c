#include "bilateral/resource/query.h"

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
    long limit = strtol(parameter->value, &end, 10);
    if (end == parameter->value || *end || limit < 1 || limit > QUERY_LIMIT_MOST)
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

/* Dates are ordered by their first day, decimals by their number. */
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
        return field->name;
    }
    return field->name;
}

static void parse_sort(struct query *query, const struct request *request, const char *text,
                       struct error *error)
{
    size_t count;
    const char **names = filter_split(request->arena, text, &count);
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
            .column = sort_column(request->arena, field),
            .descending = descending,
        };
    }
    query->sort[query->sort_count++] = (struct sort_key){.column = query->resource->key};
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

static void parse_facets(struct query *query, const struct request *request, const char *text,
                         struct error *error)
{
    size_t count;
    const char **names = filter_split(request->arena, text, &count);
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

/* The parameters that are the same for every list; filters come after them. */
const char *const QUERY_RESERVED[] = {"sort",  "limit",  "cursor",  "count",
                                      "facet", "fields", "include", NULL};

static void parse_parameter(struct query *query, const struct registry *registry,
                            const struct request *request, const struct parameter *parameter,
                            struct error *error)
{
    const char *name = parameter->name;
    if (strcmp(name, "limit") == 0)
        parse_limit(query, parameter, error);
    else if (strcmp(name, "count") == 0)
        parse_count(query, parameter, error);
    else if (strcmp(name, "sort") == 0)
        parse_sort(query, request, parameter->value, error);
    else if (strcmp(name, "fields") == 0)
        query->fields = members_parse(query->resource, parameter->value, query->arena,
                                      &query->field_count, error);
    else if (strcmp(name, "facet") == 0)
        parse_facets(query, request, parameter->value, error);
    else if (strcmp(name, "include") == 0)
        include_parse(query->resource, registry, parameter->value, query->arena, &query->includes,
                      error);
    else if (strcmp(name, "cursor") == 0)
        query->cursor = parameter->value;
    else if (strcmp(name, "at") == 0 && query->resource->at)
        filter_parse_at(query, parameter, error);
    else
        filter_parse(query, parameter, error);
}

/* sort, limit and the like may be given once; filters and facets may repeat. */
static void refuse_repeats(const struct request *request, struct error *error)
{
    for (size_t i = 0; QUERY_RESERVED[i]; i++) {
        size_t count = 0;
        for (size_t p = 0; p < request->parameter_count; p++)
            count += strcmp(request->parameters[p].name, QUERY_RESERVED[i]) == 0;
        if (count > 1 && strcmp(QUERY_RESERVED[i], "facet") != 0)
            error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, QUERY_RESERVED[i],
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
    static const char *const FREE[] = {"limit",  "cursor",  "count", "facet",
                                       "fields", "include", NULL};
    const char **lines =
        arena_alloc(request->arena, (request->parameter_count + 1) * sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < request->parameter_count; i++) {
        const struct parameter *parameter = &request->parameters[i];
        bool bound = true;
        for (size_t f = 0; FREE[f]; f++)
            bound = bound && strcmp(parameter->name, FREE[f]) != 0;
        if (bound)
            lines[count++] =
                arena_printf(request->arena, "%s=%s", parameter->name, parameter->value);
    }
    qsort(lines, count, sizeof *lines, compare_texts);
    struct buffer seal = {0};
    buffer_puts(&seal, request->path);
    for (size_t i = 0; i < count; i++)
        buffer_printf(&seal, "\n%s", lines[i]);
    const char *text = arena_copy(request->arena, buffer_text(&seal), seal.size);
    buffer_finish(&seal);
    return text;
}

bool query_parse(const struct resource *resource, const struct registry *registry,
                 const struct request *request, struct query *ret, struct error *error)
{
    struct query query = {
        .resource = resource,
        .arena = request->arena,
        .limit = QUERY_LIMIT_DEFAULT,
    };
    parse_sort(&query, request, resource->sort, error);
    refuse_repeats(request, error);
    for (size_t i = 0; i < request->parameter_count; i++)
        parse_parameter(&query, registry, request, &request->parameters[i], error);
    if (error->code != ERROR_NONE)
        return false;
    query.seal = make_seal(request);
    *ret = query;
    return true;
}

bool query_allow_only(const struct request *request, const char *const *names, struct error *error)
{
    struct names known = {0};
    while (*names)
        suggest_add(&known, *names++);
    for (size_t i = 0; i < request->parameter_count; i++) {
        const char *name = request->parameters[i].name;
        bool allowed = false;
        for (size_t k = 0; k < known.count; k++)
            allowed = allowed || strcmp(known.names[k], name) == 0;
        if (!allowed)
            suggest_fault(error, name, "a parameter", name, &known);
    }
    return error->code == ERROR_NONE;
}
