#include "bilateral/base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void days_are_added(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        int days;
        const char *expected;
    } rows[] = {
        {"2024-02-28", 0, "2024-02-28"},         {"2024-02-28", 1, "2024-02-29"},
        {"2024-02-29", 1, "2024-03-01"},         {"2023-02-28", 1, "2023-03-01"},
        {"1900-02-28", 1, "1900-03-01"},         {"2000-02-28", 1, "2000-02-29"},
        {"2024-03-01", -1, "2024-02-29"},        {"2023-03-01", -1, "2023-02-28"},
        {"2024-12-31", 1, "2025-01-01"},         {"2025-01-01", -1, "2024-12-31"},
        {"2024-01-01", 366, "2025-01-01"},       {"2023-01-01", 365, "2024-01-01"},
        {"1970-01-01", 19723, "2024-01-01"},     {"1970-01-01", 11016, "2000-02-29"},
        {"2000-01-01", 146097, "2400-01-01"},    {"2400-01-01", -146097, "2000-01-01"},
        {"0001-01-01", 3652058, "9999-12-31"},   {"9999-12-31", -3652058, "0001-01-01"},
        {"9999-12-31", 1, "9999-12-31"},         {"0001-01-01", -1, "0001-01-01"},
        {"2024-11-20", INT32_MAX, "9999-12-31"}, {"2024-11-20", INT32_MIN, "0001-01-01"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char day[DATE_DAY_SIZE];
        date_add_days(rows[i].day, rows[i].days, day);
        assert_string_equal(day, rows[i].expected);
    }
}

/* Day for day through a whole cycle of the calendar: no day is left out and none comes twice. */
static void four_centuries_have_146097_days(void **state)
{
    (void)state;
    char day[DATE_DAY_SIZE] = "1999-12-31", next[DATE_DAY_SIZE];
    for (int i = 0; i < 146097; i++) {
        struct error error = {0};
        date_add_days(day, 1, next);
        assert_true(strcmp(day, next) < 0);
        assert_true(date_parse_day(next, &error));
        memcpy(day, next, sizeof day);
    }
    assert_string_equal(day, "2399-12-31");
}

/* RFC 3339, section 5.8, of its examples those in UTC; then every boundary. */
static void timestamps_have_bounds(void **state)
{
    static const struct {
        const char *text, *first, *last;
    } rows[] = {
        {"2025-11-27T08:43:05Z", "2025-11-27T08:43:05.000Z", "2025-11-27T08:43:05.999Z"},
        {"2025-11-27T08:43:05.2Z", "2025-11-27T08:43:05.200Z", "2025-11-27T08:43:05.299Z"},
        {"2025-11-27T08:43:05.427Z", "2025-11-27T08:43:05.427Z", "2025-11-27T08:43:05.427Z"},
        {"2025-11-27T08:43:05.427999Z", "2025-11-27T08:43:05.427Z", "2025-11-27T08:43:05.427Z"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char moment[DATE_TIMESTAMP_SIZE];
        date_timestamp_bound(rows[i].text, false, moment);
        assert_string_equal(moment, rows[i].first);
        date_timestamp_bound(rows[i].text, true, moment);
        assert_string_equal(moment, rows[i].last);
    }
}

static void timestamps_are_utc(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *detail; /* the beginning of the error, NULL: it is right */
    } rows[] = {
        {"1985-04-12T23:20:50.52Z", NULL},
        {"2024-11-20T08:30:00Z", NULL},
        {"2024-11-20T08:30:00.0Z", NULL},
        {"2024-11-20T08:30:00.123456789Z", NULL},
        {"2024-02-29T00:00:00Z", NULL},
        {"2024-12-31T23:59:59.999Z", NULL},
        {"0001-01-01T00:00:00Z", NULL},
        {"9999-12-31T23:59:59Z", NULL},
        {"1990-12-31T23:59:60Z", "60 is not a second; seconds run from 00 to 59, leap seconds"},
        {"1996-12-19T16:39:57-08:00",
         "\"1996-12-19T16:39:57-08:00\" is not understood; give a "
         "time in UTC such as 2024-11-20T08:30:00Z"},
        {"2024-11-20T08:30:00+00:00", "\"2024-11-20T08:30:00+00:00\" is not understood"},
        {"2024-11-20T08:30:00", "\"2024-11-20T08:30:00\" is not understood"},
        {"2024-11-20T08:30Z", "\"2024-11-20T08:30Z\" is not understood"},
        {"2024-11-20 08:30:00Z", "\"2024-11-20 08:30:00Z\" is not understood"},
        {"2024-11-20t08:30:00z", "\"2024-11-20t08:30:00z\" is not understood"},
        {"2024-11-20T08:30:00.Z", "\"2024-11-20T08:30:00.Z\" is not understood"},
        {"2024-11-20T08:30:00,5Z", "\"2024-11-20T08:30:00,5Z\" is not understood"},
        {"2024-11-20T08:30:00.5.5Z", "\"2024-11-20T08:30:00.5.5Z\" is not understood"},
        {"2024-11-20T08:30:00ZZ", "\"2024-11-20T08:30:00ZZ\" is not understood"},
        {"2024-11-20T08:30:00Z ", "\"2024-11-20T08:30:00Z \" is not understood"},
        {"2024-11-20", "\"2024-11-20\" is not understood"},
        {"Z", "\"Z\" is not understood"},
        {"", "The text is empty; give a time in UTC"},
        {"2024-11-20T24:00:00Z", "24:00 is not a time of day; times run from 00:00 to 23:59"},
        {"2024-11-20T23:60:00Z", "23:60 is not a time of day"},
        {"2024-11-20T08:30:61Z", "61 is not a second"},
        {"2024-02-30T08:30:00Z", "2024-02-30 is not a day of the calendar; February 2024 has 29"},
        {"2024-13-01T08:30:00Z", "13 is not a month"},
        {"0000-01-01T00:00:00Z", "The year 0000 is out of range"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        assert_int_equal(date_parse_timestamp(rows[i].text, &error), rows[i].detail == NULL);
        if (rows[i].detail)
            assert_memory_equal(error.detail, rows[i].detail, strlen(rows[i].detail));
    }
}

static void now_is_utc_whatever_the_time_zone(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Ho_Chi_Minh", "XXX-14", "YYY12"};
    for (size_t i = 0; i < COUNT(zones); i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        char now[DATE_TIMESTAMP_SIZE], before[32], after[32];
        time_t clock = time(NULL);
        struct tm parts;
        strftime(before, sizeof before, "%Y-%m-%dT%H:%M:%S", gmtime_r(&clock, &parts));
        date_now(now);
        clock = time(NULL) + 1; /* time(2) may lag behind by a tick */
        strftime(after, sizeof after, "%Y-%m-%dT%H:%M:%S", gmtime_r(&clock, &parts));

        struct error error = {0};
        assert_int_equal(strlen(now), DATE_TIMESTAMP_SIZE - 1);
        assert_true(date_parse_timestamp(now, &error));
        assert_true(strncmp(before, now, 19) <= 0);
        assert_true(strncmp(now, after, 19) <= 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_added),
        cmocka_unit_test(four_centuries_have_146097_days),
        cmocka_unit_test(timestamps_have_bounds),
        cmocka_unit_test(timestamps_are_utc),
        cmocka_unit_test(now_is_utc_whatever_the_time_zone),
    };
    return cmocka_run_group_tests_name("base/date: days and times", tests, NULL, NULL);
}
