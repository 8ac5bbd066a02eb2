#include "bilateral/resource/record.h"

#include <stdio.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/base/text.h"
#include "bilateral/json/read.h"
#include "bilateral/json/scan.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/field.h"

enum { POINTER_SIZE = 256, NAME_LIMIT = 64 };

/* Where a check stands in the body. */
struct position {
    char pointer[POINTER_SIZE]; /* "/participants/2" */
    char field[POINTER_SIZE];   /* "participants/" */
};

struct check {
    struct arena *arena;
    struct error *error;
    struct link **next_link; /* where the next link goes */
};

static void check_object(struct check *check, const struct field *const *tables,
                         const json_t *object, const struct position *position);

static struct position inside(const struct position *outer, const char *name, size_t index)
{
    struct position inner;
    snprintf(inner.pointer, sizeof inner.pointer, "%.160s/%.60s/%zu", outer->pointer, name, index);
    snprintf(inner.field, sizeof inner.field, "%.160s%.60s/", outer->field, name);
    return inner;
}

static const char *pointer_to(struct check *check, const struct position *position,
                              const char *name)
{
    return arena_printf(check->arena, "%s/%s", position->pointer, name);
}

static void add_fault(struct check *check, const char *pointer, const struct error *found)
{
    error_add(check->error, ERROR_INVALID, FAULT_POINTER, pointer, "%s", found->detail);
}

static void add_link(struct check *check, const struct field *field, const char *pointer,
                     const struct position *position, const char *id)
{
    struct link *link = arena_alloc(check->arena, sizeof *link);
    *link = (struct link){
        .field = arena_printf(check->arena, "%s%s", position->field, field->name),
        .pointer = pointer,
        .type = field->target,
        .id = id,
    };
    *check->next_link = link;
    check->next_link = &link->next;
}

static void check_elements(struct check *check, const struct field *field, const json_t *array,
                           const struct position *position)
{
    size_t index;
    json_t *element;
    json_array_foreach((json_t *)array, index, element)
    {
        struct error found = {0};
        const char *pointer =
            arena_printf(check->arena, "%s/%s/%zu", position->pointer, field->name, index);
        const char *text = json_string_value(element);
        if (!text)
            error_set(&found, ERROR_INVALID, "Found %s; write a string.", json_kind(element));
        else if (field_check_text(field, text, &found) && field->type == FIELD_REFERENCES)
            add_link(check, field, pointer, position, text);
        if (found.code)
            add_fault(check, pointer, &found);
    }
}

static void check_part(struct check *check, const struct field *field, const json_t *array,
                       const struct position *position)
{
    const struct field *const tables[] = {field->part->fields, NULL};
    size_t index;
    json_t *element;
    json_array_foreach((json_t *)array, index, element)
    {
        struct position at = inside(position, field->name, index);
        if (json_is_object(element))
            check_object(check, tables, element, &at);
        else
            error_add(check->error, ERROR_INVALID, FAULT_POINTER, at.pointer,
                      "Found %s; write an object.", json_kind(element));
    }
}

static void check_field(struct check *check, const struct field *field, const json_t *object,
                        const struct position *position)
{
    const json_t *value = json_object_get(object, field->name);
    const char *pointer = pointer_to(check, position, field->name);
    if (!value || json_is_null(value)) {
        if (field->flags & FIELD_REQUIRED)
            error_add(check->error, ERROR_INVALID, FAULT_POINTER, pointer, "Missing; write %s.",
                      field_expectation(field->type));
        return;
    }
    struct error found = {0};
    if (field->flags & FIELD_READ_ONLY)
        error_set(&found, ERROR_INVALID, "The store sets this field; leave it out.");
    else
        field_check(field, value, &found);
    if (found.code)
        add_fault(check, pointer, &found);
    else if (field->type == FIELD_REFERENCE)
        add_link(check, field, pointer, position, json_string_value(value));
    else if (field->type == FIELD_PART)
        check_part(check, field, value, position);
    else if (json_is_array(value))
        check_elements(check, field, value, position);
}

/* A date's precision may be given where it says what the date says anyway. */
static bool is_true_precision(const char *name, const struct field *field, const json_t *object,
                              const json_t *value)
{
    size_t size = strlen(field->name);
    if (field->type != FIELD_DATE || strncmp(name, field->name, size) != 0 ||
        strcmp(name + size, "_precision") != 0)
        return false;
    struct date date;
    struct error ignored = {0};
    const char *text = json_string_value(json_object_get(object, field->name));
    if (!text || !date_parse(text, &date, &ignored))
        return json_is_null(value);
    return json_is_string(value) &&
           strcmp(json_string_value(value), date_precision_name(date.precision)) == 0;
}

static bool is_known(const struct field *const *tables, const char *name, const json_t *object,
                     const json_t *value)
{
    for (; *tables; tables++) {
        for (const struct field *field = *tables; field->name; field++) {
            if (strcmp(field->name, name) == 0 || is_true_precision(name, field, object, value))
                return true;
        }
    }
    return false;
}

static void check_names(struct check *check, const struct field *const *tables,
                        const json_t *object, const struct position *position)
{
    const char *names[NAME_LIMIT];
    size_t count = 0;
    for (const struct field *const *table = tables; *table; table++) {
        for (const struct field *field = *table; field->name && count < NAME_LIMIT; field++)
            names[count++] = field->name;
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        if (is_known(tables, name, object, value))
            continue;
        const char *nearest = text_nearest(name, names, count);
        error_add(check->error, ERROR_INVALID, FAULT_POINTER,
                  pointer_to(check, position, arena_printf(check->arena, "%.80s", name)),
                  nearest ? "Unknown field; did you mean \"%s\"?" : "Unknown field; leave it out.",
                  nearest ? nearest : "");
    }
}

/* An end must not lie wholly before its start. */
static void check_span(struct check *check, const json_t *object, const struct position *position)
{
    const char *start_text = json_string_value(json_object_get(object, "start_date"));
    const char *end_text = json_string_value(json_object_get(object, "end_date"));
    struct date start, end;
    struct error ignored = {0};
    if (start_text && end_text && date_parse(start_text, &start, &ignored) &&
        date_parse(end_text, &end, &ignored) && strcmp(end.latest, start.earliest) < 0)
        error_add(check->error, ERROR_INVALID, FAULT_POINTER,
                  pointer_to(check, position, "end_date"),
                  "The end, %s, lies before the start, %s.", end_text, start_text);
}

/* `tables` are the arrays of fields that an object may have, ended by NULL. */
static void check_object(struct check *check, const struct field *const *tables,
                         const json_t *object, const struct position *position)
{
    check_names(check, tables, object, position);
    for (; *tables; tables++) {
        for (const struct field *field = *tables; field->name; field++)
            check_field(check, field, object, position);
    }
    check_span(check, object, position);
}

static const json_t *follow(const json_t *value, const char *pointer)
{
    while (value && *pointer == '/') {
        char token[POINTER_SIZE];
        size_t size = 0;
        for (pointer++; *pointer && *pointer != '/' && size + 1 < sizeof token; pointer++) {
            char c = *pointer;
            if (c == '~' && (pointer[1] == '0' || pointer[1] == '1'))
                c = *++pointer == '1' ? '/' : '~';
            token[size++] = c;
        }
        token[size] = '\0';
        size_t index = 0;
        if (json_is_array(value) && sscanf(token, "%zu", &index) == 1)
            value = json_array_get(value, index);
        else
            value = json_object_get(value, token);
    }
    return value;
}

/* A citation of a field that is not there supports nothing. */
static void check_citations(struct check *check, const json_t *record)
{
    size_t index;
    json_t *citation;
    json_array_foreach(json_object_get(record, "citations"), index, citation)
    {
        const char *pointer = json_string_value(json_object_get(citation, "pointer"));
        if (!pointer || follow(record, pointer))
            continue;
        error_add(check->error, ERROR_INVALID, FAULT_POINTER,
                  arena_printf(check->arena, "/citations/%zu/pointer", index),
                  "The pointer \"%.80s\" leads to nothing in this record.", pointer);
    }
}

static void check_identity(struct check *check, const struct resource *resource,
                           const json_t *record)
{
    const json_t *type = json_object_get(record, "type");
    const char *text = json_string_value(type);
    if (type && (!text || strcmp(text, resource->type) != 0))
        error_add(check->error, ERROR_INVALID, FAULT_POINTER, "/type",
                  "Write \"%s\" here, or leave it out.", resource->type);
}

bool record_check(const struct resource *resource, const json_t *value, const char *text,
                  size_t size, struct arena *arena, struct draft *ret, struct error *error)
{
    static const struct field IDENTITY[] = {
        {.name = "id", .type = FIELD_SLUG, .flags = FIELD_REQUIRED},
        {.name = "type", .type = FIELD_LINE},
        {0},
    };
    if (!json_is_object(value)) {
        *ret = (struct draft){.resource = resource};
        error_add(error, ERROR_INVALID, FAULT_POINTER, "", "Found %s; write an object.",
                  json_kind(value));
        return false;
    }
    size_t before = error->faults->count;
    struct draft draft = {.resource = resource, .value = value, .text = text, .size = size};
    struct check check = {.arena = arena, .error = error, .next_link = &draft.links};
    const struct field *const tables[] = {IDENTITY, resource->fields, RESOURCE_COMMON_FIELDS, NULL};
    check_object(&check, tables, value, &(struct position){0});
    check_identity(&check, resource, value);
    check_citations(&check, value);
    if (resource->check)
        resource->check(value, error);
    draft.id = json_string_value(json_object_get(value, "id"));
    *ret = draft;
    return error->faults->count == before;
}

const char *record_decimal(const struct draft *draft, const char *name, struct arena *arena)
{
    const char *value;
    size_t size;
    if (!json_scan_member(draft->text, draft->size, name, &value, &size) || *value == 'n')
        return NULL;
    return arena_copy(arena, value, size);
}

static void write_fields(const struct draft *draft, const struct field *fields,
                         const json_t *object, struct buffer *json);

static void write_date(const struct field *field, const char *text, struct buffer *json)
{
    char name[POINTER_SIZE];
    struct date date;
    struct error ignored = {0};
    snprintf(name, sizeof name, "%s_precision", field->name);
    bool known = text && date_parse(text, &date, &ignored);
    json_put_member(json, name, known ? date_precision_name(date.precision) : NULL);
}

static void write_array(const struct draft *draft, const struct field *field, const json_t *array,
                        struct buffer *json)
{
    size_t index;
    json_t *element;
    buffer_putc(json, '[');
    json_array_foreach((json_t *)array, index, element)
    {
        json_put_element(json);
        if (field->type == FIELD_PART) {
            buffer_putc(json, '{');
            write_fields(draft, field->part->fields, element, json);
            buffer_putc(json, '}');
        } else {
            json_put_text_size(json, json_string_value(element), json_string_length(element));
        }
    }
    buffer_putc(json, ']');
}

static void write_decimal(const struct draft *draft, const struct field *field, struct buffer *json)
{
    const char *value;
    size_t size;
    if (json_scan_member(draft->text, draft->size, field->name, &value, &size))
        buffer_append(json, value, size);
    else
        buffer_puts(json, "null");
}

static void write_fields(const struct draft *draft, const struct field *fields,
                         const json_t *object, struct buffer *json)
{
    for (const struct field *field = fields; field->name; field++) {
        if (field->flags & FIELD_READ_ONLY)
            continue;
        const json_t *value = json_object_get(object, field->name);
        enum field_columns columns = field_columns(field->type);
        json_put_key(json, field->name);
        if (object == draft->value && strcmp(field->name, "source_ids") == 0)
            record_write_source_ids(draft, json);
        else if (columns == FIELD_NO_COLUMN)
            write_array(draft, field, value, json);
        else if (field->type == FIELD_DECIMAL)
            write_decimal(draft, field, json);
        else if (field->type == FIELD_INTEGER && json_is_integer(value))
            json_put_integer(json, json_integer_value(value));
        else if (field->type == FIELD_POINTER && !json_is_string(value))
            json_put_text(json, FIELD_POINTER_DEFAULT);
        else
            json_put_text_size(json, json_string_value(value), json_string_length(value));
        if (columns == FIELD_DATE_COLUMNS)
            write_date(field, json_string_value(value), json);
    }
}

void record_write_body(const struct draft *draft, struct buffer *json)
{
    buffer_putc(json, '{');
    json_put_member(json, "id", draft->id);
    json_put_member(json, "type", draft->resource->type);
    write_fields(draft, draft->resource->fields, draft->value, json);
    write_fields(draft, RESOURCE_COMMON_FIELDS, draft->value, json);
}

/* Whether a link is to a source that the draft rests on: a field named source_id or source_ids. */
static bool is_source(const struct link *link)
{
    const char *name = strrchr(link->field, '/');
    return strncmp(name ? name + 1 : link->field, "source_id", strlen("source_id")) == 0;
}

static bool named_before(const struct draft *draft, const struct link *link)
{
    for (const struct link *each = draft->links; each != link; each = each->next) {
        if (is_source(each) && strcmp(each->id, link->id) == 0)
            return true;
    }
    return false;
}

void record_write_source_ids(const struct draft *draft, struct buffer *json)
{
    buffer_putc(json, '[');
    for (const struct link *link = draft->links; link; link = link->next) {
        if (!is_source(link) || named_before(draft, link))
            continue;
        json_put_element(json);
        json_put_text(json, link->id);
    }
    buffer_putc(json, ']');
}
