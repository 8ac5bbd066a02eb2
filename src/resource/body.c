#include "bilateral/resource/body.h"

#include <stdio.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/json/scan.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/field.h"

enum { NAME_SIZE = 80 };

const char *body_decimal(const struct draft *draft, const char *name, struct arena *arena)
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
    char name[NAME_SIZE];
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

/* As many digits as a decimal keeps on its way through a double. */
void body_put_scalar(const json_t *value, struct buffer *json)
{
    if (json_is_boolean(value))
        json_put_boolean(json, json_is_true(value));
    else if (json_is_integer(value))
        json_put_integer(json, json_integer_value(value));
    else if (json_is_real(value))
        buffer_printf(json, "%.15g", json_real_value(value));
    else
        json_put_text_size(json, json_string_value(value), json_string_length(value));
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
            body_write_source_ids(draft, json);
        else if (columns == FIELD_NO_COLUMN)
            write_array(draft, field, value, json);
        else if (field->type == FIELD_DECIMAL)
            write_decimal(draft, field, json);
        else if (field->type == FIELD_POINTER && !json_is_string(value))
            json_put_text(json, FIELD_POINTER_DEFAULT);
        else
            body_put_scalar(value, json);
        if (columns == FIELD_DATE_COLUMNS)
            write_date(field, json_string_value(value), json);
    }
}

void body_write(const struct draft *draft, struct buffer *json)
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

void body_write_source_ids(const struct draft *draft, struct buffer *json)
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
