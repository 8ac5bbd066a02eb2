#include "bilateral/resource/body.h"
#include "bilateral/resource/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/api/registry.h"

/* What a body comes to: its canonical text, or every fault as "pointer: detail" lines. */
static char *outcome(const struct resource *resource, const char *text, struct arena *arena)
{
    struct faults faults = {.arena = arena};
    struct error error = {.faults = &faults};
    struct draft draft;
    struct buffer out = {0};
    json_t *value = json_read(text, strlen(text), NULL, &error);
    assert_non_null(value);
    if (record_check(resource, value, text, strlen(text), arena, &draft, &error)) {
        assert_int_equal(faults.count, 0);
        body_write(&draft, &out);
    } else {
        assert_int_equal(error.code, ERROR_INVALID);
        for (const struct fault *fault = faults.first; fault; fault = fault->next)
            buffer_printf(&out, "%s\n", fault->place);
    }
    char *copy = arena_copy(arena, buffer_text(&out), out.size);
    buffer_finish(&out);
    json_decref(value);
    return copy;
}

static void assert_outcome(const struct resource *resource, const char *text, const char *wanted)
{
    struct arena *arena = arena_create();
    assert_string_equal(outcome(resource, text, arena), wanted);
    arena_destroy(arena);
}

/* data-model.md: null is written, never left out; parts and arrays are empty, not null. */
static void what_is_not_known_is_null(void **state)
{
    (void)state;
    assert_outcome(&TOPIC, "{\"id\":\"trade\",\"name\":\"Trade\"}",
                   "{\"id\":\"trade\",\"type\":\"topic\",\"name\":\"Trade\",\"other_names\":[],"
                   "\"classification\":null,\"description\":null,\"broader_id\":null,"
                   "\"source_ids\":[],\"citations\":[]");
}

static void order_and_space_do_not_matter(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"id\":\"trade\",\"type\":\"topic\",\"name\":\"Trade\",\"classification\":\"theme\","
        "\"citations\":[{\"pointer\":\"\",\"source_id\":\"gazette\"}]}",
        " {\n\t\"citations\" : [ { \"source_id\" : \"gazette\" , \"pointer\" : \"\", \"note\": "
        "null } ],"
        "\r\n \"classification\" : \"theme\", \"name\" : \"Tr\\u0061de\", \"other_names\": [],"
        " \"description\": null, \"id\" : \"trade\" } ",
        "{\"name\":\"Trade\",\"id\":\"trade\",\"source_ids\":[\"gazette\"],\"classification\":"
        "\"theme\","
        "\"citations\":[{\"pointer\":\"\",\"source_id\":\"gazette\"}]}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_outcome(&TOPIC, bodies[i],
                       "{\"id\":\"trade\",\"type\":\"topic\",\"name\":\"Trade\",\"other_names\":[],"
                       "\"classification\":\"theme\",\"description\":null,\"broader_id\":null,"
                       "\"source_ids\":[\"gazette\"],\"citations\":[{\"pointer\":\"\","
                       "\"source_id\":\"gazette\",\"locator\":null,\"quote\":null,\"note\":null,"
                       "\"value\":null,\"rank\":null}]");
}

static void decimals_stay_as_written(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "3.3",
        "3.30",
        "42",
        "0.1",
        "-0.0",
        "1E+2",
        "1e-7",
        "100000000000000000000.5",
        "16.40",
        "0.10000000000000000000001",
        "9007199254740993",
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct arena *arena = arena_create();
        char *text =
            outcome(&TRADE_FIGURE,
                    arena_printf(arena, "{\"id\":\"a\",\"indicator\":\"other\",\"value\" : %s }",
                                 numbers[i]),
                    arena);
        const char *wanted = arena_printf(arena, "\"value\":%s,\"value_low\":null", numbers[i]);
        assert_non_null(strstr(text, wanted));
        arena_destroy(arena);
    }
}

static void dates_bring_their_precision(void **state)
{
    (void)state;
    static const struct {
        const char *date;
        const char *precision;
    } rows[] = {
        {"\"2025\"", "\"year\""},       {"\"2026-21\"", "\"season\""},
        {"\"2025-33\"", "\"quarter\""}, {"\"2025-11~\"", "\"month\""},
        {"\"2024-11-20?\"", "\"day\""}, {"null", "null"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_create();
        char *text = outcome(
            &STATEMENT,
            arena_printf(arena, "{\"id\":\"a\",\"text\":\"b\",\"date\":%s}", rows[i].date), arena);
        assert_non_null(strstr(text, arena_printf(arena, "\"date\":%s,\"date_precision\":%s,",
                                                  rows[i].date, rows[i].precision)));
        arena_destroy(arena);
    }
}

/* Every source a record rests on, each once, in the order of the body. */
static void sources_are_gathered(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char *text =
        outcome(&OFFICIAL,
                "{\"id\":\"a\",\"name\":\"A\","
                "\"other_names\":[{\"name\":\"B\",\"kind\":\"short\",\"source_ids\":[\"one\"]}],"
                "\"tenures\":[{\"post_id\":\"p\",\"attested\":[{\"date\":\"2025\","
                "\"source_id\":\"two\"}]}],"
                "\"source_ids\":[\"three\",\"one\"],"
                "\"citations\":[{\"pointer\":\"\",\"source_id\":\"two\"},"
                "{\"pointer\":\"/name\",\"source_id\":\"four\"}]}",
                arena);
    assert_non_null(
        strstr(text, "\"source_ids\":[\"one\",\"two\",\"three\",\"four\"],\"citations\""));
    arena_destroy(arena);
}

static void every_fault_has_its_pointer(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char *found =
        outcome(&MEETING,
                "{\"id\":\"A\",\"name\":\"\",\"status\":\"hold\",\"start_date\":\"2025-02-30\","
                "\"topic_ids\":[\"ok\",\"B\",7],\"participants\":[{\"role\":\"hots\"},5,"
                "{\"rloe\":\"host\"}],\"citations\":[{\"pointer\":\"/nothing\","
                "\"source_id\":\"s\"},{\"pointer\":\"\"}],\"revision\":1,\"x\":2}",
                arena);
    static const char *const places[] = {
        "/id",
        "/name",
        "/status",
        "/start_date",
        "/topic_ids/1",
        "/topic_ids/2",
        "/participants/0/role",
        "/participants/1",
        "/participants/2/rloe",
        "/citations/0/pointer",
        "/citations/1/source_id",
        "/revision",
        "/x",
    };
    size_t count = 0;
    for (const char *c = found; *c; c++)
        count += *c == '\n';
    assert_int_equal(count, sizeof places / sizeof *places);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        assert_non_null(strstr(found, arena_printf(arena, "%s\n", places[i])));
    arena_destroy(arena);
}

static void only_objects_are_records(void **state)
{
    (void)state;
    assert_outcome(&TOPIC, "[]", "\n");
    assert_outcome(&TOPIC, "{}", "/id\n/name\n");
}

/* A text may hold whatever UTF-8 can; the canonical form escapes what must be, and no more. */
static void texts_come_back(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char *text = outcome(&TOPIC,
                         "{\"id\":\"a\",\"name\":\"\\u0110\\u1ed7 \\\"x\\\" \\/ \\ud83e\\udd86\","
                         "\"description\":\"a\\nb\\\\\"}",
                         arena);
    assert_non_null(strstr(text, "\"name\":\"Đỗ \\\"x\\\" / 🦆\""));
    assert_non_null(strstr(text, "\"description\":\"a\\nb\\\\\""));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(order_and_space_do_not_matter),
        cmocka_unit_test(decimals_stay_as_written),
        cmocka_unit_test(dates_bring_their_precision),
        cmocka_unit_test(sources_are_gathered),
        cmocka_unit_test(every_fault_has_its_pointer),
        cmocka_unit_test(only_objects_are_records),
        cmocka_unit_test(texts_come_back),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
