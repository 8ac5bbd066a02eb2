#include "bilateral/base/hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <nettle/base16.h>
#include <nettle/base64.h>
#include <nettle/cmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>

_Static_assert(HASH_SIZE == SHA256_DIGEST_SIZE, "the header's size is SHA-256's");
_Static_assert(HASH_KEY_SIZE == AES128_KEY_SIZE, "the header's size is AES-128's");
_Static_assert(HASH_MAC_SIZE == CMAC128_DIGEST_SIZE, "the header's size is CMAC's");

struct hash_key {
    struct cmac_aes128_ctx context;
};

void hash_sha256(const void *bytes, size_t size, uint8_t ret[static HASH_SIZE])
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, size, bytes);
    sha256_digest(&context, HASH_SIZE, ret);
}

void hash_sha256_hex(const void *bytes, size_t size, char ret[static HASH_HEX_SIZE])
{
    uint8_t digest[HASH_SIZE];
    hash_sha256(bytes, size, digest);
    hash_hex(digest, sizeof digest, ret);
}

void hash_uuid(const void *bytes, size_t size, char ret[static HASH_UUID_SIZE])
{
    uint8_t digest[HASH_SIZE];
    char hex[HASH_HEX_SIZE];
    hash_sha256(bytes, size, digest);
    digest[6] = (digest[6] & 0x0F) | 0x80; /* version 8: made as its maker sees fit */
    digest[8] = (digest[8] & 0x3F) | 0x80; /* the variant of RFC 9562 */
    hash_hex(digest, sizeof digest, hex);
    snprintf(ret, HASH_UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
}

struct hash_key *hash_key_create(const uint8_t key[static HASH_KEY_SIZE], struct arena *arena)
{
    struct hash_key *made = arena_alloc(arena, sizeof *made);
    cmac_aes128_set_key(&made->context, key);
    return made;
}

void hash_mac(struct hash_key *key, const void *bytes, size_t size,
              uint8_t ret[static HASH_MAC_SIZE])
{
    cmac_aes128_update(&key->context, size, bytes);
    cmac_aes128_digest(&key->context, HASH_MAC_SIZE, ret); /* and is ready for the next */
}

bool hash_equal(const void *a, const void *b, size_t size)
{
    return memeql_sec(a, b, size);
}

void hash_random(void *bytes, size_t size)
{
    for (unsigned char *at = bytes; size > 0;) {
        ssize_t got = getrandom(at, size, 0); /* a signal may cut more than 256 short */
        if (got < 0 && errno != EINTR) {
            fputs("bilaterald: no random bytes from the kernel\n", stderr);
            _Exit(1);
        }
        at += got > 0 ? got : 0;
        size -= got > 0 ? (size_t)got : 0;
    }
}

uint64_t hash_mix(uint64_t seed, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        seed = (seed ^ at[i]) * 0x100000001b3;
    return seed;
}

void hash_hex(const void *bytes, size_t size, char *ret)
{
    base16_encode_update(ret, size, bytes);
    ret[BASE16_ENCODE_LENGTH(size)] = '\0';
}

void hash_base64url(const void *bytes, size_t size, struct buffer *text)
{
    struct base64_encode_ctx context;
    base64url_encode_init(&context);
    char *end = buffer_reserve(text, BASE64_ENCODE_LENGTH(size) + BASE64_ENCODE_FINAL_LENGTH);
    size_t written = base64_encode_update(&context, end, size, bytes);
    written += base64_encode_final(&context, end + written);
    while (written > 0 && end[written - 1] == '=')
        written--;
    end[written] = '\0';
    text->size += written;
}

/* By a table: which of five ranges a byte of random text lies in, no processor can guess. */
static int sextet(char byte)
{
    static const signed char SEXTETS[] = {
        62, -1, -1, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1, -1,
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
        20, 21, 22, 23, 24, 25, -1, -1, -1, -1, 63, -1, 26, 27, 28, 29, 30, 31, 32, 33,
        34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51}; /* of '-' to 'z' */
    return byte >= '-' && byte <= 'z' ? SEXTETS[byte - '-'] : -1;
}

/*
 * Not by nettle: that takes white space, padding and stray last bits, too. One value must have one
 * text (a cursor is compared, cached and signed as text), so what encoding would not write is
 * refused; to see that by encoding again took a tenth of a page's time.
 */
bool hash_base64url_decode(const char *text, size_t size, struct buffer *bytes)
{
    char *room = buffer_reserve(bytes, size), *at = room;
    unsigned held = 0, bits = 0;
    int digit = 0;
    for (size_t i = 0; i < size && (digit = sextet(text[i])) >= 0; i++) {
        held = held << 6 | (unsigned)digit;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *at++ = (char)(held >> bits & 0xFF);
        }
    }
    bool valid = digit >= 0 && bits < 6 && (held & ((1U << bits) - 1)) == 0;
    if (!valid)
        at = room;
    *at = '\0';
    bytes->size += (size_t)(at - room);
    return valid;
}
