/*
 * The readers of base under any bytes: each input goes to all of them, and what their headers
 * promise is asserted. Built by libFuzzer, or by anything that calls LLVMFuzzerTestOneInput.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uninorm.h>

#include "bilateral/base/date.h"
#include "bilateral/base/hash.h"
#include "bilateral/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Not assert(3), which a build may leave out. */
static void must(bool holds, const char *promise)
{
    if (holds)
        return;
    fprintf(stderr, "broken promise: %s\n", promise);
    abort();
}

static void check_range(const struct date *date)
{
    struct error error = {0};
    must(date_parse_day(date->earliest, &error), "the earliest day is a day");
    must(date_parse_day(date->latest, &error), "the latest day is a day");
    must(strcmp(date->earliest, date->latest) <= 0, "the earliest day is not after the latest");
    must((date->precision == DATE_DAY) == (strcmp(date->earliest, date->latest) == 0),
         "only a day is one day long");
    must(date_precision_name(date->precision)[0] != '\0', "a precision has a name");

    char next[DATE_DAY_SIZE], back[DATE_DAY_SIZE];
    date_add_days(date->latest, 1, next);
    date_add_days(next, -1, back);
    must(strcmp(date->latest, "9999-12-31") == 0 || strcmp(back, date->latest) == 0,
         "a day forth and a day back is the same day");
}

static void check_refusal(bool taken, const struct error *error)
{
    must((error->code == ERROR_NONE) == taken, "an error is set exactly where a text is refused");
    must((error->detail[0] == '\0') == taken, "an error has words");
}

static void check_dates(const char *text)
{
    struct date date = {0};
    char freq = '\0';
    struct error error = {0};
    bool taken = date_parse(text, &date, &error);
    check_refusal(taken, &error);
    if (taken)
        check_range(&date);

    error = (struct error){0};
    taken = date_parse_period(text, &date, &freq, &error);
    check_refusal(taken, &error);
    if (taken) {
        check_range(&date);
        must(freq != '\0' && strchr("ASQMD", freq), "a period's frequency is of CL_FREQ");
    }

    error = (struct error){0};
    taken = date_parse_timestamp(text, &error);
    check_refusal(taken, &error);
    if (taken) {
        char day[DATE_DAY_SIZE] = "";
        memcpy(day, text, sizeof day - 1);
        must(date_parse_day(day, &error), "a timestamp begins with a day");
    }
}

/* Whether `text`, normalised to `form`, folds to `folded`. */
static bool folds_alike(uninorm_t form, const char *text, const struct buffer *folded)
{
    size_t size = 0;
    char *normal = (char *)u8_normalize(form, (const uint8_t *)text, strlen(text) + 1, NULL, &size);
    struct buffer again = {0};
    text_fold(normal ? normal : text, &again);
    bool alike = strcmp(buffer_text(&again), buffer_text(folded)) == 0;
    buffer_finish(&again);
    free(normal);
    return alike;
}

static void check_fold(const char *text)
{
    const size_t size = strlen(text);
    struct buffer folded = {0}, again = {0};
    text_fold(text, &folded);
    text_fold(buffer_text(&folded), &again);
    must(strcmp(buffer_text(&folded), buffer_text(&again)) == 0, "a fold folds to itself");
    must(text_valid(folded.data, folded.size), "a fold is UTF-8");
    must(folded.size <= 11 * size, "a fold grows no more than its longest letter");
    must(!strstr(buffer_text(&folded), "  "), "one space parts two words");
    if (text_valid(text, size)) {
        must(text_length(text, size) <= size, "a code point takes a byte at least");
        must(folds_alike(UNINORM_NFC, text, &folded), "NFC folds alike");
        must(folds_alike(UNINORM_NFD, text, &folded), "NFD folds alike");
        must(folds_alike(UNINORM_NFKD, text, &folded), "NFKD folds alike");
    }
    buffer_finish(&again);
    buffer_finish(&folded);
}

static void check_slug(const char *text)
{
    struct buffer slug = {0}, again = {0};
    text_slug(text, &slug);
    if (slug.size > 0) {
        must(text_is_slug(slug.data), "a slug is a slug");
        text_slug(slug.data, &again);
        must(strcmp(again.data, slug.data) == 0, "a slug is its own slug");
        must(text_distance(slug.data, again.data, 0) == 0, "a text is no way from itself");
    }
    must(!text_is_slug(text) || strcmp(text, buffer_text(&slug)) == 0, "a slug stays as it is");
    buffer_finish(&again);
    buffer_finish(&slug);
}

static void check_distance(const char *text)
{
    static const char *const names[] = {"limit", "cursor", "start_date", "end_date", "sort"};
    const char *nearest = text_nearest(text, names, sizeof names / sizeof *names);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unsigned there = text_distance(text, names[i], 8);
        must(there == text_distance(names[i], text, 8), "the way back is as long");
        bool begun = nearest && strncmp(nearest, text, strlen(text)) == 0;
        must(!nearest || begun || text_distance(text, nearest, 8) <= there, "nothing is nearer");
    }
}

static void check_json(const char *bytes, size_t size)
{
    struct buffer json = {0};
    text_json(bytes, size, &json);
    must(json.size >= 2 && json.data[0] == '"' && json.data[json.size - 1] == '"', "quoted");
    must(text_valid(json.data, json.size), "a JSON string is UTF-8 without NUL");
    must(json.size <= 6 * size + 2, "the longest escape is six bytes");
    for (size_t i = 1; i < json.size - 1; i++) {
        must((unsigned char)json.data[i] >= 0x20, "control characters are escaped");
        must(json.data[i] != '"', "quotes are escaped");
        if (json.data[i] != '\\')
            continue;
        must(i + 1 < json.size - 1 && strchr("\"\\bfnrtu", json.data[i + 1]),
             "an escape of RFC 8259");
        i++;
    }
    buffer_finish(&json);
}

static void check_base64url(const char *bytes, size_t size)
{
    struct buffer text = {0}, back = {0};
    hash_base64url(bytes, size, &text);
    must(hash_base64url_decode(text.data, text.size, &back), "what is encoded can be decoded");
    must(back.size == size && (size == 0 || memcmp(back.data, bytes, size) == 0),
         "and is the same");

    buffer_reset(&back);
    buffer_reset(&text);
    if (hash_base64url_decode(bytes, size, &back)) {
        hash_base64url(buffer_text(&back), back.size, &text);
        must(text.size == size && memcmp(text.data, bytes, size) == 0, "one value has one text");
    } else {
        must(back.size == 0, "what is refused leaves nothing");
    }
    buffer_finish(&back);
    buffer_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct buffer input = {0};
    buffer_append(&input, (const char *)bytes, size);
    must(!text_valid(input.data, size) || strlen(input.data) == size, "valid text holds no NUL");
    check_dates(input.data);
    check_fold(input.data);
    check_slug(input.data);
    check_distance(input.data);
    check_json(input.data, size);
    check_base64url(input.data, size);
    buffer_finish(&input);
    return 0;
}
