/* The index as the writer keeps it, and the bound on what reading may cost; tests/api has the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bilateral/resource/names.h"
#include "bilateral/resource/search.h"
#include "bilateral/store/migrate.h"

static const struct field FIELDS[] = {
    {"name", FIELD_LINE, .help = "A name."},
    {"other_names", FIELD_PART, .help = "Others.", .part = &NAMES_PART},
    {"description", FIELD_PROSE, .help = "Prose."},
    {0},
};

static const struct resource THING = {
    .type = "thing",
    .table = "thing",
    .label = "name",
    .fields = FIELDS,
    .key = "id",
};

static const struct resource *const THINGS[] = {&THING};
static const struct registry REGISTRY = {.resources = THINGS, .count = 1};

struct fixture {
    struct store *store;
    struct arena *arena;
    struct error error;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_create()};
    *state = &fixture;
    return !(store_open(":memory:", STORE_WRITE, &fixture.store, &fixture.error) &&
             migrate(fixture.store, &fixture.error) &&
             store_run_script(fixture.store,
                              "CREATE TABLE thing (id TEXT PRIMARY KEY, json TEXT) STRICT",
                              &fixture.error));
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture->store);
    arena_destroy(fixture->arena);
    return 0;
}

/* Writes one record as the writer does. */
static void put(struct fixture *fixture, const char *id, const char *json, bool replace)
{
    json_t *record = json_read(json, strlen(json), NULL, &fixture->error);
    assert_non_null(record);
    assert_true(search_begin(fixture->store, &fixture->error));
    assert_true(store_begin_write(fixture->store, &fixture->error));
    assert_true(search_put(fixture->store, &THING, id, record, replace, &fixture->error));
    assert_true(search_flush(fixture->store, &fixture->error));
    assert_true(store_commit(fixture->store, &fixture->error));
    json_decref(record);
}

/* `ID SCORE`, comma between, in order of rank. */
static const char *found(struct fixture *fixture, const char *text)
{
    struct search search;
    size_t count;
    bool all;
    assert_true(search_parse(text, fixture->arena, &search, &fixture->error));
    struct search_hit *hits =
        search_find(fixture->store, fixture->arena, &search, NULL, &count, &all, &fixture->error);
    assert_non_null(hits);
    struct buffer list = {0};
    for (size_t i = 0; i < count; i++)
        buffer_printf(&list, "%s%s %d", i ? ", " : "", hits[i].id, hits[i].score);
    const char *kept = arena_strdup(fixture->arena, buffer_text(&list));
    buffer_finish(&list);
    return kept;
}

static void check_index(struct fixture *fixture)
{
    assert_true(store_run_script(
        fixture->store, "INSERT INTO search_index (search_index)\nVALUES ('integrity-check')",
        &fixture->error));
}

static void a_name_ranks_by_how_it_was_typed(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "{\"name\":\"Sơn\"}", false);
    put(fixture, "b", "{\"name\":\"Son\"}", false);
    put(fixture, "c", "{\"name\":\"Lang Son\"}", false);
    put(fixture, "d", "{\"name\":\"x\",\"description\":\"Of Son.\"}", false);
    put(fixture, "e", "{\"name\":\"Sonata\"}", false);
    assert_string_equal(found(fixture, "son"), "b 99, c 90, e 89, a 79, d 40");
    assert_string_equal(found(fixture, "sơn"), "a 99, b 79, c 70, e 69, d 20");
    assert_string_equal(found(fixture, "SO\xCC\x9BN"), "a 99, b 79, c 70, e 69, d 20");
    assert_string_equal(found(fixture, "\"*^()-"), "");
    check_index(fixture);
}

static void words_are_joined_and_parted(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "{\"name\":\"Lạng Sơn\"}", false);
    put(fixture, "b", "{\"name\":\"x\",\"description\":\"Vietnam\"}", false);
    put(fixture, "c", "{\"name\":\"y\",\"description\":\"Việt Nam\"}", false);
    put(fixture, "d", "{\"name\":\"广西壮族\"}", false);
    assert_string_equal(found(fixture, "langson"), "a 79");
    assert_string_equal(found(fixture, "viet nam"), "c 29, b 29");
    assert_string_equal(found(fixture, "viet na"), "c 19, b 19");
    assert_string_equal(found(fixture, "vietn"), "b 39, c 19");
    assert_string_equal(found(fixture, "西壮"), "d 90");
    assert_string_equal(found(fixture, "广西壮族"), "d 99");
    assert_string_equal(found(fixture, "壮西"), "");
}

static void a_record_that_changes_is_found_by_its_new_words_only(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "{\"name\":\"Old name\",\"other_names\":[{\"name\":\"Elder\"}]}", false);
    put(fixture, "b", "{\"name\":\"Another\"}", false);
    put(fixture, "a", "{\"name\":\"New name\",\"description\":\"An elder\"}", true);
    assert_string_equal(found(fixture, "old"), "");
    assert_string_equal(found(fixture, "elder"), "a 40");
    assert_string_equal(found(fixture, "name new"), "a 99");
    check_index(fixture);
}

static void a_batch_may_write_a_record_twice(void **state)
{
    struct fixture *fixture = *state;
    json_t *one = json_pack("{ss}", "name", "One"), *two = json_pack("{ss}", "name", "Two");
    assert_true(search_begin(fixture->store, &fixture->error));
    assert_true(store_begin_write(fixture->store, &fixture->error));
    assert_true(search_put(fixture->store, &THING, "a", one, false, &fixture->error));
    assert_true(search_put(fixture->store, &THING, "a", two, true, &fixture->error));
    assert_true(search_flush(fixture->store, &fixture->error));
    assert_true(store_commit(fixture->store, &fixture->error));
    json_decref(one);
    json_decref(two);
    assert_string_equal(found(fixture, "one"), "");
    assert_string_equal(found(fixture, "two"), "a 99");
    check_index(fixture);
}

static void what_was_stored_before_there_was_an_index_gets_into_it(void **state)
{
    struct fixture *fixture = *state;
    assert_true(search_catch_up(fixture->store, &REGISTRY, &fixture->error));
    assert_true(store_run_script(
        fixture->store,
        "INSERT INTO thing (id, json)\nVALUES ('a', '{\"name\":\"Hà Nội\"}');\n"
        "INSERT INTO record (type, id, revision, state, created_at, updated_at, committed)\n"
        "VALUES ('thing', 'a', 1, 'live', '', '', 1);",
        &fixture->error));
    assert_true(search_catch_up(fixture->store, &REGISTRY, &fixture->error));
    assert_true(search_catch_up(fixture->store, &REGISTRY, &fixture->error));
    assert_string_equal(found(fixture, "hanoi"), "a 79");
    check_index(fixture);
}

static void a_search_has_at_most_eight_words(void **state)
{
    struct fixture *fixture = *state;
    struct search search;
    assert_true(search_parse("a b c d e f g h", fixture->arena, &search, &fixture->error));
    assert_int_equal(search.count, 8);
    assert_true(search_parse("中国共产党中央委员会", fixture->arena, &search, &fixture->error));
    assert_int_equal(search.count, 9);
    assert_false(search_parse("a b c d e f g h i", fixture->arena, &search, &fixture->error));
    assert_string_equal(fixture->error.detail, "Write at most 8 words, or 32 Han characters.");
    fixture->error = (struct error){0};
    assert_false(search_parse("  ", fixture->arena, &search, &fixture->error));
    assert_int_equal(fixture->error.code, ERROR_BAD_REQUEST);
}

static void a_snippet_is_cut_between_words(void **state)
{
    struct fixture *fixture = *state;
    struct search search;
    struct buffer html = {0}, text = {0};
    for (int i = 0; i < 60; i++)
        buffer_printf(&text, "<w%02d> ", i);
    assert_true(search_parse("w20", fixture->arena, &search, &fixture->error));
    search_put_snippet(&search, text.data, &html);
    assert_non_null(strstr(html.data, "&lt;<mark>w20</mark>&gt; &lt;w21&gt; "));
    assert_int_equal(strncmp(html.data, "…&lt;w1", strlen("…&lt;w1")), 0);
    assert_non_null(strstr(html.data, "&gt; …"));
    assert_null(strstr(html.data, "<w"));
    buffer_finish(&html);
    buffer_finish(&text);
}

static const char ENDLESS[] =
    "WITH RECURSIVE number (n) AS (\n"
    "    SELECT 1\n"
    "    UNION ALL\n"
    "    SELECT n + 1\n"
    "    FROM number\n"
    ")\n"
    "SELECT count(*)\n"
    "FROM number";

static void what_costs_too_much_ends(void **state)
{
    struct fixture *fixture = *state;
    assert_true(store_begin_read(fixture->store, &fixture->error));
    struct statement *endless = store_prepare(fixture->store, ENDLESS, &fixture->error);
    assert_non_null(endless);
    assert_false(statement_run(endless, &fixture->error));
    assert_int_equal(fixture->error.code, ERROR_UNAVAILABLE);
    store_end_read(fixture->store);
    fixture->error = (struct error){0};
    assert_string_equal(found(fixture, "nothing"), "");
}

/* What an answer can do without is cut short by itself; the rest of the transaction goes on. */
static void what_is_in_a_hurry_ends_sooner(void **state)
{
    struct fixture *fixture = *state;
    struct timespec began, ended;
    bool row;
    assert_true(store_begin_read(fixture->store, &fixture->error));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began); /* of which others take no share */
    store_hurry(fixture->store, 50);
    struct statement *endless = store_prepare(fixture->store, ENDLESS, &fixture->error);
    assert_false(statement_run(endless, &fixture->error));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended);
    assert_int_equal(fixture->error.code, ERROR_UNAVAILABLE);
    assert_true(ended.tv_sec - began.tv_sec < STORE_READ_SECONDS - 1);
    fixture->error = (struct error){0};
    struct statement *short_one = store_prepare(fixture->store, "SELECT 1", &fixture->error);
    assert_true(statement_step(short_one, &row, &fixture->error) && row);
    store_end_read(fixture->store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_name_ranks_by_how_it_was_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_are_joined_and_parted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_that_changes_is_found_by_its_new_words_only,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_batch_may_write_a_record_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_stored_before_there_was_an_index_gets_into_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_search_has_at_most_eight_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_snippet_is_cut_between_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_costs_too_much_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_in_a_hurry_ends_sooner, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
