#include "bilateral/base/date.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

enum { YEAR_FIRST = 1, YEAR_LAST = 9999 };

#define DATE_WANTED                                                                                \
    "a year 2023, a month 2023-12, a day 2024-11-20, a season 2026-21 to 2026-24 or a quarter "    \
    "2025-33 to 2025-36, with ~, ? or % behind it where it is not sure"
#define PERIOD_WANTED                                                                              \
    "a year 2024, a half-year 2024-S1, a quarter 2024-Q3, a month 2024-05 or a day 2024-05-17"
#define DAY_WANTED "a day such as 2024-11-20"
#define TIMESTAMP_WANTED "a time in UTC such as 2024-11-20T08:30:00Z"

static const struct {
    const char *name;
    int days; /* outside leap years */
} months[] = {
    {"January", 31},   {"February", 28}, {"March", 31},    {"April", 30},
    {"May", 31},       {"June", 30},     {"July", 31},     {"August", 31},
    {"September", 30}, {"October", 31},  {"November", 30}, {"December", 31},
};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    return months[month - 1].days + (month == 2 && is_leap(year));
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Whether the text is the shape, in which every 9 stands for a digit. */
static bool shaped(const char *text, size_t size, const char *shape)
{
    if (size != strlen(shape))
        return false;
    for (size_t i = 0; i < size; i++)
        if (shape[i] == '9' ? !is_digit(text[i]) : text[i] != shape[i])
            return false;
    return true;
}

static int number(const char *digits, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

static void put_number(char *digits, int count, int value)
{
    for (int i = count; i-- > 0; value /= 10)
        digits[i] = (char)('0' + value % 10);
}

static void put_day(char ret[static DATE_DAY_SIZE], int year, int month, int day)
{
    memcpy(ret, "0000-00-00", DATE_DAY_SIZE);
    put_number(ret, 4, year);
    put_number(ret + 5, 2, month);
    put_number(ret + 8, 2, day);
}

static bool refuse(const char *text, const char *wanted, struct error *error)
{
    if (*text == '\0')
        return error_set(error, ERROR_INVALID, "The text is empty; give %s.", wanted);
    if (strlen(text) > 40) /* nothing that is nearly right is so long: do not echo it */
        return error_set(error, ERROR_INVALID, "The text is too long; give %s.", wanted);
    return error_set(error, ERROR_INVALID, "\"%s\" is not understood; give %s.", text, wanted);
}

static bool refuse_year(int year, struct error *error)
{
    return error_set(error, ERROR_INVALID, "The year %04d is out of range; years are 0001 to 9999.",
                     year);
}

static bool refuse_month(int month, const char *others, struct error *error)
{
    return error_set(error, ERROR_INVALID, "%02d is not a month; months are 01 to 12%s.", month,
                     others);
}

/* Sets the range to whole months; a winter runs into the next year. */
static bool span(struct date *date, enum date_precision precision, int year, int month, int count,
                 struct error *error)
{
    int last_year = year + (month + count - 2) / 12;
    int last_month = (month + count - 2) % 12 + 1;
    if (year < YEAR_FIRST)
        return refuse_year(year, error);
    if (last_year > YEAR_LAST)
        return refuse_year(last_year, error);
    date->precision = precision;
    put_day(date->earliest, year, month, 1);
    put_day(date->latest, last_year, last_month, days_in(last_year, last_month));
    return true;
}

/* `text` has the shape 9999-99-99. */
static bool check_day(const char *text, struct error *error)
{
    int year = number(text, 4), month = number(text + 5, 2), day = number(text + 8, 2);
    if (year < YEAR_FIRST)
        return refuse_year(year, error);
    if (month < 1 || month > 12)
        return refuse_month(month, "", error);
    if (day < 1 || day > days_in(year, month))
        return error_set(error, ERROR_INVALID,
                         "%.10s is not a day of the calendar; %s %04d has %d days.", text,
                         months[month - 1].name, year, days_in(year, month));
    return true;
}

static bool set_day(const char *text, struct date *date, struct error *error)
{
    if (!check_day(text, error))
        return false;
    int year = number(text, 4), month = number(text + 5, 2), day = number(text + 8, 2);
    date->precision = DATE_DAY;
    put_day(date->earliest, year, month, day);
    put_day(date->latest, year, month, day);
    return true;
}

/* What stands behind the year in EDTF: a month, a season (21 to 24) or a quarter (33 to 36). */
static bool set_part(int year, int part, struct date *date, struct error *error)
{
    if (part >= 1 && part <= 12)
        return span(date, DATE_MONTH, year, part, 1, error);
    if (part >= 21 && part <= 24)
        return span(date, DATE_SEASON, year, 3 * (part - 20), 3, error);
    if (part >= 33 && part <= 36)
        return span(date, DATE_QUARTER, year, 3 * (part - 33) + 1, 3, error);
    return refuse_month(part, ", seasons 21 to 24, quarters 33 to 36", error);
}

bool date_parse(const char *text, struct date *ret, struct error *error)
{
    size_t size = strlen(text);
    char mark = size ? text[size - 1] : '\0';
    struct date date = {
        .approximate = mark == '~' || mark == '%',
        .uncertain = mark == '?' || mark == '%',
    };
    if (date.approximate || date.uncertain)
        size--;

    bool valid;
    if (shaped(text, size, "9999"))
        valid = span(&date, DATE_YEAR, number(text, 4), 1, 12, error);
    else if (shaped(text, size, "9999-99"))
        valid = set_part(number(text, 4), number(text + 5, 2), &date, error);
    else if (shaped(text, size, "9999-99-99"))
        valid = set_day(text, &date, error);
    else
        valid = refuse(text, DATE_WANTED, error);
    if (valid)
        *ret = date;
    return valid;
}

/* To take another sort of period: its row. What stands behind the year counts parts of a year. */
static const struct {
    const char *shape;
    char freq; /* of SDMX */
    enum date_precision precision;
    int months;
    const char *wanted;
} PERIODS[] = {
    {"9999", 'A', DATE_YEAR, 12, ""},
    {"9999-S9", 'S', DATE_SEASON, 6, "a half-year; give S1 or S2"},
    {"9999-Q9", 'Q', DATE_QUARTER, 3, "a quarter; give Q1 to Q4"},
    {"9999-99", 'M', DATE_MONTH, 1, "a month; months are 01 to 12"},
};

/* `text` has the shape of that row. */
static bool set_period(const char *text, size_t row, struct date *date, struct error *error)
{
    int length = PERIODS[row].months, digits = length == 1 ? 2 : 1;
    int part = length == 12 ? 1 : number(text + strlen(text) - digits, digits);
    if (part < 1 || part > 12 / length)
        return error_set(error, ERROR_INVALID, "%s is not %s.", text + strlen("2024-"),
                         PERIODS[row].wanted);
    return span(date, PERIODS[row].precision, number(text, 4), length * (part - 1) + 1, length,
                error);
}

bool date_parse_period(const char *text, struct date *ret, char *ret_freq, struct error *error)
{
    const size_t size = strlen(text), count = sizeof PERIODS / sizeof *PERIODS;
    struct date date = {0};
    size_t row = 0;
    while (row < count && !shaped(text, size, PERIODS[row].shape))
        row++;
    bool valid = row < count                        ? set_period(text, row, &date, error)
                 : shaped(text, size, "9999-99-99") ? set_day(text, &date, error)
                                                    : refuse(text, PERIOD_WANTED, error);
    if (valid) {
        *ret = date;
        *ret_freq = row < count ? PERIODS[row].freq : 'D';
    }
    return valid;
}

const char *date_precision_name(enum date_precision precision)
{
    static const char *const names[] = {
        [DATE_YEAR] = "year",   [DATE_SEASON] = "season", [DATE_QUARTER] = "quarter",
        [DATE_MONTH] = "month", [DATE_DAY] = "day",
    };
    _Static_assert(sizeof names / sizeof *names == DATE_DAY + 1, "a name for every precision");
    return names[precision];
}

bool date_parse_day(const char *text, struct error *error)
{
    if (!shaped(text, strlen(text), "9999-99-99"))
        return refuse(text, DAY_WANTED, error);
    return check_day(text, error);
}

/* Whether `text`, which something else follows, is empty or a point and digits. */
static bool is_fraction(const char *text, size_t size)
{
    return size == 0 || (size > 1 && *text == '.' && strspn(text + 1, "0123456789") == size - 1);
}

bool date_parse_timestamp(const char *text, struct error *error)
{
    static const char shape[] = "9999-99-99T99:99:99";
    const size_t whole = sizeof shape - 1;
    size_t size = strlen(text);
    if (size <= whole || text[size - 1] != 'Z' || !shaped(text, whole, shape) ||
        !is_fraction(text + whole, size - 1 - whole))
        return refuse(text, TIMESTAMP_WANTED, error);
    if (!check_day(text, error))
        return false;
    int hour = number(text + 11, 2), minute = number(text + 14, 2), second = number(text + 17, 2);
    if (hour > 23 || minute > 59)
        return error_set(error, ERROR_INVALID,
                         "%02d:%02d is not a time of day; times run from 00:00 to 23:59.", hour,
                         minute);
    if (second > 59)
        return error_set(error, ERROR_INVALID,
                         "%02d is not a second; seconds run from 00 to 59, leap seconds are not "
                         "taken.",
                         second);
    return true;
}

void date_timestamp_bound(const char *text, bool last, char ret[static DATE_TIMESTAMP_SIZE])
{
    const char *form = last ? "2024-11-20T08:30:59.999Z" : "2024-11-20T08:30:00.000Z";
    size_t size = strcspn(text, "Z"), most = DATE_TIMESTAMP_SIZE - sizeof "Z";
    memcpy(ret, form, DATE_TIMESTAMP_SIZE);
    memcpy(ret, text, size < most ? size : most);
}

/* Days from 0001-01-01 to the first of January of `year`. */
static long long days_before(int year)
{
    long long past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

static long long day_number(int year, int month, int day)
{
    long long days = days_before(year) + day - 1;
    for (int i = 1; i < month; i++)
        days += days_in(year, i);
    return days;
}

/* The inverse of day_number; days outside the years that a date can have become the outermost. */
static void put_day_number(char ret[static DATE_DAY_SIZE], long long days)
{
    const long long last = day_number(YEAR_LAST, 12, 31);
    days = days < 0 ? 0 : days > last ? last : days;

    int year = (int)(days / 366) + 1; /* never too late, and at most 27 years too early */
    while (year < YEAR_LAST && days_before(year + 1) <= days)
        year++;
    int left = (int)(days - days_before(year));
    int month = 1;
    while (left >= days_in(year, month))
        left -= days_in(year, month++);
    put_day(ret, year, month, left + 1);
}

void date_add_days(const char *day, int days, char ret[static DATE_DAY_SIZE])
{
    put_day_number(ret, day_number(number(day, 4), number(day + 5, 2), number(day + 8, 2)) + days);
}

/* By our own calendar, not gmtime(3): no time zone file is read, no static state is shared. */
void date_now(char ret[static DATE_TIMESTAMP_SIZE])
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    long long seconds = now.tv_sec < 0 ? 0 : now.tv_sec;
    int second = (int)(seconds % 86400);

    memcpy(ret, "0000-00-00T00:00:00.000Z", DATE_TIMESTAMP_SIZE);
    put_day_number(ret, day_number(1970, 1, 1) + seconds / 86400);
    ret[10] = 'T'; /* where the day ended */
    put_number(ret + 11, 2, second / 3600);
    put_number(ret + 14, 2, second / 60 % 60);
    put_number(ret + 17, 2, second % 60);
    put_number(ret + 20, 3, (int)(now.tv_nsec / 1000000));
}
