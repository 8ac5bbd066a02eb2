#include "bilateral/resource/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const WORDS[] = {"held", "proposed", "cancelled", NULL};

/* The text of one JSON value within an array, since a text alone is not read. */
static bool accepts(enum field_type type, const char *value)
{
    const struct field field = {.name = "status", .type = type, .values = WORDS};
    struct error error = {0};
    json_error_t place;
    size_t size = strlen(value) + 3;
    char *text = malloc(size);
    snprintf(text, size, "[%s]", value);
    json_t *array = json_loads(text, 0, &place);
    free(text);
    assert_non_null(array);
    bool good = field_check(&field, json_array_get(array, 0), &error);
    json_decref(array);
    assert_int_equal(error.code, good ? ERROR_NONE : ERROR_INVALID);
    assert_int_equal(*error.detail != '\0', !good);
    return good;
}

#define X10 "aaaaaaaaaa"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define HEX8 "0123abcd"

/* To add a row: the type, a value as JSON, whether it is fit. */
static const struct {
    enum field_type type;
    const char *value;
    bool fit;
} ROWS[] = {
    {FIELD_SLUG, "\"a\"", true},
    {FIELD_SLUG, "\"2025-02-19-talks-2\"", true},
    {FIELD_SLUG, "\"" X100 "\"", true},
    {FIELD_SLUG, "\"" X100 "a\"", false},
    {FIELD_SLUG, "\"\"", false},
    {FIELD_SLUG, "\"-a\"", false},
    {FIELD_SLUG, "\"a-\"", false},
    {FIELD_SLUG, "\"a--b\"", false},
    {FIELD_SLUG, "\"A\"", false},
    {FIELD_SLUG, "\"a_b\"", false},
    {FIELD_SLUG, "\"a b\"", false},
    {FIELD_SLUG, "\"đ\"", false},
    {FIELD_SLUG, "5", false},
    {FIELD_SLUG, "null", false},
    {FIELD_LINE, "\"Hà Nội\"", true},
    {FIELD_LINE, "\"" X100 X100 X100 "\"", true},
    {FIELD_LINE, "\"" X100 X100 X100 "a\"", false},
    {FIELD_LINE, "\"\"", false},
    {FIELD_LINE, "\" a\"", false},
    {FIELD_LINE, "\"a \"", false},
    {FIELD_LINE, "\"a\\nb\"", false},
    {FIELD_LINE, "\"a\\tb\"", false},
    {FIELD_LINE, "\"a\\u007fb\"", false},
    {FIELD_LINE, "true", false},
    {FIELD_PROSE, "\"a\\nb\\tc\"", true},
    {FIELD_PROSE, "\"a\\rb\"", false},
    {FIELD_PROSE, "\"a\\u001bb\"", false},
    {FIELD_PROSE, "\"\"", false},
    {FIELD_ENUM, "\"held\"", true},
    {FIELD_ENUM, "\"Held\"", false},
    {FIELD_ENUM, "\"hel\"", false},
    {FIELD_ENUM, "\"held \"", false},
    {FIELD_ENUM, "\"\"", false},
    {FIELD_ENUM, "[\"held\"]", false},
    {FIELD_SCALAR, "\"Vi Thao\"", true},
    {FIELD_SCALAR, "16.4", true},
    {FIELD_SCALAR, "500000", true},
    {FIELD_SCALAR, "false", true},
    {FIELD_SCALAR, "null", false},
    {FIELD_SCALAR, "\"\"", false},
    {FIELD_SCALAR, "[1]", false},
    {FIELD_SCALAR, "{}", false},
    {FIELD_SCALAR, "1000000000000001", false},
    {FIELD_DATE, "\"2024\"", true},
    {FIELD_DATE, "\"2024-02-29\"", true},
    {FIELD_DATE, "\"2026-21~\"", true},
    {FIELD_DATE, "\"2025-36?\"", true},
    {FIELD_DATE, "\"2023-02-29\"", false},
    {FIELD_DATE, "\"2024-S1\"", false},
    {FIELD_DATE, "2024", false},
    {FIELD_PERIOD, "\"2024-Q4\"", true},
    {FIELD_PERIOD, "\"2024-S2\"", true},
    {FIELD_PERIOD, "\"2024-05-17\"", true},
    {FIELD_PERIOD, "\"2024-Q0\"", false},
    {FIELD_PERIOD, "\"2024-21\"", false},
    {FIELD_PERIOD, "\"2024~\"", false},
    {FIELD_TIMESTAMP, "\"2024-11-20T08:30:00Z\"", true},
    {FIELD_TIMESTAMP, "\"2024-11-20T08:30:00.123Z\"", true},
    {FIELD_TIMESTAMP, "\"2024-11-20T08:30Z\"", false},
    {FIELD_TIMESTAMP, "\"2024-11-20t08:30:00z\"", false},
    {FIELD_TIMESTAMP, "\"2024-11-20T08:60:00Z\"", false},
    {FIELD_INTEGER, "0", true},
    {FIELD_INTEGER, "-1000000000000000", true},
    {FIELD_INTEGER, "1000000000000000", true},
    {FIELD_INTEGER, "1000000000000001", false},
    {FIELD_INTEGER, "1.0", false},
    {FIELD_INTEGER, "1e3", false},
    {FIELD_INTEGER, "\"1\"", false},
    {FIELD_DECIMAL, "3.30", true},
    {FIELD_DECIMAL, "-0", true},
    {FIELD_DECIMAL, "1e9", true},
    {FIELD_DECIMAL, "\"3.3\"", false},
    {FIELD_DECIMAL, "false", false},
    {FIELD_COUNTRY, "\"VN\"", true},
    {FIELD_COUNTRY, "\"joint\"", false},
    {FIELD_COUNTRY, "\"Vn\"", false},
    {FIELD_COUNTRY, "\"V1\"", false},
    {FIELD_COUNTRY, "\"V\"", false},
    {FIELD_SIDE, "\"CN\"", true},
    {FIELD_SIDE, "\"joint\"", true},
    {FIELD_SIDE, "\"Joint\"", false},
    {FIELD_LANG, "\"vi\"", true},
    {FIELD_LANG, "\"zh-Hans-CN\"", true},
    {FIELD_LANG, "\"sl-rozaj-biske-1994\"", true},
    {FIELD_LANG, "\"v\"", false},
    {FIELD_LANG, "\"vi-\"", false},
    {FIELD_LANG, "\"vi--x\"", false},
    {FIELD_LANG, "\"vi_VN\"", false},
    {FIELD_LANG, "\"vi-ninelette\"", false},
    {FIELD_SCRIPT, "\"Hans\"", true},
    {FIELD_SCRIPT, "\"hans\"", false},
    {FIELD_SCRIPT, "\"HANS\"", false},
    {FIELD_SCRIPT, "\"Han\"", false},
    {FIELD_CURRENCY, "\"VND\"", true},
    {FIELD_CURRENCY, "\"vnd\"", false},
    {FIELD_CURRENCY, "\"VN\"", false},
    {FIELD_CURRENCY, "\"VNDD\"", false},
    {FIELD_URL, "\"https://example.org/a?b=c#d\"", true},
    {FIELD_URL, "\"http://[::1]:8080/\"", true},
    {FIELD_URL, "\"ftp://example.org/\"", false},
    {FIELD_URL, "\"//example.org/\"", false},
    {FIELD_URL, "\"https://\"", false},
    {FIELD_URL, "\"https://example.org/\\u0007\"", false},
    {FIELD_URL, "\"https://example.org/<b>\"", false},
    {FIELD_SHA256, "\"" HEX8 HEX8 HEX8 HEX8 HEX8 HEX8 HEX8 HEX8 "\"", true},
    {FIELD_SHA256, "\"" HEX8 HEX8 HEX8 HEX8 HEX8 HEX8 HEX8 "0123abc\"", false},
    {FIELD_SHA256, "\"" HEX8 HEX8 HEX8 HEX8 HEX8 HEX8 HEX8 "0123abcg\"", false},
    {FIELD_POINTER, "\"\"", true},
    {FIELD_POINTER, "\"/participants/0/role\"", true},
    {FIELD_POINTER, "\"/a~0b~1c\"", true},
    {FIELD_POINTER, "\"a\"", false},
    {FIELD_POINTER, "\"/a~\"", false},
    {FIELD_POINTER, "\"/a~2\"", false},
    {FIELD_POINTER, "\"#/a\"", false},
    {FIELD_REFERENCE, "\"ha-noi\"", true},
    {FIELD_REFERENCE, "\"Ha Noi\"", false},
    {FIELD_REFERENCE, "[\"ha-noi\"]", false},
    {FIELD_REFERENCES, "[]", true},
    {FIELD_REFERENCES, "\"ha-noi\"", false},
    {FIELD_LINES, "[\"a\"]", true},
    {FIELD_LINES, "{}", false},
    {FIELD_PART, "[{}]", true},
    {FIELD_PART, "{}", false},
};

static void values_are_fit_or_not(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        if (accepts(ROWS[i].type, ROWS[i].value) == ROWS[i].fit)
            continue;
        print_error("%.60s: field type %d should %s it\n", ROWS[i].value, (int)ROWS[i].type,
                    ROWS[i].fit ? "take" : "refuse");
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* Its absolute value is no long long. */
static void the_least_integer_is_outside(void **state)
{
    (void)state;
    assert_false(accepts(FIELD_INTEGER, "-9223372036854775808"));
    assert_false(accepts(FIELD_INTEGER, "9223372036854775807"));
}

/* What a query parameter says is read as the text of such a value. */
static void texts_are_fit_or_not(void **state)
{
    (void)state;
    static const struct {
        enum field_type type;
        const char *text;
        bool fit;
    } rows[] = {
        {FIELD_INTEGER, "16", true},
        {FIELD_INTEGER, "-16", true},
        {FIELD_INTEGER, "+16", false},
        {FIELD_INTEGER, " 16", false},
        {FIELD_INTEGER, "", false},
        {FIELD_INTEGER, "16x", false},
        {FIELD_INTEGER, "-", false},
        {FIELD_INTEGER, "1e3", false},
        {FIELD_DECIMAL, "3.3", true},
        {FIELD_DECIMAL, "-0.5e-3", true},
        {FIELD_DECIMAL, "03", false},
        {FIELD_DECIMAL, ".5", false},
        {FIELD_DECIMAL, "5.", false},
        {FIELD_DECIMAL, "1e", false},
        {FIELD_DECIMAL, "1e999", false},
        {FIELD_DECIMAL, "nan", false},
        {FIELD_DECIMAL, "0x1", false},
        {FIELD_DECIMAL, "1,5", false},
        {FIELD_INTEGER, "99999999999999999999", false},
    };
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct field field = {.name = "number", .type = rows[i].type};
        struct error error = {0};
        if (field_check_text(&field, rows[i].text, &error) == rows[i].fit)
            continue;
        print_error("\"%s\": field type %d\n", rows[i].text, (int)rows[i].type);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void the_nearest_word_is_named(void **state)
{
    (void)state;
    const struct field field = {.name = "status", .type = FIELD_ENUM, .values = WORDS};
    struct error error = {0};
    assert_false(field_check_text(&field, "canceled", &error));
    assert_non_null(strstr(error.detail, "\"cancelled\""));
    error = (struct error){0};
    assert_false(field_check_text(&field, "xyzzyxyzzy", &error));
    assert_non_null(strstr(error.detail, "held, proposed, cancelled"));
}

static void arrays_are_bounded(void **state)
{
    (void)state;
    const struct field field = {.name = "topic_ids", .type = FIELD_REFERENCES};
    struct error error = {0};
    json_t *array = json_array();
    for (int i = 0; i < 1000; i++)
        json_array_append_new(array, json_string("a"));
    assert_true(field_check(&field, array, &error));
    json_array_append_new(array, json_string("a"));
    assert_false(field_check(&field, array, &error));
    json_decref(array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_fit_or_not),        cmocka_unit_test(texts_are_fit_or_not),
        cmocka_unit_test(the_nearest_word_is_named),    cmocka_unit_test(arrays_are_bounded),
        cmocka_unit_test(the_least_integer_is_outside),
    };
    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
