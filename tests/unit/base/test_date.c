#include "bilateral/base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* EDTF (ISO 8601-2:2019), levels 0 and 1, as far as the header reads them. */
static void dates_mean_a_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *earliest;
        const char *latest;
        enum date_precision precision;
    } rows[] = {
        {"0001", "0001-01-01", "0001-12-31", DATE_YEAR},
        {"2023", "2023-01-01", "2023-12-31", DATE_YEAR},
        {"9999", "9999-01-01", "9999-12-31", DATE_YEAR},
        {"2023-01", "2023-01-01", "2023-01-31", DATE_MONTH},
        {"1900-02", "1900-02-01", "1900-02-28", DATE_MONTH},
        {"2000-02", "2000-02-01", "2000-02-29", DATE_MONTH},
        {"2023-02", "2023-02-01", "2023-02-28", DATE_MONTH},
        {"2024-02", "2024-02-01", "2024-02-29", DATE_MONTH},
        {"2024-03", "2024-03-01", "2024-03-31", DATE_MONTH},
        {"2024-04", "2024-04-01", "2024-04-30", DATE_MONTH},
        {"2024-05", "2024-05-01", "2024-05-31", DATE_MONTH},
        {"2024-06", "2024-06-01", "2024-06-30", DATE_MONTH},
        {"2024-07", "2024-07-01", "2024-07-31", DATE_MONTH},
        {"2024-08", "2024-08-01", "2024-08-31", DATE_MONTH},
        {"2024-09", "2024-09-01", "2024-09-30", DATE_MONTH},
        {"2024-10", "2024-10-01", "2024-10-31", DATE_MONTH},
        {"2024-11", "2024-11-01", "2024-11-30", DATE_MONTH},
        {"9999-12", "9999-12-01", "9999-12-31", DATE_MONTH},
        {"0001-01-01", "0001-01-01", "0001-01-01", DATE_DAY},
        {"2024-11-20", "2024-11-20", "2024-11-20", DATE_DAY},
        {"2000-02-29", "2000-02-29", "2000-02-29", DATE_DAY},
        {"2024-02-29", "2024-02-29", "2024-02-29", DATE_DAY},
        {"9999-12-31", "9999-12-31", "9999-12-31", DATE_DAY},
        {"2026-21", "2026-03-01", "2026-05-31", DATE_SEASON},
        {"2026-22", "2026-06-01", "2026-08-31", DATE_SEASON},
        {"2026-23", "2026-09-01", "2026-11-30", DATE_SEASON},
        {"2026-24", "2026-12-01", "2027-02-28", DATE_SEASON},
        {"2023-24", "2023-12-01", "2024-02-29", DATE_SEASON},
        {"1999-24", "1999-12-01", "2000-02-29", DATE_SEASON},
        {"1899-24", "1899-12-01", "1900-02-28", DATE_SEASON},
        {"9998-24", "9998-12-01", "9999-02-28", DATE_SEASON},
        {"9999-23", "9999-09-01", "9999-11-30", DATE_SEASON},
        {"2025-33", "2025-01-01", "2025-03-31", DATE_QUARTER},
        {"2025-34", "2025-04-01", "2025-06-30", DATE_QUARTER},
        {"2025-35", "2025-07-01", "2025-09-30", DATE_QUARTER},
        {"2025-36", "2025-10-01", "2025-12-31", DATE_QUARTER},
        {"9999-36", "9999-10-01", "9999-12-31", DATE_QUARTER},
    };
    static const struct {
        const char *mark;
        bool approximate;
        bool uncertain;
    } marks[] = {{"", false, false}, {"~", true, false}, {"?", false, true}, {"%", true, true}};

    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t j = 0; j < COUNT(marks); j++) {
            char text[16];
            snprintf(text, sizeof text, "%s%s", rows[i].text, marks[j].mark);
            struct date date;
            struct error error = {0};
            assert_true(date_parse(text, &date, &error));
            assert_string_equal(date.earliest, rows[i].earliest);
            assert_string_equal(date.latest, rows[i].latest);
            assert_int_equal(date.precision, rows[i].precision);
            assert_int_equal(date.approximate, marks[j].approximate);
            assert_int_equal(date.uncertain, marks[j].uncertain);
            assert_int_equal(error.code, ERROR_NONE);
        }
}

/* Of the wrong length. */
static const char *const unmeasured[] = {
    "",         "~",        "2",        "20",       "202",          "20244",
    "2024-",    "2024-1",   "2024-1-5", "2024-11-", "2024-11-2",    "2024-11-200",
    "2024-111", "24-11-20", "20241120", "2024-325", "2024-11-20-01"};

/* Of the wrong characters. */
static const char *const misspelt[] = {" ",          "?",           "%",           "2024/11/20",
                                       "2024.11.20", "2024-11-20 ", " 2024",       "2024-11-20\n",
                                       "2024 -11",   "-2024",       "+2024",       "2O24",
                                       "20.4",       "2024-11-20T", "2024-11-20Z", "2024–11–20",
                                       "２０２４",   "2024-W05",    "2024-Q3",     "2024-S1"};

/* Of EDTF, but not read: intervals, unspecified digits, long years, sets, marks within. */
static const char *const unread[] = {
    "2024/2025", "2024-11/..", "../2024",     "202X",     "20XX",    "2024-XX", "2024-11-XX",
    "Y17E7",     "Y2024",      "[2024,2025]", "{2024}",   "2024~~",  "2024?~",  "2024~?",
    "2024%%",    "~2024",      "2024?-11",    "2024-~11", "unknown", "open"};

/* Of the right shape, but not of the calendar. */
static const char *const impossible[] = {
    "0000",       "0000-01",    "0000-01-01", "2024-00",    "2024-13",    "2024-20",
    "2024-25",    "2024-32",    "2024-37",    "2024-40",    "2024-41",    "2024-99",
    "9999-24",    "2024-00-01", "2024-13-01", "2024-21-01", "2024-33-01", "2024-01-00",
    "2024-01-32", "1900-02-29", "2023-02-29", "2024-02-30", "2100-02-29", "2024-04-31",
    "2024-06-31", "2024-09-31", "2024-11-31", "2024-12-32", "2024-12-99", "0000-24~",
    "9999-24?"};

static void check_refused(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct date date, before;
        memset(&date, 0x5A, sizeof date);
        memcpy(&before, &date, sizeof date);
        struct error error = {0};
        if (date_parse(texts[i], &date, &error))
            fail_msg("\"%s\" was taken for a date", texts[i]);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_true(strlen(error.detail) > 0);
        assert_memory_equal(&date, &before, sizeof date);
    }
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    check_refused(unmeasured, COUNT(unmeasured));
    check_refused(misspelt, COUNT(misspelt));
    check_refused(unread, COUNT(unread));
    check_refused(impossible, COUNT(impossible));
}

static void the_error_says_what_would_be_right(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *detail;
    } rows[] = {
        {"2025-02-30", "2025-02-30 is not a day of the calendar; February 2025 has 28 days."},
        {"2024-02-30~", "2024-02-30 is not a day of the calendar; February 2024 has 29 days."},
        {"1900-02-29", "1900-02-29 is not a day of the calendar; February 1900 has 28 days."},
        {"2024-09-00", "2024-09-00 is not a day of the calendar; September 2024 has 30 days."},
        {"2024-13-01", "13 is not a month; months are 01 to 12."},
        {"2024-13", "13 is not a month; months are 01 to 12, seasons 21 to 24, quarters 33 to 36."},
        {"0000", "The year 0000 is out of range; years are 0001 to 9999."},
        {"9999-24", "The year 10000 is out of range; years are 0001 to 9999."},
        {"Nov 2024",
         "\"Nov 2024\" is not understood; give a year 2023, a month 2023-12, a day 2024-11-20, a "
         "season 2026-21 to 2026-24 or a quarter 2025-33 to 2025-36, with ~, ? or % behind it "
         "where it is not sure."},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct date date;
        struct error error = {0};
        assert_false(date_parse(rows[i].text, &date, &error));
        assert_string_equal(error.detail, rows[i].detail);
    }

    struct date date;
    struct error empty = {0}, endless = {0};
    char text[10000];
    memset(text, '9', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_false(date_parse("", &date, &empty));
    assert_memory_equal(empty.detail, "The text is empty; give a year 2023,", 36);
    assert_false(date_parse(text, &date, &endless));
    assert_memory_equal(endless.detail, "The text is too long; give a year 2023,", 39);
}

static void every_month_and_day_is_read_as_the_calendar_has_it(void **state)
{
    (void)state;
    static const int days[2][12] = {{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31},
                                    {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}};
    static const struct {
        int year;
        int leap;
    } years[] = {{1, 0},    {4, 1},    {100, 0},  {400, 1},  {1600, 1}, {1700, 0}, {1900, 0},
                 {2000, 1}, {2023, 0}, {2024, 1}, {2100, 0}, {2400, 1}, {9996, 1}, {9999, 0}};
    for (size_t i = 0; i < COUNT(years); i++)
        for (int month = 0; month <= 13; month++)
            for (int day = 0; day <= 32; day++) {
                char text[32];
                struct error error = {0};
                snprintf(text, sizeof text, "%04d-%02d-%02d", years[i].year, month, day);
                bool expected =
                    month >= 1 && month <= 12 && day >= 1 && day <= days[years[i].leap][month - 1];
                assert_int_equal(date_parse_day(text, &error), expected);
            }
}

static void precisions_have_names(void **state)
{
    (void)state;
    assert_string_equal(date_precision_name(DATE_YEAR), "year");
    assert_string_equal(date_precision_name(DATE_SEASON), "season");
    assert_string_equal(date_precision_name(DATE_QUARTER), "quarter");
    assert_string_equal(date_precision_name(DATE_MONTH), "month");
    assert_string_equal(date_precision_name(DATE_DAY), "day");
}

/* The time periods of SDMX 2.1, section 6, part 4.2, and their letters of CL_FREQ. */
static void periods_mean_a_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *earliest;
        const char *latest;
        enum date_precision precision;
        char freq;
    } rows[] = {
        {"2024", "2024-01-01", "2024-12-31", DATE_YEAR, 'A'},
        {"2024-S1", "2024-01-01", "2024-06-30", DATE_SEASON, 'S'},
        {"2024-S2", "2024-07-01", "2024-12-31", DATE_SEASON, 'S'},
        {"2024-Q1", "2024-01-01", "2024-03-31", DATE_QUARTER, 'Q'},
        {"2024-Q2", "2024-04-01", "2024-06-30", DATE_QUARTER, 'Q'},
        {"2024-Q3", "2024-07-01", "2024-09-30", DATE_QUARTER, 'Q'},
        {"2024-Q4", "2024-10-01", "2024-12-31", DATE_QUARTER, 'Q'},
        {"2024-02", "2024-02-01", "2024-02-29", DATE_MONTH, 'M'},
        {"2024-05", "2024-05-01", "2024-05-31", DATE_MONTH, 'M'},
        {"2024-05-17", "2024-05-17", "2024-05-17", DATE_DAY, 'D'},
        {"9999-S2", "9999-07-01", "9999-12-31", DATE_SEASON, 'S'},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct date date;
        struct error error = {0};
        char freq = '?';
        assert_true(date_parse_period(rows[i].text, &date, &freq, &error));
        assert_string_equal(date.earliest, rows[i].earliest);
        assert_string_equal(date.latest, rows[i].latest);
        assert_int_equal(date.precision, rows[i].precision);
        assert_int_equal(freq, rows[i].freq);
        assert_false(date.approximate || date.uncertain);
    }
}

static void what_is_no_period_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *detail; /* its beginning */
    } rows[] = {
        {"", "The text is empty; give a year 2024, a half-year"},
        {"2024-S0", "S0 is not a half-year; give S1 or S2"},
        {"2024-S3", "S3 is not a half-year; give S1 or S2"},
        {"2024-Q0", "Q0 is not a quarter; give Q1 to Q4"},
        {"2024-Q5", "Q5 is not a quarter; give Q1 to Q4"},
        {"2024-21", "21 is not a month; months are 01 to 12"},
        {"2024-33", "33 is not a month; months are 01 to 12"},
        {"2024-00", "00 is not a month; months are 01 to 12"},
        {"0000", "The year 0000 is out of range"},
        {"0000-S1", "The year 0000 is out of range"},
        {"0000-Q1", "The year 0000 is out of range"},
        {"2024-02-30", "2024-02-30 is not a day of the calendar; February 2024 has 29 days"},
        {"2024-q3", "\"2024-q3\" is not understood; give a year 2024, a half-year 2024-S1"},
        {"2024Q3", "\"2024Q3\" is not understood"},
        {"2024-Q03", "\"2024-Q03\" is not understood"},
        {"2024-W05", "\"2024-W05\" is not understood"},
        {"2024~", "\"2024~\" is not understood"},
        {"2024-05?", "\"2024-05?\" is not understood"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct date date = {.precision = DATE_DAY};
        struct error error = {0};
        char freq = '?';
        assert_false(date_parse_period(rows[i].text, &date, &freq, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_memory_equal(error.detail, rows[i].detail, strlen(rows[i].detail));
        assert_int_equal(freq, '?');
        assert_string_equal(date.earliest, "");
    }
}

static void a_day_is_a_whole_day(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",         "2024",       "2024-11", "2024-11-20~", "2024-11-20T00:00:00Z", " 2024-11-20",
        "2024-1-1", "0000-01-01", "2024-21", "2024-02-30",  "2024-11-20?",
    };
    struct error none = {0};
    assert_true(date_parse_day("2024-11-20", &none));
    assert_int_equal(none.code, ERROR_NONE);
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct error error = {0};
        assert_false(date_parse_day(refused[i], &error));
        assert_int_equal(error.code, ERROR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_mean_a_range),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(the_error_says_what_would_be_right),
        cmocka_unit_test(every_month_and_day_is_read_as_the_calendar_has_it),
        cmocka_unit_test(precisions_have_names),
        cmocka_unit_test(periods_mean_a_range),
        cmocka_unit_test(what_is_no_period_is_refused),
        cmocka_unit_test(a_day_is_a_whole_day),
    };
    return cmocka_run_group_tests_name("base/date", tests, NULL, NULL);
}
