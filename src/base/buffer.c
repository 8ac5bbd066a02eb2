#include "bilateral/base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"

static void grow(struct buffer *buffer, size_t size)
{
    if (size > SIZE_MAX / 4 - buffer->size)
        memory_exhausted();
    size_t needed = buffer->size + size + 1;
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
    buffer->capacity = capacity < needed ? needed : capacity;
    buffer->data = memory_resize(buffer->data, buffer->capacity);
}

/* Mostly there is room; the capacity is 0 or more than the size. */
static inline char *reserve(struct buffer *buffer, size_t size)
{
    if (size >= buffer->capacity - buffer->size)
        grow(buffer, size);
    return buffer->data + buffer->size;
}

char *buffer_reserve(struct buffer *buffer, size_t size)
{
    return reserve(buffer, size);
}

void buffer_append(struct buffer *buffer, const char *bytes, size_t size)
{
    char *end = reserve(buffer, size);
    if (size)
        memcpy(end, bytes, size);
    end[size] = '\0';
    buffer->size += size;
}

void buffer_puts(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_put_all(struct buffer *buffer, ...)
{
    va_list texts;
    va_start(texts, buffer);
    for (const char *text = va_arg(texts, const char *); text; text = va_arg(texts, const char *))
        buffer_append(buffer, text, strlen(text));
    va_end(texts);
}

void buffer_putc(struct buffer *buffer, char byte)
{
    char *end = reserve(buffer, 1);
    end[0] = byte;
    end[1] = '\0';
    buffer->size++;
}

void buffer_put_number(struct buffer *buffer, long long number)
{
    char digits[24];
    char *end = digits + sizeof digits, *at = end;
    unsigned long long rest =
        number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    buffer_append(buffer, at, (size_t)(end - at));
}

/* Mostly it fits the first time. */
void buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments)
{
    enum { ROOM = 100 };
    va_list again;
    va_copy(again, arguments);
    size_t size = (size_t)vsnprintf(buffer_reserve(buffer, ROOM), ROOM + 1, format, arguments);
    if (size > ROOM)
        vsnprintf(buffer_reserve(buffer, size), size + 1, format, again);
    buffer->size += size;
    va_end(again);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(buffer, format, arguments);
    va_end(arguments);
}

void buffer_reset(struct buffer *buffer)
{
    buffer->size = 0;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void buffer_finish(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

char *buffer_take(struct buffer *buffer)
{
    buffer_append(buffer, "", 0);
    char *data = buffer->data;
    *buffer = (struct buffer){0};
    return data;
}

char *buffer_keep(struct buffer *buffer, struct arena *arena)
{
    char *kept = arena_copy(arena, buffer_text(buffer), buffer->size);
    buffer_finish(buffer);
    return kept;
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}
