#include "bilateral/json/patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/json/read.h"

/* The test cases of RFC 7396, appendix A: original, patch, result. */
static void merges_as_the_standard_says(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
        {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
        {"{\"a\":\"foo\"}", "null", "null"},
        {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer merged = {0};
        json_merge(rows[i][0], strlen(rows[i][0]), rows[i][1], strlen(rows[i][1]), &merged);
        assert_string_equal(buffer_text(&merged), rows[i][2]);
        buffer_finish(&merged);
    }
}

/* White space, escapes in names, and numbers as they are written. */
static void merges_any_spelling(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"{\"value\":3.30,\"n\":1e2}", " {\n \"n\" : 0.10 } ", "{\"value\":3.30,\"n\":0.10}"},
        {"{\"name\":1,\"x\":2}", "{\"n\\u0061me\":null}", "{\"x\":2}"},
        {"{\"a\\\"b\":1}", "{\"a\\u0022b\":{\"c\":[1, 2]}}", "{\"a\\\"b\":{\"c\":[1, 2]}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer merged = {0};
        json_merge(rows[i][0], strlen(rows[i][0]), rows[i][1], strlen(rows[i][1]), &merged);
        assert_string_equal(buffer_text(&merged), rows[i][2]);
        buffer_finish(&merged);
    }
}

static void assert_diff(const char *before, const char *after, const char *wanted)
{
    struct buffer patch = {0};
    json_diff(before, before ? strlen(before) : 0, after, after ? strlen(after) : 0, &patch);
    assert_string_equal(buffer_text(&patch), wanted);
    json_t *value = json_read(patch.data, patch.size, NULL, &(struct error){0});
    assert_non_null(value);
    json_decref(value);
    buffer_finish(&patch);
}

static void tells_texts_apart(void **state)
{
    (void)state;
    assert_diff("{\"a\":1}", "{\"a\":1}", "[]");
    assert_diff("{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", "[]");
    assert_diff(NULL, "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"a\":1}}]");
    assert_diff("{\"a\":1}", NULL, "[{\"op\":\"replace\",\"path\":\"\",\"value\":null}]");
    assert_diff("{\"a\":1,\"b\":2}", "{\"b\":3,\"c\":4}",
                "[{\"op\":\"remove\",\"path\":\"/a\"},"
                "{\"op\":\"replace\",\"path\":\"/b\",\"value\":3},"
                "{\"op\":\"add\",\"path\":\"/c\",\"value\":4}]");
    assert_diff("{\"a\":{\"b\":{\"c\":1}}}", "{\"a\":{\"b\":{\"c\":[]}}}",
                "[{\"op\":\"replace\",\"path\":\"/a/b/c\",\"value\":[]}]");
    assert_diff("{\"a/b\":1,\"m~n\":1}", "{\"a/b\":2,\"m~n\":2}",
                "[{\"op\":\"replace\",\"path\":\"/a~1b\",\"value\":2},"
                "{\"op\":\"replace\",\"path\":\"/m~0n\",\"value\":2}]");
}

static void tells_arrays_apart(void **state)
{
    (void)state;
    assert_diff("[1,2,3]", "[1,3]", "[{\"op\":\"remove\",\"path\":\"/1\"}]");
    assert_diff("[1,3]", "[1,2,3]", "[{\"op\":\"add\",\"path\":\"/1\",\"value\":2}]");
    assert_diff("[]", "[7,8]",
                "[{\"op\":\"add\",\"path\":\"/0\",\"value\":7},"
                "{\"op\":\"add\",\"path\":\"/1\",\"value\":8}]");
    assert_diff("[1,2,3,4]", "[1]",
                "[{\"op\":\"remove\",\"path\":\"/3\"},{\"op\":\"remove\",\"path\":\"/2\"},"
                "{\"op\":\"remove\",\"path\":\"/1\"}]");
    assert_diff("[{\"a\":1,\"b\":1},{\"a\":2}]", "[{\"a\":1,\"b\":2},{\"a\":2}]",
                "[{\"op\":\"replace\",\"path\":\"/0/b\",\"value\":2}]");
    assert_diff("[1,1]", "[1,1,1]", "[{\"op\":\"add\",\"path\":\"/2\",\"value\":1}]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges_as_the_standard_says),
        cmocka_unit_test(merges_any_spelling),
        cmocka_unit_test(tells_texts_apart),
        cmocka_unit_test(tells_arrays_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
