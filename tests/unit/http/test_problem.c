#include "bilateral/http/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/text.h"

static void every_code_has_a_problem(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct problem *problem; (problem = problem_at(count)); count++) {
        assert_int_equal(problem->code, count + 1);
        assert_ptr_equal(problem_of(problem->code), problem);
        assert_in_range(problem->status, 400, 599);
        assert_true(text_is_slug(problem->slug));
        assert_true(strlen(problem->title) > 3);
        assert_int_equal(problem->explanation[strlen(problem->explanation) - 1], '.');
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(problem_at(i)->slug, problem->slug);
    }
    assert_int_equal(count, ERROR_CODE_COUNT - 1);
    assert_null(problem_at(ERROR_CODE_COUNT));
    assert_int_equal(problem_of(ERROR_NONE)->status, 500);
}

static const struct request REQUEST = {.id = "00000000-0000-4000-8000-000000000000"};

static void a_reply_is_made_of_an_error(void **state)
{
    (void)state;
    struct reply reply = {.arena = arena_create(), .status = 200, .etag = "\"1\""};
    buffer_puts(&reply.body, "half a reply");
    reply_header(&reply, "Retry-After", "7");
    struct error error = {0};
    error_set(&error, ERROR_GONE, "\"a\" was deleted");
    problem_reply(&reply, &REQUEST, "/x", &error);
    assert_int_equal(reply.status, 410);
    assert_string_equal(reply.content_type, "application/problem+json");
    assert_null(reply.etag);
    assert_string_equal(reply_find_header(&reply, "Retry-After"), "7");
    assert_string_equal(buffer_text(&reply.body),
                        "{\"type\":\"/x/docs/problems/gone\",\"title\":\"Deleted\",\"status\":410,"
                        "\"detail\":\"\\\"a\\\" was deleted\","
                        "\"instance\":\"urn:uuid:00000000-0000-4000-8000-000000000000\"}\n");
    buffer_finish(&reply.body);
    arena_destroy(reply.arena);
}

static void faults_are_listed(void **state)
{
    (void)state;
    struct reply reply = {.arena = arena_create()};
    struct faults faults = {.arena = reply.arena, .limit = 3};
    struct error error = {.faults = &faults};
    struct fault *fault = error_add(&error, ERROR_INVALID, FAULT_POINTER, "/a~1b", "one");
    fault->file = "a.json";
    fault->line = 12;
    error_add(&error, ERROR_INVALID, FAULT_PARAMETER, "limit", "two");
    error_add(&error, ERROR_INVALID, FAULT_HEADER, "If-Match", "three");
    error_add(&error, ERROR_INVALID, FAULT_POINTER, "/c", "four");
    problem_reply(&reply, &REQUEST, "", &error);
    assert_non_null(strstr(
        buffer_text(&reply.body),
        ",\"errors\":[{\"detail\":\"one\",\"pointer\":\"/a~1b\",\"file\":\"a.json\",\"line\":12},"
        "{\"detail\":\"two\",\"parameter\":\"limit\"},{\"detail\":\"three\",\"header\":\"If-"
        "Match\"}],"
        "\"error_count\":4}\n"));
    buffer_finish(&reply.body);
    arena_destroy(reply.arena);
}

/* A detail is cut at a fixed size, which may fall inside a character. */
static void a_cut_detail_stays_valid(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        char detail[1024] = "abc";
        size_t size = shift;
        while (size + 3 < sizeof detail - 1) {
            memcpy(detail + size, "ớ", 3);
            size += 3;
        }
        detail[size] = '\0';
        struct reply reply = {.arena = arena_create()};
        struct error error = {0};
        error_set(&error, ERROR_INVALID, "%s", detail);
        problem_reply(&reply, &REQUEST, "", &error);
        assert_true(text_valid(reply.body.data, reply.body.size));
        assert_true(reply.body.size > 500);
        buffer_finish(&reply.body);
        arena_destroy(reply.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_problem),
        cmocka_unit_test(a_reply_is_made_of_an_error),
        cmocka_unit_test(faults_are_listed),
        cmocka_unit_test(a_cut_detail_stays_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
