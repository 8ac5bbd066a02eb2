#include "bilateral/resource/field.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/base/text.h"
#include "bilateral/json/read.h"

typedef bool text_check(const char *text, struct error *error);

/* How long a run of bytes of `set` the text begins with, at most `most`. */
static size_t run_of(const char *text, const char *set, size_t most)
{
    size_t size = strspn(text, set);
    return size < most ? size : most;
}

static const char UPPER[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz";
static const char ALNUM[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static bool check_slug(const char *text, struct error *error)
{
    return text_is_slug(text) ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not an id; use at most 100 of a-z, 0-9 and single hyphens.",
                     text);
}

static bool check_visible(const char *text, size_t limit, bool one_line, struct error *error)
{
    size_t size = strlen(text);
    if (size == 0)
        return error_set(error, ERROR_INVALID, "The text is empty; write null if it is not known.");
    if (text_length(text, size) > limit)
        return error_set(error, ERROR_INVALID, "The text is longer than %zu characters.", limit);
    if (text[0] == ' ' || text[size - 1] == ' ')
        return error_set(error, ERROR_INVALID, "The text begins or ends with a space.");
    for (const char *c = text; *c; c++) {
        bool control = (unsigned char)*c < 0x20 || *c == 0x7f;
        if (control && (one_line || (*c != '\n' && *c != '\t')))
            return error_set(error, ERROR_INVALID, "The text has a control character%s.",
                             *c == '\n' ? " (a line break); write it as one line" : "");
    }
    return true;
}

static bool check_line(const char *text, struct error *error)
{
    return check_visible(text, FIELD_LINE_LIMIT, true, error);
}

static bool check_prose(const char *text, struct error *error)
{
    return check_visible(text, FIELD_PROSE_LIMIT, false, error);
}

static bool check_enum(const struct field *field, const char *text, struct error *error)
{
    size_t count = 0;
    for (; field->values[count]; count++) {
        if (strcmp(field->values[count], text) == 0)
            return true;
    }
    const char *nearest = text_nearest(text, field->values, count);
    if (nearest)
        return error_set(error, ERROR_INVALID,
                         "\"%.60s\" is not a value of %s; did you mean "
                         "\"%s\"?",
                         text, field->name, nearest);
    struct buffer all = {0};
    for (size_t i = 0; i < count; i++)
        buffer_printf(&all, "%s%s", i ? ", " : "", field->values[i]);
    error_set(error, ERROR_INVALID, "\"%.60s\" is not a value of %s; use one of: %s.", text,
              field->name, buffer_text(&all));
    buffer_finish(&all);
    return false;
}

static bool check_date(const char *text, struct error *error)
{
    struct date date;
    return date_parse(text, &date, error);
}

static bool check_period(const char *text, struct error *error)
{
    struct date date;
    char freq;
    return date_parse_period(text, &date, &freq, error);
}

/* Integers that a double holds exactly, with room: JSON clients read them as doubles. */
static bool is_in_range(long long value)
{
    const long long most = 1000000000000000;
    return value >= -most && value <= most;
}

static bool check_integer(const char *text, struct error *error)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    bool plain = (*text == '-' || (*text >= '0' && *text <= '9')) && end != text && *end == '\0';
    return (plain && !errno && is_in_range(value)) ||
           error_set(error, ERROR_INVALID, "\"%.60s\" is not an integer within ±10^15.", text);
}

/* The grammar of a JSON number (RFC 8259, section 6). */
static bool check_decimal(const char *text, struct error *error)
{
    static const char DIGITS[] = "0123456789";
    const char *at = text + (*text == '-');
    size_t whole = strspn(at, DIGITS);
    bool good = whole > 0 && (whole == 1 || *at != '0');
    at += whole;
    if (good && *at == '.') {
        size_t fraction = strspn(at + 1, DIGITS);
        good = fraction > 0;
        at += 1 + fraction;
    }
    if (good && (*at == 'e' || *at == 'E')) {
        at += 1 + (at[1] == '+' || at[1] == '-');
        size_t exponent = strspn(at, DIGITS);
        good = exponent > 0 && exponent < 3;
        at += exponent;
    }
    return (good && *at == '\0' && at - text <= 40) ||
           error_set(error, ERROR_INVALID, "\"%.60s\" is not a decimal number such as 3.3.", text);
}

static bool check_country(const char *text, struct error *error)
{
    return (run_of(text, UPPER, 3) == 2 && strlen(text) == 2) ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not a country code of ISO 3166-1 alpha-2, such as VN or CN.",
                     text);
}

static bool check_side(const char *text, struct error *error)
{
    return strcmp(text, "joint") == 0 || (run_of(text, UPPER, 3) == 2 && strlen(text) == 2) ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not a side; use a code of ISO 3166-1 alpha-2, such as VN or CN, "
                     "or joint.",
                     text);
}

/* The shape of a language tag (RFC 5646, section 2.1): subtags of 1 to 8 letters or digits. */
static bool check_lang(const char *text, struct error *error)
{
    size_t primary = run_of(text, LOWER, 9);
    const char *at = text + primary;
    bool good = primary >= 2 && primary <= 8;
    while (good && *at == '-') {
        size_t subtag = run_of(at + 1, ALNUM, 9);
        good = subtag >= 1 && subtag <= 8;
        at += 1 + subtag;
    }
    return (good && *at == '\0') ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not a language tag, such as vi or zh-Hans.", text);
}

static bool check_script(const char *text, struct error *error)
{
    return (strlen(text) == 4 && run_of(text, UPPER, 1) == 1 && run_of(text + 1, LOWER, 4) == 3) ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not a script code of ISO 15924, such as Latn or Hans.", text);
}

static bool check_currency(const char *text, struct error *error)
{
    return (strlen(text) == 3 && run_of(text, UPPER, 4) == 3) ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not a currency code of ISO 4217, such as USD or VND.", text);
}

static bool check_url(const char *text, struct error *error)
{
    const char *rest = strncmp(text, "https://", 8) == 0  ? text + 8
                       : strncmp(text, "http://", 7) == 0 ? text + 7
                                                          : "";
    bool good = *rest && *rest != '/' && strlen(text) <= 2000;
    for (const char *c = text; *c; c++)
        good = good && (unsigned char)*c > 0x20 && *c != 0x7f && !strchr("<>\"{}|\\^`", *c);
    return good ||
           error_set(error, ERROR_INVALID, "\"%.60s\" is not an absolute http or https URL.", text);
}

static bool check_sha256(const char *text, struct error *error)
{
    return (strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64) ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not a SHA-256; write its 64 lower-case hexadecimal digits.",
                     text);
}

/* RFC 6901, section 3: "" or tokens each behind a slash, with ~0 and ~1 for ~ and /. */
static bool check_pointer(const char *text, struct error *error)
{
    bool good = (*text == '\0' || *text == '/') && strlen(text) <= 400;
    for (const char *c = text; *c && good; c++)
        good = *c != '~' || c[1] == '0' || c[1] == '1';
    return good ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is not a JSON Pointer, such as /participants/0/role.", text);
}

/*
 * To add a type: a value in enum field_type, a row here in the same place, its check above, and
 * its row in describe.c's table of schemas.
 */
static const struct {
    const char *expectation;
    json_type kind; /* of the JSON value; JSON_ARRAY for lists, JSON_NULL for any scalar */
    enum field_columns columns;
    text_check *check; /* NULL of FIELD_ENUM, whose words the field has, and of FIELD_PART */
} TYPES[] = {
    [FIELD_SLUG] = {"an id", JSON_STRING, FIELD_ONE_COLUMN, check_slug},
    [FIELD_LINE] = {"one line of text", JSON_STRING, FIELD_ONE_COLUMN, check_line},
    [FIELD_PROSE] = {"text", JSON_STRING, FIELD_ONE_COLUMN, check_prose},
    [FIELD_ENUM] = {"a word of its vocabulary", JSON_STRING, FIELD_ONE_COLUMN, NULL},
    [FIELD_DATE] = {"a date such as \"2024-11-20\"", JSON_STRING, FIELD_DATE_COLUMNS, check_date},
    [FIELD_PERIOD] = {"a period such as \"2024\" or \"2024-Q3\"", JSON_STRING, FIELD_RANGE_COLUMNS,
                      check_period},
    [FIELD_TIMESTAMP] = {"a time such as \"2024-11-20T08:30:00Z\"", JSON_STRING, FIELD_ONE_COLUMN,
                         date_parse_timestamp},
    [FIELD_INTEGER] = {"an integer", JSON_INTEGER, FIELD_ONE_COLUMN, check_integer},
    [FIELD_DECIMAL] = {"a number", JSON_REAL, FIELD_NUMBER_COLUMNS, check_decimal},
    [FIELD_COUNTRY] = {"a country code", JSON_STRING, FIELD_ONE_COLUMN, check_country},
    [FIELD_SIDE] = {"a country code or \"joint\"", JSON_STRING, FIELD_ONE_COLUMN, check_side},
    [FIELD_LANG] = {"a language tag", JSON_STRING, FIELD_ONE_COLUMN, check_lang},
    [FIELD_SCRIPT] = {"a script code", JSON_STRING, FIELD_ONE_COLUMN, check_script},
    [FIELD_CURRENCY] = {"a currency code", JSON_STRING, FIELD_ONE_COLUMN, check_currency},
    [FIELD_URL] = {"a URL", JSON_STRING, FIELD_ONE_COLUMN, check_url},
    [FIELD_SHA256] = {"a SHA-256", JSON_STRING, FIELD_ONE_COLUMN, check_sha256},
    [FIELD_POINTER] = {"a JSON Pointer", JSON_STRING, FIELD_ONE_COLUMN, check_pointer},
    [FIELD_REFERENCE] = {"an id", JSON_STRING, FIELD_ONE_COLUMN, check_slug},
    [FIELD_REFERENCES] = {"an array of ids", JSON_ARRAY, FIELD_NO_COLUMN, check_slug},
    [FIELD_LINES] = {"an array of lines", JSON_ARRAY, FIELD_NO_COLUMN, check_line},
    [FIELD_PART] = {"an array of objects", JSON_ARRAY, FIELD_NO_COLUMN, NULL},
    [FIELD_SCALAR] = {"a text, a number or a boolean", JSON_NULL, FIELD_ONE_COLUMN, check_prose},
    [FIELD_JSON] = {"JSON", JSON_STRING, FIELD_ONE_COLUMN, check_prose},
};

static_assert(sizeof TYPES / sizeof TYPES[0] == FIELD_TYPE_COUNT, "a row for each field type");

enum field_columns field_columns(enum field_type type)
{
    return TYPES[type].columns;
}

const char *field_expectation(enum field_type type)
{
    return TYPES[type].expectation;
}

bool field_check_text(const struct field *field, const char *text, struct error *error)
{
    text_check *check = TYPES[field->type].check;
    return check ? check(text, error) : check_enum(field, text, error);
}

static bool fits_kind(const json_t *value, json_type kind)
{
    if (kind == JSON_NULL)
        return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
    return kind == JSON_REAL ? json_is_number(value) : json_typeof(value) == kind;
}

bool field_check(const struct field *field, const json_t *value, struct error *error)
{
    json_type kind = TYPES[field->type].kind;
    if (!fits_kind(value, kind))
        return error_set(error, ERROR_INVALID, "Found %s; write %s.", json_kind(value),
                         TYPES[field->type].expectation);
    if (json_is_string(value))
        return field_check_text(field, json_string_value(value), error);
    if (kind == JSON_ARRAY && json_array_size(value) > FIELD_ELEMENT_LIMIT)
        return error_set(error, ERROR_INVALID, "More than %d elements.", FIELD_ELEMENT_LIMIT);
    if (kind != JSON_REAL && json_is_integer(value) && !is_in_range(json_integer_value(value)))
        return error_set(error, ERROR_INVALID, "The integer is outside ±10^15.");
    return true;
}
