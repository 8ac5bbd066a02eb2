#include "bilateral/resource/query.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/base/text.h"
#include "bilateral/resource/field.h"

enum { NAME_LIMIT = 160 };

static const char *const OPS[] = {
    [QUERY_EQ] = "",
    [QUERY_NOT] = "not",
    [QUERY_GT] = "gt",
    [QUERY_GTE] = "gte",
    [QUERY_LT] = "lt",
    [QUERY_LTE] = "lte",
    [QUERY_IN] = "in",
    [QUERY_NOTIN] = "notin",
    [QUERY_CONTAINS] = "contains",
    [QUERY_STARTSWITH] = "startswith",
    [QUERY_ISNULL] = "isnull",
};

static_assert(sizeof OPS / sizeof OPS[0] == QUERY_OP_COUNT, "a name for each operator");

static const char *const COUNTS[] = {
    [QUERY_COUNT_AUTO] = "auto",
    [QUERY_COUNT_NONE] = "none",
    [QUERY_COUNT_CAPPED] = "capped",
    [QUERY_COUNT_EXACT] = "exact",
    NULL,
};

static const struct field ID = {.name = "id", .type = FIELD_SLUG};

static void fault(struct error *error, const char *parameter, const char *detail)
{
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter, "%s", detail);
}

const struct field *query_field(const struct resource *resource, const char *name)
{
    if (strcmp(name, "id") == 0 && !resource->view)
        return &ID;
    return resource_field(resource, name);
}

static bool is_comparable(const struct field *field)
{
    return field->type != FIELD_JSON && field_columns(field->type) != FIELD_NO_COLUMN;
}

static bool is_filterable(const struct field *field)
{
    return is_comparable(field) || field->type == FIELD_REFERENCES;
}

/* Collects the names that a parameter could have meant. */
struct names {
    const char *names[NAME_LIMIT];
    size_t count;
};

static void add_name(struct names *names, const char *name)
{
    if (names->count < NAME_LIMIT)
        names->names[names->count++] = name;
}

static void add_fields(struct names *names, const struct resource *resource,
                       bool (*wanted)(const struct field *))
{
    if (!resource->view)
        add_name(names, "id");
    for (const struct field *field = resource->fields; field->name; field++) {
        if (wanted(field))
            add_name(names, field->name);
    }
    for (const struct field *field = RESOURCE_COMMON_FIELDS; !resource->view && field->name;
         field++) {
        if (wanted(field))
            add_name(names, field->name);
    }
}

static void unknown(struct error *error, const char *parameter, const char *what, const char *word,
                    const struct names *names)
{
    const char *nearest = text_nearest(word, names->names, names->count);
    if (nearest)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter,
                  "\"%.60s\" is not a %s here; did you mean \"%s\"?", word, what, nearest);
    else
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter,
                  "\"%.60s\" is not a %s here.", word, what);
}

/* Splits at commas, in the arena; empty pieces are kept, to be refused by their check. */
static const char **split(struct arena *arena, const char *text, size_t *ret_count)
{
    char *copy = arena_strdup(arena, text);
    size_t count = 1;
    for (const char *c = copy; *c; c++)
        count += *c == ',';
    const char **pieces = arena_alloc(arena, count * sizeof *pieces);
    char *rest = copy;
    for (size_t i = 0; i < count; i++)
        pieces[i] = strsep(&rest, ",");
    *ret_count = count;
    return pieces;
}

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
    fault(error, "count", "Write auto, none, capped or exact.");
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
    const char **names = split(request->arena, text, &count);
    query->sort_count = 0;
    if (count > QUERY_SORT_LIMIT)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "sort", "Sort by at most %d fields.",
                  QUERY_SORT_LIMIT);
    for (size_t i = 0; i < count && i < QUERY_SORT_LIMIT; i++) {
        bool descending = names[i][0] == '-';
        const char *name = names[i] + descending;
        const struct field *field = query_field(query->resource, name);
        if (!field || !is_comparable(field)) {
            struct names known = {0};
            add_fields(&known, query->resource, is_comparable);
            unknown(error, "sort", "field to sort by", name, &known);
            continue;
        }
        query->sort[query->sort_count++] = (struct sort_key){
            .column = sort_column(request->arena, field),
            .descending = descending,
        };
    }
    query->sort[query->sort_count++] = (struct sort_key){.column = query->resource->key};
}

static bool is_shown(const struct field *field)
{
    return !(field->flags & FIELD_HIDDEN);
}

/* Whether a member of the record's text has this name: a field, or a date's precision. */
static bool is_member(const struct resource *resource, const char *name)
{
    static const char PRECISION[] = "_precision";
    if (strcmp(name, "id") == 0 || strcmp(name, "type") == 0)
        return !resource->view || resource_field(resource, name);
    const struct field *field = resource_field(resource, name);
    if (field)
        return is_shown(field);
    size_t size = strlen(name), end = strlen(PRECISION);
    char stem[64];
    if (resource->view || size <= end || size - end >= sizeof stem ||
        strcmp(name + size - end, PRECISION) != 0)
        return false;
    memcpy(stem, name, size - end);
    stem[size - end] = '\0';
    field = resource_field(resource, stem);
    return field && field->type == FIELD_DATE;
}

static void parse_fields(struct query *query, const struct request *request, const char *text,
                         struct error *error)
{
    query->fields = split(request->arena, text, &query->field_count);
    for (size_t i = 0; i < query->field_count; i++) {
        if (is_member(query->resource, query->fields[i]))
            continue;
        struct names known = {0};
        add_fields(&known, query->resource, is_shown);
        unknown(error, "fields", "field", query->fields[i], &known);
    }
}

static bool is_facet(const struct field *field)
{
    return field->type == FIELD_ENUM || field->type == FIELD_REFERENCE ||
           field->type == FIELD_COUNTRY || field->type == FIELD_SIDE || field->type == FIELD_LANG ||
           field->type == FIELD_CURRENCY || field->type == FIELD_LINE ||
           field->type == FIELD_INTEGER;
}

static void parse_facets(struct query *query, const struct request *request, const char *text,
                         struct error *error)
{
    size_t count;
    const char **names = split(request->arena, text, &count);
    for (size_t i = 0; i < count; i++) {
        const struct field *field = query_field(query->resource, names[i]);
        if (!field || !is_facet(field)) {
            struct names known = {0};
            add_fields(&known, query->resource, is_facet);
            unknown(error, "facet", "field to count by", names[i], &known);
        } else if (query->facet_count == QUERY_FACET_LIMIT) {
            error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "facet",
                      "Ask for at most %d facets.", QUERY_FACET_LIMIT);
        } else {
            query->facets[query->facet_count++] = field;
        }
    }
}

static bool op_fits(const struct field *field, enum query_op op)
{
    bool text = field->type == FIELD_LINE || field->type == FIELD_PROSE ||
                field->type == FIELD_SLUG || field->type == FIELD_REFERENCE ||
                field->type == FIELD_URL || field->type == FIELD_ENUM;
    switch (op) {
    case QUERY_EQ:
    case QUERY_NOT:
    case QUERY_IN:
    case QUERY_NOTIN:
    case QUERY_ISNULL:
        return true;
    case QUERY_CONTAINS:
    case QUERY_STARTSWITH:
        return text;
    case QUERY_GT:
    case QUERY_GTE:
    case QUERY_LT:
    case QUERY_LTE:
        return is_comparable(field);
    case QUERY_OP_COUNT:
        break;
    }
    return false;
}

static void check_value(const struct field *field, enum query_op op,
                        const struct parameter *parameter, const char *value, struct error *error)
{
    struct error found = {0};
    if (op == QUERY_ISNULL) {
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            error_set(&found, ERROR_BAD_REQUEST, "Write true or false.");
    } else if (strlen(value) > QUERY_TEXT_LIMIT) {
        error_set(&found, ERROR_BAD_REQUEST, "The value is longer than %d bytes.",
                  QUERY_TEXT_LIMIT);
    } else if (op == QUERY_CONTAINS || op == QUERY_STARTSWITH) {
        if (*value == '\0')
            error_set(&found, ERROR_BAD_REQUEST, "Write the text to look for.");
    } else if (field->type != FIELD_LINE && field->type != FIELD_PROSE) {
        field_check_text(field, value, &found);
    }
    if (found.code)
        fault(error, parameter->name, found.detail);
}

static struct filter *add_filter(struct query *query, const struct parameter *parameter,
                                 struct error *error)
{
    if (query->filter_count < QUERY_FILTER_LIMIT)
        return &query->filters[query->filter_count++];
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter->name,
              "Give at most %d filters.", QUERY_FILTER_LIMIT);
    return NULL;
}

static void parse_filter(struct query *query, const struct request *request,
                         const struct field *field, enum query_op op,
                         const struct parameter *parameter, struct error *error)
{
    struct filter *filter = add_filter(query, parameter, error);
    if (!filter)
        return;
    *filter = (struct filter){.field = field, .op = op, .count = 1};
    if (op == QUERY_IN || op == QUERY_NOTIN) {
        filter->values = split(request->arena, parameter->value, &filter->count);
    } else {
        const char **value = arena_alloc(request->arena, sizeof *value);
        *value = parameter->value;
        filter->values = value;
    }
    if (filter->count > QUERY_VALUE_LIMIT)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter->name,
                  "Give at most %d values.", QUERY_VALUE_LIMIT);
    for (size_t i = 0; i < filter->count && i < QUERY_VALUE_LIMIT; i++)
        check_value(field, op, parameter, filter->values[i], error);
}

static const struct relation *find_relation(const struct resource *resource, const char *name)
{
    const struct relation *relation = resource->relations;
    for (; relation && relation->name; relation++) {
        if (strcmp(relation->name, name) == 0)
            return relation;
    }
    return NULL;
}

static void parse_relation(struct query *query, const struct relation *relation,
                           const struct parameter *parameter, struct error *error)
{
    static const struct field SIDE = {.name = "side", .type = FIELD_SIDE};
    struct filter *filter = add_filter(query, parameter, error);
    if (!filter)
        return;
    *filter = (struct filter){.relation = relation, .values = &parameter->value, .count = 1};
    check_value(relation->target ? &ID : &SIDE, QUERY_EQ, parameter, parameter->value, error);
}

static void parse_at(struct query *query, const struct parameter *parameter, struct error *error)
{
    struct filter *filter = add_filter(query, parameter, error);
    struct error found = {0};
    if (!date_parse_day(parameter->value, &found))
        fault(error, parameter->name, found.detail);
    if (filter)
        *filter = (struct filter){.values = &parameter->value, .count = 1};
}

/* The parameters that are the same for every list; filters come after them. */
static const char *const RESERVED[] = {"sort", "limit", "cursor", "count", "facet", "fields", NULL};

static void unknown_parameter(const struct query *query, const char *name, const char *word,
                              struct error *error)
{
    struct names known = {0};
    for (size_t i = 0; RESERVED[i]; i++)
        add_name(&known, RESERVED[i]);
    if (query->resource->at)
        add_name(&known, "at");
    const struct relation *relation = query->resource->relations;
    for (; relation && relation->name; relation++)
        add_name(&known, relation->name);
    add_fields(&known, query->resource, is_filterable);
    unknown(error, name, "parameter", word, &known);
}

static void parse_field_filter(struct query *query, const struct request *request,
                               const struct parameter *parameter, struct error *error)
{
    const char *separator = strstr(parameter->name, "__");
    size_t size = separator ? (size_t)(separator - parameter->name) : strlen(parameter->name);
    const char *name = arena_copy(request->arena, parameter->name, size);
    const char *op_name = separator ? separator + 2 : "";
    const struct field *field = query_field(query->resource, name);
    if (!field || !is_filterable(field)) {
        unknown_parameter(query, parameter->name, name, error);
        return;
    }
    size_t op = 0;
    while (op < QUERY_OP_COUNT && (strcmp(OPS[op], op_name) != 0 || (separator && !*op_name)))
        op++;
    if (op < QUERY_OP_COUNT && op_fits(field, (enum query_op)op)) {
        parse_filter(query, request, field, (enum query_op)op, parameter, error);
        return;
    }
    struct names known = {0};
    for (size_t each = QUERY_NOT; each < QUERY_OP_COUNT; each++) {
        if (op_fits(field, (enum query_op)each))
            add_name(&known, OPS[each]);
    }
    unknown(error, parameter->name, "operator", op_name, &known);
}

static void parse_parameter(struct query *query, const struct request *request,
                            const struct parameter *parameter, struct error *error)
{
    const char *name = parameter->name;
    const struct relation *relation = find_relation(query->resource, name);
    if (strcmp(name, "limit") == 0)
        parse_limit(query, parameter, error);
    else if (strcmp(name, "count") == 0)
        parse_count(query, parameter, error);
    else if (strcmp(name, "sort") == 0)
        parse_sort(query, request, parameter->value, error);
    else if (strcmp(name, "fields") == 0)
        parse_fields(query, request, parameter->value, error);
    else if (strcmp(name, "facet") == 0)
        parse_facets(query, request, parameter->value, error);
    else if (strcmp(name, "cursor") == 0)
        query->cursor = parameter->value;
    else if (strcmp(name, "at") == 0 && query->resource->at)
        parse_at(query, parameter, error);
    else if (relation)
        parse_relation(query, relation, parameter, error);
    else
        parse_field_filter(query, request, parameter, error);
}

/* sort, limit and the like may be given once; filters and facets may repeat. */
static void refuse_repeats(const struct request *request, struct error *error)
{
    for (size_t i = 0; RESERVED[i]; i++) {
        size_t count = 0;
        for (size_t p = 0; p < request->parameter_count; p++)
            count += strcmp(request->parameters[p].name, RESERVED[i]) == 0;
        if (count > 1 && strcmp(RESERVED[i], "facet") != 0)
            fault(error, RESERVED[i], "Give this parameter once.");
    }
}

/* What a cursor is bound to: the address, the order and the filters, whatever their order. */
static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *make_seal(const struct request *request)
{
    static const char *const FREE[] = {"limit", "cursor", "count", "facet", "fields", NULL};
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

bool query_parse(const struct resource *resource, const struct request *request, struct query *ret,
                 struct error *error)
{
    struct query query = {
        .resource = resource,
        .arena = request->arena,
        .limit = QUERY_LIMIT_DEFAULT,
    };
    parse_sort(&query, request, resource->sort, error);
    refuse_repeats(request, error);
    for (size_t i = 0; i < request->parameter_count; i++)
        parse_parameter(&query, request, &request->parameters[i], error);
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
        add_name(&known, *names++);
    for (size_t i = 0; i < request->parameter_count; i++) {
        const char *name = request->parameters[i].name;
        bool allowed = false;
        for (size_t k = 0; k < known.count; k++)
            allowed = allowed || strcmp(known.names[k], name) == 0;
        if (!allowed)
            unknown(error, name, "parameter", name, &known);
    }
    return error->code == ERROR_NONE;
}
