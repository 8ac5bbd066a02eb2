/*
 * date - calendar dates of the precision that is known (EDTF, ISO 8601-2:2019, levels 0 and 1).
 *
 *     struct date date;
 *     if (date_parse("2024-11", &date, &error))
 *         ... date.earliest is "2024-11-01", date.latest is "2024-11-30", precision DATE_MONTH
 *
 * Read: `2023`, `2023-12`, `2024-11-20`; a season `2026-21` … `-24` (spring, summer, autumn,
 * winter: the meteorological quarters March-May, June-August, September-November, and December to
 * the February after); a quarter `2025-33` … `-36`; each may end in `~` (approximate), `?`
 * (uncertain) or `%` (both), which do not widen the range. Years 0001 to 9999, proleptic
 * Gregorian; the winter 9999-24 is refused, for it ends in 10000. Comparison uses the earliest and
 * the latest day that the text can mean.
 *
 * All functions are pure; `text` is NUL-terminated. On failure the error (ERROR_INVALID) says what
 * would be right, and `ret` is untouched.
 */
#ifndef BILATERAL_BASE_DATE_H
#define BILATERAL_BASE_DATE_H

#include <stdbool.h>

#include "bilateral/base/error.h"

enum date_precision { DATE_YEAR, DATE_SEASON, DATE_QUARTER, DATE_MONTH, DATE_DAY };

enum {
    DATE_DAY_SIZE = sizeof "2024-11-20",
    DATE_TIMESTAMP_SIZE = sizeof "2024-11-20T08:30:00.000Z",
};

struct date {
    char earliest[DATE_DAY_SIZE];
    char latest[DATE_DAY_SIZE];
    enum date_precision precision;
    bool approximate;
    bool uncertain;
};

bool date_parse(const char *text, struct date *ret, struct error *error);

/* "year", "season", "quarter", "month" or "day". */
const char *date_precision_name(enum date_precision precision);

/*
 * An SDMX time period: `2024` (A), `2024-S1` (S), `2024-Q3` (Q), `2024-05` (M), `2024-05-17` (D).
 * `ret_freq` is that letter of CL_FREQ. Precision of a half-year is DATE_SEASON.
 */
bool date_parse_period(const char *text, struct date *ret, char *ret_freq, struct error *error);

/* A whole calendar day, `2024-11-20`, and nothing else. */
bool date_parse_day(const char *text, struct error *error);

/*
 * The day after (or, negative, before) a valid day: date_add_days("2024-02-28", 1) is 02-29. Stops
 * at 0001-01-01 and 9999-12-31.
 */
void date_add_days(const char *day, int days, char ret[static DATE_DAY_SIZE]);

/*
 * RFC 3339 in UTC, `2024-11-20T08:30:00Z`, with or without a fraction; offsets other than Z, small
 * letters and a leap second are refused.
 */
bool date_parse_timestamp(const char *text, struct error *error);

/*
 * A valid timestamp with three digits behind the second, as times are compared as texts: the first
 * moment that it can mean, or the last. `…08:30:05Z` is the whole second, `…05.000Z` to `…05.999Z`;
 * what is behind the thousandths is cut off.
 */
void date_timestamp_bound(const char *text, bool last, char ret[static DATE_TIMESTAMP_SIZE]);

/* Now, in UTC, with milliseconds: `2024-11-20T08:30:00.123Z`. */
void date_now(char ret[static DATE_TIMESTAMP_SIZE]);

#endif
