/* Nodes as JSON-LD 1.1 has them; tests/formats expands them with an independent processor. */
#include "bilateral/format/jsonld.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "desk.h"

static const struct format_word WORDS[] = {{"sure", "https://schema.org/Sure"}, {0}};
static const struct format_word TYPES[] = {{"very_sure", "SureThing"}, {0}};

static const struct jsonld_row GUEST[] = {
    {"name", JSONLD_VALUE, .of = {"name"}},
    {"attendee", JSONLD_LINK, .of = {"gone_id", "spot_id"}},
    {0},
};

static const struct jsonld_row GEO[] = {
    {"latitude", JSONLD_VALUE, .of = {"north"}},
    {"longitude", JSONLD_VALUE, .of = {"east"}},
    {0},
};

static const struct jsonld_row ROWS[] = {
    {"name", JSONLD_VALUE, .of = {"name", "text"}},
    {"alternateName", JSONLD_NAMES, .of = {"other_names"}},
    {"startDate", JSONLD_DATE, .of = {"from"}},
    {"status", JSONLD_WORD, .of = {"state"}, .words = WORDS},
    {"location", JSONLD_LINK, .of = {"spot_id"}},
    {"about", JSONLD_LINK, .of = {"tag_ids"}},
    {"geo", JSONLD_GROUP, .type = "GeoCoordinates", .rows = GEO},
    {"guest", JSONLD_NODES, .of = {"guests"}, .type = "Role", .rows = GUEST,
     .only = {"state", "sure"}},
    {0},
};

static const struct jsonld_map MAP = {
    .type = "Thing",
    .type_member = "state",
    .types = TYPES,
    .rows = ROWS,
};

/* The one node, without what every record has. */
static void assert_node(struct desk *desk, const char *members, const char *wanted)
{
    static const char END[] =
        ",\"dcterms:created\":\"2025-01-02T03:04:05.678Z\","
        "\"dcterms:modified\":\"2025-02-03T04:05:06.789Z\"}\n]}\n";
    const char *text = desk_write(desk, &FORMAT_JSONLD, &MAP, desk_thing(desk, members), NULL);
    const char *node = strstr(text, "\"@graph\":[\n") + strlen("\"@graph\":[\n");
    const char *end = strstr(node, END);
    assert_non_null(end);
    assert_int_equal(end[sizeof END - 1], '\0');
    assert_string_equal(arena_copy(desk->arena, node, (size_t)(end - node)), wanted);
}

static void what_is_unknown_is_left_out(void **state)
{
    assert_node(*state,
                "'name':null,'text':null,'other_names':[],'from':null,'state':null,"
                "'spot_id':null,'tag_ids':[],'north':null,'east':null,'guests':[]",
                "{\"@id\":\"/x/v1/things/one\",\"@type\":\"Thing\"");
    assert_node(*state, "'guests':[{'name':'A','spot_id':null,'state':'very_sure'}]",
                "{\"@id\":\"/x/v1/things/one\",\"@type\":\"Thing\"");
}

static void every_kind_of_row(void **state)
{
    assert_node(
        *state,
        "'name':'A \\\"b\\\"','other_names':[{'name':'Ê','lang':'vi'},{'name':'E','lang':null},"
        "{'name':'中','lang':'zh'}],'from':'2025-02','state':'sure','spot_id':'here',"
        "'tag_ids':['a','b'],'north':21.50,'east':null,"
        "'guests':[{'name':'X','spot_id':'there','state':'sure'},"
        "{'name':'Y','spot_id':null,'state':'unknown'}]",
        "{\"@id\":\"/x/v1/things/one\",\"@type\":\"Thing\",\"name\":\"A \\\"b\\\"\","
        "\"alternateName\":[{\"@language\":\"vi\",\"@value\":\"Ê\"},\"E\","
        "{\"@language\":\"zh\",\"@value\":\"中\"}],\"startDate\":\"2025-02\","
        "\"status\":\"https://schema.org/Sure\",\"location\":{\"@id\":\"/x/v1/spots/here\"},"
        "\"about\":[{\"@id\":\"/x/v1/tags/a\"},{\"@id\":\"/x/v1/tags/b\"}],"
        "\"geo\":{\"@type\":\"GeoCoordinates\",\"latitude\":21.50},"
        "\"guest\":[{\"@type\":\"Role\",\"name\":\"X\","
        "\"attendee\":{\"@id\":\"/x/v1/spots/there\"}}]");
}

static void the_first_known_member_counts(void **state)
{
    assert_node(*state, "'name':null,'text':'B','state':'very_sure'",
                "{\"@id\":\"/x/v1/things/one\",\"@type\":\"SureThing\",\"name\":\"B\"");
}

/* ISO 8601 has days, months and years; the rest is EDTF alone. */
static void dates_have_their_type(void **state)
{
    static const struct {
        const char *date;
        bool plain;
    } rows[] = {
        {"2025-02-19", true}, {"2025-02", true},   {"2025", true},   {"2026-21", false},
        {"2025-33", false},   {"2025-02~", false}, {"1890?", false}, {"2025-02-19%", false},
    };
    struct desk *desk = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *format =
            rows[i].plain ? "{\"@id\":\"/x/v1/things/one\",\"@type\":\"Thing\",\"startDate\":\"%s\""
                          : "{\"@id\":\"/x/v1/things/one\",\"@type\":\"Thing\",\"startDate\":"
                            "{\"@type\":\"edtf:EDTF\",\"@value\":\"%s\"}";
        const char *mark = strchr(format, '%');
        assert_node(desk, arena_printf(desk->arena, "'from':'%s'", rows[i].date),
                    arena_printf(desk->arena, "%.*s%s%s", (int)(mark - format), format,
                                 rows[i].date, mark + 2));
    }
}

static void fields_thin_the_nodes(void **state)
{
    static const char *const fields[] = {"from", "guests"};
    struct desk *desk = *state;
    desk->writing.fields = fields;
    desk->writing.field_count = 2;
    const char *text =
        desk_write(desk, &FORMAT_JSONLD, &MAP,
                   desk_thing(desk,
                              "'name':'A','from':'2025','state':'very_sure',"
                              "'guests':[{'name':'X','spot_id':null,'state':'sure'}]"),
                   NULL);
    assert_string_equal(strstr(text, "\"@graph\""),
                        "\"@graph\":[\n{\"@id\":\"/x/v1/things/one\",\"@type\":\"SureThing\","
                        "\"startDate\":\"2025\",\"guest\":[{\"@type\":\"Role\",\"name\":\"X\"}]}"
                        "\n]}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_unknown_is_left_out, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(every_kind_of_row, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(the_first_known_member_counts, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(dates_have_their_type, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(fields_thin_the_nodes, desk_set_up, desk_tear_down),
    };
    return cmocka_run_group_tests_name("format/jsonld", tests, NULL, NULL);
}
