#include "bilateral/resource/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/api/registry.h"

/* Parses a target; on failure *ret_faults has one fault for each wrong parameter. */
static bool parse(const struct resource *resource, const char *target, struct arena *arena,
                  struct query *ret, struct faults *ret_faults)
{
    struct request request = {.arena = arena, .method = HTTP_GET};
    *ret_faults = (struct faults){.arena = arena};
    struct error error = {.faults = ret_faults};
    assert_true(request_parse_target(&request, target, "", &error));
    bool good = query_parse(resource, &REGISTRY, &request, ret, &error);
    assert_int_equal(error.code, good ? ERROR_NONE : ERROR_BAD_REQUEST);
    assert_int_equal(ret_faults->count == 0, good);
    return good;
}

static void takes(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/v1/meetings",
        "/v1/meetings?limit=1",
        "/v1/meetings?limit=1000",
        "/v1/meetings?count=auto&facet=status&facet=classification,place_id",
        "/v1/meetings?sort=-start_date,name,id&fields=id,type,name,start_date_precision,revision",
        "/v1/meetings?status=held&status__not=proposed&status__in=held,confirmed",
        "/v1/meetings?start_date__gte=2025&start_date__lt=2025-11-25&start_date=2025-11",
        "/v1/meetings?name__contains=a&name__startswith=b&description__isnull=true",
        "/v1/meetings?session_number__gt=16&official=a&place=b&topic=c&side=VN&source=d",
        "/v1/meetings?name=&name=any%20thing%27",
        "/v1/meetings?topic_ids=a&topic_ids__isnull=false&created_at__gt=2025-01-01T00:00:00Z",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct arena *arena = arena_create();
        struct query query;
        struct faults faults;
        if (!parse(&MEETING, targets[i], arena, &query, &faults))
            fail_msg("%s: %s: %s", targets[i], faults.first->place, faults.first->detail);
        arena_destroy(arena);
    }
}

/* To add a row: the query, the parameter to be named, a word that the message must have. */
static const struct {
    const char *query;
    const char *place;
    const char *word;
} REFUSED[] = {
    {"limit=0", "limit", "1 to 1000"},
    {"limit=1001", "limit", "1 to 1000"},
    {"limit=-1", "limit", "1 to 1000"},
    {"limit=", "limit", "1 to 1000"},
    {"limit=5x", "limit", "1 to 1000"},
    {"limit=%205", "limit", "1 to 1000"},
    {"limit=%2B5", "limit", "1 to 1000"},
    {"limit=99999999999999999999", "limit", "1 to 1000"},
    {"limit=5&limit=5", "limit", "once"},
    {"sort=name&sort=id", "sort", "once"},
    {"cursor=a&cursor=b", "cursor", "once"},
    {"count=total", "count", "exact"},
    {"sort=nam", "sort", "\"name\""},
    {"sort=", "sort", "sort"},
    {"sort=-", "sort", "sort"},
    {"sort=name,", "sort", "sort"},
    {"sort=--name", "sort", "name"},
    {"sort=participants", "sort", "participants"},
    {"sort=topic_ids", "sort", "topic_ids"},
    {"sort=name,id,status,place_id,parent_id,revision", "sort", "5"},
    {"fields=nme", "fields", "\"name\""},
    {"fields=", "fields", "field"},
    {"fields=name__not", "fields", "field"},
    {"facet=statsu", "facet", "\"status\""},
    {"facet=description", "facet", "description"},
    {"facet=start_date", "facet", "start_date"},
    {"statsu=held", "statsu", "\"status\""},
    {"STATUS=held", "STATUS", "parameter"},
    {"offset=5", "offset", "offset"},
    {"page=2", "page", "page"},
    {"oficial=a", "oficial", "\"official\""},
    {"status__nott=held", "status__nott", "\"not\""},
    {"status__startwith=he", "status__startwith", "\"startswith\""},
    {"status__=held", "status__", "operator"},
    {"status__not__not=held", "status__not__not", "operator"},
    {"start_date__contains=20", "start_date__contains", "operator"},
    {"topic_ids__gt=a", "topic_ids__gt", "operator"},
    {"session_number__startswith=1", "session_number__startswith", "operator"},
    {"official__contains=a", "official__contains", "operator"},
    {"status=hold", "status", "\"held\""},
    {"status__in=held,hold", "status__in", "\"held\""},
    {"status__in=held,,held", "status__in", "status"},
    {"start_date=2025-02-30", "start_date", "28"},
    {"start_date__gte=", "start_date__gte", "2024"},
    {"session_number=one", "session_number", "integer"},
    {"description__isnull=yes", "description__isnull", "true or false"},
    {"name__contains=", "name__contains", "text"},
    {"place_id=H%C3%A0%20N%E1%BB%99i", "place_id", "a-z"},
    {"official=Chen%20Gang", "official", "a-z"},
    {"side=both", "side", "VN"},
    {"created_at=2025-01-01", "created_at", "2024-11-20T"},
};

/* What is wrong with the answer to a row; NULL where nothing is. */
static const char *refusal(const char *query_text, const char *place, const char *word,
                           struct arena *arena)
{
    struct query query = {.limit = 7};
    struct faults faults;
    if (parse(&MEETING, arena_printf(arena, "/v1/meetings?%s", query_text), arena, &query, &faults))
        return "it is taken";
    if (strcmp(faults.first->place, place) != 0 || faults.first->kind != FAULT_PARAMETER)
        return arena_printf(arena, "it blames %s", faults.first->place);
    if (!strstr(faults.first->detail, word))
        return arena_printf(arena, "\"%s\" has no \"%s\"", faults.first->detail, word);
    return query.limit == 7 ? NULL : "the query is touched";
}

static void refuses(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        struct arena *arena = arena_create();
        const char *found = refusal(REFUSED[i].query, REFUSED[i].place, REFUSED[i].word, arena);
        if (found)
            print_error("%s: %s\n", REFUSED[i].query, found);
        wrong += found != NULL;
        arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
}

static void names_every_wrong_parameter(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct query query;
    struct faults faults;
    assert_false(parse(&MEETING, "/v1/meetings?limit=0&sort=nam&statsu=x&status=hold&fields=a,b",
                       arena, &query, &faults));
    assert_int_equal(faults.count, 6);
    arena_destroy(arena);
}

static void at_is_for_those_that_have_it(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct query query;
    struct faults faults;
    assert_true(parse(&OFFICIAL, "/v1/officials?at=2025-02-19", arena, &query, &faults));
    assert_false(parse(&OFFICIAL, "/v1/officials?at=2025-02", arena, &query, &faults));
    assert_string_equal(faults.first->place, "at");
    assert_false(parse(&OFFICIAL, "/v1/officials?at=2025-02-29", arena, &query, &faults));
    assert_false(parse(&TOPIC, "/v1/topics?at=2025-02-19", arena, &query, &faults));
    arena_destroy(arena);
}

static void order_is_total(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct query query;
    struct faults faults;
    assert_true(parse(&MEETING, "/v1/meetings?sort=-start_date,name", arena, &query, &faults));
    assert_int_equal(query.sort_count, 3);
    assert_string_equal(query.sort[0].column, "start_date_earliest");
    assert_true(query.sort[0].descending);
    assert_string_equal(query.sort[1].column, "name");
    assert_string_equal(query.sort[2].column, "id");
    assert_true(parse(&TRADE_FIGURE, "/v1/trade-figures?sort=value", arena, &query, &faults));
    assert_string_equal(query.sort[0].column, "value_number");
    arena_destroy(arena);
}

/* Cursors are bound to address, filters and order; not to the size of the page. */
static void the_seal_is_of_filters_and_order(void **state)
{
    (void)state;
    static const char *const same[] = {
        "/v1/meetings?status=held&side=VN",
        "/v1/meetings?side=VN&status=held",
        "/v1/meetings?side=VN&limit=3&status=held&count=exact&fields=id&facet=status",
    };
    static const char *const other[] = {
        "/v1/meetings?status=held",
        "/v1/meetings?status=held&side=CN",
        "/v1/meetings?status__not=held&side=VN",
        "/v1/meetings?status=held&side=VN&sort=name",
        "/v1/agreements?status=held&side=VN",
    };
    struct arena *arena = arena_create();
    struct query first, next;
    struct faults faults;
    assert_true(parse(&MEETING, same[0], arena, &first, &faults));
    for (size_t i = 1; i < sizeof same / sizeof *same; i++) {
        assert_true(parse(&MEETING, same[i], arena, &next, &faults));
        assert_string_equal(next.seal, first.seal);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        assert_true(parse(&MEETING, other[i], arena, &next, &faults));
        assert_string_not_equal(next.seal, first.seal);
    }
    arena_destroy(arena);
}

/* What joins name and value must not let two other queries look alike. */
static void the_seal_has_no_double_meaning(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct query one, two;
    struct faults faults;
    assert_true(parse(&MEETING, "/v1/meetings?name=a%0Aname=b", arena, &one, &faults));
    assert_true(parse(&MEETING, "/v1/meetings?name=a&name=b", arena, &two, &faults));
    assert_string_not_equal(one.seal, two.seal);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes),
        cmocka_unit_test(refuses),
        cmocka_unit_test(names_every_wrong_parameter),
        cmocka_unit_test(at_is_for_those_that_have_it),
        cmocka_unit_test(order_is_total),
        cmocka_unit_test(the_seal_is_of_filters_and_order),
        cmocka_unit_test(the_seal_has_no_double_meaning),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
