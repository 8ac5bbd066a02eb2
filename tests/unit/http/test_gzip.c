#include "bilateral/http/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* RFC 9110, 12.5.3 and 12.4.2: the examples there, and what follows from the rules. */
static void negotiation(void **state)
{
    (void)state;
    static const struct {
        const char *field;
        bool accepted;
    } rows[] = {
        {NULL, false},
        {"", false},
        {"compress, gzip", true},
        {"*", true},
        {"compress;q=0.5, gzip;q=1.0", true},
        {"gzip;q=1.0, identity; q=0.5, *;q=0", true},
        {"gzip;q=0", false},
        {"gzip;q=0.000", false},
        {"gzip;q=0.001", true},
        {"gzip; q=0", false},
        {"gzip ;\tq=0", false},
        {"gzip;Q=0", false},
        {"*;q=0", false},
        {"*;q=0, gzip", true},
        {"gzip, *;q=0", true},
        {"identity;q=0", false},
        {"identity;q=0, *", true},
        {"identity;q=0, gzip;q=0.1", true},
        {"identity, gzip;q=0.5", false},
        {"identity;q=0.5, gzip;q=0.5", true},
        {"identity", false},
        {"br, deflate", false},
        {"GZip", true},
        {"gzipped", false},
        {"x, gz, gzi", false},
        {" , ,gzip,", true},
        {"br;q=1.0, gzip;q=0.8, *;q=0.1", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (gzip_is_accepted(rows[i].field) != rows[i].accepted)
            fail_msg("Accept-Encoding: %s", rows[i].field);
    }
}

/* The frame of RFC 1952: magic, method, and the text's length behind its checksum. */
static void assert_whole(const struct buffer *packed, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)packed->data;
    assert_true(packed->size >= 18);
    assert_memory_equal(bytes, "\x1f\x8b\x08", 3);
    size_t told = 0;
    for (size_t i = 1; i <= 4; i++)
        told = told << 8 | bytes[packed->size - i];
    assert_int_equal(told, size);
}

static void pieces_make_one_text_and_the_next_begins_anew(void **state)
{
    (void)state;
    static char text[100000];
    memset(text, 'x', sizeof text);
    struct gzip *gzip = gzip_create();
    struct buffer once = {0}, pieces = {0};
    gzip_put(gzip, text, sizeof text, true, &once);
    assert_whole(&once, sizeof text);
    assert_true(once.size < 1000);

    for (size_t at = 0; at < sizeof text; at += 1000)
        gzip_put(gzip, text + at, 1000, false, &pieces);
    gzip_put(gzip, "", 0, true, &pieces);
    assert_whole(&pieces, sizeof text);
    assert_int_equal(pieces.size, once.size);
    assert_memory_equal(pieces.data, once.data, once.size);

    buffer_reset(&pieces);
    gzip_put(gzip, NULL, 0, true, &pieces);
    assert_whole(&pieces, 0);
    buffer_finish(&once);
    buffer_finish(&pieces);
    gzip_destroy(gzip);
    gzip_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negotiation),
        cmocka_unit_test(pieces_make_one_text_and_the_next_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
