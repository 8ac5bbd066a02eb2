#include "bilateral/base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void memory_is_zeroed_aligned_and_distinct(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char *before = NULL;
    for (size_t size = 0; size < 300; size++) {
        char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        assert_ptr_not_equal(memory, before);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
        before = memory;
    }
    arena_destroy(arena);
}

static void what_was_given_stays_untouched(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static const char *texts[COUNT];
    struct arena *arena = arena_create();
    for (int i = 0; i < COUNT; i++)
        texts[i] = arena_printf(arena, "/v1/persons/%d", i);
    for (int i = 0; i < COUNT; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "/v1/persons/%d", i);
        assert_string_equal(texts[i], expected);
    }
    arena_destroy(arena);
}

static void copies_end_in_nul_and_may_hold_one(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    assert_memory_equal(arena_copy(arena, "a\0b-rest", 3), "a\0b", 4);
    assert_string_equal(arena_copy(arena, NULL, 0), "");
    assert_string_equal(arena_strdup(arena, ""), "");
    assert_string_equal(arena_strdup(arena, "Đỗ"), "Đỗ");
    assert_string_equal(arena_printf(arena, "%s", ""), "");
    arena_destroy(arena);
}

static void more_than_a_block_is_one_piece(void **state)
{
    (void)state;
    const size_t size = 1024 * 1024;
    struct arena *arena = arena_create();
    char *memory = arena_alloc(arena, size);
    memory[0] = memory[size - 1] = 'x';
    assert_true(arena_footprint(arena) > size);

    char *text = arena_printf(arena, "%0100000d", 7);
    assert_int_equal(strlen(text), 100000);
    assert_int_equal(text[99999], '7');
    arena_destroy(arena);
}

static void reset_keeps_the_first_block(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const size_t fresh = arena_footprint(arena);
    char *first = arena_strdup(arena, "first");
    for (int i = 0; i < 100; i++)
        arena_alloc(arena, 4096);
    assert_true(arena_footprint(arena) > 100 * 4096);

    arena_reset(arena);
    assert_int_equal(arena_footprint(arena), fresh);
    char *again = arena_alloc(arena, sizeof "first");
    assert_ptr_equal(again, first);
    assert_string_equal(again, ""); /* zeroed once more */
    arena_destroy(arena);
}

static void destroy_takes_null(void **state)
{
    (void)state;
    arena_destroy(NULL);
}

/* What a child process says on standard error before it ends with the status returned. */
static int run_child(void (*act)(void), char *ret_said, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(ends[1]);
    size_t used = 0;
    for (ssize_t got; (got = read(ends[0], ret_said + used, size - 1 - used)) > 0;)
        used += (size_t)got;
    ret_said[used] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static volatile size_t too_much;

static void alloc_too_much(void)
{
    struct arena *arena = arena_create();
    arena_alloc(arena, too_much);
}

static void resize_too_much(void)
{
    memory_resize(NULL, too_much);
}

static void memory_that_cannot_be_had_ends_the_process(void **state)
{
    (void)state;
    static void (*const acts[])(void) = {alloc_too_much, resize_too_much};
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, SIZE_MAX / 4};
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
        char said[4096];
        too_much = sizes[i / 2];
        assert_int_equal(run_child(acts[i % 2], said, sizeof said), 1);
        assert_non_null(strstr(said, "bilaterald: out of memory\n"));
    }
}

static void plain_memory_of_no_bytes_is_memory(void **state)
{
    (void)state;
    char *memory = memory_alloc(0);
    assert_non_null(memory);
    memory = memory_resize(memory, 3);
    memcpy(memory, "ab", 3);
    memory = memory_resize(memory, 1000);
    assert_string_equal(memory, "ab");
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_distinct),
        cmocka_unit_test(what_was_given_stays_untouched),
        cmocka_unit_test(copies_end_in_nul_and_may_hold_one),
        cmocka_unit_test(more_than_a_block_is_one_piece),
        cmocka_unit_test(reset_keeps_the_first_block),
        cmocka_unit_test(destroy_takes_null),
        cmocka_unit_test(memory_that_cannot_be_had_ends_the_process),
        cmocka_unit_test(plain_memory_of_no_bytes_is_memory),
    };
    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
