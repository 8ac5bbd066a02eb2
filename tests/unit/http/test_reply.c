#include "bilateral/http/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/base/arena.h"

static int make_reply(void **state)
{
    struct reply *reply = memory_alloc(sizeof *reply);
    *reply = (struct reply){.arena = arena_create(), .status = 200};
    *state = reply;
    return 0;
}

static int destroy_reply(void **state)
{
    struct reply *reply = *state;
    reply_drop_body(reply);
    arena_destroy(reply->arena);
    free(reply);
    return 0;
}

static void headers_are_copied_and_found(void **state)
{
    struct reply *reply = *state;
    char value[] = "one";
    reply_header(reply, "X-Number", "%s", value);
    value[0] = 'X';
    reply_header(reply, "Content-Range", "%d-%d", 1, 2);
    assert_string_equal(reply_find_header(reply, "x-number"), "one");
    assert_string_equal(reply_find_header(reply, "Content-Range"), "1-2");
    assert_null(reply_find_header(reply, "X"));
}

static void bad_values_are_left_out(void **state)
{
    struct reply *reply = *state;
    reply_header(reply, "Link", "%s", "</a>\r\nSet-Cookie: b");
    reply_header(reply, "Link", "%s", "a\nb");
    reply_header(reply, "Link", "%s", "a\x7f");
    reply_header(reply, "Link", "%s", "");
    assert_int_equal(reply->header_count, 0);
    reply_header(reply, "Link", "%s", "a\tb ớ");
    assert_int_equal(reply->header_count, 1);
}

static void there_is_a_limit(void **state)
{
    struct reply *reply = *state;
    for (int i = 0; i < REPLY_HEADER_LIMIT + 3; i++)
        reply_header(reply, "X", "%d", i);
    assert_int_equal(reply->header_count, REPLY_HEADER_LIMIT);
}

static void redirects(void **state)
{
    struct reply *reply = *state;
    reply_redirect(reply, 308, "/v1/a");
    assert_int_equal(reply->status, 308);
    assert_string_equal(reply_find_header(reply, "Location"), "/v1/a");
}

static void count_close(void *context)
{
    ++*(int *)context;
}

static void a_dropped_stream_is_closed_once(void **state)
{
    struct reply *reply = *state;
    int closed = 0;
    reply->stream = (struct reply_stream){.close = count_close, .context = &closed};
    buffer_puts(&reply->body, "half");
    reply_drop_body(reply);
    reply_drop_body(reply);
    assert_int_equal(closed, 1);
    assert_int_equal(reply->body.size, 0);
}

/* RFC 9110, 8.8.3.2: the table of the two comparisons, and fields as clients write them. */
static void etags(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        const char *etag;
        bool strong;
        bool weak;
    } rows[] = {
        {"W/\"1\"", "W/\"1\"", false, true},
        {"W/\"1\"", "W/\"2\"", false, false},
        {"W/\"1\"", "\"1\"", false, true},
        {"\"1\"", "W/\"1\"", false, true},
        {"\"1\"", "\"1\"", true, true},
        {"\"1\"", "\"2\"", false, false},
        {"*", "\"1\"", true, true},
        {"\"a\", \"b\", \"c\"", "\"b\"", true, true},
        {"\"a\",\"b\"", "\"b\"", true, true},
        {" ,, \t\"b\" ,", "\"b\"", true, true},
        {"\"a,b\"", "\"b\"", false, false},
        {"\"a,b\"", "\"a,b\"", true, true},
        {"\"a, \"b\"", "\"b\"", false, false},
        {"\"b", "\"b\"", false, false},
        {"b", "\"b\"", false, false},
        {"", "\"b\"", false, false},
        {"W/", "\"b\"", false, false},
        {"w/\"b\"", "\"b\"", false, false},
        {"\"B\"", "\"b\"", false, false},
        {"\"\"", "\"\"", true, true},
        {"**", "\"b\"", false, false},
        /* The same state, compressed. */
        {"\"b-gz\"", "\"b\"", true, true},
        {"\"a\", \"b-gz\"", "\"b\"", true, true},
        {"W/\"b-gz\"", "\"b\"", false, true},
        {"\"b-gz-gz\"", "\"b\"", false, false},
        {"\"c-gz\"", "\"b\"", false, false},
        {"\"-gz\"", "\"\"", true, true},
        {"b-gz", "b", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(reply_etag_matches(rows[i].field, rows[i].etag, false), rows[i].strong);
        assert_int_equal(reply_etag_matches(rows[i].field, rows[i].etag, true), rows[i].weak);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(headers_are_copied_and_found, make_reply, destroy_reply),
        cmocka_unit_test_setup_teardown(bad_values_are_left_out, make_reply, destroy_reply),
        cmocka_unit_test_setup_teardown(there_is_a_limit, make_reply, destroy_reply),
        cmocka_unit_test_setup_teardown(redirects, make_reply, destroy_reply),
        cmocka_unit_test_setup_teardown(a_dropped_stream_is_closed_once, make_reply, destroy_reply),
        cmocka_unit_test(etags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
