#include "bilateral/json/write.h"

#include <stdarg.h>
#include <string.h>

#include "bilateral/base/text.h"

static void comma_unless(struct buffer *json, char opening)
{
    if (json->size > 0 && json->data[json->size - 1] != opening)
        buffer_putc(json, ',');
}

void json_put_key(struct buffer *json, const char *name)
{
    comma_unless(json, '{');
    buffer_putc(json, '"');
    buffer_puts(json, name);
    buffer_append(json, "\":", 2);
}

void json_put_element(struct buffer *json)
{
    comma_unless(json, '[');
}

void json_put_text_size(struct buffer *json, const char *text, size_t size)
{
    if (text)
        text_json(text, size, json);
    else
        buffer_puts(json, "null");
}

void json_put_text(struct buffer *json, const char *text)
{
    json_put_text_size(json, text, text ? strlen(text) : 0);
}

void json_put_integer(struct buffer *json, int64_t value)
{
    buffer_put_number(json, value);
}

void json_put_boolean(struct buffer *json, bool value)
{
    buffer_puts(json, value ? "true" : "false");
}

void json_put_member(struct buffer *json, const char *name, const char *text)
{
    json_put_key(json, name);
    json_put_text(json, text);
}

void json_put_number(struct buffer *json, const char *name, int64_t value)
{
    json_put_key(json, name);
    json_put_integer(json, value);
}

void json_put_token(struct buffer *pointer, const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (name[i] == '~' || name[i] == '/')
            buffer_puts(pointer, name[i] == '~' ? "~0" : "~1");
        else
            buffer_putc(pointer, name[i]);
    }
}

void json_printf(struct buffer *json, const char *format, ...)
{
    if (json->size > 0 && !strchr("{[:", json->data[json->size - 1]) && !strchr("}]", *format))
        buffer_putc(json, ',');
    size_t start = json->size;
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(json, format, arguments);
    va_end(arguments);
    for (size_t i = start; i < json->size; i++) {
        if (json->data[i] == '\'')
            json->data[i] = '"';
    }
}
