#include "bilateral/http/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/base/arena.h"

/* Writes what it was called with: pattern, captures, extension. */
static bool tell(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)error;
    buffer_puts(&reply->body, request->route->pattern);
    for (size_t i = 0; i < REQUEST_CAPTURE_LIMIT && request->captures[i]; i++)
        buffer_printf(&reply->body, " %s", request->captures[i]);
    if (request->extension)
        buffer_printf(&reply->body, " .%s", request->extension);
    return true;
}

/* Like tell, with a mark: another handler of the same pattern. */
static bool tell_write(void *worker, struct request *request, struct reply *reply,
                       struct error *error)
{
    buffer_puts(&reply->body, "write ");
    return tell(worker, request, reply, error);
}

static bool refuse(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)request, (void)reply;
    return error_set(error, ERROR_GONE, "gone");
}

/* The literal stands behind the capture it must win over. */
static const struct route ROUTES[] = {
    {"/", HTTP_GET, tell, NULL, false},
    {"/v1/{kind}/{id}", HTTP_GET, tell, NULL, false},
    {"/v1/things/{id}", HTTP_GET, tell, NULL, true},
    {"/v1/things/{id}", HTTP_PUT | HTTP_DELETE, tell_write, NULL, false},
    {"/v1/things/{id}/parts", HTTP_GET, tell, NULL, true},
    {"/v1/things", HTTP_GET, tell, NULL, true},
    {"/v1/things", HTTP_POST, tell_write, NULL, false},
    {"/v1/things/latest", HTTP_GET, tell, NULL, false},
    {"/v1/things/batch", HTTP_POST, tell_write, NULL, false},
    {"/openapi.json", HTTP_GET, tell, NULL, true},
    {"/gone", HTTP_GET, refuse, NULL, false},
    {"/own", HTTP_GET | HTTP_OPTIONS | HTTP_HEAD, tell, NULL, false},
};

struct outcome {
    struct arena *arena;
    struct request request;
    struct reply reply;
    struct error error;
    bool good;
};

static struct outcome ask(enum http_method method, const char *target)
{
    struct outcome outcome = {.arena = arena_create()};
    outcome.request = (struct request){.arena = outcome.arena, .method = method};
    outcome.reply = (struct reply){.arena = outcome.arena, .status = 200};
    assert_true(request_parse_target(&outcome.request, target, "", &outcome.error));
    outcome.good = route_dispatch(ROUTES, sizeof ROUTES / sizeof *ROUTES, NULL, &outcome.request,
                                  &outcome.reply, &outcome.error);
    return outcome;
}

static void done(struct outcome *outcome)
{
    reply_drop_body(&outcome->reply);
    arena_destroy(outcome->arena);
}

static void finds(void **state)
{
    (void)state;
    static const struct {
        enum http_method method;
        const char *target;
        const char *told;
    } rows[] = {
        {HTTP_GET, "/", "/"},
        {HTTP_GET, "/v1/things", "/v1/things"},
        {HTTP_GET, "/v1/things?a=b", "/v1/things"},
        {HTTP_HEAD, "/v1/things", "/v1/things"},
        {HTTP_POST, "/v1/things", "write /v1/things"},
        {HTTP_GET, "/v1/things/a-b", "/v1/things/{id} a-b"},
        {HTTP_PUT, "/v1/things/a", "write /v1/things/{id} a"},
        {HTTP_GET, "/v1/things/latest", "/v1/things/latest"},
        {HTTP_GET, "/v1/things/batch", "/v1/things/{id} batch"},
        {HTTP_POST, "/v1/things/batch", "write /v1/things/batch"},
        {HTTP_GET, "/v1/others/a", "/v1/{kind}/{id} others a"},
        {HTTP_GET, "/v1/others/a%20b", "/v1/{kind}/{id} others a b"},
        {HTTP_GET, "/v1/things/a/parts", "/v1/things/{id}/parts a"},
        {HTTP_OPTIONS, "/own", "/own"},
        /* An extension is split off where the row has formats and nothing matches as it stands. */
        {HTTP_GET, "/v1/things.csv", "/v1/things .csv"},
        {HTTP_GET, "/v1/things/a.csv", "/v1/things/{id} a .csv"},
        {HTTP_GET, "/v1/things/a.b.csv", "/v1/things/{id} a.b .csv"},
        {HTTP_GET, "/v1/things/a/parts.ics", "/v1/things/{id}/parts a .ics"},
        {HTTP_GET, "/openapi.json", "/openapi.json"},
        {HTTP_GET, "/openapi.json.csv", "/openapi.json .csv"},
        {HTTP_GET, "/v1/others/a.csv", "/v1/{kind}/{id} others a.csv"},
        {HTTP_GET, "/v1/things/.csv", "/v1/things/{id} .csv"},
        {HTTP_GET, "/v1/things/a.", "/v1/things/{id} a."},
        {HTTP_GET, "/v1/a.b/c", "/v1/{kind}/{id} a.b c"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome outcome = ask(rows[i].method, rows[i].target);
        assert_true(outcome.good);
        assert_string_equal(buffer_text(&outcome.reply.body), rows[i].told);
        done(&outcome);
    }
}

static void does_not_find(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *detail;
    } rows[] = {
        {"/v1/thinsg", "no such address; did you mean /v1/things?"},
        {"/v1/thinsg/a/b/c", "no such address; did you mean /v1/things?"},
        {"/openapi", "no such address; did you mean /openapi.json?"},
        {"/openapi.jsn", "no such address; did you mean /openapi.json?"},
        {"/nothing/like/it/at/all", "no such address"},
        {"/v1//a", "no such address; did you mean /v1/things?"},
        {"/gone.csv", "no such address"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome outcome = ask(HTTP_GET, rows[i].target);
        assert_false(outcome.good);
        assert_int_equal(outcome.error.code, ERROR_NOT_FOUND);
        assert_string_equal(outcome.error.detail, rows[i].detail);
        done(&outcome);
    }
}

static void methods(void **state)
{
    (void)state;
    static const struct {
        enum http_method method;
        const char *target;
        int status; /* 0: refused with 405 */
        const char *allow;
    } rows[] = {
        {HTTP_OPTIONS, "/v1/things", 204, "GET, HEAD, OPTIONS, POST"},
        {HTTP_OPTIONS, "/v1/things/a", 204, "GET, HEAD, OPTIONS, PUT, DELETE"},
        {HTTP_OPTIONS, "/v1/things.csv", 204, "GET, HEAD, OPTIONS, POST"},
        {HTTP_PATCH, "/v1/things", 0, "GET, HEAD, OPTIONS, POST"},
        {HTTP_OTHER, "/v1/things", 0, "GET, HEAD, OPTIONS, POST"},
        {HTTP_POST, "/own", 0, "GET, HEAD, OPTIONS"},
        /* The literal row is the address, though a capture would take the method. */
        {HTTP_PUT, "/v1/things/latest", 0, "GET, HEAD, OPTIONS"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome outcome = ask(rows[i].method, rows[i].target);
        assert_int_equal(outcome.good, rows[i].status != 0);
        if (outcome.good)
            assert_int_equal(outcome.reply.status, rows[i].status);
        else
            assert_int_equal(outcome.error.code, ERROR_METHOD_NOT_ALLOWED);
        assert_string_equal(reply_find_header(&outcome.reply, "Allow"), rows[i].allow);
        done(&outcome);
    }
}

static void slashes_are_redirected(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *location; /* NULL: not found */
    } rows[] = {
        {"/v1/things/", "/v1/things"},
        {"/v1/things/?a=%2F&b", "/v1/things?a=%2F&b"},
        {"/v1/%74hings/a%20b/", "/v1/%74hings/a%20b"},
        {"/v1/things.csv/", "/v1/things.csv"},
        {"http://example.org/v1/things/", "/v1/things"},
        {"//", "/"},
        {"/v1/", NULL},
        {"/v1/things//", NULL},
        {"//example.org/", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct outcome outcome = ask(HTTP_POST, rows[i].target);
        assert_int_equal(outcome.good, rows[i].location != NULL);
        if (outcome.good) {
            assert_int_equal(outcome.reply.status, 308);
            assert_string_equal(reply_find_header(&outcome.reply, "Location"), rows[i].location);
        }
        done(&outcome);
    }
}

static void handlers_may_fail(void **state)
{
    (void)state;
    struct outcome outcome = ask(HTTP_GET, "/gone");
    assert_false(outcome.good);
    assert_int_equal(outcome.error.code, ERROR_GONE);
    done(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds),
        cmocka_unit_test(does_not_find),
        cmocka_unit_test(methods),
        cmocka_unit_test(slashes_are_redirected),
        cmocka_unit_test(handlers_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
