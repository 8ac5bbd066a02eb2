/* Texts by the rules of RFC 7946: longitude first, null where there is no place. */
#include "bilateral/format/geojson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk.h"

static const struct geojson_map MAP = {.latitude = "north", .longitude = "east"};

static void places_are_points(void **state)
{
    struct desk *desk = *state;
    assert_string_equal(
        desk_write(desk, &FORMAT_GEOJSON, &MAP,
                   "{\"id\":\"a\",\"type\":\"thing\",\"name\":\"A \\\"B\\\"\",\"north\":21.0280,"
                   "\"east\":-105.8e0,\"tag_ids\":[\"x\",\"y\"]}",
                   "{\"id\":\"b\",\"north\":0,\"east\":null,\"name\":null}",
                   "{\"id\":\"c\",\"name\":\"C\"}", NULL),
        "{\"type\":\"FeatureCollection\",\"features\":[\n"
        "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"Point\",\"coordinates\":"
        "[-105.8e0,21.0280]},\"properties\":{\"type\":\"thing\",\"name\":\"A \\\"B\\\"\","
        "\"tag_ids\":[\"x\",\"y\"]}},\n"
        "{\"type\":\"Feature\",\"id\":\"b\",\"geometry\":null,\"properties\":{\"name\":null}},\n"
        "{\"type\":\"Feature\",\"id\":\"c\",\"geometry\":null,\"properties\":{\"name\":\"C\"}}\n"
        "]}\n");
}

static void an_empty_list_is_an_empty_collection(void **state)
{
    assert_string_equal(desk_write(*state, &FORMAT_GEOJSON, &MAP, NULL),
                        "{\"type\":\"FeatureCollection\",\"features\":[\n]}\n");
}

static void fields_thin_the_properties(void **state)
{
    static const char *const fields[] = {"text", "id"};
    struct desk *desk = *state;
    desk->writing.fields = fields;
    desk->writing.field_count = 2;
    assert_string_equal(desk_write(desk, &FORMAT_GEOJSON, &MAP,
                                   "{\"id\":\"a\",\"name\":\"A\",\"text\":\"B\",\"north\":1,"
                                   "\"east\":2}",
                                   NULL),
                        "{\"type\":\"FeatureCollection\",\"features\":[\n"
                        "{\"type\":\"Feature\",\"id\":\"a\",\"geometry\":{\"type\":\"Point\","
                        "\"coordinates\":[2,1]},\"properties\":{\"text\":\"B\"}}\n]}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(places_are_points, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(an_empty_list_is_an_empty_collection, desk_set_up,
                                        desk_tear_down),
        cmocka_unit_test_setup_teardown(fields_thin_the_properties, desk_set_up, desk_tear_down),
    };
    return cmocka_run_group_tests_name("format/geojson", tests, NULL, NULL);
}
