#include "bilateral/base/log.h"

#include <errno.h>
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
    if (log_format == LOG_FORMAT_TEXT) {
        buffer_printf(&line->text, " %s=", name);
        return;
    }
    buffer_putc(&line->text, ',');
    text_json(name, strlen(name), &line->text);
    buffer_putc(&line->text, ':');
}

bool log_begin(struct log_line *line, enum log_level level, const char *event)
{
    if (level < log_least)
        return false;
    char now[DATE_TIMESTAMP_SIZE];
    date_now(now);
    *line = (struct log_line){0};
    if (log_format == LOG_FORMAT_TEXT) {
        buffer_printf(&line->text, "%s %-7s %s", now, level_names[level], event);
        return true;
    }
    buffer_printf(&line->text, "{\"time\":\"%s\",\"level\":\"%s\"", now, level_names[level]);
    log_text(line, "event", event);
    return true;
}

void log_text(struct log_line *line, const char *name, const char *value)
{
    put_name(line, name);
    if (value)
        text_json(value, strlen(value), &line->text);
    else
        buffer_puts(&line->text, "null");
}

void log_number(struct log_line *line, const char *name, long long value)
{
    put_name(line, name);
    buffer_printf(&line->text, "%lld", value);
}

/* A line that cannot be written is dropped: there is nowhere left to say so. */
void log_end(struct log_line *line)
{
    buffer_puts(&line->text, log_format == LOG_FORMAT_TEXT ? "\n" : "}\n");
    while (write(STDERR_FILENO, line->text.data, line->text.size) < 0 && errno == EINTR)
        continue;
    buffer_finish(&line->text);
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
