#include "bilateral/resource/generation.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The ledger of changes, as far as it is read here. */
static struct store *open_ledger(void)
{
    struct store *store;
    struct error error = {0};
    assert_true(store_open(":memory:", STORE_WRITE, &store, &error));
    assert_true(store_run_script(store,
                                 "CREATE TABLE change (committed, record_type, record_id);\n"
                                 "INSERT INTO change VALUES\n"
                                 "    (2, 'topic', 'a'), (2, 'place', 'b'), (3, 'topic', 'c');",
                                 &error));
    return store;
}

static bool is_good(const struct generation *generation, uint64_t made, const char *type,
                    const char *id)
{
    return made >= generation_since(generation, generation_mark(type, id));
}

static void only_what_was_changed_is_old(void **state)
{
    (void)state;
    static struct generation generation;
    struct store *store = open_ledger();
    generation_notice(&generation, 1);
    uint64_t made = generation_since(&generation, 0);
    generation_follow(&generation, store, 2);
    assert_true(generation_since(&generation, 0) > made);
    assert_false(is_good(&generation, made, "topic", "a"));
    assert_false(is_good(&generation, made, "place", "b"));
    assert_true(is_good(&generation, made, "topic", "b"));
    assert_true(is_good(&generation, made, "topic", "c"));
    assert_true(is_good(&generation, generation_since(&generation, 0), "topic", "a"));
    generation_notice(&generation, 2); /* what was followed is known */
    assert_true(is_good(&generation, made, "topic", "c"));
    generation_follow(&generation, store, 3);
    assert_false(is_good(&generation, made, "topic", "c"));
    assert_true(is_good(&generation, made, "topic", "b"));
    store_close(store);
}

static void what_others_wrote_makes_all_old(void **state)
{
    (void)state;
    static struct generation generation;
    struct store *store = open_ledger();
    generation_notice(&generation, 1);
    uint64_t made = generation_since(&generation, 0);
    generation_follow(&generation, store, 3); /* the second was somebody else's */
    assert_true(is_good(&generation, made, "topic", "b"));
    generation_notice(&generation, 3);
    assert_false(is_good(&generation, made, "topic", "b"));

    made = generation_since(&generation, 0);
    generation_notice(&generation, 3);
    generation_notice(&generation, 2);
    assert_int_equal(generation_since(&generation, 0), made);
    generation_raise(&generation);
    assert_false(is_good(&generation, made, "topic", "b"));
    store_close(store);
}

static void an_unreadable_ledger_makes_all_old(void **state)
{
    (void)state;
    static struct generation generation;
    struct store *store;
    struct error error = {0};
    assert_true(store_open(":memory:", STORE_WRITE, &store, &error));
    uint64_t made = generation_since(&generation, 0);
    generation_follow(&generation, store, 2);
    assert_false(is_good(&generation, made, "topic", "b"));
    store_close(store);
}

enum { RAISES = 20000, THREADS = 4 };

static void *raise_often(void *generation)
{
    for (int i = 0; i < RAISES; i++) {
        generation_raise(generation);
        assert_true(generation_since(generation, 1) <= generation_since(generation, 0));
    }
    return NULL;
}

static void several_may_raise_it(void **state)
{
    (void)state;
    static struct generation generation;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, raise_often, &generation), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(generation_since(&generation, 0), RAISES * THREADS);
    assert_int_equal(generation_since(&generation, 1), RAISES * THREADS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_changed_is_old),
        cmocka_unit_test(what_others_wrote_makes_all_old),
        cmocka_unit_test(an_unreadable_ledger_makes_all_old),
        cmocka_unit_test(several_may_raise_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
