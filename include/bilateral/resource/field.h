/*
 * field - what each type of field accepts, how its value is stored, compared and described.
 *
 *     if (!field_check(field, json_object_get(body, field->name), &found))
 *         ... found.detail is "Found an integer; write one line of text."
 */
#ifndef BILATERAL_RESOURCE_FIELD_H
#define BILATERAL_RESOURCE_FIELD_H

#include "bilateral/resource/resource.h"

/* A pointer that is not given names the whole record. */
#define FIELD_POINTER_DEFAULT ""

enum {
    FIELD_LINE_LIMIT = 300,
    FIELD_PROSE_LIMIT = 4000,
    FIELD_ELEMENT_LIMIT = 1000, /* of an array or a part */
};

/* The columns that a field has beside the one of its own name. */
enum field_columns {
    FIELD_NO_COLUMN,     /* kept in the JSON text, or in tables of its own */
    FIELD_ONE_COLUMN,    /* NAME */
    FIELD_DATE_COLUMNS,  /* NAME, NAME_precision, NAME_earliest, NAME_latest */
    FIELD_RANGE_COLUMNS, /* NAME, NAME_earliest, NAME_latest */
    FIELD_NUMBER_COLUMNS /* NAME, NAME_number */
};

enum field_columns field_columns(enum field_type type);

/* Whether a value is fit; the error's text names what would be right. Null is for the caller. */
bool field_check(const struct field *field, const json_t *value, struct error *error);

/* The same for the text of a query parameter. */
bool field_check_text(const struct field *field, const char *text, struct error *error);

/* "a date such as 2024-11-20, 2024-11 or 2024": for messages. */
const char *field_expectation(enum field_type type);

#endif
