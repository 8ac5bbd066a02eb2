#include "bilateral/resource/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEAL_SIZE = 12 }; /* 96 bits of the MAC: far beyond guessing through a web server */

struct hash_key *cursor_key(const char *secret, struct arena *arena)
{
    uint8_t digest[HASH_SIZE];
    hash_sha256(secret, strlen(secret), digest);
    struct hash_key *key = hash_key_create(digest, arena);
    explicit_bzero(digest, sizeof digest);
    return key;
}

/* Of what stands behind the seal in `bytes`, together with what the cursor belongs to. */
static void seal_of(struct hash_key *key, const char *seal, struct buffer *bytes,
                    uint8_t ret[static HASH_MAC_SIZE])
{
    size_t size = bytes->size;
    buffer_putc(bytes, '\n');
    buffer_puts(bytes, seal);
    hash_mac(key, bytes->data + SEAL_SIZE, bytes->size - SEAL_SIZE, ret);
    bytes->size = size;
    bytes->data[size] = '\0';
}

/* The first of the payload: the direction, and whether rows are alike. */
static const char WAYS[] = "npNP";

/* The payload: one of WAYS, then each key as its kind, size, colon and text. */
const char *cursor_write(const struct cursor *cursor, struct hash_key *key, const char *seal,
                         struct arena *arena)
{
    struct buffer bytes = {0}, text = {0};
    uint8_t mac[HASH_MAC_SIZE];
    buffer_append(&bytes, "            ", SEAL_SIZE);
    buffer_putc(&bytes, WAYS[cursor->backwards + 2 * cursor->alike]);
    for (size_t i = 0; i < cursor->count; i++) {
        const struct sql_value *value = &cursor->keys[i];
        char number[64] = "";
        if (value->kind == SQL_INTEGER)
            snprintf(number, sizeof number, "%" PRId64, value->integer);
        else if (value->kind == SQL_REAL)
            snprintf(number, sizeof number, "%.17g", value->real);
        const char *shown = value->kind == SQL_TEXT ? value->text : number;
        buffer_putc(&bytes, (char)('0' + value->kind));
        buffer_put_number(&bytes, (long long)strlen(shown));
        buffer_put_all(&bytes, ":", shown, NULL);
    }
    seal_of(key, seal, &bytes, mac);
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
            .integer = kind == SQL_INTEGER ? strtoll(text, NULL, 10) : 0,
            .real = kind == SQL_REAL ? strtod(text, NULL) : 0,
        };
        at = colon + 1 + size;
    }
    return true;
}

bool cursor_read(const char *text, struct hash_key *key, const struct query *query,
                 struct arena *arena, struct cursor *ret, struct error *error)
{
    struct buffer bytes = {0};
    uint8_t mac[HASH_MAC_SIZE];
    struct cursor cursor = {0};
    bool good = hash_base64url_decode(text, strlen(text), &bytes) && bytes.size > SEAL_SIZE;
    if (good) {
        seal_of(key, query->seal, &bytes, mac);
        const char *payload = bytes.data + SEAL_SIZE;
        good = hash_equal(mac, bytes.data, SEAL_SIZE) &&
               read_keys(payload + 1, bytes.data + bytes.size, arena, &cursor) &&
               cursor.count == query->sort_count;
        cursor.backwards = *payload == 'p' || *payload == 'P';
        cursor.alike = *payload == 'N' || *payload == 'P';
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
