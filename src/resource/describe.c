#include "bilateral/resource/describe.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bilateral/json/write.h"
#include "bilateral/resource/field.h"
#include "bilateral/resource/members.h"
#include "filter.h"

#define SLUG "'pattern':'^[a-z0-9]+(-[a-z0-9]+)*$'"

/*
 * To describe a type of field: its row. What an array holds, and the words of a vocabulary, come
 * from the field itself.
 */
static const struct {
    const char *type;    /* of the JSON value */
    size_t longest;      /* in characters; 0: no limit */
    const char *rules;   /* further members of the JSON Schema, ' for " */
    const char *example; /* ' for " */
} SCHEMAS[] = {
    [FIELD_SLUG] = {"string", 100, SLUG, "'lang-son'"},
    [FIELD_LINE] = {"string", FIELD_LINE_LIMIT, "'minLength':1", "'Text on one line'"},
    [FIELD_PROSE] = {"string", FIELD_PROSE_LIMIT, "'minLength':1", "'A sentence or more.'"},
    [FIELD_ENUM] = {"string", 0, "", NULL},
    [FIELD_DATE] = {"string", 11, "'pattern':'^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?[~?%]?$'",
                    "'2024-11-20','2024-11','2024','2026-21','2024~'"},
    [FIELD_PERIOD] = {"string", 10, "'pattern':'^[0-9]{4}(-(S[12]|Q[1-4]|[0-9]{2}(-[0-9]{2})?))?$'",
                      "'2024','2024-Q3','2024-05'"},
    [FIELD_TIMESTAMP] = {"string", 40, "'format':'date-time','pattern':'Z$'",
                         "'2024-11-20T08:30:00Z'"},
    [FIELD_INTEGER] = {"integer", 0, "'minimum':-1000000000000000,'maximum':1000000000000000", "9"},
    [FIELD_DECIMAL] = {"number", 0, "", "3.3"},
    [FIELD_COUNTRY] = {"string", 2, "'pattern':'^[A-Z]{2}$'", "'VN'"},
    [FIELD_SIDE] = {"string", 5, "'pattern':'^([A-Z]{2}|joint)$'", "'VN','joint'"},
    [FIELD_LANG] = {"string", 0, "'pattern':'^[a-z]{2,8}(-[A-Za-z0-9]{1,8})*$'", "'vi','zh-Hans'"},
    [FIELD_SCRIPT] = {"string", 4, "'pattern':'^[A-Z][a-z]{3}$'", "'Latn'"},
    [FIELD_CURRENCY] = {"string", 3, "'pattern':'^[A-Z]{3}$'", "'USD'"},
    [FIELD_URL] = {"string", 2000, "'format':'uri','pattern':'^https?://'",
                   "'https://example.org/article'"},
    [FIELD_SHA256] = {"string", 64, "'pattern':'^[0-9a-f]{64}$'", NULL},
    [FIELD_POINTER] = {"string", 400, "'format':'json-pointer','pattern':'^(/.*)?$'",
                       "'/participants/0/role'"},
    [FIELD_REFERENCE] = {"string", 100, SLUG, "'lang-son'"},
    [FIELD_REFERENCES] = {"array", 0, "'uniqueItems':true", NULL},
    [FIELD_LINES] = {"array", 0, "'uniqueItems':true", NULL},
    [FIELD_PART] = {"array", 0, "", NULL},
    [FIELD_SCALAR] = {"string','number','boolean", FIELD_PROSE_LIMIT, "", "42"}, /* may be null */
    [FIELD_JSON] = {"array", 0, "", NULL}, /* unless it is any value at all */
};

static_assert(sizeof SCHEMAS / sizeof SCHEMAS[0] == FIELD_TYPE_COUNT, "a row for each field type");

/* What has the fields that are described. */
enum owner {
    OF_RECORD,
    OF_PART,
    OF_VIEW, /* its dates come without their precision */
    OF_BODY, /* what is sent: arrays may be null, and most members be left out */
};

static void put_object(const struct field *fields, enum owner owner, struct buffer *json);

static void put_words(const char *const *words, bool nullable, struct buffer *json)
{
    json_printf(json, "'enum':[");
    for (; *words; words++) {
        json_put_element(json);
        json_put_text(json, *words);
    }
    json_printf(json, nullable ? "null]" : "]");
}

/* A schema's members for one value of the type, of at most `longest` characters. */
static void put_value(const struct field *field, enum field_type type, bool nullable,
                      size_t longest, struct buffer *json)
{
    size_t own = SCHEMAS[type].longest;
    json_printf(json, nullable ? "'type':['%s','null']" : "'type':'%s'", SCHEMAS[type].type);
    if (*SCHEMAS[type].rules)
        json_printf(json, "%s", SCHEMAS[type].rules);
    if (own)
        json_printf(json, "'maxLength':%zu", own < longest ? own : longest);
    if (type == FIELD_ENUM)
        put_words(field->values, nullable, json);
}

/* The same for what the field holds: an array's elements are of a type of their own. */
static void put_schema(const struct field *field, bool nullable, enum owner owner,
                       struct buffer *json)
{
    if (field->type == FIELD_JSON && !field->part && !field->target)
        return; /* any value */
    bool array = strcmp(SCHEMAS[field->type].type, "array") == 0;
    put_value(field, field->type, nullable && (!array || owner == OF_BODY), SIZE_MAX, json);
    if (SCHEMAS[field->type].example)
        json_printf(json, "'examples':[%s]", SCHEMAS[field->type].example);
    if (!array)
        return;
    json_printf(json, "'items':{");
    if (field->part)
        put_object(field->part->fields, owner, json);
    else if (field->type == FIELD_JSON && !field->target)
        json_printf(json, "'type':'object'");
    else
        put_value(field, field->type == FIELD_LINES ? FIELD_LINE : FIELD_SLUG, false, SIZE_MAX,
                  json);
    buffer_putc(json, '}');
}

static void put_help(const struct field *field, struct buffer *json)
{
    struct buffer help = {0};
    buffer_puts(&help, field->help);
    if (field->target)
        buffer_printf(&help, " (`id` of `%s`)", field->target);
    json_put_member(json, "description", buffer_text(&help));
    buffer_finish(&help);
}

/* Records say with each date how exactly it is known; views do not. */
static bool has_precision(const struct field *field, enum owner owner)
{
    return field->type == FIELD_DATE && owner != OF_VIEW;
}

static void put_properties(const struct field *fields, enum owner owner, struct buffer *json)
{
    static const char *const PRECISIONS[] = {"year", "season", "quarter", "month", "day", NULL};
    for (const struct field *field = fields; field->name; field++) {
        bool nullable = !(field->flags & (FIELD_REQUIRED | FIELD_READ_ONLY));
        if (field->flags & FIELD_HIDDEN)
            continue;
        json_printf(json, "'%s':{", field->name);
        put_help(field, json);
        put_schema(field, nullable, owner, json);
        json_printf(json, field->flags & FIELD_READ_ONLY ? "'readOnly':true}" : "}");
        if (!has_precision(field, owner))
            continue;
        json_printf(json, "'%s_precision':{'description':'How exactly `%s` is known.'", field->name,
                    field->name);
        json_printf(json, nullable ? "'type':['string','null']" : "'type':'string'");
        put_words(PRECISIONS, nullable, json);
        json_printf(json, "'readOnly':true}");
    }
}

static void put_names(const struct field *fields, enum owner owner, struct buffer *json)
{
    for (const struct field *field = fields; field->name; field++) {
        if (field->flags & FIELD_HIDDEN || (owner == OF_BODY && !(field->flags & FIELD_REQUIRED)))
            continue;
        json_printf(json, "'%s'", field->name);
        if (owner != OF_BODY && has_precision(field, owner))
            json_printf(json, "'%s_precision'", field->name);
    }
}

/* What `include` puts beside the member of that name: a record, or null where there is none. */
static void put_included(const char *name, int size, const char *beside, const char *type,
                         bool array, struct buffer *json)
{
    json_printf(json, "'%.*s':{'description':'With `include`: %s `%s`.'", size, name,
                array ? "the records of" : "the record of", beside);
    if (array)
        json_printf(json, "'type':'array','items':{");
    json_printf(json, "'anyOf':[{'$ref':'#/components/schemas/%s'},{'type':'null'}]", type);
    json_printf(json, array ? "}}" : "}");
}

/* An element of an array: all its own members are there always. */
static void put_object(const struct field *fields, enum owner owner, struct buffer *json)
{
    enum owner own = owner == OF_RECORD ? OF_PART : owner;
    json_printf(json, "'type':'object','properties':{");
    put_properties(fields, own, json);
    for (const struct field *field = fields; owner == OF_RECORD && field->name; field++) {
        if (field->type == FIELD_REFERENCE)
            put_included(field->name, (int)strlen(field->name) - 3, field->name, field->target,
                         false, json);
    }
    json_printf(json, "},'additionalProperties':false,'required':[");
    put_names(fields, own, json);
    buffer_putc(json, ']');
}

/* The names of all members, as elements of an array. */
static void put_members(const struct resource *resource, struct arena *arena, struct buffer *json)
{
    size_t count;
    const struct member *members = members_all(resource, arena, &count);
    for (size_t i = 0; i < count; i++)
        json_printf(json, "'%s'", members[i].name);
}

static void put_includes(const struct include *include, struct buffer *json)
{
    for (; include->name; include++) {
        const struct field *field = include->field;
        int size = (int)strlen(include->name);
        if (!field)
            put_included(include->name, size, include->referring->collection,
                         include->referring->type, true, json);
        else if (field->type != FIELD_PART)
            put_included(include->name, size, field->name, field->target,
                         field->type == FIELD_REFERENCES, json);
    }
}

/* The members that tell a record from all others. */
static void put_identity(const struct resource *resource, struct buffer *json)
{
    json_printf(json, "'id':{'description':'Its permanent id.'");
    put_schema(query_field(resource, "id"), false, OF_RECORD, json);
    json_printf(json, "},'type':{'description':'What sort of record it is.'");
    json_printf(json, "'type':'string','const':'%s'}", resource->type);
}

void describe_body(const struct resource *resource, struct arena *arena, struct buffer *json)
{
    json_printf(json, "'%s_body':{", resource->type);
    json_put_member(json, "description", resource->help);
    json_printf(json, "'type':'object','properties':{");
    put_identity(resource, json);
    put_properties(resource->fields, OF_BODY, json);
    put_properties(RESOURCE_COMMON_FIELDS, OF_BODY, json);
    json_printf(json, "},'additionalProperties':false,'required':[");
    put_names(resource->fields, OF_BODY, json);
    json_printf(json, "]},'%s_patch':{", resource->type);
    json_put_member(
        json, "description",
        "A JSON Merge Patch (RFC 7396): members that change, with their new values; null "
        "where nothing is known any more. Arrays are replaced whole.");
    json_printf(json, "'type':'object','propertyNames':{'enum':[");
    put_members(resource, arena, json);
    json_printf(json, "]}}");
}

void describe_resource(const struct resource *resource, const struct registry *registry,
                       struct arena *arena, struct buffer *json)
{
    const char *type = resource->type;
    json_printf(json, "'%s_fields':{", type);
    json_put_member(json, "description", resource->help);
    json_printf(json, "'type':'object','properties':{");
    if (!resource->view)
        put_identity(resource, json);
    put_properties(resource->fields, resource->view ? OF_VIEW : OF_RECORD, json);
    if (!resource->view)
        put_properties(RESOURCE_COMMON_FIELDS, OF_RECORD, json);
    put_includes(include_all(resource, registry, arena), json);
    json_printf(json, "},'additionalProperties':false}");

    json_printf(json, "'%s':{", type);
    json_put_member(json, "description", resource->help);
    json_printf(json, "'allOf':[{'$ref':'#/components/schemas/%s_fields'}],'required':[", type);
    put_members(resource, arena, json);
    json_printf(json, "]}");
}

static void open_parameter(const char *name, const char *op, const char *help, struct buffer *json)
{
    json_printf(json, "{'name':'%s%s%s','in':'query'", name, *op ? "__" : "", op);
    json_put_member(json, "description", help);
}

/* "-start_date,name" as elements of an array. */
static void put_order(const char *order, struct buffer *json)
{
    for (size_t size; *order; order += size + (order[size] == ',')) {
        size = strcspn(order, ",");
        json_printf(json, "'%.*s'", (int)size, order);
    }
}

/* The words of a parameter whose value is names, as elements of an array. */
static void put_choices(const struct query_parameter *row, const struct resource *resource,
                        const struct include *include, struct arena *arena, struct buffer *json)
{
    const struct field *field;
    if (row->flags & QUERY_MEMBERS)
        put_members(resource, arena, json);
    for (; row->flags & QUERY_INCLUDES && include->name; include++)
        json_printf(json, "'%s'", include->name);
    for (size_t i = 0; row->names && (field = query_field_at(resource, i)); i++) {
        if (row->names(field))
            json_printf(json, row->flags & QUERY_ORDERS ? "'%s','-%s'" : "'%s'", field->name,
                        field->name);
    }
}

void describe_parameter(const struct query_parameter *row, const struct resource *resource,
                        const struct registry *registry, struct arena *arena, struct buffer *json)
{
    if (row->schema) {
        open_parameter(row->name, "", row->help, json);
        json_printf(json, row->flags & QUERY_REQUIRED ? "'required':true" : "");
        json_printf(json, "'schema':{%s}}", row->schema);
        return;
    }
    const struct include *include = include_all(resource, registry, arena);
    if (row->flags & QUERY_INCLUDES && !include->name)
        return; /* there is nothing that could be named */
    open_parameter(row->name, "", row->help, json);
    json_printf(json, "'explode':%s,'schema':{'type':'array','minItems':1",
                row->flags & QUERY_REPEATS ? "true" : "false");
    if (row->most)
        json_printf(json, "'maxItems':%zu", row->most);
    if (row->flags & QUERY_ORDERS) {
        json_printf(json, "'default':[");
        put_order(resource->sort, json);
        buffer_putc(json, ']');
    }
    json_printf(json, "'items':{'type':'string','enum':[");
    put_choices(row, resource, include, arena, json);
    json_printf(json, "]}}}");
}

/* A filter by a field, or by a relation: then `field` stands for its ids. */
static void put_filter(const struct field *field, const struct relation *relation, enum query_op op,
                       struct buffer *json)
{
    const char *name = relation ? relation->name : field->name;
    enum filter_value value = FILTER_OPS[op].value;
    enum field_type type = field->type == FIELD_REFERENCES ? FIELD_SLUG : field->type;
    bool free_text = type == FIELD_LINE || type == FIELD_PROSE;
    struct buffer help = {0};
    buffer_printf(&help, op == QUERY_EQ ? "%s" : "`%s` %s.",
                  op > QUERY_EQ ? name
                  : relation    ? relation->help
                                : field->help,
                  FILTER_OPS[op].help);
    if (relation && relation->target && op == QUERY_EQ)
        buffer_printf(&help, " (`id` of `%s`)", relation->target);
    open_parameter(name, FILTER_OPS[op].name, buffer_text(&help), json);
    buffer_finish(&help);
    if (value == FILTER_BOOLEAN)
        json_printf(json, "'schema':{'type':'boolean'");
    else if (value == FILTER_TEXT)
        json_printf(json, "'schema':{'type':'string','minLength':1,'maxLength':%d",
                    QUERY_TEXT_LIMIT);
    else if (value == FILTER_VALUES)
        json_printf(json, "'explode':false,'schema':{'type':'array','maxItems':%d,'items':{",
                    QUERY_VALUE_LIMIT);
    else
        json_printf(json, "'schema':{");
    if (free_text && value < FILTER_TEXT)
        json_printf(json, "'type':'string','maxLength':%d", QUERY_TEXT_LIMIT);
    else if (value < FILTER_TEXT)
        put_value(field, type, false, QUERY_TEXT_LIMIT, json);
    json_printf(json, value == FILTER_VALUES ? "}}}" : "}}");
}

static void put_filters(const struct field *field, const struct relation *relation,
                        struct buffer *json)
{
    static const struct field ID = {.type = FIELD_SLUG}, SIDE = {.type = FIELD_SIDE};
    const struct field *value = field;
    if (relation)
        value = relation->target ? &ID : &SIDE;
    for (size_t op = QUERY_EQ; op < QUERY_OP_COUNT; op++) {
        if (filter_op_fits(field, (enum query_op)op))
            put_filter(value, relation, (enum query_op)op, json);
    }
}

void describe_parameters(const struct resource *resource, const struct registry *registry,
                         struct arena *arena, struct buffer *json)
{
    for (const struct query_parameter *row = QUERY_PARAMETERS; row->name; row++) {
        if (!row->fits || row->fits(resource))
            describe_parameter(row, resource, registry, arena, json);
    }
    const struct relation *relation = resource->relations;
    for (; relation && relation->name; relation++)
        put_filters(NULL, relation, json);
    const struct field *field;
    for (size_t i = 0; (field = query_field_at(resource, i)); i++) {
        if (filter_takes(field) && !filter_relation(resource, field->name))
            put_filters(field, NULL, json); /* a relation of the same name goes before it */
    }
}
