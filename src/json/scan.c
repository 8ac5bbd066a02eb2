#include "bilateral/json/scan.h"

#include <stdint.h>
#include <string.h>

static const char *skip_blank(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

/* A quote ends the string unless the backslashes before it are odd in number. Few strings have any,
 * so it is looked for at the C library's pace. */
static const char *skip_string(const char *at, const char *end)
{
    const char *start = at + 1, *quote = NULL;
    while (start < end && (quote = memchr(start, '"', (size_t)(end - start)))) {
        const char *plain = quote;
        while (plain > start && plain[-1] == '\\')
            plain--;
        if ((quote - plain) % 2 == 0)
            return quote + 1;
        start = quote + 1;
    }
    return end;
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
            continue;
        case '}':
        case ']':
            if (depth == 0)
                return at;
            depth--;
            at++;
            break;
        case ',':
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
    const char *end = size > 0 ? text + size : text; /* NULL has no bytes, and no arithmetic */
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

/* The four hexadecimal digits behind `\\u`. */
static unsigned read_unit(const char *digits)
{
    unsigned unit = 0;
    for (int i = 0; i < 4; i++) {
        char digit = digits[i];
        unit = unit * 16 + (unsigned)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    return unit;
}

static void put_utf8(unsigned point, struct buffer *text)
{
    static const unsigned char LEADS[] = {0, 0xC0, 0xE0, 0xF0};
    int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    buffer_putc(text, (char)(LEADS[more] | point >> 6 * more));
    while (more-- > 0)
        buffer_putc(text, (char)(0x80 | (point >> 6 * more & 0x3F)));
}

/* The escape at `at`, which is a backslash; returns what is behind it. */
static const char *put_escape(const char *at, struct buffer *text)
{
    static const char NAMED[] = "b\bf\fn\nr\rt\t"; /* pairs: a letter and its character */
    const char *named = at[1] == 'u' ? NULL : strchr(NAMED, at[1]);
    if (at[1] != 'u') {
        buffer_putc(text, named ? named[1] : at[1]);
        return at + 2;
    }
    unsigned point = read_unit(at + 2);
    if (point < 0xD800 || point > 0xDBFF) {
        put_utf8(point, text);
        return at + 6;
    }
    /* Valid text has the second half of the pair right behind the first. */
    put_utf8(0x10000 + ((point - 0xD800) << 10) + (read_unit(at + 8) - 0xDC00), text);
    return at + 12;
}

static void put_unescaped(const char *at, const char *end, struct buffer *text)
{
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        buffer_append(text, at, (size_t)((escape ? escape : end) - at));
        at = escape ? put_escape(escape, text) : end;
    }
}

void json_scan_text(const char *value, size_t size, struct buffer *text)
{
    if (size < 2 || *value != '"')
        buffer_append(text, value, size);
    else
        put_unescaped(value + 1, value + size - 1, text);
}

/* A name may be written with escapes and without. */
static bool is_key(const struct json_walk *walk, const char *key, size_t size)
{
    if (walk->key_size == size && memcmp(walk->key, key, size) == 0)
        return true;
    if (!memchr(walk->key, '\\', walk->key_size) && !memchr(key, '\\', size))
        return false;
    struct buffer one = {0}, other = {0};
    put_unescaped(walk->key, walk->key + walk->key_size, &one);
    put_unescaped(key, key + size, &other);
    bool same = one.size == other.size && memcmp(one.data, other.data, one.size) == 0;
    buffer_finish(&one);
    buffer_finish(&other);
    return same;
}

bool json_walk_find(const char *text, size_t size, const char *key, size_t key_size,
                    struct json_walk *ret)
{
    struct json_walk walk = json_walk(text, size);
    while (walk.object && json_walk_next(&walk)) {
        if (is_key(&walk, key, key_size)) {
            *ret = walk;
            return true;
        }
    }
    return false;
}

bool json_scan_member(const char *text, size_t size, const char *name, const char **ret_value,
                      size_t *ret_size)
{
    struct json_walk found;
    if (!json_walk_find(text, size, name, strlen(name), &found))
        return false;
    *ret_value = found.value;
    *ret_size = found.value_size;
    return true;
}

size_t json_scan_index(const char *token, size_t size)
{
    size_t index = 0;
    if (size == 0 || size > 9 || (size > 1 && *token == '0'))
        return SIZE_MAX;
    for (size_t i = 0; i < size; i++) {
        if (token[i] < '0' || token[i] > '9')
            return SIZE_MAX;
        index = index * 10 + (size_t)(token[i] - '0');
    }
    return index;
}

/* Whether a pointer's token, with ~0 and ~1 for ~ and /, is this key or this index. */
static bool token_matches(const char *token, size_t size, const struct json_walk *walk,
                          size_t index)
{
    if (!walk->object)
        return json_scan_index(token, size) == index;
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
    return value;
}

size_t json_scan_line(const char *text, const char *at)
{
    size_t line = 1;
    for (const char *each = text; each < at; each++)
        line += *each == '\n';
    return line;
}
