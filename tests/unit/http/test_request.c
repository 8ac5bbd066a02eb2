#include "bilateral/http/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int make_arena(void **state)
{
    *state = arena_create();
    return 0;
}

static int destroy_arena(void **state)
{
    arena_destroy(*state);
    return 0;
}

static bool parse(void **state, const char *target, struct request *ret, struct error *error)
{
    *ret = (struct request){.arena = *state};
    *error = (struct error){0};
    return request_parse_target(ret, target, "", error);
}

static void paths_are_decoded(void **state)
{
    static const struct {
        const char *target;
        const char *path;
    } rows[] = {
        {"/", "/"},
        {"/v1/a", "/v1/a"},
        {"/v1/a/", "/v1/a/"},
        {"/a%20b", "/a b"},
        {"/a+b", "/a+b"},
        {"/%e1%BB%9b?x", "/ớ"},
        {"/ớ", "/ớ"},
        {"/a%25b", "/a%b"},
        {"/a|b{c}", "/a|b{c}"},
        {"//a", "//a"},
        {"/../a", "/../a"},
        {"http://example.org", "/"},
        {"http://example.org?a=b", "/"},
        {"HTTPS://example.org:8080/a", "/a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request request;
        struct error error;
        assert_true(parse(state, rows[i].target, &request, &error));
        assert_string_equal(request.path, rows[i].path);
        assert_int_equal(request.target[0], '/');
    }
}

static void bad_targets_are_refused(void **state)
{
    static const char *const rows[] = {
        "",        "a",
        "*",       "?a",
        "/a b",    "/a\tb",
        "/a\x7f",  "/a#b",
        "/\"",     "/<",
        "/>",      "/%",
        "/%4",     "/%zz",
        "/%+1",    "/% 1",
        "/%00",    "/a%2fb",
        "/a%2Fb",  "/a%0ab",
        "/a%7f",   "/%80",
        "/%C0%AF", "/%ED%A0%80",
        "/\xff",   "/%F4%90%80%80",
        "/?a=%",   "/?a=%4",
        "/?a=%00", "/?%=a",
        "/?a=%ff", "/?=a",
        "/?a=b&=", "ftp://x/a",
        "http:/a",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request request;
        struct error error;
        assert_false(parse(state, rows[i], &request, &error));
        assert_int_equal(error.code, ERROR_BAD_REQUEST);
        assert_true(strlen(error.detail) > 0);
    }
}

static void refusals_say_what_is_wrong(void **state)
{
    static const struct {
        const char *target;
        const char *detail;
    } rows[] = {
        {"/a%zz",
         "`%zz` is not an escape; write % and two hexadecimal digits, and %25 for a "
         "percent sign"},
        {"/?name=100%",
         "parameter name: `%` is not an escape; write % and two hexadecimal digits, "
         "and %25 for a percent sign"},
        {"/?q=%\x01\x80", "byte 6 of the address must be percent-encoded (as %01)"},
        {"/?q=%\xc3\xa9",
         "parameter q: `%??` is not an escape; write % and two hexadecimal "
         "digits, and %25 for a percent sign"},
        {"/a%2Fb", "the escape `%2F` is not allowed here"},
        {"/?a=%00", "parameter a: the escape `%00` is not allowed here"},
        {"/?a=%FF", "parameter a: the decoded bytes are not UTF-8"},
        {"/a b", "byte 3 of the address must be percent-encoded (as %20)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request request;
        struct error error;
        assert_false(parse(state, rows[i].target, &request, &error));
        assert_string_equal(error.detail, rows[i].detail);
    }
}

static void a_bad_parameter_is_named_as_a_fault(void **state)
{
    struct faults faults = {.arena = *state};
    struct error error = {.faults = &faults};
    struct request request = {.arena = *state};
    assert_false(request_parse_target(&request, "/?country%20a=%zz", "", &error));
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.first->kind, FAULT_PARAMETER);
    assert_string_equal(faults.first->place, "country a");
}

static void parameters_are_decoded_in_order(void **state)
{
    struct request request;
    struct error error;
    assert_true(parse(state, "/a?q=B%C3%B9i+Thanh&&limit=&flag&q=2%3D2=4&", &request, &error));
    assert_int_equal(request.parameter_count, 4);
    assert_string_equal(request.parameters[0].name, "q");
    assert_string_equal(request.parameters[0].value, "Bùi Thanh");
    assert_int_equal(request.parameters[0].size, strlen("Bùi Thanh"));
    assert_string_equal(request.parameters[1].name, "limit");
    assert_string_equal(request.parameters[1].value, "");
    assert_string_equal(request.parameters[2].name, "flag");
    assert_string_equal(request.parameters[2].value, "");
    assert_string_equal(request.parameters[3].value, "2=2=4");
    assert_string_equal(request_parameter(&request, "q"), "Bùi Thanh");
    assert_null(request_parameter(&request, "Q"));
    assert_string_equal(request.target, "/a?q=B%C3%B9i+Thanh&&limit=&flag&q=2%3D2=4&");
}

static void limits(void **state)
{
    struct request request;
    struct error error;
    char target[REQUEST_TARGET_LIMIT + 2] = "/?";
    for (size_t i = 2; i < 2 + 2 * REQUEST_PARAMETER_LIMIT; i += 2)
        memcpy(target + i, "a&", 2);
    target[2 + 2 * REQUEST_PARAMETER_LIMIT - 1] = '\0';
    assert_true(parse(state, target, &request, &error));
    assert_int_equal(request.parameter_count, REQUEST_PARAMETER_LIMIT);
    target[2 + 2 * REQUEST_PARAMETER_LIMIT - 1] = '&';
    assert_false(parse(state, target, &request, &error));
    assert_int_equal(error.code, ERROR_BAD_REQUEST);

    memset(target + 1, 'a', REQUEST_TARGET_LIMIT);
    target[REQUEST_TARGET_LIMIT + 1] = '\0';
    assert_false(parse(state, target, &request, &error));
    assert_int_equal(error.code, ERROR_URI_TOO_LONG);
    target[REQUEST_TARGET_LIMIT] = '\0';
    assert_true(parse(state, target, &request, &error));
}

static void the_base_path_is_taken_off(void **state)
{
    static const struct {
        const char *target;
        const char *path; /* NULL: outside */
    } rows[] = {
        {"/x/a", "/a"},         {"/x/", "/"}, {"/x", "/"}, {"/x?a", "/"}, {"/%78/a", "/a"},
        {"http://h/x/a", "/a"}, {"/a", NULL}, {"/", NULL}, {"/xa", NULL}, {"/X/a", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request request = {.arena = *state};
        struct error error = {0};
        bool good = request_parse_target(&request, rows[i].target, "/x", &error);
        assert_int_equal(good, rows[i].path != NULL);
        if (good)
            assert_string_equal(request.path, rows[i].path);
        else
            assert_int_equal(error.code, ERROR_NOT_FOUND);
    }
}

/* Several lines are one list: RFC 9110, 5.3. */
static void header_names_match_in_any_case(void **state)
{
    static const struct request_header headers[] = {{"Accept", "a"}, {"ACCEPT", "b"}, {"X", ""}};
    const struct request request = {.arena = *state, .headers = headers, .header_count = 3};
    assert_string_equal(request_header(&request, "accept"), "a, b");
    assert_string_equal(request_header(&request, "x"), "");
    assert_null(request_header(&request, "Accep"));
}

static void methods_have_names(void **state)
{
    (void)state;
    for (unsigned method = HTTP_GET; method <= HTTP_DELETE; method <<= 1)
        assert_int_equal(request_method_of(request_method_name((enum http_method)method)), method);
    assert_int_equal(request_method_of("get"), HTTP_OTHER);
    assert_int_equal(request_method_of("BREW"), HTTP_OTHER);
    assert_string_equal(request_method_name(HTTP_OTHER), "other");
}

/* RFC 9110, 8.3.1: type and subtype in any case, then white space or parameters. */
static void the_type_of_a_body_is_compared_whole(void **state)
{
    static const struct {
        const char *sent;
        bool is;
    } rows[] = {
        {"application/json", true},
        {"Application/JSON; charset=utf-8", true},
        {"application/json ;x", true},
        {"application/jsonx", false},
        {"application/json+x", false},
        {"application/jso", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct request_header header = {"content-type", rows[i].sent};
        const struct request request = {.headers = &header, .header_count = 1};
        assert_int_equal(request_has_type(&request, "application/json"), rows[i].is);
    }
    assert_false(request_has_type(&(struct request){0}, "application/json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_decoded),
        cmocka_unit_test(bad_targets_are_refused),
        cmocka_unit_test(refusals_say_what_is_wrong),
        cmocka_unit_test(a_bad_parameter_is_named_as_a_fault),
        cmocka_unit_test(parameters_are_decoded_in_order),
        cmocka_unit_test(limits),
        cmocka_unit_test(the_base_path_is_taken_off),
        cmocka_unit_test(header_names_match_in_any_case),
        cmocka_unit_test(methods_have_names),
        cmocka_unit_test(the_type_of_a_body_is_compared_whole),
    };
    return cmocka_run_group_tests(tests, make_arena, destroy_arena);
}
