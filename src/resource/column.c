#include "bilateral/resource/column.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/resource/body.h"
#include "bilateral/resource/field.h"

/* What each kind of column set adds to the field's name, ended by NULL. */
static const char *const SUFFIXES[][5] = {
    [FIELD_NO_COLUMN] = {NULL},
    [FIELD_ONE_COLUMN] = {""},
    [FIELD_DATE_COLUMNS] = {"", "_precision", "_earliest", "_latest"},
    [FIELD_RANGE_COLUMNS] = {"", "_earliest", "_latest"},
    [FIELD_NUMBER_COLUMNS] = {"", "_number"},
};

size_t column_names(const struct field *fields, struct buffer *sql)
{
    size_t count = 0;
    for (const struct field *field = fields; field->name; field++) {
        const char *const *suffix = SUFFIXES[field_columns(field->type)];
        for (; *suffix; suffix++, count++)
            buffer_put_all(sql, ", ", field->name, *suffix, NULL);
    }
    return count;
}

void column_nulls(const struct field *fields, struct buffer *sql)
{
    for (const struct field *field = fields; field->name; field++) {
        const char *const *suffix = SUFFIXES[field_columns(field->type)];
        for (; *suffix; suffix++) {
            const char *type = field->type == FIELD_INTEGER      ? "INTEGER"
                               : strcmp(*suffix, "_number") == 0 ? "REAL"
                                                                 : "TEXT";
            buffer_put_all(sql, ", CAST(NULL AS ", type, ")", NULL);
        }
    }
}

void column_parameters(int count, struct buffer *sql)
{
    for (int parameter = 0; parameter < count; parameter++)
        buffer_puts(sql, parameter ? ", ?" : "?");
}

/* Dates and periods: their text, then what it means; all NULL where it is not known. */
static void bind_date(const struct field *field, const char *text, struct statement *statement,
                      int *parameter, struct arena *arena)
{
    struct date *date = arena_alloc(arena, sizeof *date);
    struct error ignored = {0};
    char freq;
    bool period = field->type == FIELD_PERIOD;
    bool known = text && (period ? date_parse_period(text, date, &freq, &ignored)
                                 : date_parse(text, date, &ignored));
    statement_bind_text(statement, (*parameter)++, text);
    if (!period)
        statement_bind_text(statement, (*parameter)++,
                            known ? date_precision_name(date->precision) : NULL);
    statement_bind_text(statement, (*parameter)++, known ? date->earliest : NULL);
    statement_bind_text(statement, (*parameter)++, known ? date->latest : NULL);
}

static void bind_decimal(const char *text, struct statement *statement, int *parameter)
{
    statement_bind_text(statement, (*parameter)++, text);
    if (text)
        statement_bind_real(statement, *parameter, strtod(text, NULL));
    else
        statement_bind_null(statement, *parameter);
    (*parameter)++;
}

static const char *timestamp_text(const char *text, struct arena *arena)
{
    char *moment = arena_alloc(arena, DATE_TIMESTAMP_SIZE);
    if (text)
        date_timestamp_bound(text, false, moment);
    return text ? moment : NULL;
}

static const char *scalar_text(const json_t *value, struct arena *arena)
{
    struct buffer json = {0};
    if (!value || json_is_null(value))
        return NULL;
    body_put_scalar(value, &json);
    return buffer_keep(&json, arena);
}

void column_bind(const struct draft *draft, const struct field *fields, const json_t *object,
                 struct statement *statement, int *parameter, struct arena *arena)
{
    for (const struct field *field = fields; field->name; field++) {
        const json_t *value = json_object_get(object, field->name);
        const char *text = json_string_value(value);
        if (!text && field->type == FIELD_POINTER)
            text = FIELD_POINTER_DEFAULT;
        switch (field_columns(field->type)) {
        case FIELD_NO_COLUMN:
            break;
        case FIELD_ONE_COLUMN:
            if (field->type == FIELD_SCALAR)
                statement_bind_text(statement, *parameter, scalar_text(value, arena));
            else if (field->type == FIELD_TIMESTAMP)
                statement_bind_text(statement, *parameter, timestamp_text(text, arena));
            else if (json_is_integer(value))
                statement_bind_integer(statement, *parameter, json_integer_value(value));
            else
                statement_bind_text(statement, *parameter, text);
            (*parameter)++;
            break;
        case FIELD_DATE_COLUMNS:
        case FIELD_RANGE_COLUMNS:
            bind_date(field, text, statement, parameter, arena);
            break;
        case FIELD_NUMBER_COLUMNS:
            bind_decimal(body_decimal(draft, field->name, arena), statement, parameter);
            break;
        }
    }
}
