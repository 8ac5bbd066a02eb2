#include "bilateral/base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void set_words_it_and_returns_false(void **state)
{
    (void)state;
    struct error error = {0};
    assert_int_equal(error.code, ERROR_NONE);
    assert_false(error_set(&error, ERROR_NOT_FOUND, "no %s is called %s", "person", "x-1"));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.detail, "no person is called x-1");
}

static void the_first_cause_wins(void **state)
{
    (void)state;
    struct error error = {0};
    error_set(&error, ERROR_INVALID, "first");
    error_set(&error, ERROR_INTERNAL, "second");
    error_add(&error, ERROR_CONFLICT, FAULT_HEADER, "If-Match", "third");
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.detail, "first");
}

static void a_long_text_is_cut(void **state)
{
    (void)state;
    struct error error = {0};
    error_set(&error, ERROR_INVALID, "%0600d", 1);
    assert_int_equal(strlen(error.detail), sizeof error.detail - 1);
}

static void what_is_cut_in_two_goes(void **state)
{
    (void)state;
    struct error error = {0};
    error_set(&error, ERROR_INVALID, "\"%.3s\" is no name, \"%.3s\" neither", "x\u1ec7", "\u1ec7");
    assert_string_equal(error.detail, "\"x\" is no name, \"\u1ec7\" neither");
}

static void add_without_faults_only_sets(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(error_add(&error, ERROR_INVALID, FAULT_POINTER, "/name", "is missing"));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.detail, "is missing");
}

static void add_collects_copies_in_order(void **state)
{
    (void)state;
    static const struct {
        enum fault_kind kind;
        const char *place;
        const char *detail;
    } rows[] = {
        {FAULT_POINTER, "/name", "is empty; give a name"},
        {FAULT_PARAMETER, "limit", "0 is too small; give 1 to 200"},
        {FAULT_HEADER, "If-Match", "is not an entity tag"},
    };
    const size_t count = sizeof rows / sizeof *rows;
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena};
    struct error error = {.faults = &faults};
    for (size_t i = 0; i < count; i++) {
        char place[16]; /* the caller's own may vanish */
        strcpy(place, rows[i].place);
        struct fault *fault =
            error_add(&error, ERROR_INVALID, rows[i].kind, place, "%s", rows[i].detail);
        assert_ptr_equal(fault, faults.last);
        memset(place, 'x', sizeof place);
    }
    assert_int_equal(faults.count, count);
    assert_string_equal(error.detail, rows[0].detail);

    const struct fault *fault = faults.first;
    for (size_t i = 0; i < count; i++, fault = fault->next) {
        assert_int_equal(fault->kind, rows[i].kind);
        assert_string_equal(fault->place, rows[i].place);
        assert_string_equal(fault->detail, rows[i].detail);
        assert_null(fault->file);
        assert_int_equal(fault->line, 0);
    }
    assert_null(fault);
    arena_destroy(arena);
}

static void past_the_limit_faults_are_counted_not_kept(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena, .limit = 2};
    struct error error = {.faults = &faults};
    for (size_t i = 1; i <= 5; i++) {
        struct fault *fault = error_add(&error, ERROR_INVALID, FAULT_POINTER, "/a", "fault %zu", i);
        assert_true(i <= 2 ? fault != NULL : fault == NULL);
    }
    assert_int_equal(faults.count, 5);
    assert_string_equal(faults.last->detail, "fault 2");
    assert_null(faults.last->next);
    arena_destroy(arena);
}

static void what_was_found_elsewhere_is_told_again(void **state)
{
    (void)state;
    struct arena *arena = arena_create(), *other = arena_create();
    struct faults faults = {.arena = arena, .limit = 5},
                  found_faults = {.arena = other, .limit = 2};
    struct error error = {.faults = &faults}, found = {.faults = &found_faults};
    for (int i = 0; i < 3; i++) {
        struct fault *fault =
            error_add(&found, ERROR_INVALID, FAULT_POINTER, "/name", "fault %d", i);
        if (fault)
            fault->line = 7;
    }
    assert_false(error_pass(&error, &found));
    arena_destroy(other);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.detail, "fault 0");
    assert_int_equal(faults.count, 3); /* also the one that was not kept */
    assert_string_equal(faults.first->place, "/name");
    assert_int_equal(faults.first->line, 7);
    assert_string_equal(faults.last->detail, "fault 1");
    const struct error plain = {.code = ERROR_GONE, .detail = "gone", .cause = "why"};
    struct error fresh = {0};
    error_pass(&fresh, &plain);
    assert_int_equal(fresh.code, ERROR_GONE);
    assert_string_equal(fresh.cause, "why");
    error_pass(&error, &plain);
    assert_string_equal(error.detail, "fault 0"); /* the first cause wins */
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_words_it_and_returns_false),
        cmocka_unit_test(the_first_cause_wins),
        cmocka_unit_test(a_long_text_is_cut),
        cmocka_unit_test(what_is_cut_in_two_goes),
        cmocka_unit_test(add_without_faults_only_sets),
        cmocka_unit_test(add_collects_copies_in_order),
        cmocka_unit_test(past_the_limit_faults_are_counted_not_kept),
        cmocka_unit_test(what_was_found_elsewhere_is_told_again),
    };
    return cmocka_run_group_tests_name("base/error", tests, NULL, NULL);
}
