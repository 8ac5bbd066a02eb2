#include "bilateral/base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* FIPS 180-4, the examples published with it. */
static void sha256_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *hex;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
         "lmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char hex[HASH_HEX_SIZE];
        hash_sha256_hex(rows[i].text, strlen(rows[i].text), hex);
        assert_string_equal(hex, rows[i].hex);

        uint8_t digest[HASH_SIZE];
        hash_sha256(rows[i].text, strlen(rows[i].text), digest);
        hash_hex(digest, sizeof digest, hex);
        assert_string_equal(hex, rows[i].hex);
    }
}

/* RFC 9562, 5.8 and 4.1: 8 as the version, 10 as the upper bits of the variant, the rest is ours. */
static void uuid_is_of_version_8(void **state)
{
    (void)state;
    char uuid[HASH_UUID_SIZE];
    hash_uuid("abc", 3, uuid);
    assert_string_equal(uuid, "ba7816bf-8f01-8fea-8141-40de5dae2223");
    hash_uuid("", 0, uuid);
    assert_string_equal(uuid, "e3b0c442-98fc-8c14-9afb-f4c8996fb924");
}

static void sha256_of_a_million(void **state)
{
    (void)state;
    const size_t size = 1000000;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'a', size);
    char hex[HASH_HEX_SIZE];
    hash_sha256_hex(text, size, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(text);
}

/* RFC 4493, section 4: one key, and the first 0, 16, 40 and 64 bytes of one text. */
static void macs_match_the_rfc(void **state)
{
    static const uint8_t KEY[HASH_KEY_SIZE] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                               0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
    static const uint8_t TEXT[64] = {
        0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73,
        0x93, 0x17, 0x2a, 0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c, 0x9e, 0xb7,
        0x6f, 0xac, 0x45, 0xaf, 0x8e, 0x51, 0x30, 0xc8, 0x1c, 0x46, 0xa3, 0x5c, 0xe4,
        0x11, 0xe5, 0xfb, 0xc1, 0x19, 0x1a, 0x0a, 0x52, 0xef, 0xf6, 0x9f, 0x24, 0x45,
        0xdf, 0x4f, 0x9b, 0x17, 0xad, 0x2b, 0x41, 0x7b, 0xe6, 0x6c, 0x37, 0x10,
    };
    static const struct {
        size_t size;
        const char *hex;
    } rows[] = {
        {0, "bb1d6929e95937287fa37d129b756746"},
        {16, "070a16b46b4d4144f79bdd9dd04a287c"},
        {40, "dfa66747de9ae63030ca32611497c827"},
        {64, "51f0bebf7e3b9d92fc49741779363cfe"},
    };
    (void)state;
    struct arena *arena = arena_create();
    struct hash_key *key = hash_key_create(KEY, arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t mac[HASH_MAC_SIZE];
        char hex[2 * HASH_MAC_SIZE + 1];
        hash_mac(key, TEXT, rows[i].size, mac);
        hash_hex(mac, sizeof mac, hex);
        assert_string_equal(hex, rows[i].hex);
    }
    arena_destroy(arena);
}

static void equal_sees_every_byte(void **state)
{
    (void)state;
    char a[HASH_SIZE] = "same", b[HASH_SIZE] = "same";
    assert_true(hash_equal(a, b, sizeof a));
    assert_true(hash_equal("a", "b", 0));
    for (size_t i = 0; i < sizeof b; i++) {
        b[i] ^= 1;
        assert_false(hash_equal(a, b, sizeof a));
        assert_true(hash_equal(a, b, i));
        b[i] ^= 1;
    }
}

static void random_bytes_differ_and_stay_in_bounds(void **state)
{
    (void)state;
    uint8_t a[258] = {0}, b[258] = {0};
    hash_random(a + 1, 256);
    hash_random(b + 1, 256);
    assert_memory_not_equal(a + 1, b + 1, 256);
    assert_int_equal(a[0] | a[257] | b[0] | b[257], 0);
    hash_random(a, 0);
}

static void hex_has_two_small_digits_a_byte(void **state)
{
    (void)state;
    char hex[9] = "????????";
    hash_hex("", 0, hex);
    assert_string_equal(hex, "");
    hash_hex("\x00\x9f\xab\xff", 4, hex);
    assert_string_equal(hex, "009fabff");
}

/* RFC 4648, section 10, without the padding; the last rows hold what makes it base64url. */
static void base64url_there_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *text;
    } rows[] = {
        {"", 0, ""},
        {"f", 1, "Zg"},
        {"fo", 2, "Zm8"},
        {"foo", 3, "Zm9v"},
        {"foob", 4, "Zm9vYg"},
        {"fooba", 5, "Zm9vYmE"},
        {"foobar", 6, "Zm9vYmFy"},
        {"\xfb\xff", 2, "-_8"},
        {"\x14\xfb\x9c\x03\xd9\x7e", 6, "FPucA9l-"},
        {"\0\0\0", 3, "AAAA"},
    };
    struct buffer text = {0}, bytes = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buffer_reset(&text);
        buffer_reset(&bytes);
        buffer_puts(&text, "before:");
        hash_base64url(rows[i].bytes, rows[i].size, &text);
        assert_memory_equal(text.data, "before:", 7);
        assert_string_equal(text.data + 7, rows[i].text);
        assert_int_equal(text.size, 7 + strlen(rows[i].text));

        buffer_puts(&bytes, "x");
        assert_true(hash_base64url_decode(rows[i].text, strlen(rows[i].text), &bytes));
        assert_int_equal(bytes.size, 1 + rows[i].size);
        assert_memory_equal(bytes.data + 1, rows[i].bytes, rows[i].size);
        assert_int_equal(bytes.data[bytes.size], '\0');
    }
    buffer_finish(&text);
    buffer_finish(&bytes);
}

static void base64url_refuses_all_else(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Z",      "Zg==",  "Zm8=",   "Zm9v=",  "Zg=", "Zh",      "Zm9",      "Zm9vY",    "Zm 9v",
        " Zm9v",  "Zm9v ", "Zm9v\n", "\tZm9v", "+_8", "-/8",     "Zm9v!",    "=",        "====",
        "Zg==Zg", "Zm9vé", "A",      "AB",     "AAB", "Zm9v.Zg", "Zm9v\x80", "Zm9v\xff",
    };
    struct buffer bytes = {0};
    buffer_puts(&bytes, "kept");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(hash_base64url_decode(texts[i], strlen(texts[i]), &bytes));
        assert_int_equal(bytes.size, 4);
        assert_string_equal(bytes.data, "kept");
    }
    assert_false(hash_base64url_decode("AA\0A", 4, &bytes));
    buffer_finish(&bytes);
}

/* From the offset that the function's authors begin with, by their test vectors (FNV-1a, 64 bits). */
static void mixing_is_fnv(void **state)
{
    const uint64_t offset = 0xcbf29ce484222325;
    (void)state;
    assert_true(hash_mix(offset, "", 0) == offset);
    assert_true(hash_mix(offset, "a", 1) == 0xaf63dc4c8601ec8c);
    assert_true(hash_mix(offset, "foobar", 6) == 0x85944171f73967e8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_the_standard),
        cmocka_unit_test(sha256_of_a_million),
        cmocka_unit_test(uuid_is_of_version_8),
        cmocka_unit_test(macs_match_the_rfc),
        cmocka_unit_test(equal_sees_every_byte),
        cmocka_unit_test(random_bytes_differ_and_stay_in_bounds),
        cmocka_unit_test(hex_has_two_small_digits_a_byte),
        cmocka_unit_test(base64url_there_and_back),
        cmocka_unit_test(base64url_refuses_all_else),
        cmocka_unit_test(mixing_is_fnv),
    };
    return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
