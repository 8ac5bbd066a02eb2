#include "bilateral/json/read.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"
#include "bilateral/json/scan.h"

enum { NAME_SIZE = 256 }; /* of a pointer's token; no member of ours has a longer name */

void json_start(void)
{
    json_set_alloc_funcs(memory_alloc, free);
    json_object_seed(0);
}

/* Where the brackets outside strings go deeper than the limit, or NULL; any text will do. */
static const char *too_deep(const char *text, size_t size)
{
    size_t depth = 0;
    bool string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                string = false;
        } else if (c == '"') {
            string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_LIMIT)
                return text + i;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return NULL;
}

static struct json_place place_of(const char *text, const char *at)
{
    struct json_place place = {.line = 1, .column = 1};
    for (; text < at; text++) {
        place.column = *text == '\n' ? 1 : place.column + 1;
        place.line += *text == '\n';
    }
    return place;
}

json_t *json_read(const char *text, size_t size, struct json_place *ret_place, struct error *error)
{
    struct json_place ignored;
    struct json_place *place = ret_place ? ret_place : &ignored;
    const char *deep = too_deep(text, size);
    if (deep) {
        *place = place_of(text, deep);
        error_set(error, ERROR_BAD_REQUEST, "The JSON is nested deeper than %d levels.",
                  JSON_DEPTH_LIMIT);
        return NULL;
    }
    json_error_t found;
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &found);
    if (value)
        return value;
    *place = (struct json_place){
        .line = found.line > 0 ? (size_t)found.line : 1,
        .column = found.column > 0 ? (size_t)found.column : 1,
    };
    bool zero = json_error_code(&found) == json_error_null_character ||
                json_error_code(&found) == json_error_null_byte_in_key;
    error_set(error, ERROR_BAD_REQUEST, "The JSON is not valid: %s.",
              zero ? "\\u0000 may stand in no text" : found.text);
    return NULL;
}

static const json_t *member_of(const json_t *object, const char *token, size_t size)
{
    char name[NAME_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < size && length < sizeof name - 1; i++) {
        name[length] = token[i];
        if (token[i] == '~' && i + 1 < size)
            name[length] = token[++i] == '1' ? '/' : '~';
        length++;
    }
    name[length] = '\0';
    return json_object_get(object, name);
}

bool json_leads(const json_t *value, const char *pointer)
{
    while (value && *pointer == '/') {
        const char *token = pointer + 1;
        size_t size = strcspn(token, "/");
        value = json_is_array(value) ? json_array_get(value, json_scan_index(token, size))
                                     : member_of(value, token, size);
        pointer = token + size;
    }
    return value && *pointer == '\0';
}

const char *json_kind(const json_t *value)
{
    static const char *const KINDS[] = {
        [JSON_OBJECT] = "an object",
        [JSON_ARRAY] = "an array",
        [JSON_STRING] = "a string",
        [JSON_INTEGER] = "an integer",
        [JSON_REAL] = "a number with a fraction",
        [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",
        [JSON_NULL] = "null",
    };
    _Static_assert(sizeof KINDS / sizeof *KINDS == JSON_NULL + 1, "a word for every kind");
    return KINDS[json_typeof(value)];
}
