#include "bilateral/resource/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/hash.h"

enum { SEAL_SIZE = 12 }; /* 96 bits of the MAC: far beyond guessing through a web server */

static void seal_of(const char *secret, const char *seal, const char *payload, size_t size,
                    uint8_t ret[static HASH_SIZE])
{
    struct buffer sealed = {0};
    buffer_append(&sealed, payload, size);
    buffer_putc(&sealed, '\n');
    buffer_puts(&sealed, seal);
    hash_mac(secret, strlen(secret), sealed.data, sealed.size, ret);
    buffer_finish(&sealed);
}

/* The payload: `n` or `p`, then each key as its kind, size, colon and text. */
const char *cursor_write(const struct cursor *cursor, const char *secret, const char *seal,
                         struct arena *arena)
{
    struct buffer bytes = {0}, text = {0};
    uint8_t mac[HASH_SIZE];
    buffer_append(&bytes, "            ", SEAL_SIZE);
    buffer_putc(&bytes, cursor->backwards ? 'p' : 'n');
    for (size_t i = 0; i < cursor->count; i++) {
        const struct sql_value *key = &cursor->keys[i];
        char number[64] = "";
        if (key->kind == SQL_INTEGER)
            snprintf(number, sizeof number, "%" PRId64, key->integer);
        else if (key->kind == SQL_REAL)
            snprintf(number, sizeof number, "%.17g", key->real);
        const char *value = key->kind == SQL_TEXT ? key->text : number;
        buffer_printf(&bytes, "%d%zu:%s", (int)key->kind, strlen(value), value);
    }
    seal_of(secret, seal, bytes.data + SEAL_SIZE, bytes.size - SEAL_SIZE, mac);
    memcpy(bytes.data, mac, SEAL_SIZE);
    hash_base64url(bytes.data, bytes.size, &text);
    buffer_finish(&bytes);
    return buffer_keep(&text, arena);
}

/* Our own sealed bytes, so a mistake here is ours; still, every size is checked. */
static bool read_keys(const char *at, const char *end, struct arena *arena, struct cursor *cursor)
{
    while (at < end) {
        char *colon;
        int kind = *at - '0';
        size_t size = strtoul(at + 1, &colon, 10);
        if (kind < SQL_NULL || kind > SQL_REAL || *colon != ':' ||
            size > (size_t)(end - colon - 1) || cursor->count > QUERY_SORT_LIMIT)
            return false;
        const char *text = arena_copy(arena, colon + 1, size);
        cursor->keys[cursor->count++] = (struct sql_value){
            .kind = (enum sql_kind)kind,
            .text = text,
            .integer = strtoll(text, NULL, 10),
            .real = strtod(text, NULL),
        };
        at = colon + 1 + size;
    }
    return true;
}

bool cursor_read(const char *text, const char *secret, const struct query *query,
                 struct arena *arena, struct cursor *ret, struct error *error)
{
    struct buffer bytes = {0};
    uint8_t mac[HASH_SIZE];
    struct cursor cursor = {0};
    bool good = hash_base64url_decode(text, strlen(text), &bytes) && bytes.size > SEAL_SIZE;
    if (good) {
        const char *payload = bytes.data + SEAL_SIZE;
        seal_of(secret, query->seal, payload, bytes.size - SEAL_SIZE, mac);
        good = hash_equal(mac, bytes.data, SEAL_SIZE) &&
               read_keys(payload + 1, bytes.data + bytes.size, arena, &cursor) &&
               cursor.count == query->sort_count;
        cursor.backwards = *payload == 'p';
    }
    buffer_finish(&bytes);
    if (!good) {
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "cursor",
                  "The cursor does not belong to this list with these filters and this order; "
                  "follow a link of an answer, or leave it out to begin.");
        return false;
    }
    *ret = cursor;
    return true;
}
