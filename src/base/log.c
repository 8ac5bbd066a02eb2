#include "bilateral/base/log.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "bilateral/base/date.h"
#include "bilateral/base/text.h"

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARNING] = "warning",
    [LOG_ERROR] = "error",
};
_Static_assert(sizeof level_names / sizeof *level_names == LOG_ERROR + 1, "a name for every level");

/* Written by log_configure before any thread starts, only read afterwards. */
static enum log_format log_format = LOG_FORMAT_JSON;
static enum log_level log_least = LOG_INFO;

void log_configure(enum log_format format, enum log_level least)
{
    log_format = format;
    log_least = least;
}

static void put_name(struct log_line *line, const char *name)
{
    bool text = log_format == LOG_FORMAT_TEXT;
    size_t size = strlen(name);
    char *at = buffer_reserve(&line->text, size + 4);
    memcpy(at, text ? " " : ",\"", 2);
    memcpy(at + 2 - text, name, size);
    memcpy(at + 2 - text + size, text ? "=" : "\":", 2);
    line->text.size += size + (text ? 2 : 4);
}

bool log_begin_in(struct log_line *line, struct buffer *batch, enum log_level level,
                  const char *event)
{
    if (level < log_least)
        return false;
    char now[DATE_TIMESTAMP_SIZE];
    date_now(now);
    *line = (struct log_line){.batch = batch};
    if (batch)
        line->text = *batch;
    if (log_format == LOG_FORMAT_TEXT) {
        buffer_printf(&line->text, "%s %-7s %s", now, level_names[level], event);
        return true;
    }
    buffer_put_all(&line->text, "{\"time\":\"", now, "\",\"level\":\"", level_names[level],
                   "\",\"event\":\"", event, "\"", NULL);
    return true;
}

bool log_begin(struct log_line *line, enum log_level level, const char *event)
{
    return log_begin_in(line, NULL, level, event);
}

static void put_masked(const char *value, struct buffer *json)
{
    static const char SECRET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct buffer text = {0};
    for (const char *at = value; *at;) {
        const char *found = strstr(at, LOG_SECRET);
        const char *stop = found ? found + strlen(LOG_SECRET) : at + strlen(at);
        buffer_append(&text, at, (size_t)(stop - at));
        if (found)
            buffer_puts(&text, "…");
        at = stop + (found ? strspn(stop, SECRET) : 0);
    }
    text_json(text.data, text.size, json);
    buffer_finish(&text);
}

void log_text(struct log_line *line, const char *name, const char *value)
{
    put_name(line, name);
    if (value && strstr(value, LOG_SECRET))
        put_masked(value, &line->text);
    else if (value)
        text_json(value, strlen(value), &line->text);
    else
        buffer_puts(&line->text, "null");
}

void log_word(struct log_line *line, const char *name, const char *value)
{
    put_name(line, name);
    buffer_put_all(&line->text, "\"", value, "\"", NULL);
}

void log_number(struct log_line *line, const char *name, long long value)
{
    put_name(line, name);
    buffer_put_number(&line->text, value);
}

/* What cannot be written is dropped: there is nowhere left to say so. */
static void write_out(const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDERR_FILENO, text, size);
        if (written < 0 && errno != EINTR)
            return;
        text += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
}

void log_end(struct log_line *line)
{
    buffer_puts(&line->text, log_format == LOG_FORMAT_TEXT ? "\n" : "}\n");
    if (line->batch) {
        *line->batch = line->text;
        return;
    }
    write_out(line->text.data, line->text.size);
    buffer_finish(&line->text);
}

/* Whole lines up to what a pipe takes in one piece: more could be torn by another thread's. */
void log_flush(struct buffer *batch)
{
    const char *at = buffer_text(batch), *end = at + batch->size;
    while (at < end) {
        const char *stop = end;
        if (end - at > PIPE_BUF) {
            stop = memrchr(at, '\n', PIPE_BUF);
            stop = stop ? stop + 1 : (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
        }
        write_out(at, (size_t)(stop - at));
        at = stop;
    }
    buffer_reset(batch);
}

void log_message(enum log_level level, const char *event, const char *format, ...)
{
    struct log_line line;
    if (!log_begin(&line, level, event))
        return;
    struct buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&message, format, arguments);
    va_end(arguments);
    log_text(&line, "message", buffer_text(&message));
    log_end(&line);
    buffer_finish(&message);
}
