#include "bilateral/json/read.h"

#include <string.h>

/* The deepest nesting of brackets outside strings; the text need not be valid. */
static size_t depth_of(const char *text, size_t size)
{
    size_t depth = 0, deepest = 0;
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
            if (++depth > deepest)
                deepest = depth;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return deepest;
}

json_t *json_read(const char *text, size_t size, struct json_place *ret_place, struct error *error)
{
    struct json_place start = {.line = 1, .column = 1};
    if (depth_of(text, size) > JSON_DEPTH_LIMIT) {
        error_set(error, ERROR_BAD_REQUEST, "The JSON is nested deeper than %d levels.",
                  JSON_DEPTH_LIMIT);
        if (ret_place)
            *ret_place = start;
        return NULL;
    }
    json_error_t found;
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, &found);
    if (value)
        return value;
    if (found.line > 0)
        start = (struct json_place){.line = (size_t)found.line, .column = (size_t)found.column};
    if (ret_place)
        *ret_place = start;
    error_set(error, ERROR_BAD_REQUEST, "The JSON is not valid at line %zu, column %zu: %s.",
              start.line, start.column, found.text);
    return NULL;
}

const char *json_kind(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "null";
    }
    return "nothing";
}
