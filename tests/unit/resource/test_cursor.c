#include "bilateral/resource/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char SECRET[] = "00112233445566778899aabbccddeeff";
static const char SEAL[] = "/v1/meetings\nsort=-start_date";

static const struct cursor CURSOR = {
    .keys = {{.kind = SQL_TEXT, .text = "2025-01:09, Đỗ \"x\""},
             {.kind = SQL_NULL},
             {.kind = SQL_INTEGER, .integer = INT64_MIN},
             {.kind = SQL_REAL, .real = 0.1},
             {.kind = SQL_TEXT, .text = ""}},
    .count = 5,
};

static bool reads(const char *text, const char *secret, const char *seal, size_t sort_count,
                  struct arena *arena, struct cursor *ret)
{
    struct faults faults = {.arena = arena};
    struct error error = {.faults = &faults};
    const struct query query = {.arena = arena, .seal = seal, .sort_count = sort_count};
    bool good = cursor_read(text, cursor_key(secret, arena), &query, arena, ret, &error);
    if (!good) {
        assert_int_equal(error.code, ERROR_BAD_REQUEST);
        assert_string_equal(faults.first->place, "cursor");
        assert_int_equal(faults.first->kind, FAULT_PARAMETER);
    }
    return good;
}

static void comes_back(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int way = 0; way < 4; way++) {
        struct cursor cursor = CURSOR, found;
        cursor.backwards = way & 1;
        cursor.alike = way & 2;
        const char *text = cursor_write(&cursor, cursor_key(SECRET, arena), SEAL, arena);
        assert_int_equal(strspn(text,
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-_"),
                         strlen(text));
        assert_true(reads(text, SECRET, SEAL, 5, arena, &found));
        assert_int_equal(found.backwards, cursor.backwards);
        assert_int_equal(found.alike, cursor.alike);
        assert_int_equal(found.count, 5);
        for (size_t i = 0; i < 5; i++)
            assert_int_equal(found.keys[i].kind, cursor.keys[i].kind);
        assert_string_equal(found.keys[0].text, cursor.keys[0].text);
        assert_true(found.keys[2].integer == INT64_MIN);
        assert_true(found.keys[3].real == 0.1);
        assert_string_equal(found.keys[4].text, "");
    }
    arena_destroy(arena);
}

static void every_changed_byte_is_refused(void **state)
{
    (void)state;
    static const char alphabet[] = "Ab0-_zZ9=";
    struct arena *arena = arena_create();
    const char *text = cursor_write(&CURSOR, cursor_key(SECRET, arena), SEAL, arena);
    for (size_t at = 0; text[at]; at++) {
        for (const char *c = alphabet; *c; c++) {
            struct cursor found;
            char *changed = arena_strdup(arena, text);
            if (changed[at] == *c)
                continue;
            changed[at] = *c;
            assert_false(reads(changed, SECRET, SEAL, 5, arena, &found));
        }
    }
    arena_destroy(arena);
}

static void every_cut_is_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const char *text = cursor_write(&CURSOR, cursor_key(SECRET, arena), SEAL, arena);
    struct cursor found;
    for (size_t size = 0; size < strlen(text); size++) {
        assert_false(reads(arena_copy(arena, text, size), SECRET, SEAL, 5, arena, &found));
        assert_false(reads(text + size + 1, SECRET, SEAL, 5, arena, &found));
    }
    assert_false(reads(arena_printf(arena, "%sA", text), SECRET, SEAL, 5, arena, &found));
    assert_false(reads(arena_printf(arena, "%s%s", text, text), SECRET, SEAL, 5, arena, &found));
    arena_destroy(arena);
}

static void belongs_to_one_list(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    const char *text = cursor_write(&CURSOR, cursor_key(SECRET, arena), SEAL, arena);
    struct cursor found;
    assert_true(reads(text, SECRET, SEAL, 5, arena, &found));
    assert_false(reads(text, SECRET, "/v1/meetings\nsort=start_date", 5, arena, &found));
    assert_false(reads(text, SECRET, "/v1/meetings", 5, arena, &found));
    assert_false(reads(text, SECRET, "", 5, arena, &found));
    assert_false(reads(text, "00112233445566778899aabbccddeefe", SEAL, 5, arena, &found));
    assert_false(reads(text, SECRET, SEAL, 4, arena, &found));
    assert_false(reads(text, SECRET, SEAL, 6, arena, &found));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(belongs_to_one_list),
    };
    return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
