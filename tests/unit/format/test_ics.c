/* Exact bytes by the rules of RFC 5545; section numbers are its own. */
#include "bilateral/format/ics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/format/reading.h"
#include "desk.h"

static const struct format_word WORDS[] = {{"sure", "CONFIRMED"}, {0}};

static const struct ics_list LISTS[] = {
    {"Guests:", "guests", {"name", "spot_id"}, {"state", "spot_id"}},
    {"Tags:", "tag_ids", {"name"}, {NULL}},
    {0},
};

static const struct ics_map MAP = {
    .start = "from",
    .end = "to",
    .summary = "name",
    .description = "text",
    .location = "spot_id",
    .latitude = "north",
    .longitude = "east",
    .categories = "tag_ids",
    .parent = "outer_id",
    .status = "state",
    .statuses = WORDS,
    .lists = LISTS,
};

static const char *write_one(struct desk *desk, const char *members)
{
    return desk_write(desk, &FORMAT_ICS, &MAP, desk_thing(desk, members), NULL);
}

/* The content line of that name (which may have parameters), unfolded as 3.1 has it; or NULL. */
static const char *line_of(struct desk *desk, const char *calendar, const char *name)
{
    struct buffer lines = {0};
    for (const char *at = calendar; *at; at++) {
        if (strncmp(at, "\r\n ", 3) == 0)
            at += 2;
        else
            buffer_putc(&lines, *at);
    }
    const char *event = strstr(buffer_text(&lines), "BEGIN:VEVENT\r\n");
    const char *start = event ? strstr(event, arena_printf(desk->arena, "\r\n%s", name)) : NULL;
    const char *line = NULL;
    if (start)
        line = arena_copy(desk->arena, start + 2, strcspn(start + 2, "\r"));
    buffer_finish(&lines);
    return line;
}

static void assert_line(struct desk *desk, const char *members, const char *name,
                        const char *wanted)
{
    const char *line = line_of(desk, write_one(desk, members), name);
    if (!wanted) {
        assert_null(line);
        return;
    }
    assert_non_null(line);
    assert_string_equal(line, wanted);
}

static void a_whole_calendar(void **state)
{
    struct desk *desk = *state;
    char uid[HASH_UUID_SIZE];
    reading_uuid(&desk->writing, "thing", "one", uid);
    const char *wanted = arena_printf(desk->arena,
                                      "BEGIN:VCALENDAR\r\n"
                                      "VERSION:2.0\r\n"
                                      "PRODID:-//bilateral//bilateral " BILATERAL_VERSION
                                      "//EN\r\n"
                                      "NAME:Things\r\n"
                                      "X-WR-CALNAME:Things\r\n"
                                      "LAST-MODIFIED:20250301T120000Z\r\n"
                                      "REFRESH-INTERVAL;VALUE=DURATION:P1D\r\n"
                                      "X-PUBLISHED-TTL:P1D\r\n"
                                      "BEGIN:VEVENT\r\n"
                                      "UID:%s\r\n"
                                      "DTSTAMP:20250203T040506Z\r\n"
                                      "CREATED:20250102T030405Z\r\n"
                                      "LAST-MODIFIED:20250203T040506Z\r\n"
                                      "SEQUENCE:2\r\n"
                                      "DTSTART;VALUE=DATE:20250219\r\n"
                                      "DTEND;VALUE=DATE:20250220\r\n"
                                      "TRANSP:TRANSPARENT\r\n"
                                      "STATUS:CONFIRMED\r\n"
                                      "SUMMARY:Talks\r\n"
                                      "END:VEVENT\r\n"
                                      "END:VCALENDAR\r\n",
                                      uid);
    assert_string_equal(write_one(desk,
                                  "'name':'Talks','from':'2025-02-19','to':null,'text':null,"
                                  "'state':'sure','spot_id':null,'tag_ids':[],'guests':[]"),
                        wanted);
}

/* 3.6.1: DTEND is the day after the last. */
static void the_end_is_exclusive(void **state)
{
    static const struct {
        const char *members;
        const char *start;
        const char *end;
    } rows[] = {
        {"'from':'2024-02-28','to':null", "20240228", "20240229"},
        {"'from':'2024-02-29','to':'2024-02-29'", "20240229", "20240301"},
        {"'from':'2023-02-28'", "20230228", "20230301"},
        {"'from':'2024-12-30','to':'2025-01-02'", "20241230", "20250103"},
        {"'from':'2025-12-31'", "20251231", "20260101"},
        {"'from':null,'to':'2025-05-06'", "20250506", "20250507"},
        {"'from':'2025-02'", "20250201", "20250301"},
        {"'from':'2024-02'", "20240201", "20240301"},
        {"'from':'2025'", "20250101", "20260101"},
        {"'from':'2026-21'", "20260301", "20260601"},
        {"'from':'2026-24'", "20261201", "20270301"},
        {"'from':'2023-24'", "20231201", "20240301"},
        {"'from':'2025-33'", "20250101", "20250401"},
        {"'from':'2025-02-18','to':'2025-03'", "20250218", "20250401"},
        {"'from':'2025-02','to':'2025-02-10'", "20250201", "20250211"},
        {"'from':'2025-11-25?'", "20251125", "20251126"},
        {"'from':'2025-05-06','to':'2025-05-01'", "20250506", "20250507"},
        {"'from':'0001-01-01'", "00010101", "00010102"},
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_line(desk, rows[i].members, "DTSTART",
                    arena_printf(desk->arena, "DTSTART;VALUE=DATE:%s", rows[i].start));
        assert_line(desk, rows[i].members, "DTEND",
                    arena_printf(desk->arena, "DTEND;VALUE=DATE:%s", rows[i].end));
    }
    /* There is no day behind the last; an event without an end is one day (3.6.1). */
    assert_line(desk, "'from':'9999-12-31'", "DTSTART", "DTSTART;VALUE=DATE:99991231");
    assert_line(desk, "'from':'9999-12-31'", "DTEND", NULL);
}

static void what_is_not_exact_says_so(void **state)
{
    struct desk *desk = *state;
    assert_line(desk, "'name':'A','from':'2026-21'", "SUMMARY", "SUMMARY:A (dates not exact)");
    assert_line(desk, "'name':'A','from':'2026-21'", "DESCRIPTION",
                "DESCRIPTION:The dates are not exact: 2026-21\\, within 2026-03-01 to 2026-05-31.");
    assert_line(desk, "'name':'A','from':'2024-11-20?','to':'2024-11-22?','text':'B'",
                "DESCRIPTION",
                "DESCRIPTION:The dates are not exact: 2024-11-20? to 2024-11-22?\\, within "
                "2024-11-20 to 2024-11-22.\\n\\nB");
    assert_line(desk, "'name':'A','from':'2025-11~'", "SUMMARY", "SUMMARY:A (dates not exact)");
    assert_line(desk, "'name':'A','from':'2024-11-20','to':'2024-11-22'", "SUMMARY", "SUMMARY:A");
    assert_line(desk, "'name':'A','from':'2024-11-20','to':'2024-11-22'", "DESCRIPTION", NULL);
}

/* 3.6: a calendar must have a component; what has no date can be no event. */
static void without_a_date_there_is_no_event(void **state)
{
    struct desk *desk = *state;
    const char *calendar = write_one(desk, "'name':'A','from':null,'to':null");
    assert_null(strstr(calendar, "VEVENT"));
    assert_non_null(strstr(calendar, "BEGIN:VTIMEZONE\r\nTZID:UTC\r\n"));
    assert_non_null(strstr(calendar, "END:VTIMEZONE\r\nEND:VCALENDAR\r\n"));
    calendar = desk_write(desk, &FORMAT_ICS, &MAP, desk_thing(desk, "'name':'A','from':null"),
                          desk_thing(desk, "'name':'B','from':'2025'"), NULL);
    assert_null(strstr(calendar, "SUMMARY:A"));
    assert_non_null(strstr(calendar, "SUMMARY:B"));
    assert_null(strstr(calendar, "VTIMEZONE"));
}

/* 3.3.11: backslash, semicolon, comma and line feed; other control characters cannot be written. */
static void texts_are_escaped(void **state)
{
    struct desk *desk = *state;
    assert_line(desk, "'from':'2025','name':'a;b,c\\\\d:e\\\"f'", "SUMMARY",
                "SUMMARY:a\\;b\\,c\\\\d:e\"f (dates not exact)");
    assert_line(desk,
                "'from':'2025-01-01','text':'one\\ntwo\\r\\nBEGIN:VEVENT\\u0001\\u007f\\u0085"
                "three\\u2028four\\u2029five\\tsix\\u000b'",
                "DESCRIPTION", "DESCRIPTION:one\\ntwo\\nBEGIN:VEVENT\\nthree\\nfour\\nfive\tsix");
}

static void assert_folded(const char *calendar)
{
    for (const char *at = calendar; *at;) {
        size_t size = strcspn(at, "\n");
        assert_true(size >= 1 && size <= 76); /* 75 octets and the carriage return */
        assert_int_equal(at[size - 1], '\r');
        assert_null(memchr(at, '\r', size - 1));
        assert_false(((unsigned char)at[*at == ' '] & 0xC0) == 0x80);
        at += size + 1;
    }
}

/* 3.1: at most 75 octets a line, and never within a character. */
static void long_lines_are_folded(void **state)
{
    static const char *const units[] = {"x", "é", "Việt ", "南宁", "🤝", ",", "a\\n"};
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        for (size_t shift = 0; shift < 4; shift++) {
            struct buffer text = {0};
            buffer_append(&text, "abc", shift);
            for (size_t k = 0; k < 100; k++)
                buffer_puts(&text, units[i]);
            assert_folded(write_one(
                desk, arena_printf(desk->arena, "'from':'2025-01-01','name':'%s'", text.data)));
            buffer_finish(&text);
        }
    }
}

/* "SUMMARY:" and 67 more are 75 octets: one line. One more is folded, behind the 75th. */
static void the_75th_octet_is_the_last(void **state)
{
    struct desk *desk = *state;
    char name[70];
    memset(name, 'n', sizeof name);
    const char *fits =
        write_one(desk, arena_printf(desk->arena, "'from':'2025-01-01','name':'%.67s'", name));
    assert_non_null(strstr(fits, arena_printf(desk->arena, "\r\nSUMMARY:%.67s\r\nEND", name)));
    const char *folded =
        write_one(desk, arena_printf(desk->arena, "'from':'2025-01-01','name':'%.67sZ'", name));
    assert_non_null(strstr(folded, arena_printf(desk->arena, "\r\nSUMMARY:%.67s\r\n Z\r\n", name)));
    const char *whole =
        write_one(desk, arena_printf(desk->arena, "'from':'2025-01-01','name':'%.66sé'", name));
    assert_non_null(strstr(whole, arena_printf(desk->arena, "\r\nSUMMARY:%.66s\r\n é\r\n", name)));
}

static void places_and_tags_have_names(void **state)
{
    struct desk *desk = *state;
    desk_keep(desk, "spot", "here",
              "{\"id\":\"here\",\"name\":\"Hà Nội, here\",\"north\":21.0280,\"east\":-1.05e2}");
    desk_keep(desk, "spot", "there", "{\"id\":\"there\",\"name\":\"There\",\"north\":1}");
    desk_keep(desk, "tag", "a", "{\"id\":\"a\",\"name\":\"A, B\"}");
    desk_keep(desk, "tag", "c", "{\"id\":\"c\",\"name\":\"C\"}");
    assert_line(desk, "'from':'2025','spot_id':'here'", "LOCATION", "LOCATION:Hà Nội\\, here");
    assert_line(desk, "'from':'2025','spot_id':'here'", "GEO", "GEO:21.0280;-105.000000");
    assert_line(desk, "'from':'2025','spot_id':'there'", "LOCATION", "LOCATION:There");
    assert_line(desk, "'from':'2025','spot_id':'there'", "GEO", NULL);
    assert_line(desk, "'from':'2025','spot_id':'gone'", "LOCATION", NULL);
    assert_line(desk, "'from':'2025','tag_ids':['a','c']", "CATEGORIES", "CATEGORIES:A\\, B,C");
    assert_line(desk, "'from':'2025-01-01','tag_ids':['a','c']", "DESCRIPTION",
                "DESCRIPTION:Tags:\\n- A\\, B\\n- C");
    assert_line(desk,
                "'from':'2025-01-01','guests':[{'name':null,'spot_id':'there','state':'unknown'},"
                "{'name':'X','spot_id':null,'state':'very_sure'}]",
                "DESCRIPTION",
                "DESCRIPTION:Guests:\\n- There\\, state unknown\\, There\\n- X\\, very sure");
}

static void parents_are_related(void **state)
{
    struct desk *desk = *state;
    char uid[HASH_UUID_SIZE];
    reading_uuid(&desk->writing, "thing", "two", uid);
    assert_line(desk, "'from':'2025','outer_id':'two'", "RELATED-TO",
                arena_printf(desk->arena, "RELATED-TO:%s", uid));
    assert_line(desk, "'from':'2025','outer_id':null", "RELATED-TO", NULL);
}

/* What is not asked for is not written, but an event stays an event. */
static void fields_thin_the_events(void **state)
{
    static const char *const fields[] = {"text"};
    struct desk *desk = *state;
    const char *members = "'name':'A','from':'2025-01-01','text':'B','state':'sure'";
    desk->writing.fields = fields;
    desk->writing.field_count = 1;
    assert_line(desk, members, "SUMMARY", NULL);
    assert_line(desk, members, "STATUS", NULL);
    assert_line(desk, members, "DESCRIPTION", "DESCRIPTION:B");
    assert_line(desk, members, "DTSTART", "DTSTART;VALUE=DATE:20250101");
    assert_line(desk, members, "SEQUENCE", "SEQUENCE:2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_calendar, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(the_end_is_exclusive, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_exact_says_so, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(without_a_date_there_is_no_event, desk_set_up,
                                        desk_tear_down),
        cmocka_unit_test_setup_teardown(texts_are_escaped, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(long_lines_are_folded, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(the_75th_octet_is_the_last, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(places_and_tags_have_names, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(parents_are_related, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(fields_thin_the_events, desk_set_up, desk_tear_down),
    };
    return cmocka_run_group_tests_name("format/ics", tests, NULL, NULL);
}
