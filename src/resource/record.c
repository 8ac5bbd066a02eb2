#include "bilateral/resource/record.h"

#include <stdio.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/base/text.h"
#include "bilateral/json/read.h"
#include "bilateral/json/scan.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/body.h"
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
    size_t size = strlen(position->pointer), name_size = strlen(name);
    char *pointer = arena_alloc(check->arena, size + name_size + 2);
    memcpy(pointer, position->pointer, size);
    pointer[size] = '/';
    memcpy(pointer + size + 1, name, name_size + 1);
    return pointer;
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
        .kind = field->kind,
    };
    *check->next_link = link;
    check->next_link = &link->next;
}

static void check_elements(struct check *check, const struct field *field, const json_t *array,
                           const struct position *position)
{
    size_t index;
    json_t *element, *seen = json_object();
    json_array_foreach((json_t *)array, index, element)
    {
        struct error found = {0};
        const char *pointer =
            arena_printf(check->arena, "%s/%s/%zu", position->pointer, field->name, index);
        const char *text = json_string_value(element);
        if (!text)
            error_set(&found, ERROR_INVALID, "Found %s; write a string.", json_kind(element));
        else if (json_object_get(seen, text))
            error_set(&found, ERROR_INVALID, "\"%.100s\" stands in %s already; write it once.",
                      text, field->name);
        else if (field_check_text(field, text, &found) && field->type == FIELD_REFERENCES)
            add_link(check, field, pointer, position, text);
        if (found.code)
            add_fault(check, pointer, &found);
        if (text)
            json_object_set(seen, text, element);
    }
    json_decref(seen);
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
    if (!value || (json_is_null(value) && !(field->flags & FIELD_READ_ONLY))) {
        if (field->flags & FIELD_REQUIRED)
            error_add(check->error, ERROR_INVALID, FAULT_POINTER,
                      pointer_to(check, position, field->name), "Missing; write %s.",
                      field_expectation(field->type));
        return;
    }
    const char *pointer = pointer_to(check, position, field->name);
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

/* The date field whose precision a name is, or NULL. */
static const struct field *dated_by(const struct field *const *tables, const char *name)
{
    for (; *tables; tables++) {
        for (const struct field *field = *tables; field->name; field++) {
            size_t size = strlen(field->name);
            if (field->type == FIELD_DATE && strncmp(name, field->name, size) == 0 &&
                strcmp(name + size, "_precision") == 0)
                return field;
        }
    }
    return NULL;
}

/* A date's precision may be given where it says what the date says anyway. */
static void check_precision(struct check *check, const struct field *field, const char *pointer,
                            const json_t *object, const json_t *value)
{
    struct date date;
    struct error ignored = {0};
    const char *text = json_string_value(json_object_get(object, field->name));
    bool known = text && date_parse(text, &date, &ignored);
    const char *right = known ? date_precision_name(date.precision) : NULL;
    const char *given = json_string_value(value);
    if (right ? !given || strcmp(given, right) != 0 : !json_is_null(value))
        error_add(check->error, ERROR_INVALID, FAULT_POINTER, pointer,
                  "The precision of %s is %s; write that, or leave it out.", field->name,
                  right ? right : "null");
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
    while (count > 0 && strcmp(names[count - 1], name) != 0)
        count--;
    return count > 0;
}

/* A name as a pointer's token, or the beginning of a long one. */
static const char *escape_token(struct arena *arena, const char *name)
{
    struct buffer token = {0};
    json_put_token(&token, name, strnlen(name, 80));
    return buffer_keep(&token, arena);
}

bool record_check_width(const json_t *object, const char *pointer, struct error *error)
{
    size_t count = json_object_size(object);
    if (count > NAME_LIMIT)
        error_add(error, ERROR_INVALID, FAULT_POINTER, pointer,
                  "Found %zu members; no record has more than %d.", count, NAME_LIMIT);
    return count <= NAME_LIMIT;
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
        if (is_among(names, count, name))
            continue;
        const char *pointer = pointer_to(check, position, escape_token(check->arena, name));
        const struct field *dated = dated_by(tables, name);
        if (dated) {
            check_precision(check, dated, pointer, object, value);
            continue;
        }
        const char *nearest = text_nearest(name, names, count);
        error_add(check->error, ERROR_INVALID, FAULT_POINTER, pointer,
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
    if (record_check_width(object, position->pointer, check->error))
        check_names(check, tables, object, position);
    for (; *tables; tables++) {
        for (const struct field *field = *tables; field->name; field++)
            check_field(check, field, object, position);
    }
    check_span(check, object, position);
}

/* A scalar's number goes through a double, which keeps 15 digits of any decimal. */
static bool is_kept(const struct draft *draft, const char *pointer)
{
    const char *digits = json_scan_pointer(draft->text, draft->size, pointer);
    digits += strspn(digits, "-0.");
    size_t size = strspn(digits, "0123456789.");
    return size - (memchr(digits, '.', size) != NULL) <= 15;
}

/* A citation of a field that is not there supports nothing. */
static void check_citations(struct check *check, const struct draft *draft)
{
    size_t index;
    json_t *citation;
    json_array_foreach(json_object_get(draft->value, "citations"), index, citation)
    {
        const char *pointer = json_string_value(json_object_get(citation, "pointer"));
        const char *value = arena_printf(check->arena, "/citations/%zu/value", index);
        if (json_is_real(json_object_get(citation, "value")) && !is_kept(draft, value))
            error_add(check->error, ERROR_INVALID, FAULT_POINTER, value,
                      "The number has more than 15 digits; write it as a text.");
        if (!pointer || json_leads(draft->value, pointer))
            continue;
        error_add(check->error, ERROR_INVALID, FAULT_POINTER,
                  arena_printf(check->arena, "/citations/%zu/pointer", index),
                  "The pointer \"%.80s\" leads to nothing in this record.", pointer);
    }
}

/* They are kept as they were written, so it is their text that must be fit to be kept. */
static void check_decimals(struct check *check, const struct draft *draft)
{
    for (const struct field *field = draft->resource->fields; field->name; field++) {
        struct error found = {0};
        if (field->type == FIELD_DECIMAL &&
            json_is_number(json_object_get(draft->value, field->name)) &&
            !field_check_text(field, body_decimal(draft, field->name, check->arena), &found))
            add_fault(check, pointer_to(check, &(struct position){0}, field->name), &found);
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
        return error_refuse(error, ERROR_INVALID, FAULT_POINTER, "", "Found %s; write an object.",
                            json_kind(value));
    }
    size_t before = error->faults->count;
    struct draft draft = {.resource = resource, .value = value, .text = text, .size = size};
    struct check check = {.arena = arena, .error = error, .next_link = &draft.links};
    const struct field *const tables[] = {IDENTITY, resource->fields, RESOURCE_COMMON_FIELDS, NULL};
    check_object(&check, tables, value, &(struct position){0});
    check_identity(&check, resource, value);
    check_citations(&check, &draft);
    check_decimals(&check, &draft);
    if (resource->check)
        resource->check(value, error);
    draft.id = json_string_value(json_object_get(value, "id"));
    *ret = draft;
    return error->faults->count == before;
}

bool record_check_size(size_t size, struct error *error)
{
    const size_t own = 200; /* bytes that the store's own members take at most */
    return size + own <= RECORD_SIZE_LIMIT ||
           error_refuse(error, ERROR_INVALID, FAULT_POINTER, "",
                        "The record would have %zu bytes; at most a megabyte is stored.", size);
}

static void make_find(const void *of, struct buffer *sql)
{
    const struct resource *resource = of;
    buffer_put_all(sql, "SELECT json, revision, updated_at\nFROM ", resource->table,
                   "\nWHERE id = ?1", NULL);
}

struct statement *record_find(struct store *store, const struct resource *resource, const char *id,
                              bool *ret_row, struct error *error)
{
    struct statement *find = store_prepare_of(store, resource, make_find, error);
    statement_bind_text(find, 1, id);
    return statement_step(find, ret_row, error) ? find : NULL;
}

void record_strip(json_t *value)
{
    for (const struct field *field = RESOURCE_COMMON_FIELDS; field->name; field++) {
        if (field->flags & FIELD_READ_ONLY)
            json_object_del(value, field->name);
    }
}
