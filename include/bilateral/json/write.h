/*
 * write - JSON text straight into a buffer.
 *
 *     buffer_putc(json, '{');
 *     json_put_key(json, "id");
 *     json_put_text(json, id);
 *     buffer_putc(json, '}');
 *
 * Commas come by themselves: a key or an element puts one unless the byte before opens its object
 * or array. Names must need no escape. All text is UTF-8.
 */
#ifndef BILATERAL_JSON_WRITE_H
#define BILATERAL_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bilateral/base/buffer.h"

/* `"name":`, with a comma before it where one is due. */
void json_put_key(struct buffer *json, const char *name);

/* The comma before an array's next element, where one is due. */
void json_put_element(struct buffer *json);

/* Values. NULL text is null. */
void json_put_text(struct buffer *json, const char *text);
void json_put_text_size(struct buffer *json, const char *text, size_t size);
void json_put_integer(struct buffer *json, int64_t value);
void json_put_boolean(struct buffer *json, bool value);

/* A key and its text or number: what most lines of a writer are. */
void json_put_member(struct buffer *json, const char *name, const char *text);
void json_put_number(struct buffer *json, const char *name, int64_t value);

/* A name as a token of a JSON Pointer, with ~0 and ~1 for ~ and / (RFC 6901, section 3). */
void json_put_token(struct buffer *pointer, const char *name, size_t size);

/*
 * JSON as the source spells it, with ' for every ": json_printf(json, "'minimum':%d", 1). A comma
 * comes before it where one is due. What the arguments add must need no escape.
 */
void json_printf(struct buffer *json, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
