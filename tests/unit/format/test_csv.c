/* Exact bytes by RFC 4180, and what this project adds: texts are in quotes, null is not. */
#include "bilateral/format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk.h"

/* What one row is, of these columns, for a record of this text. */
static const char *row_of(struct desk *desk, const char *const *fields, size_t count,
                          const char *record)
{
    desk->writing.fields = fields;
    desk->writing.field_count = count;
    const char *table = desk_write(desk, &FORMAT_CSV, NULL, record, NULL);
    const char *head = strstr(table, "\r\n");
    assert_non_null(head);
    return head + 2;
}

static void cells(void **state)
{
    static const char *const fields[] = {"text"};
    static const struct {
        const char *value;
        const char *cell;
    } rows[] = {
        {"null", ""},
        {"\"\"", "\"\""},
        {"\"a\"", "\"a\""},
        {"\"a,b;c\"", "\"a,b;c\""},
        {"\"say \\\"yes\\\"\"", "\"say \"\"yes\"\"\""},
        {"\"\\\"\"", "\"\"\"\""},
        {"\"one\\ntwo\\r\\nthree\"", "\"one\ntwo\r\nthree\""},
        {"\"\\t=1+1\"", "\"\t=1+1\""},
        {"\"H\\u00e0 N\\u1ed9i\"", "\"Hà Nội\""},
        {"\"\\ud83e\\udd1d\"", "\"\xF0\x9F\xA4\x9D\""},
        {"\"\\u0007\\\\\"", "\"\x07\\\""},
        {"3.30", "3.30"},
        {"-12", "-12"},
        {"true", "true"},
        {"\"true\"", "\"true\""},
        {"[{\"a\":\"b\"},1]", "\"[{\"\"a\"\":\"\"b\"\"},1]\""},
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *record = arena_printf(desk->arena, "{\"id\":\"x\",\"text\":%s}", rows[i].value);
        const char *wanted = arena_printf(desk->arena, "%s\r\n", rows[i].cell);
        assert_string_equal(row_of(desk, fields, 1, record), wanted);
    }
}

static void ids_stand_apart_by_blanks(void **state)
{
    static const char *const fields[] = {"tag_ids", "guests"};
    assert_string_equal(row_of(*state, fields, 2, "{\"tag_ids\":[\"a\",\"b-c\"],\"guests\":[]}"),
                        "\"a b-c\",\"[]\"\r\n");
    assert_string_equal(row_of(*state, fields, 2, "{\"guests\":[{}],\"tag_ids\":[]}"),
                        "\"\",\"[{}]\"\r\n");
}

/* The order is that of `fields`; what a record lacks is null; a row knows nothing of the one before. */
static void columns(void **state)
{
    static const char *const fields[] = {"text", "id", "north", "id"};
    struct desk *desk = *state;
    desk->writing.fields = fields;
    desk->writing.field_count = 4;
    assert_string_equal(desk_write(desk, &FORMAT_CSV, NULL,
                                   "{\"id\":\"a\",\"name\":\"N\",\"text\":\"T\",\"north\":1.50}",
                                   "{\"id\":\"b\"}", NULL),
                        "\"text\",\"id\",\"north\"\r\n\"T\",\"a\",1.50\r\n,\"b\",\r\n");
}

/* "The first line is a header": of an empty list too, with a date's precision behind the date. */
static void an_empty_list_has_its_head(void **state)
{
    struct desk *desk = *state;
    desk->writing.fields = NULL;
    const char *table = desk_write(desk, &FORMAT_CSV, NULL, NULL);
    const char *wanted =
        "\"id\",\"type\",\"name\",\"other_names\",\"from\",\"from_precision\",\"to\",\"to_"
        "precision\","
        "\"text\",\"state\",\"north\",\"east\",\"spot_id\",\"outer_id\",\"tag_ids\",\"guests\","
        "\"source_ids\",\"citations\",\"created_at\",\"updated_at\",\"revision\"\r\n";
    assert_string_equal(table, wanted);
}

static void lines_of_ndjson(void **state)
{
    static const char *const fields[] = {"north", "id"};
    struct desk *desk = *state;
    desk->writing.fields = NULL;
    assert_string_equal(
        desk_write(desk, &FORMAT_NDJSON, NULL, "{\"id\":\"a\\n\"}", "{\"id\":\"b\"}", NULL),
        "{\"id\":\"a\\n\"}\n{\"id\":\"b\"}\n");
    desk->writing.fields = fields;
    desk->writing.field_count = 2;
    assert_string_equal(
        desk_write(desk, &FORMAT_NDJSON, NULL, "{\"id\":\"a\",\"name\":1,\"north\":2.0}", NULL),
        "{\"id\":\"a\",\"north\":2.0}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(ids_stand_apart_by_blanks, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(columns, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(an_empty_list_has_its_head, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(lines_of_ndjson, desk_set_up, desk_tear_down),
    };
    return cmocka_run_group_tests_name("format_csv", tests, NULL, NULL);
}
