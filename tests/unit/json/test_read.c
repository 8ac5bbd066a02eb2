#include "bilateral/json/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool reads(const char *text, size_t size)
{
    struct error error = {0};
    json_t *value = json_read(text, size, NULL, &error);
    json_decref(value);
    assert_int_equal(value ? ERROR_NONE : ERROR_BAD_REQUEST, error.code);
    assert_int_equal(value ? 0 : 1, *error.detail != '\0');
    return value;
}

static void valid_texts(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{}",
        "[]",
        " \t\r\n{ \"a\" : [ 1 , -0.5e+2 , true , false , null , \"\\u00e9\\n\" ] } \n",
        "{\"a\":{\"a\":{\"a\":1}}}",
        "[\"\\ud83e\\udd86\",\"\xf0\x9f\xa6\x86\"]",
        "{\"\":1,\" \":2}",
        "[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]",
        "[\"\\\\\",\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(reads(rows[i], strlen(rows[i])));
}

/* RFC 8259, and what is refused beyond it: see read.h. */
static void invalid_texts(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        " ",
        "1",
        "\"a\"",
        "null",
        "true",
        "[",
        "]",
        "{",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "[NaN]",
        "[Infinity]",
        "[0x1]",
        "[\"\t\"]",
        "[\"\\x\"]",
        "[\"\\u12\"]",
        "[\"a]",
        "[1]]",
        "[1][2]",
        "{}x",
        "//\n[]",
        "[\"\\u0000\"]",
        "[\"\\ud800\"]",
        "[\"\\udc00\\ud800\"]",
        "[\"\xff\"]",
        "[\"\xc0\xaf\"]",
        "[\"\xed\xa0\x80\"]",
        "\xef\xbb\xbf[]",
        "[1e400]",
        "[123456789012345678901234567890]",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[{\"b\":{\"c\":1,\"d\":2,\"c\":3}}]",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_false(reads(rows[i], strlen(rows[i])));
    assert_false(reads("[]\0", 3));
    assert_false(reads("[\"a\0b\"]", 7));
}

static size_t nest(char *text, size_t levels, const char *opening, const char *closing)
{
    *text = '\0';
    for (size_t i = 0; i < levels; i++)
        strcat(text, opening);
    for (size_t i = 0; i < levels; i++)
        strcat(text, closing);
    return strlen(text);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[512];
    assert_int_equal(JSON_DEPTH_LIMIT, 16);
    assert_true(reads(text, nest(text, 16, "[", "]")));
    assert_false(reads(text, nest(text, 17, "[", "]")));
    char wide[4096] = "[";
    for (int i = 0; i < 500; i++)
        strcat(wide, i ? ",[]" : "[]");
    strcat(wide, "]");
    assert_true(reads(wide, strlen(wide)));
}

static void depth_of_a_huge_text_is_bounded(void **state)
{
    (void)state;
    size_t size = 1000000;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, '[', size);
    assert_false(reads(text, size));
    free(text);
}

static void places_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line;
    } rows[] = {
        {"[1,\n 2,\n x]", 3},
        {"{\n\n\"a\": 1\n\"b\": 2}", 4},
        {"{\"a\": 1,\n\"a\": 2}", 2},
        {"x", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error error = {0};
        struct json_place place = {0};
        assert_null(json_read(rows[i].text, strlen(rows[i].text), &place, &error));
        assert_int_equal(place.line, rows[i].line);
        assert_true(place.column > 0);
    }
}

/* The place of what lies too deep is where it lies, not where the text begins. */
static void place_of_what_is_too_deep(void **state)
{
    (void)state;
    static const char text[] = "[\n1,\n[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]\n]";
    struct error error = {0};
    struct json_place place = {0};
    assert_null(json_read(text, strlen(text), &place, &error));
    assert_int_equal(place.line, 3);
}

/* The examples of RFC 6901, section 5, and pointers that lead nowhere. */
static void pointers_lead_to_values(void **state)
{
    (void)state;
    static const char text[] =
        "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,"
        "\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"z\":null}";
    static const char *const good[] = {"",     "/foo", "/foo/0", "/foo/1", "/",  "/a~1b", "/c%d",
                                       "/e^f", "/g|h", "/i\\j",  "/k\"l",  "/ ", "/m~0n", "/z"};
    static const char *const bad[] = {"/foo/2",
                                      "/foo/-",
                                      "/foo/00",
                                      "/foo/",
                                      "/foo/1x",
                                      "/foo/0/",
                                      "/a/b",
                                      "/m~n/x",
                                      "//",
                                      "/nothing",
                                      "/z/0",
                                      "foo",
                                      "/foo/18446744073709551616"};
    struct error error = {0};
    json_t *value = json_read(text, strlen(text), NULL, &error);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(json_leads(value, good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(json_leads(value, bad[i]));
    json_decref(value);
}

static void kinds_have_names(void **state)
{
    (void)state;
    struct error error = {0};
    static const char text[] = "[{},[],\"\",1,1.5,true,false,null]";
    static const char *const names[] = {
        "an object", "an array", "a string", "an integer", "a number with a fraction",
        "true",      "false",    "null"};
    json_t *array = json_read(text, strlen(text), NULL, &error);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(json_kind(json_array_get(array, i)), names[i]);
    json_decref(array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_texts),      cmocka_unit_test(invalid_texts),
        cmocka_unit_test(depth_is_bounded), cmocka_unit_test(depth_of_a_huge_text_is_bounded),
        cmocka_unit_test(places_are_named), cmocka_unit_test(place_of_what_is_too_deep),
        cmocka_unit_test(kinds_have_names), cmocka_unit_test(pointers_lead_to_values),
    };
    return cmocka_run_group_tests_name("json_read", tests, NULL, NULL);
}
