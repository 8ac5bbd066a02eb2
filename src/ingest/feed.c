#include "bilateral/ingest/feed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bilateral/base/buffer.h"
#include "bilateral/base/text.h"
#include "bilateral/json/read.h"

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF"; /* of UTF-8: RFC 8259, 8.1, forbids it */

static const char HAS_MARK[] = "The file begins with a byte order mark; save it without one.";
static const char NOT_TEXT[] = "The text is not valid UTF-8 without U+0000.";

static bool cannot_open(struct error *error)
{
    return error_set(error, ERROR_INVALID,
                     errno == ENOENT ? "The file is missing." : "The file cannot be opened: %s.",
                     strerror(errno));
}

static bool read_bytes(FILE *file, struct buffer *text, struct error *error)
{
    size_t got = 1;
    while (got > 0 && text->size <= FEED_FILE_LIMIT) {
        got = fread(buffer_reserve(text, 64 * 1024), 1, 64 * 1024, file);
        text->size += got;
    }
    buffer_append(text, "", 0);
    if (ferror(file))
        return error_set(error, ERROR_INVALID, "The file cannot be read: %s.", strerror(errno));
    return text->size <= FEED_FILE_LIMIT ||
           error_set(error, ERROR_INVALID, "The file is larger than %d MB.",
                     FEED_FILE_LIMIT / (1024 * 1024));
}

bool feed_read_file(const char *path, struct buffer *ret_text, size_t *ret_line,
                    struct error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return cannot_open(error);
    bool good = read_bytes(file, ret_text, error);
    fclose(file);
    if (good && strncmp(ret_text->data, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0) {
        *ret_line = 1;
        return error_set(error, ERROR_INVALID, "%s", HAS_MARK);
    }
    size_t valid = text_valid_size(ret_text->data, ret_text->size);
    if (!good || valid == ret_text->size)
        return good;
    *ret_line = json_scan_line(ret_text->data, ret_text->data + valid);
    return error_set(error, ERROR_INVALID, "%s", NOT_TEXT);
}

bool feed_is_pipe(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISFIFO(status.st_mode);
}

static bool has_ending(const char *name, const char *ending)
{
    size_t size = strlen(name), end = strlen(ending);
    return size > end && strcmp(name + size - end, ending) == 0;
}

/* A JSON file must be one array; its elements are looked at later, one by one. */
static bool check_array(const struct feed *feed, size_t *ret_line, struct error *error)
{
    struct json_place place = {.line = 1};
    json_t *array = json_read(feed->text, feed->size, &place, error);
    *ret_line = place.line;
    if (!array)
        return false;
    bool good =
        json_is_array(array) ||
        error_set(error, ERROR_INVALID, "Found %s; write an array of records.", json_kind(array));
    json_decref(array);
    return good;
}

static bool open_lines(struct feed *feed, const char *path, struct error *error)
{
    feed->lines.file = fopen(path, "re");
    return feed->lines.file || cannot_open(error);
}

static bool open_array(struct feed *feed, const char *path, size_t *ret_line, struct error *error)
{
    struct buffer text = {0};
    bool good = feed_read_file(path, &text, ret_line, error);
    feed->size = text.size;
    feed->text = buffer_take(&text);
    return good && check_array(feed, ret_line, error);
}

bool feed_open(struct feed *feed, const char *path, const char *name, const char *type,
               struct error *error)
{
    struct error found = {0};
    size_t line = 0;
    *feed = (struct feed){.name = name, .type = type};
    if (has_ending(name, ".ndjson") || has_ending(name, ".jsonl")
            ? open_lines(feed, path, &found)
            : open_array(feed, path, &line, &found)) {
        feed_rewind(feed);
        return true;
    }
    struct fault *fault = error_add(error, ERROR_INVALID, FAULT_POINTER, "", "%s", found.detail);
    if (fault) {
        fault->file = arena_strdup(error->faults->arena, name);
        fault->line = line;
    }
    feed_close(feed);
    return false;
}

void feed_open_lines(struct feed *feed, FILE *file, const char *name)
{
    *feed = (struct feed){.name = name, .lines.file = file};
    feed_rewind(feed);
}

void feed_rewind(struct feed *feed)
{
    if (feed->lines.file)
        lines_rewind(&feed->lines);
    feed->walk = json_walk(feed->text, feed->size);
    feed->counted = feed->text;
    feed->line = 1;
    feed->index = 0;
}

void feed_close(struct feed *feed)
{
    lines_finish(&feed->lines);
    free(feed->text);
    feed->text = NULL;
}

static bool next_line(struct feed *feed, struct feed_record *ret)
{
    struct feed_record record = {.prefix = ""};
    if (!lines_next(&feed->lines, &record.text, &record.size))
        return false;
    record.line = feed->lines.number;
    *ret = record;
    return true;
}

bool feed_next(struct feed *feed, struct feed_record *ret, struct arena *arena)
{
    if (feed->lines.file)
        return next_line(feed, ret);
    if (!json_walk_next(&feed->walk))
        return false;
    feed->line += json_scan_line(feed->counted, feed->walk.value) - 1;
    feed->counted = feed->walk.value;
    *ret = (struct feed_record){
        .text = feed->walk.value,
        .size = feed->walk.value_size,
        .line = feed->line,
        .prefix = arena_printf(arena, "/%zu", feed->index++),
    };
    return true;
}

bool feed_check(const struct feed *feed, const struct feed_record *record, struct error *error)
{
    size_t mark = strlen(BYTE_ORDER_MARK);
    if (record->size > FEED_RECORD_LIMIT)
        return error_set(error, ERROR_INVALID, "The record is larger than a megabyte.");
    if (record->line == 1 && record->size >= mark &&
        memcmp(record->text, BYTE_ORDER_MARK, mark) == 0)
        return error_set(error, ERROR_INVALID, "%s", HAS_MARK);
    if (*record->text != '{')
        return error_set(error, ERROR_INVALID, "Write an object here.");
    return !feed->lines.file || text_valid_size(record->text, record->size) == record->size ||
           error_set(error, ERROR_INVALID, "%s", NOT_TEXT);
}

void feed_place_faults(const struct feed *feed, const struct feed_record *record,
                       struct faults *faults, struct fault *last)
{
    struct fault *fault = last ? last->next : faults->first;
    for (; fault; fault = fault->next) {
        /* All of a line is on that line; to look where costs as much as to read it. */
        const char *at = feed->lines.file
                             ? record->text
                             : json_scan_pointer(record->text, record->size, fault->place);
        fault->line = record->line + json_scan_line(record->text, at) - 1;
        fault->file = arena_strdup(faults->arena, feed->name);
        fault->place = arena_printf(faults->arena, "%s%s", record->prefix, fault->place);
    }
}
