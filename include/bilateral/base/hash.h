/*
 * hash - digests, keyed digests, random bytes and the texts they are written in.
 *
 * SHA-256 and AES-CMAC are nettle's; random bytes are the kernel's. The only file that includes
 * nettle.
 *
 *     char digest[HASH_HEX_SIZE];
 *     hash_sha256_hex(text, strlen(text), digest);
 */
#ifndef BILATERAL_BASE_HASH_H
#define BILATERAL_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/buffer.h"

enum {
    HASH_SIZE = 32,
    HASH_HEX_SIZE = 2 * HASH_SIZE + 1,
    HASH_UUID_SIZE = 37,
    HASH_KEY_SIZE = 16,
    HASH_MAC_SIZE = 16,
};

void hash_sha256(const void *bytes, size_t size, uint8_t ret[static HASH_SIZE]);

/* The same as lower-case hexadecimal digits, NUL-terminated. */
void hash_sha256_hex(const void *bytes, size_t size, char ret[static HASH_HEX_SIZE]);

/* A UUID made of the first half of the SHA-256 (RFC 9562, 5.8): equal bytes have one for ever. */
void hash_uuid(const void *bytes, size_t size, char ret[static HASH_UUID_SIZE]);

/* A key made ready once for many digests, in the arena; for one thread at a time. */
struct hash_key;
struct hash_key *hash_key_create(const uint8_t key[static HASH_KEY_SIZE], struct arena *arena);

/* AES-CMAC (RFC 4493): for short texts a fraction of HMAC's cost. */
void hash_mac(struct hash_key *key, const void *bytes, size_t size,
              uint8_t ret[static HASH_MAC_SIZE]);

/* Whether two texts of `size` bytes are equal, in a time that does not tell where they differ. */
bool hash_equal(const void *a, const void *b, size_t size);

/* Fills with random bytes from getrandom(2); ends the process if there are none. */
void hash_random(void *bytes, size_t size);

/*
 * A number for tables, not a digest: FNV-1a from a seed of hash_random, so that nobody can choose
 * bytes that share a place.
 */
uint64_t hash_mix(uint64_t seed, const void *bytes, size_t size);

void hash_hex(const void *bytes, size_t size, char *ret /* 2 * size + 1 */);

/*
 * base64url without padding (RFC 4648, section 5), appended. Decoding refuses anything that
 * encoding would not write (padding, white space, stray last bits), so that one value has one text.
 */
void hash_base64url(const void *bytes, size_t size, struct buffer *text);
bool hash_base64url_decode(const char *text, size_t size, struct buffer *bytes);

#endif
