/*
 * Any text given as a date, period, day or timestamp: refused, or read as days that exist, the
 * earliest not after the latest.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void expect(bool promise)
{
    if (!promise)
        abort();
}

static void expect_range(bool read, const struct date *date, const struct error *error)
{
    expect(read == (error->code == ERROR_NONE));
    if (!read) {
        expect(error->detail[0] != '\0');
        return;
    }
    struct error none = {0};
    expect(date_parse_day(date->earliest, &none));
    expect(date_parse_day(date->latest, &none));
    expect(strcmp(date->earliest, date->latest) <= 0);
    expect(date_precision_name(date->precision) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_create();
    const char *text = arena_copy(arena, (const char *)bytes, size);

    struct date date = {0};
    struct error error = {0};
    expect_range(date_parse(text, &date, &error), &date, &error);

    char freq = '\0';
    error = (struct error){0};
    bool read = date_parse_period(text, &date, &freq, &error);
    expect_range(read, &date, &error);
    if (read)
        expect(freq != '\0' && strchr("ASQMD", freq) != NULL);

    error = (struct error){0};
    expect(date_parse_day(text, &error) == (error.code == ERROR_NONE));
    error = (struct error){0};
    expect(date_parse_timestamp(text, &error) == (error.code == ERROR_NONE));

    arena_destroy(arena);
    return 0;
}
