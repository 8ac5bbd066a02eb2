#include "bilateral/base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void zeroed_is_empty(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    assert_string_equal(buffer_text(&buffer), "");
    assert_null(buffer.data);
    buffer_reset(&buffer);
    buffer_finish(&buffer);
    buffer_finish(&buffer);
}

static void appends_in_order_and_ends_in_nul(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_puts(&buffer, "{");
    buffer_putc(&buffer, '"');
    buffer_append(&buffer, "a\0b", 3);
    buffer_append(&buffer, NULL, 0);
    buffer_puts(&buffer, "");
    buffer_printf(&buffer, "%s=%d", "n", 42);
    assert_int_equal(buffer.size, 9);
    assert_memory_equal(buffer.data, "{\"a\0bn=42", 10);
    buffer_finish(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_null(buffer.data);
}

static void grows_past_every_capacity(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (size_t i = 0; i < 100000; i++) {
        buffer_putc(&buffer, (char)('a' + i % 26));
        assert_int_equal(buffer.size, i + 1);
        assert_true(buffer.capacity > buffer.size);
        assert_int_equal(buffer.data[buffer.size], '\0');
    }
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(buffer.data[i], 'a' + i % 26);
    buffer_finish(&buffer);
}

static void prints_what_is_longer_than_the_room(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int width = 1; width < 2000; width++) {
        buffer_reset(&buffer);
        buffer_printf(&buffer, "%*d|", width, 7);
        assert_int_equal(buffer.size, width + 1);
        assert_int_equal(buffer.data[width - 1], '7');
        assert_string_equal(buffer.data + width, "|");
    }
    buffer_finish(&buffer);
}

static void numbers_are_decimal_digits(void **state)
{
    static const struct {
        long long number;
        const char *text;
    } rows[] = {
        {0, "0"},
        {7, "7"},
        {-10, "-10"},
        {1234567890123, "1234567890123"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer buffer = {0};
        buffer_put_number(&buffer, rows[i].number);
        assert_string_equal(buffer_text(&buffer), rows[i].text);
        assert_int_equal(buffer.size, strlen(rows[i].text));
        buffer_finish(&buffer);
    }
}

static void reserve_leaves_the_size_to_the_caller(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_puts(&buffer, "ab");
    memset(buffer_reserve(&buffer, 5000), 'c', 5000);
    assert_int_equal(buffer.size, 2);
    buffer.size += 5000;
    buffer_puts(&buffer, "d");
    assert_int_equal(buffer.size, 5003);
    assert_int_equal(buffer.data[2], 'c');
    assert_string_equal(buffer.data + 5001, "cd");
    buffer_finish(&buffer);
}

static void reset_keeps_the_memory(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_printf(&buffer, "%1000d", 1);
    size_t capacity = buffer.capacity;
    char *data = buffer.data;
    buffer_reset(&buffer);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_puts(&buffer, "again");
    assert_ptr_equal(buffer.data, data);
    assert_int_equal(buffer.capacity, capacity);
    buffer_finish(&buffer);
}

static void take_hands_over(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    char *empty = buffer_take(&buffer);
    assert_string_equal(empty, "");
    free(empty);

    buffer_puts(&buffer, "mine");
    char *taken = buffer_take(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_null(buffer.data);
    buffer_puts(&buffer, "other");
    assert_string_equal(taken, "mine");
    free(taken);
    buffer_finish(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_is_empty),
        cmocka_unit_test(appends_in_order_and_ends_in_nul),
        cmocka_unit_test(grows_past_every_capacity),
        cmocka_unit_test(prints_what_is_longer_than_the_room),
        cmocka_unit_test(numbers_are_decimal_digits),
        cmocka_unit_test(reserve_leaves_the_size_to_the_caller),
        cmocka_unit_test(reset_keeps_the_memory),
        cmocka_unit_test(take_hands_over),
    };
    return cmocka_run_group_tests_name("base/buffer", tests, NULL, NULL);
}
