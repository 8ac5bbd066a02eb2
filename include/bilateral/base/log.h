/*
 * log - one event a line on standard error, as a JSON object or as text for people.
 *
 *     log_message(LOG_ERROR, "store", "%s", error.detail);
 *
 * Lines are written with one write(2) each, so that lines of several threads never mix. Who writes
 * thousands a second collects them: some lines share a write then, and are later than others'.
 */
#ifndef BILATERAL_BASE_LOG_H
#define BILATERAL_BASE_LOG_H

#include <stdbool.h>

#include "bilateral/base/buffer.h"

/* Every token begins so. One that a client sent in the wrong place shall not end up in a log. */
#define LOG_SECRET "bltr_"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_format { LOG_FORMAT_JSON, LOG_FORMAT_TEXT };

/* Set once, before any thread starts. Default: JSON, LOG_INFO. */
void log_configure(enum log_format format, enum log_level least);

/*
 *     struct log_line line;
 *     if (log_begin(&line, LOG_INFO, "request")) {
 *         log_text(&line, "path", path);
 *         log_number(&line, "status", status);
 *         log_end(&line);
 *     }
 *
 * log_begin is false where the level is not wanted: then nothing else is called. Every line has
 * `time` (RFC 3339), `level` and `event`, a word, first. log_text(NULL) writes null. Invalid UTF-8 is
 * written with U+FFFD in its place, and what follows LOG_SECRET as `…`.
 */
struct log_line {
    struct buffer text;
    struct buffer *batch; /* where it is collected, or NULL */
};
bool log_begin(struct log_line *line, enum log_level level, const char *event);
void log_text(struct log_line *line, const char *name, const char *value);
/* The same for letters, digits and what else needs no escape. */
void log_word(struct log_line *line, const char *name, const char *value);
void log_number(struct log_line *line, const char *name, long long value);
void log_end(struct log_line *line);

/* The same for a line that log_end only adds to `batch`, and what writes all that is there. */
bool log_begin_in(struct log_line *line, struct buffer *batch, enum log_level level,
                  const char *event);
void log_flush(struct buffer *batch);

/* A line with nothing but a message: log_message(LOG_ERROR, "store", "%s", error.detail). */
void log_message(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
