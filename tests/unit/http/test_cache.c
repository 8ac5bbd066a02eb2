#include "cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/base/arena.h"

static unsigned forgotten;

static void forget(void *response)
{
    forgotten++;
    free(response);
}

static struct cache_key key_of(const struct cache *cache, const char *text)
{
    struct cache_key key = {.text = text, .size = strlen(text)};
    cache_hash(cache, &key);
    return key;
}

/* Keeps a body of so many bytes, whose first byte is the generation's last digit. */
static bool keep(struct cache *cache, const char *text, uint64_t generation, size_t size)
{
    struct cache_key key = key_of(cache, text);
    char *body = memory_alloc(size);
    memset(body, (int)('0' + generation % 10), size);
    const struct cached like = {
        .generation = generation,
        .etag = "\"1\"",
        .tag = "\"1-gz\"",
        .lines = "\r\nContent-Type: text/plain",
        .body = body,
        .size = size,
    };
    struct cached *kept = cached_create(cache, &key, &like);
    if (kept)
        cache_keep(cache, kept);
    cached_release(kept);
    free(body);
    return kept;
}

static bool has(struct cache *cache, const char *text, uint64_t generation)
{
    struct cache_key key = key_of(cache, text);
    struct cached *found = cache_find(cache, &key);
    bool good = found && found->generation == generation;
    if (found) {
        assert_int_equal(found->body[0], '0' + found->generation % 10);
        assert_string_equal(found->etag, "\"1\"");
        assert_string_equal(found->tag, "\"1-gz\"");
        assert_string_equal(found->lines, "\r\nContent-Type: text/plain");
        assert_null(found->last_modified);
    }
    cached_release(found);
    return good;
}

static void the_last_of_its_key_is_found(void **state)
{
    (void)state;
    struct cache *cache = cache_create(1 << 20, 2, forget);
    assert_false(has(cache, "a", 1));
    assert_true(keep(cache, "a", 1, 100));
    assert_true(has(cache, "a", 1));
    assert_false(has(cache, "a", 2));
    assert_false(has(cache, "a", 0));
    assert_false(has(cache, "aa", 1));
    assert_false(has(cache, "", 1));
    assert_true(keep(cache, "a", 2, 200));
    assert_true(has(cache, "a", 2));
    assert_false(has(cache, "a", 1));
    assert_int_equal(cache_figures(cache).entries, 1);
    cache_destroy(cache);
    cache_destroy(NULL);
}

static void a_reply_under_way_outlives_its_entry(void **state)
{
    (void)state;
    struct cache *cache = cache_create(1 << 20, 2, forget);
    forgotten = 0;
    keep(cache, "a", 1, 50000);
    struct cache_key key = key_of(cache, "a");
    struct cached *found = cache_find(cache, &key);
    found->responses[3] = memory_alloc(1);
    shared_bytes_hold(found->bytes);
    struct shared_bytes *bytes = found->bytes;
    const char *body = found->body;
    keep(cache, "a", 2, 10);
    assert_int_equal(forgotten, 0);
    assert_int_equal(found->size, 50000);
    cached_release(found);
    assert_int_equal(forgotten, 1);
    assert_int_equal(body[49999], '1');
    assert_true(cache_figures(cache).bytes > 50000);
    shared_bytes_release(bytes);
    assert_true(cache_figures(cache).bytes < 50000);
    cache_destroy(cache);
}

static void it_stays_below_its_limit(void **state)
{
    (void)state;
    enum { LIMIT = 1 << 20 };
    struct cache *cache = cache_create(LIMIT, 2, forget);
    char text[32];
    assert_false(keep(cache, "large", 1, LIMIT / 8));
    for (unsigned i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "/v1/a?i=%u", i);
        assert_true(keep(cache, text, 1, 100 + i * 7 % 20000));
        if (i % 3 == 0)
            has(cache, text, 1);
        assert_true(cache_figures(cache).bytes <= LIMIT);
    }
    assert_true(cache_figures(cache).bytes > LIMIT / 2);
    assert_true(cache_figures(cache).evictions > 4000);
    assert_true(has(cache, text, 1)); /* the newest is among those kept */
    cache_destroy(cache);
}

/* What workers keep with their replies counts as well, and pushes others out. */
static void what_is_charged_counts(void **state)
{
    (void)state;
    enum { LIMIT = 1 << 20 };
    struct cache *cache = cache_create(LIMIT, 2, forget);
    char text[32];
    for (unsigned i = 0; i < 400; i++) {
        snprintf(text, sizeof text, "%u", i);
        keep(cache, text, 1, 1000);
    }
    assert_int_equal(cache_figures(cache).entries, 400);
    for (unsigned i = 0; i < 400; i++) {
        snprintf(text, sizeof text, "%u", i);
        struct cache_key key = key_of(cache, text);
        struct cached *found = cache_find(cache, &key);
        if (found)
            cached_charge(found, 4000);
        cached_release(found);
        assert_true(cache_figures(cache).bytes <= LIMIT);
    }
    assert_in_range(cache_figures(cache).entries, 150, 250);
    cache_destroy(cache);
}

/* Fifty addresses that are asked for every now and then, among a million that are asked for once. */
static void a_scan_pushes_nothing_out(void **state)
{
    (void)state;
    struct cache *cache = cache_create(4 << 20, 1, forget);
    char text[32];
    unsigned lost = 0;
    for (unsigned i = 0; i < 50; i++) {
        snprintf(text, sizeof text, "hot %u", i);
        keep(cache, text, 1, 1000);
        assert_true(has(cache, text, 1));
    }
    for (unsigned i = 0; i < 1000 * 1000; i++) {
        snprintf(text, sizeof text, "cold %u", i);
        keep(cache, text, 1, 100);
        if (i % 1000 == 0) {
            snprintf(text, sizeof text, "hot %u", i / 1000 % 50);
            lost += !has(cache, text, 1);
        }
    }
    assert_int_equal(lost, 0);
    cache_destroy(cache);
}

/* What was often asked for makes room when nobody asks for it any more, of another state, too. */
static void the_old_makes_room(void **state)
{
    (void)state;
    struct cache *cache = cache_create(1 << 20, 2, forget);
    char text[32];
    for (uint64_t generation = 1; generation <= 3; generation++) {
        unsigned found = 0;
        for (unsigned round = 0; round < 3; round++) {
            for (unsigned i = 0; i < 100; i++) {
                snprintf(text, sizeof text, "%u of %u", i, (unsigned)generation);
                if (!has(cache, text, generation))
                    keep(cache, text, generation, 2000);
                else
                    found += round == 2;
            }
        }
        assert_true(found >= 80);
    }
    cache_destroy(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_of_its_key_is_found),
        cmocka_unit_test(a_reply_under_way_outlives_its_entry),
        cmocka_unit_test(it_stays_below_its_limit),
        cmocka_unit_test(what_is_charged_counts),
        cmocka_unit_test(a_scan_pushes_nothing_out),
        cmocka_unit_test(the_old_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
