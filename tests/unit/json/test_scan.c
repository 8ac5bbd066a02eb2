#include "bilateral/json/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The members as "key=value|" or elements as "value|". */
static void walk_to(const char *text, char *out, size_t size)
{
    struct json_walk walk = json_walk(text, strlen(text));
    *out = '\0';
    while (json_walk_next(&walk)) {
        size_t used = strlen(out);
        if (walk.object)
            snprintf(out + used, size - used, "%.*s=%.*s|", (int)walk.key_size, walk.key,
                     (int)walk.value_size, walk.value);
        else
            snprintf(out + used, size - used, "%.*s|", (int)walk.value_size, walk.value);
    }
}

static void walks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *seen;
    } rows[] = {
        {"{}", ""},
        {" [ ] ", ""},
        {"\"a\"", ""},
        {"17", ""},
        {"{\"a\":1,\"b\":[2,{\"c\":3}],\"d\":\"e\"}", "a=1|b=[2,{\"c\":3}]|d=\"e\"|"},
        {" {\n\t\"a\" : 1 ,\r\n \"b\" : null } ", "a=1|b=null|"},
        {"[1,-2.50e3,true,null,\"x\",{},[]]", "1|-2.50e3|true|null|\"x\"|{}|[]|"},
        {"[\"a,b\",\"]\",\"{\",\"\\\"\",\"\\\\\",\"x\"]",
         "\"a,b\"|\"]\"|\"{\"|\"\\\"\"|\"\\\\\"|\"x\"|"},
        {"{\"\":1,\"a\\\"b\":2,\"c}\":{\"d\":\"}\"}}", "=1|a\\\"b=2|c}={\"d\":\"}\"}|"},
        {"[[[]],[[1],2]]", "[[]]|[[1],2]|"},
        {"[\"đ, Hà Nội\"]", "\"đ, Hà Nội\"|"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char seen[512];
        walk_to(rows[i].text, seen, sizeof seen);
        assert_string_equal(seen, rows[i].seen);
    }
}

/* RFC 8259, section 7; the pair is its own example, U+1D11E. */
static void strings_become_text(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *text;
    } rows[] = {
        {"\"\"", ""},
        {"\"a\"", "a"},
        {"\"Hà Nội\"", "Hà Nội"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"x\\ny\\nz\"", "x\ny\nz"},
        {"\"\\u0041\\u00e0\\u1EBF\\u001f\"", "A\xC3\xA0\xE1\xBA\xBF\x1F"},
        {"\"<\\uD834\\udd1E>\"", "<\xF0\x9D\x84\x9E>"},
        {"\"\\uFFFF\\ud7ff\"", "\xEF\xBF\xBF\xED\x9F\xBF"},
        {"\"\\\\u0041\"", "\\u0041"},
        {"21.0280", "21.0280"},
        {"null", "null"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer text = {0};
        json_scan_text(rows[i].value, strlen(rows[i].value), &text);
        assert_string_equal(buffer_text(&text), rows[i].text);
        buffer_finish(&text);
    }
}

static void walk_ends_for_good(void **state)
{
    (void)state;
    struct json_walk walk = json_walk("[1]", 3);
    assert_true(json_walk_next(&walk));
    assert_false(json_walk_next(&walk));
    assert_false(json_walk_next(&walk));
}

static void members(void **state)
{
    (void)state;
    static const char text[] = "{\"ab\":1,\"a\":{\"b\":2},\"b\":\"x y\"}";
    const char *value;
    size_t size;
    assert_true(json_scan_member(text, strlen(text), "a", &value, &size));
    assert_int_equal(size, strlen("{\"b\":2}"));
    assert_memory_equal(value, "{\"b\":2}", size);
    assert_true(json_scan_member(text, strlen(text), "b", &value, &size));
    assert_memory_equal(value, "\"x y\"", size);
    assert_false(json_scan_member(text, strlen(text), "c", &value, &size));
    assert_false(json_scan_member(text, strlen(text), "", &value, &size));
    assert_false(json_scan_member("[1]", 3, "0", &value, &size));
}

/* RFC 6901, section 5, and where a pointer that leads nowhere stops. */
static void pointers(void **state)
{
    (void)state;
    static const char text[] =
        "{\n"                      /* 1 */
        "  \"foo\": [\"bar\",\n"   /* 2 */
        "    \"baz\"],\n"          /* 3 */
        "  \"\": 0, \"a/b\": 1,\n" /* 4 */
        "  \"m~n\": 8,\n"          /* 5 */
        "  \"deep\": {\"x\": [\n"  /* 6 */
        "    {\"y\":\n"            /* 7 */
        "      17}]}\n"            /* 8 */
        "}\n";
    static const struct {
        const char *pointer;
        const char *begins;
        size_t line;
    } rows[] = {
        {"", "{\n  \"foo\"", 1},
        {"/foo", "[\"bar\"", 2},
        {"/foo/0", "\"bar\"", 2},
        {"/foo/1", "\"baz\"", 3},
        {"/", "0,", 4},
        {"/a~1b", "1,", 4},
        {"/m~0n", "8,", 5},
        {"/deep/x/0/y", "17", 8},
        {"/deep/x/0", "{\"y\"", 7},
        {"/nothing", "{\n  \"foo\"", 1},
        {"/foo/2", "[\"bar\"", 2},
        {"/foo/-", "[\"bar\"", 2},
        {"/foo/x", "[\"bar\"", 2},
        {"/foo/0/1", "\"bar\"", 2},
        {"/deep/x/0/z", "{\"y\"", 7},
        {"/deep/x/0/y/z", "17", 8},
        {"/foo/99999999999999999999", "[\"bar\"", 2},
        {"/fo", "{\n  \"foo\"", 1},
        {"/fooo", "{\n  \"foo\"", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *at = json_scan_pointer(text, strlen(text), rows[i].pointer);
        assert_int_equal(strncmp(at, rows[i].begins, strlen(rows[i].begins)), 0);
        assert_int_equal(json_scan_line(text, at), rows[i].line);
    }
}

/* "An array index is digits without leading zeros" (RFC 6901, section 4). */
static void leading_zeros_are_no_index(void **state)
{
    (void)state;
    static const char text[] = "[7,8]";
    assert_ptr_equal(json_scan_pointer(text, strlen(text), "/01"), text);
    assert_ptr_equal(json_scan_pointer(text, strlen(text), "/00"), text);
}

static void lines(void **state)
{
    (void)state;
    static const char text[] = "a\n\nb\n";
    assert_int_equal(json_scan_line(text, text), 1);
    assert_int_equal(json_scan_line(text, text + 2), 2);
    assert_int_equal(json_scan_line(text, text + 3), 3);
    assert_int_equal(json_scan_line(text, text + 5), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_become_text),
        cmocka_unit_test(walks),
        cmocka_unit_test(walk_ends_for_good),
        cmocka_unit_test(members),
        cmocka_unit_test(pointers),
        cmocka_unit_test(leading_zeros_are_no_index),
        cmocka_unit_test(lines),
    };
    return cmocka_run_group_tests_name("json_scan", tests, NULL, NULL);
}
