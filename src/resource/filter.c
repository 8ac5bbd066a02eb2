#include "filter.h"

#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/resource/field.h"
#include "bilateral/resource/history.h"
#include "suggest.h"

const struct filter_op FILTER_OPS[QUERY_OP_COUNT] = {
    [QUERY_EQ] = {"", "is this", FILTER_VALUE},
    [QUERY_NOT] = {"not", "is anything but this", FILTER_VALUE},
    [QUERY_GT] = {"gt", "is more than this", FILTER_VALUE},
    [QUERY_GTE] = {"gte", "is this or more", FILTER_VALUE},
    [QUERY_LT] = {"lt", "is less than this", FILTER_VALUE},
    [QUERY_LTE] = {"lte", "is this or less", FILTER_VALUE},
    [QUERY_IN] = {"in", "is one of these", FILTER_VALUES},
    [QUERY_NOTIN] = {"notin", "is none of these", FILTER_VALUES},
    [QUERY_CONTAINS] = {"contains", "contains this text", FILTER_TEXT},
    [QUERY_STARTSWITH] = {"startswith", "begins with this text", FILTER_TEXT},
    [QUERY_ISNULL] = {"isnull", "is null (true) or is not (false)", FILTER_BOOLEAN},
};

static const struct field ID = {.name = "id", .type = FIELD_SLUG, .help = "Its permanent id."};

const struct field *query_field(const struct resource *resource, const char *name)
{
    if (strcmp(name, "id") == 0 && !resource->view)
        return &ID;
    return resource_field(resource, name);
}

const struct field *query_field_at(const struct resource *resource, size_t index)
{
    if (!resource->view && index-- == 0)
        return &ID;
    const struct field *field = resource->fields;
    for (; field->name; field++) {
        if (index-- == 0)
            return field;
    }
    for (field = RESOURCE_COMMON_FIELDS; !resource->view && field->name; field++) {
        if (index-- == 0)
            return field;
    }
    return NULL;
}

bool filter_is_comparable(const struct field *field)
{
    return field->type != FIELD_JSON && field_columns(field->type) != FIELD_NO_COLUMN;
}

bool filter_is_indexed(const struct field *field)
{
    return filter_is_comparable(field) && field->type != FIELD_PROSE && field->type != FIELD_URL &&
           field->type != FIELD_SHA256;
}

bool filter_takes(const struct field *field)
{
    return filter_is_comparable(field) || field->type == FIELD_REFERENCES;
}

const char **filter_split(struct arena *arena, const char *text, size_t *ret_count)
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

bool filter_op_fits(const struct field *field, enum query_op op)
{
    if (!field)
        return op == QUERY_EQ || op == QUERY_NOT || op == QUERY_IN || op == QUERY_NOTIN;
    if (FILTER_OPS[op].value == FILTER_TEXT)
        return field->type == FIELD_LINE || field->type == FIELD_PROSE ||
               field->type == FIELD_SLUG || field->type == FIELD_REFERENCE ||
               field->type == FIELD_URL || field->type == FIELD_ENUM;
    return op < QUERY_GT || op > QUERY_LTE || filter_is_comparable(field);
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
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter->name, "%s", found.detail);
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

/* `filter` says what is compared and how; the values are the parameter's. */
static void parse_filter(struct query *query, struct filter filter,
                         const struct parameter *parameter, struct error *error)
{
    static const struct field SIDE = {.name = "side", .type = FIELD_SIDE};
    const struct field *field = filter.field;
    if (filter.relation)
        field = filter.relation->target ? &ID : &SIDE;
    struct filter *added = add_filter(query, parameter, error);
    if (!added)
        return;
    filter.values = &parameter->value;
    filter.count = 1;
    if (filter.op == QUERY_IN || filter.op == QUERY_NOTIN)
        filter.values = filter_split(query->arena, parameter->value, &filter.count);
    if (filter.count > QUERY_VALUE_LIMIT) {
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter->name,
                  "Give at most %d values.", QUERY_VALUE_LIMIT);
        filter.count = QUERY_VALUE_LIMIT;
    }
    query->value_count += filter.count;
    if (query->value_count > QUERY_VALUES_LIMIT)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter->name,
                  "Give at most %d values in all filters together.", QUERY_VALUES_LIMIT);
    for (size_t i = 0; i < filter.count; i++)
        check_value(field, filter.op, parameter, filter.values[i], error);
    *added = filter;
}

const struct relation *filter_relation(const struct resource *resource, const char *name)
{
    const struct relation *relation = resource->relations;
    for (; relation && relation->name; relation++) {
        if (strcmp(relation->name, name) == 0)
            return relation;
    }
    return NULL;
}

void filter_parse_at(struct query *query, const struct parameter *parameter, struct error *error)
{
    struct filter *filter = add_filter(query, parameter, error);
    struct error found = {0};
    if (!date_parse_day(parameter->value, &found))
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter->name, "%s", found.detail);
    if (filter)
        *filter = (struct filter){.values = &parameter->value, .count = 1};
}

void filter_parse_search(struct query *query, const struct parameter *parameter,
                         struct error *error)
{
    struct filter *filter = add_filter(query, parameter, error);
    struct search *search = arena_alloc(query->arena, sizeof *search);
    if (search_parse(parameter->value, query->arena, search, error) && filter)
        *filter = (struct filter){.search = search};
}

/* What was written behind a revision, or at a time or later; `$` is what the parameter gives. */
static const char *since_condition(const struct query *query, bool revision)
{
    struct buffer sql = {0};
    if (query->resource->view)
        return revision ? query->resource->since : query->resource->since_time;
    if (!revision)
        return "updated_at >= $";
    buffer_put_all(&sql,
                   "id IN (\n"
                   "    SELECT record.id\n"
                   "    FROM record\n"
                   "    WHERE record.committed > CAST($ AS INTEGER) AND record.type = '",
                   query->resource->type, "'\n)", NULL);
    return buffer_keep(&sql, query->arena);
}

void filter_parse_since(struct query *query, const struct parameter *parameter, struct error *error)
{
    struct moment moment;
    struct filter *filter = add_filter(query, parameter, error);
    struct relation *relation = arena_alloc(query->arena, sizeof *relation);
    const char **value = arena_alloc(query->arena, sizeof *value);
    if (!moment_parse(parameter->name, parameter->value, &moment, error))
        return;
    *relation =
        (struct relation){.name = parameter->name, .where = since_condition(query, !*moment.time)};
    *value = *moment.time ? arena_strdup(query->arena, moment.time) : parameter->value;
    if (filter)
        *filter = (struct filter){.relation = relation, .values = value, .count = 1};
}

static void unknown_parameter(const struct query *query, const char *name, const char *word,
                              struct error *error)
{
    struct names known = {0};
    for (const struct query_parameter *each = QUERY_PARAMETERS; each->name; each++) {
        if (!each->fits || each->fits(query->resource))
            suggest_add(&known, each->name);
    }
    const struct relation *relation = query->resource->relations;
    for (; relation && relation->name; relation++)
        suggest_add(&known, relation->name);
    suggest_add_fields(&known, query->resource, filter_takes);
    suggest_fault(error, name, "a parameter", word, &known);
}

/* The operator of that name, or QUERY_OP_COUNT. */
static enum query_op find_op(const char *name)
{
    size_t op = QUERY_NOT;
    while (op < QUERY_OP_COUNT && strcmp(FILTER_OPS[op].name, name) != 0)
        op++;
    return (enum query_op)op;
}

void filter_parse(struct query *query, const struct parameter *parameter, struct error *error)
{
    const char *separator = strstr(parameter->name, "__");
    size_t size = separator ? (size_t)(separator - parameter->name) : strlen(parameter->name);
    const char *name = arena_copy(query->arena, parameter->name, size);
    enum query_op op = separator ? find_op(separator + 2) : QUERY_EQ;
    const struct relation *relation = filter_relation(query->resource, name);
    const struct field *field = relation ? NULL : query_field(query->resource, name);
    if (!relation && (!field || !filter_takes(field))) {
        unknown_parameter(query, parameter->name, name, error);
        return;
    }
    if (op < QUERY_OP_COUNT && filter_op_fits(field, op)) {
        parse_filter(query, (struct filter){.field = field, .relation = relation, .op = op},
                     parameter, error);
        return;
    }
    struct names known = {0};
    for (size_t each = QUERY_NOT; each < QUERY_OP_COUNT; each++) {
        if (filter_op_fits(field, (enum query_op)each))
            suggest_add(&known, FILTER_OPS[each].name);
    }
    suggest_fault(error, parameter->name, "an operator for it", separator + 2, &known);
}
