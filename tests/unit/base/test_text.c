#include "bilateral/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Unicode 14, table 3-7: each row's first and last sequence, and the nearest beside them. */
static void utf8_is_what_table_3_7_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        bool valid;
    } rows[] = {
        {"", 0, true},
        {NULL, 0, true},
        {"\x01", 1, true},
        {"\x7F", 1, true},
        {"\xC2\x80", 2, true},
        {"\xDF\xBF", 2, true},
        {"\xE0\xA0\x80", 3, true},
        {"\xE0\xBF\xBF", 3, true},
        {"\xE1\x80\x80", 3, true},
        {"\xEC\xBF\xBF", 3, true},
        {"\xED\x80\x80", 3, true},
        {"\xED\x9F\xBF", 3, true},
        {"\xEE\x80\x80", 3, true},
        {"\xEF\xBF\xBD", 3, true},
        {"\xEF\xBF\xBF", 3, true},
        {"\xF0\x90\x80\x80", 4, true},
        {"\xF3\xBF\xBF\xBF", 4, true},
        {"\xF4\x8F\xBF\xBF", 4, true},
        {"Đỗ 李强", 12, true},
        {"\0", 1, false},
        {"a\0b", 3, false},
        {"\x80", 1, false},
        {"\xBF", 1, false},
        {"\xC0\x80", 2, false},
        {"\xC1\xBF", 2, false},
        {"\xC2", 1, false},
        {"\xC2\x7F", 2, false},
        {"\xC2\xC0", 2, false},
        {"\xE0\x80\x80", 3, false},
        {"\xE0\x9F\xBF", 3, false},
        {"\xE1\x80", 2, false},
        {"\xE1\x80\x7F", 3, false},
        {"\xED\xA0\x80", 3, false},
        {"\xED\xBF\xBF", 3, false},
        {"\xF0\x80\x80\x80", 4, false},
        {"\xF0\x8F\xBF\xBF", 4, false},
        {"\xF0\x90\x80", 3, false},
        {"\xF4\x90\x80\x80", 4, false},
        {"\xF5\x80\x80\x80", 4, false},
        {"\xF8\x88\x80\x80\x80", 5, false},
        {"\xFE", 1, false},
        {"\xFF", 1, false},
        {"good\xFF", 5, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(text_valid(rows[i].text, rows[i].size), rows[i].valid);
}

static void length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(text_length("", 0), 0);
    assert_int_equal(text_length("abc", 3), 3);
    assert_int_equal(text_length("Đỗ", strlen("Đỗ")), 2);
    assert_int_equal(text_length("李强", 6), 2);
    assert_int_equal(text_length("e\xCC\x81", 3), 2);
    assert_int_equal(text_length("\xF0\x9F\x87\xBB\xF0\x9F\x87\xB3", 8), 2);
}

static void distances(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        unsigned distance;
    } rows[] = {
        {"", "", 0},
        {"a", "", 1},
        {"limit", "limit", 0},
        {"limit", "limt", 1},
        {"limit", "limits", 1},
        {"limit", "linit", 1},
        {"limit", "lmiit", 1}, /* two neighbours changed places */
        {"ca", "abc", 3},      /* 2 without the restriction of optimal string alignment */
        {"kitten", "sitting", 3},
        {"saturday", "sunday", 3},
        {"abcdef", "badcfe", 3},
        {"abc", "xyz", 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (unsigned limit = 0; limit < 8; limit++) {
            unsigned expected = rows[i].distance > limit ? limit + 1 : rows[i].distance;
            assert_int_equal(text_distance(rows[i].a, rows[i].b, limit), expected);
            assert_int_equal(text_distance(rows[i].b, rows[i].a, limit), expected);
        }
}

static void long_texts_are_far_apart_unless_equal(void **state)
{
    (void)state;
    char a[66], b[66];
    memset(a, 'a', sizeof a);
    memset(b, 'a', sizeof b);
    a[64] = b[64] = '\0';
    b[63] = 'b';
    assert_int_equal(text_distance(a, b, 5), 1);
    a[64] = 'a';
    a[65] = '\0';
    assert_int_equal(text_distance(a, b, 5), 6);
    assert_int_equal(text_distance(b, a, 5), 6);
    assert_int_equal(text_distance(a, a, 5), 0);
    memcpy(b, a, sizeof a);
    assert_int_equal(text_distance(a, b, 5), 0);
}

static void the_nearest_is_near(void **state)
{
    (void)state;
    static const char *const names[] = {"limit", "cursor", "sort", "start_date", "end_date", "q"};
    static const struct {
        const char *text;
        const char *nearest;
    } rows[] = {
        {"limit", "limit"},
        {"limt", "limit"},
        {"lmit", "limit"},
        {"corsor", "cursor"},
        {"sotr", "sort"},
        {"star_date", "start_date"},
        {"end-date", "end_date"},
        {"startdate", "start_date"},
        {"q", "q"},
        {"p", NULL},
        {"", NULL},
        {"so", NULL},
        {"cur", "cursor"},
        {"start", "start_date"},
        {"completely", NULL},
        {"xxxxxx", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *nearest = text_nearest(rows[i].text, names, COUNT(names));
        if (rows[i].nearest)
            assert_string_equal(nearest, rows[i].nearest);
        else
            assert_null(nearest);
    }
    assert_null(text_nearest("limit", NULL, 0));

    static const char *const two[] = {"abcdeX", "abcXef", "abcdef"};
    assert_string_equal(text_nearest("abcdey", two, 2), "abcdeX");
    assert_string_equal(text_nearest("abcdef", two, 3), "abcdef");
}

#define FFFD "\xEF\xBF\xBD"

/* RFC 8259, section 7. */
static void json_strings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *json;
    } rows[] = {
        {"", 0, "\"\""},
        {"plain", 5, "\"plain\""},
        {"\"\\/", 3, "\"\\\"\\\\/\""},
        {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\""},
        {"\0\x01\x1f\x20\x7f", 5, "\"\\u0000\\u0001\\u001f \x7f\""},
        {"Đỗ 李强", 12, "\"Đỗ 李强\""},
        {"\xF0\x9D\x84\x9E", 4, "\"\xF0\x9D\x84\x9E\""},
        {"\xE2\x80\xA8", 3, "\"\xE2\x80\xA8\""},
        {"</script>", 9, "\"</script>\""},
        {FFFD, 3, "\"" FFFD "\""},
        {"a\xFF"
         "b",
         3, "\"a" FFFD "b\""},
        {"\xC3", 1, "\"" FFFD "\""},
        {"\xC3\"", 2, "\"" FFFD "\\\"\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer json = {0};
        buffer_puts(&json, ":");
        text_json(rows[i].text, rows[i].size, &json);
        assert_string_equal(buffer_text(&json) + 1, rows[i].json);
        buffer_finish(&json);
    }
}

/* RFC 8259, section 7, of each byte of ASCII in each place of a text of some bytes. */
static void json_strings_escape_wherever_it_is(void **state)
{
    (void)state;
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t at = 0; at < 20; at++) {
        for (int byte = 1; byte < 128; byte++) {
            char text[] = "abcdefghijklmnopqrst", wanted[64], escape[8] = {(char)byte, '\0'};
            struct buffer json = {0};
            if (byte < ' ')
                snprintf(escape, sizeof escape, "\\u%04x", (unsigned)byte);
            for (const char *pair = named; *pair; pair += 2)
                if (*pair == byte)
                    snprintf(escape, sizeof escape, "\\%c", pair[1]);
            text[at] = (char)byte;
            snprintf(wanted, sizeof wanted, "\"%.*s%s%s\"", (int)at, text, escape, text + at + 1);
            text_json(text, strlen(text), &json);
            assert_string_equal(json.data, wanted);
            buffer_finish(&json);
        }
    }
}

/*
 * Unicode 14, tables 3-8 to 3-11. How many U+FFFD stand for a run of bytes is left open by the
 * standard, and here; that nothing beside them is swallowed is not.
 */
static void json_strings_of_what_is_not_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *json; /* with one U+FFFD for each run */
    } rows[] = {
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "\"" FFFD "A\""},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "\"" FFFD "A\""},
        {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", "\"" FFFD "A" FFFD "B\""},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\"" FFFD "A\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer json = {0};
        text_json(rows[i].text, strlen(rows[i].text), &json);
        for (char *pair; (pair = strstr(json.data, FFFD FFFD));)
            memmove(pair, pair + 3, strlen(pair + 3) + 1);
        assert_string_equal(json.data, rows[i].json);
        buffer_finish(&json);
    }
}

/* RFC 3986, sections 2.1 and 2.3. */
static void percent_encoding(void **state)
{
    struct buffer encoded = {0};
    (void)state;
    text_percent("a-Z_0.~ /?&=%,\xC4\x91", "", &encoded);
    assert_string_equal(encoded.data, "a-Z_0.~%20%2F%3F%26%3D%25%2C%C4%91");
    buffer_reset(&encoded);
    text_percent("a,b", ",", &encoded);
    assert_string_equal(encoded.data, "a,b");
    buffer_finish(&encoded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_what_table_3_7_says),
        cmocka_unit_test(length_counts_code_points),
        cmocka_unit_test(distances),
        cmocka_unit_test(long_texts_are_far_apart_unless_equal),
        cmocka_unit_test(the_nearest_is_near),
        cmocka_unit_test(json_strings),
        cmocka_unit_test(json_strings_escape_wherever_it_is),
        cmocka_unit_test(json_strings_of_what_is_not_utf8),
        cmocka_unit_test(percent_encoding),
    };
    return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
