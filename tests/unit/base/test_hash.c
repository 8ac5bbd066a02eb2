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

/* RFC 4231; case 5 is left out because it is about a truncated digest. */
static void mac_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        const char *key; /* or one byte, repeated */
        size_t key_size;
        const char *text;
        size_t text_size;
        const char *hex;
    } rows[] = {
        {"\x0b", 20, "Hi There", 8,
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?", 28,
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"\xaa", 20, "\xdd", 50,
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
         "\x17\x18\x19",
         25, "\xcd", 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {"\xaa", 131, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {"\xaa", 131,
         "This is a test using a larger than block-size key and a larger than block-size data. The "
         "key needs to be hashed before being used by the HMAC algorithm.",
         152, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char key[256], text[256], hex[HASH_HEX_SIZE];
        memset(key, rows[i].key[0], sizeof key);
        memset(text, rows[i].text[0], sizeof text);
        if (strlen(rows[i].key) > 1)
            memcpy(key, rows[i].key, rows[i].key_size);
        if (strlen(rows[i].text) > 1)
            memcpy(text, rows[i].text, rows[i].text_size);
        uint8_t digest[HASH_SIZE];
        hash_mac(key, rows[i].key_size, text, rows[i].text_size, digest);
        hash_hex(digest, sizeof digest, hex);
        assert_string_equal(hex, rows[i].hex);
    }
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
        cmocka_unit_test(mac_of_the_standard),
        cmocka_unit_test(equal_sees_every_byte),
        cmocka_unit_test(random_bytes_differ_and_stay_in_bounds),
        cmocka_unit_test(hex_has_two_small_digits_a_byte),
        cmocka_unit_test(base64url_there_and_back),
        cmocka_unit_test(base64url_refuses_all_else),
        cmocka_unit_test(mixing_is_fnv),
    };
    return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL);
}
