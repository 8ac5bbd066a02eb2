#include "bilateral/json/scan.h"

#include <string.h>

static const char *skip_blank(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\')
            at++;
    }
    return at < end ? at + 1 : end;
}

/* Behind the value that begins at `at`: brackets are counted, strings jumped over. */
static const char *skip_value(const char *at, const char *end)
{
    size_t depth = 0;
    while (at < end) {
        switch (*at) {
        case '"':
            at = skip_string(at, end);
            break;
        case '{':
        case '[':
            depth++;
            at++;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return at;
            depth--;
            at++;
            break;
        case ',':
            if (depth == 0)
                return at;
            at++;
            continue;
        case ' ':
        case '\n':
        case '\t':
        case '\r':
            if (depth == 0)
                return at;
            at++;
            continue;
        default:
            at++;
            continue;
        }
        if (depth == 0)
            return at;
    }
    return end;
}

struct json_walk json_walk(const char *text, size_t size)
{
    const char *end = text + size;
    const char *at = skip_blank(text, end);
    struct json_walk walk = {.at = end, .end = end};
    if (at < end && (*at == '{' || *at == '[')) {
        walk.object = *at == '{';
        walk.at = at + 1;
    }
    return walk;
}

bool json_walk_next(struct json_walk *walk)
{
    const char *at = skip_blank(walk->at, walk->end);
    if (at < walk->end && *at == ',')
        at = skip_blank(at + 1, walk->end);
    if (at >= walk->end || *at == '}' || *at == ']') {
        walk->at = walk->end;
        return false;
    }
    if (walk->object) {
        const char *behind = skip_string(at, walk->end);
        walk->key = at + 1;
        walk->key_size = behind > at + 1 ? (size_t)(behind - at) - 2 : 0;
        at = skip_blank(behind, walk->end);
        if (at < walk->end && *at == ':')
            at = skip_blank(at + 1, walk->end);
    }
    walk->value = at;
    walk->at = skip_value(at, walk->end);
    walk->value_size = (size_t)(walk->at - at);
    return true;
}

bool json_scan_member(const char *text, size_t size, const char *name, const char **ret_value,
                      size_t *ret_size)
{
    size_t name_size = strlen(name);
    struct json_walk walk = json_walk(text, size);
    while (walk.object && json_walk_next(&walk)) {
        if (walk.key_size == name_size && memcmp(walk.key, name, name_size) == 0) {
            *ret_value = walk.value;
            *ret_size = walk.value_size;
            return true;
        }
    }
    return false;
}

static unsigned scan_hex(const char *digits)
{
    unsigned unit = 0;
    for (int i = 0; i < 4; i++)
        unit = unit << 4 | (unsigned)(digits[i] <= '9' ? digits[i] - '0' : (digits[i] & 7) + 9);
    return unit;
}

static void put_point(unsigned point, struct buffer *out)
{
    static const struct {
        unsigned limit, mark;
        int following; /* bytes of six bits each */
    } SHAPES[] = {{0x80, 0, 0}, {0x800, 0xc0, 1}, {0x10000, 0xe0, 2}, {0x110000, 0xf0, 3}};
    int i = 0;
    while (point >= SHAPES[i].limit)
        i++;
    int shift = 6 * SHAPES[i].following;
    buffer_putc(out, (char)(SHAPES[i].mark | point >> shift));
    while ((shift -= 6) >= 0)
        buffer_putc(out, (char)(0x80 | (point >> shift & 0x3f)));
}

/* What stands behind a backslash; returns behind it. Two units beyond 16 bits are one point. */
static const char *put_escape(const char *at, const char *end, struct buffer *out)
{
    static const char NAMES[] = "bfnrt", MEANINGS[] = "\b\f\n\r\t";
    const char *name = strchr(NAMES, *at);
    if (*at != 'u' || end - at < 5) {
        buffer_putc(out, name && *name ? MEANINGS[name - NAMES] : *at);
        return at + 1;
    }
    unsigned point = scan_hex(at + 1);
    at += 5;
    if (point >> 10 == 0xd800 >> 10 && end - at >= 6 && at[1] == 'u') {
        point = 0x10000 + ((point & 0x3ff) << 10 | (scan_hex(at + 2) & 0x3ff));
        at += 6;
    }
    put_point(point, out);
    return at;
}

void json_scan_text(const char *value, size_t size, struct buffer *out)
{
    const char *at = value + 1, *end = value + size - 1;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        const char *stop = escape ? escape : end;
        buffer_append(out, at, (size_t)(stop - at));
        at = escape ? put_escape(escape + 1, end, out) : end;
    }
}

/* Whether a pointer's token, with ~0 and ~1 for ~ and /, is this key or this index. */
static bool token_matches(const char *token, size_t size, const struct json_walk *walk,
                          size_t index)
{
    if (!walk->object) {
        size_t number = 0;
        for (size_t i = 0; i < size; i++) {
            if (token[i] < '0' || token[i] > '9' || number > 100000000)
                return false;
            number = number * 10 + (size_t)(token[i] - '0');
        }
        bool plain = size == 1 || (size > 1 && token[0] != '0');
        return plain && number == index;
    }
    size_t k = 0;
    for (size_t i = 0; i < size; i++, k++) {
        char c = token[i];
        if (c == '~' && i + 1 < size)
            c = token[++i] == '1' ? '/' : '~';
        if (k >= walk->key_size || walk->key[k] != c)
            return false;
    }
    return k == walk->key_size;
}

const char *json_scan_pointer(const char *text, size_t size, const char *pointer)
{
    bool exact;
    return json_scan_exact(text, size, pointer, &exact);
}

const char *json_scan_exact(const char *text, size_t size, const char *pointer, bool *ret_exact)
{
    const char *value = skip_blank(text, text + size);
    size_t value_size = size - (size_t)(value - text);
    while (*pointer == '/') {
        const char *token = pointer + 1;
        size_t token_size = strcspn(token, "/");
        struct json_walk walk = json_walk(value, value_size);
        size_t index = 0;
        bool found = false;
        while (!found && json_walk_next(&walk))
            found = token_matches(token, token_size, &walk, index++);
        if (!found)
            break;
        value = walk.value;
        value_size = walk.value_size;
        pointer = token + token_size;
    }
    *ret_exact = *pointer == '\0';
    return value;
}

size_t json_scan_line(const char *text, const char *at)
{
    size_t line = 1;
    for (const char *each = text; each < at; each++)
        line += *each == '\n';
    return line;
}
