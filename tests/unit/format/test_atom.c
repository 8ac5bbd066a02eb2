/* Elements by the rules of RFC 4287; characters by XML 1.0, production 2. */
#include "bilateral/format/atom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/format/reading.h"
#include "desk.h"

static const struct atom_map MAP = {
    .title = "name",
    .when = {"from", "to", "spot_id"},
    .summary = "text",
    .categories = "tag_ids",
};

static const char *uuid_of(struct desk *desk, const char *type, const char *id)
{
    char *uuid = arena_alloc(desk->arena, HASH_UUID_SIZE);
    reading_uuid(&desk->writing, type, id, uuid);
    return uuid;
}

static void assert_has(struct desk *desk, const char *members, const char *wanted)
{
    const char *feed = desk_write(desk, &FORMAT_ATOM, &MAP, desk_thing(desk, members), NULL);
    if (!strstr(feed, wanted))
        fail_msg("no %s in\n%s", wanted, feed);
}

static void a_whole_feed(void **state)
{
    struct desk *desk = *state;
    desk->writing.self = "/x/v1/things.atom?q=a&b=%22c%22";
    desk->snapshot.dataset = "the-set";
    desk->snapshot.license = "CC-BY-4.0";
    desk->snapshot.license_url = "https://example.org/licence?a&b";
    desk_keep(desk, "spot", "here", "{\"id\":\"here\",\"name\":\"Here\"}");
    desk_keep(desk, "tag", "a", "{\"id\":\"a\",\"name\":\"A & B\"}");
    const char *wanted = arena_printf(
        desk->arena,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
        "<id>urn:uuid:%s</id>\n"
        "<title>Things</title>\n"
        "<updated>2025-03-01T12:00:00.500Z</updated>\n"
        "<author><name>the-set</name></author>\n"
        "<generator version=\"" BILATERAL_VERSION
        "\">bilateral</generator>\n"
        "<link rel=\"self\" href=\"/x/v1/things.atom?q=a&#38;b=%%22c%%22\""
        " type=\"application/atom+xml\"/>\n"
        "<link rel=\"alternate\" href=\"/x/v1/things?q=a&#38;b=%%22c%%22\"/>\n"
        "<rights>CC-BY-4.0</rights>\n"
        "<link rel=\"license\" href=\"https://example.org/licence?a&#38;b\"/>\n"
        "<entry>\n"
        "<id>urn:uuid:%s</id>\n"
        "<title>Talks</title>\n"
        "<updated>2025-02-03T04:05:06.789Z</updated>\n"
        "<published>2025-01-02T03:04:05.678Z</published>\n"
        "<link rel=\"alternate\" href=\"/x/v1/things/one\"/>\n"
        "<summary>2026-21, Here. They talked.</summary>\n"
        "<category term=\"a\" label=\"A &#38; B\"/>\n"
        "</entry>\n"
        "</feed>\n",
        uuid_of(desk, "feed", "/v1/things.atom?q=a&b=%22c%22"), uuid_of(desk, "thing", "one"));
    const char *record = desk_thing(desk,
                                    "'name':'Talks','from':'2026-21','to':null,"
                                    "'spot_id':'here','tag_ids':['a'],"
                                    "'text':'They talked.'");
    assert_string_equal(desk_write(desk, &FORMAT_ATOM, &MAP, record, NULL), wanted);
}

/* What a program gets that asks by Accept: the address has no extension to take away. */
static void the_alternate_of_a_plain_address_is_itself(void **state)
{
    struct desk *desk = *state;
    desk->writing.self = "/x/v1/things?q=.atom";
    assert_has(desk, "'name':'A'", "<link rel=\"alternate\" href=\"/x/v1/things?q=.atom\"");
}

static void texts_are_escaped(void **state)
{
    struct desk *desk = *state;
    assert_has(desk, "'name':'</title><b>&\\\"]]>'",
               "<title>&#60;/title&#62;&#60;b&#62;&#38;&#34;]]&#62;</title>");
    assert_has(desk, "'name':'A','text':'one\\n\\ttwo\\r'",
               "<summary>one&#10;&#9;two&#13;</summary>");
    assert_has(desk, "'name':'Việt Nam 南宁 \\uD83E\\uDD1D \\uFFFD\\uD7FF'",
               "<title>Việt Nam 南宁 \xF0\x9F\xA4\x9D \xEF\xBF\xBD\xED\x9F\xBF</title>");
    assert_has(desk, "'name':'a\\u0001b\\u001Fc\\uFFFEd\\uFFFFe'",
               "<title>a\xEF\xBF\xBD"
               "b\xEF\xBF\xBD"
               "c\xEF\xBF\xBD"
               "d\xEF\xBF\xBD"
               "e</title>");
}

/* 4.1.2: an entry must have a title, whatever is asked for. */
static void a_record_without_a_name_has_its_id(void **state)
{
    static const char *const fields[] = {"text"};
    struct desk *desk = *state;
    assert_has(desk, "'name':null", "<title>one</title>");
    desk->writing.fields = fields;
    desk->writing.field_count = 1;
    assert_has(desk, "'name':'A','from':'2025','text':'B'", "<title>A</title>");
    assert_has(desk, "'name':'A','from':'2025','text':'B'", "<summary>B</summary>");
}

/* A feed's id does not change when it moves behind a proxy; an entry's not with its feed. */
static void ids_stay(void **state)
{
    struct desk *desk = *state;
    const char *record = desk_thing(desk, "'name':'A'");
    const char *here = desk_write(desk, &FORMAT_ATOM, &MAP, record, NULL);
    desk->writing.base_path = "";
    desk->writing.self = "/v1/things";
    const char *there = desk_write(desk, &FORMAT_ATOM, &MAP, record, NULL);
    const char *id = strstr(here, "<id>");
    size_t size = strlen("<id>urn:uuid:</id>") + HASH_UUID_SIZE - 1;
    assert_memory_equal(id, strstr(there, "<id>"), size);
    assert_memory_equal(strstr(id + 1, "<id>"), strstr(strstr(there, "<id>") + 1, "<id>"), size);
    assert_memory_not_equal(id, strstr(id + 1, "<id>"), size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_feed, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(the_alternate_of_a_plain_address_is_itself, desk_set_up,
                                        desk_tear_down),
        cmocka_unit_test_setup_teardown(texts_are_escaped, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(a_record_without_a_name_has_its_id, desk_set_up,
                                        desk_tear_down),
        cmocka_unit_test_setup_teardown(ids_stay, desk_set_up, desk_tear_down),
    };
    return cmocka_run_group_tests_name("format/atom", tests, NULL, NULL);
}
