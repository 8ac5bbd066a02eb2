/* What is kept is found again under its name and its revision alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/resource/kept.h"

static void assert_kept(struct kept *kept, int64_t revision, const char *name, const char *text)
{
    struct buffer found = {0};
    buffer_puts(&found, "before ");
    assert_int_equal(kept_find(kept, name, &found) == revision, text != NULL);
    if (text)
        assert_string_equal(found.data + strlen("before "), text);
    buffer_finish(&found);
}

static void a_text_is_found_at_its_revision(void **state)
{
    (void)state;
    struct kept *kept = kept_create();
    assert_kept(kept, 0, "", NULL);
    assert_kept(kept, 7, "count a", NULL);
    kept_put(kept, 7, "count a", "12", 2);
    assert_kept(kept, 7, "count a", "12");
    assert_kept(kept, 6, "count a", NULL);
    assert_kept(kept, 8, "count a", NULL);
    assert_kept(kept, 7, "count ", NULL);
    assert_kept(kept, 7, "count a1", NULL);
    kept_put(kept, 8, "count a", "13", 2);
    assert_kept(kept, 8, "count a", "13");
    assert_kept(kept, 7, "count a", NULL);
    kept_put(kept, 8, "nothing", "", 0);
    assert_kept(kept, 8, "nothing", "");
    kept_destroy(kept);
}

/* From an earlier state, what changed since may lead to this one. */
static void the_revision_of_a_text_is_told(void **state)
{
    (void)state;
    struct kept *kept = kept_create();
    struct buffer found = {0};
    assert_int_equal(kept_find(kept, "facet a", &found), KEPT_NOTHING);
    assert_int_equal(found.size, 0);
    kept_put(kept, 7, "facet a", "[1]", 3);
    assert_int_equal(kept_find(kept, "facet a", &found), 7);
    assert_string_equal(buffer_text(&found), "[1]");
    assert_int_equal(kept_find(NULL, "facet a", &found), KEPT_NOTHING);
    buffer_finish(&found);
    kept_destroy(kept);
}

/* Many more than there is room for: a name has its own text or none. */
static void names_never_have_the_text_of_others(void **state)
{
    (void)state;
    struct kept *kept = kept_create();
    size_t found = 0;
    char name[32];
    for (int i = 0; i < 4 * KEPT_COUNT; i++) {
        snprintf(name, sizeof name, "name %d", i);
        kept_put(kept, 1, name, name, strlen(name));
    }
    for (int i = 0; i < 4 * KEPT_COUNT; i++) {
        struct buffer text = {0};
        snprintf(name, sizeof name, "name %d", i);
        if (kept_find(kept, name, &text) == 1) {
            assert_string_equal(text.data, name);
            found++;
        }
        buffer_finish(&text);
    }
    assert_in_range(found, KEPT_COUNT / 2, KEPT_COUNT);
    kept_destroy(kept);
}

static void what_is_too_long_is_not_kept(void **state)
{
    (void)state;
    struct kept *kept = kept_create();
    char *text = calloc(1, KEPT_SIZE_LIMIT + 1);
    assert_non_null(text);
    memset(text, 'x', KEPT_SIZE_LIMIT);
    kept_put(kept, 1, "a", text, KEPT_SIZE_LIMIT - 1);
    assert_kept(kept, 1, "a", NULL);
    text[KEPT_SIZE_LIMIT - 2] = '\0';
    kept_put(kept, 1, "a", text, KEPT_SIZE_LIMIT - 2);
    assert_kept(kept, 1, "a", text);
    free(text);
    kept_destroy(kept);
}

static void nobody_keeps_nothing(void **state)
{
    (void)state;
    kept_put(NULL, 1, "a", "b", 1);
    assert_kept(NULL, 1, "a", NULL);
    kept_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_found_at_its_revision),
        cmocka_unit_test(the_revision_of_a_text_is_told),
        cmocka_unit_test(names_never_have_the_text_of_others),
        cmocka_unit_test(what_is_too_long_is_not_kept),
        cmocka_unit_test(nobody_keeps_nothing),
    };
    return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
