/*
 * buffer - a string of bytes that grows.
 *
 *     struct buffer body = {0};
 *     buffer_puts(&body, "{\"data\":[");
 *     ...
 *     buffer_finish(&body);
 *
 * A zeroed struct is an empty buffer. `data` is NULL while nothing was appended, else it always
 * carries a NUL behind `size` bytes. The buffer owns `data`; buffer_take hands it to the caller,
 * who frees it with free(3). Memory that cannot be had ends the process (see arena.h).
 */
#ifndef BILATERAL_BASE_BUFFER_H
#define BILATERAL_BASE_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_append(struct buffer *buffer, const char *bytes, size_t size);
void buffer_puts(struct buffer *buffer, const char *text);
/* Several texts, one behind the other, ended by NULL. */
void buffer_put_all(struct buffer *buffer, ...) __attribute__((sentinel));
void buffer_putc(struct buffer *buffer, char byte);
void buffer_put_number(struct buffer *buffer, long long number);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Makes room for `size` more bytes and returns where they go; the caller adds to `size` itself. */
char *buffer_reserve(struct buffer *buffer, size_t size);

/* Empties, keeping the memory. */
void buffer_reset(struct buffer *buffer);

/* Frees, leaving an empty buffer. */
void buffer_finish(struct buffer *buffer);

/* The bytes, NUL-terminated (never NULL), now the caller's to free; the buffer is empty again. */
char *buffer_take(struct buffer *buffer);

/* The text in the arena; the buffer is finished. */
char *buffer_keep(struct buffer *buffer, struct arena *arena);

/* The text so far, "" when nothing was appended. Valid until the next append. */
const char *buffer_text(const struct buffer *buffer);

#endif
