#include "bilateral/json/write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void commas_come_by_themselves(void **state)
{
    (void)state;
    struct buffer json = {0};
    buffer_putc(&json, '{');
    json_put_member(&json, "a", "x");
    json_put_key(&json, "b");
    buffer_putc(&json, '[');
    json_put_element(&json);
    json_put_integer(&json, INT64_MIN);
    json_put_element(&json);
    json_put_boolean(&json, true);
    json_put_element(&json);
    buffer_puts(&json, "{}");
    json_put_element(&json);
    buffer_puts(&json, "[]");
    buffer_putc(&json, ']');
    json_put_key(&json, "c");
    buffer_puts(&json, "{}");
    json_put_member(&json, "d", NULL);
    buffer_putc(&json, '}');
    assert_string_equal(
        buffer_text(&json),
        "{\"a\":\"x\",\"b\":[-9223372036854775808,true,{},[]],\"c\":{},\"d\":null}");
    buffer_finish(&json);
}

/* A value that ends in an opening bracket is a text, and its quote stands behind it. */
static void texts_do_not_confuse_commas(void **state)
{
    (void)state;
    struct buffer json = {0};
    buffer_putc(&json, '[');
    json_put_element(&json);
    json_put_text(&json, "[");
    json_put_element(&json);
    json_put_text(&json, "{");
    json_put_element(&json);
    json_put_text(&json, "");
    buffer_putc(&json, ']');
    assert_string_equal(buffer_text(&json), "[\"[\",\"{\",\"\"]");
    buffer_finish(&json);
}

static void texts_are_escaped(void **state)
{
    (void)state;
    struct buffer json = {0};
    json_put_text_size(&json, "a\"b\\c\n\x01 đ /", sizeof "a\"b\\c\n\x01 đ /" - 1);
    assert_string_equal(buffer_text(&json), "\"a\\\"b\\\\c\\n\\u0001 đ /\"");
    buffer_finish(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_come_by_themselves),
        cmocka_unit_test(texts_do_not_confuse_commas),
        cmocka_unit_test(texts_are_escaped),
    };
    return cmocka_run_group_tests_name("json_write", tests, NULL, NULL);
}
