/*
 * How the engine below would find the rows of every order and every filter that the descriptors
 * declare: by an index and without sorting, however many there are. It plans by what indexes there
 * are, not by the rows, so an empty store shows it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"
#include "bilateral/resource/select.h"
#include "bilateral/store/migrate.h"

static int wrong;

static struct store *migrated(void)
{
    struct error error = {0};
    struct store *store;
    assert_true(store_open(":memory:", STORE_WRITE, &store, &error));
    assert_true(migrate(store, &error));
    return store;
}

/* What may be scanned: the places inside a place, and the list itself in its order. */
static bool may_scan(const char *step, bool walk)
{
    const char *what = step + strlen("SCAN ");
    return strcmp(what, "inside") == 0 || strcmp(what, "CONSTANT ROW") == 0 ||
           (walk && strstr(what, " USING ") && strstr(what, " INDEX "));
}

/* Blames each step of the plan that costs more, the more rows there are. */
static void check_plan(struct store *store, struct sql *sql, const char *what, bool walk,
                       bool sorts)
{
    struct error error = {0};
    struct buffer text = {0};
    buffer_put_all(&text, "EXPLAIN QUERY PLAN ", buffer_text(sql->text), NULL);
    struct statement *explain = store_prepare(store, buffer_text(&text), &error);
    bool row = true;
    if (!explain)
        fail_msg("%s: %s\n%s", what, error.cause, buffer_text(&text));
    while (statement_step(explain, &row, &error) && row) {
        const char *step = statement_text(explain, 3);
        bool scan = strncmp(step, "SCAN ", 5) == 0 && !may_scan(step, walk);
        bool sort = !sorts && strstr(step, "TEMP B-TREE");
        if (!scan && !sort)
            continue;
        print_error("%s: %s\n%s\n", what, step, buffer_text(sql->text));
        wrong++;
    }
    buffer_finish(&text);
}

static bool parse(const struct resource *resource, const char *target, struct arena *arena,
                  struct query *ret)
{
    struct request request = {.arena = arena, .method = HTTP_GET};
    struct faults faults = {.arena = arena};
    struct error error = {.faults = &faults};
    return request_parse_target(&request, target, "", &error) &&
           query_parse(resource, &REGISTRY, &request, ret, &error);
}

static void check_page(struct store *store, const struct query *query, struct cursor *cursor,
                       const char *what)
{
    struct buffer text = {0};
    struct sql sql;
    sql_init(&sql, query->arena, &text);
    while (select_page(query, cursor, &sql)) {
        check_plan(store, &sql, what, !query->driver, query->driver);
        if (!cursor)
            break;
        cursor->range++;
        buffer_reset(&text);
        sql_init(&sql, query->arena, &text);
    }
    buffer_finish(&text);
}

/*
 * Behind and before a row whose first key is known, and one whose first key is null; and where rows
 * are alike.
 */
static void check_cursors(struct store *store, const struct query *query, const char *what)
{
    check_page(store, query, NULL, what);
    for (int kind = 0; kind < (query->resource->view ? 4 : 8); kind++) {
        struct cursor cursor = {
            .backwards = kind & 1, .alike = kind & 4, .count = query->sort_count};
        for (size_t i = 0; i < cursor.count; i++)
            cursor.keys[i] = sql_text("x");
        if (kind & 2 && query->sort[0].nullable)
            cursor.keys[0].kind = SQL_NULL;
        check_page(store, query, &cursor, what);
    }
}

/* data-model.md's free texts, addresses and digests; a list by these is sorted when it is asked for. */
static bool has_order(const struct field *field)
{
    return field->type != FIELD_PROSE && field->type != FIELD_URL && field->type != FIELD_SHA256 &&
           field->type != FIELD_REFERENCES && field->type != FIELD_LINES &&
           field->type != FIELD_PART;
}

typedef void check_target(struct store *store, const struct resource *resource, const char *target);

/* `%s` of the pattern becomes the name of each field, in each resource. */
static void for_each_field(check_target *check, const char *before, const char *behind)
{
    struct store *store = migrated();
    wrong = 0;
    for (size_t i = 0; i < REGISTRY.count; i++) {
        const struct resource *resource = REGISTRY.resources[i];
        const struct field *field;
        for (size_t at = 0; (field = query_field_at(resource, at)); at++) {
            struct buffer target = {0};
            buffer_put_all(&target, "/v1/", resource->collection, "?", before, field->name, behind,
                           NULL);
            if (has_order(field))
                check(store, resource, buffer_text(&target));
            buffer_finish(&target);
        }
    }
    store_close(store);
    assert_int_equal(wrong, 0);
}

static void check_order(struct store *store, const struct resource *resource, const char *target)
{
    struct arena *arena = arena_create();
    struct query query;
    assert_true(parse(resource, target, arena, &query));
    check_cursors(store, &query, target);
    arena_destroy(arena);
}

static void every_order_is_a_walk(void **state)
{
    (void)state;
    for_each_field(check_order, "sort=", "");
    for_each_field(check_order, "sort=-", "");
}

static void every_default_order_is_a_walk(void **state)
{
    (void)state;
    struct store *store = migrated();
    wrong = 0;
    for (size_t i = 0; i < REGISTRY.count; i++)
        check_order(store, REGISTRY.resources[i], "/v1/x");
    check_order(store, &MEETING, "/v1/x?deleted=true&sort=-updated_at");
    check_order(store, &SESSION, "/v1/x");
    check_order(store, &TIMELINE, "/v1/x");
    check_order(store, &TIMELINE, "/v1/x?sort=-date");
    check_order(store, &SERIES, "/v1/x");
    store_close(store);
    assert_int_equal(wrong, 0);
}

/* A filter is checked on the walk, without an index of its own and without a scan; or it drives. */
static void check_filter(struct store *store, const struct resource *resource, const char *target)
{
    struct arena *arena = arena_create();
    struct query query;
    /* Where a column cannot be null, the engine knows that nothing is found. */
    bool never = strstr(target, "isnull") && parse(resource, target, arena, &query) &&
                 query.filters[0].field->flags & (FIELD_REQUIRED | FIELD_READ_ONLY);
    if (!never && !strstr(target, "?id__isnull") && parse(resource, target, arena, &query)) {
        check_cursors(store, &query, target);
        query.driver = &query.filters[0];
        check_cursors(store, &query, target);
    }
    arena_destroy(arena);
}

static void every_filter_is_checked_on_the_walk_or_seeks(void **state)
{
    (void)state;
    static const char *const tails[] = {"=%s", "__in=%s,%s", "__gte=%s", "__lt=%s",
                                        "__isnull=true"};
    static const char *const values[] = {"vn",  "2024", "VN", "held", "2024-01-01T00:00:00Z",
                                         "true"};
    for (size_t tail = 0; tail < sizeof tails / sizeof *tails; tail++) {
        for (size_t value = 0; value < sizeof values / sizeof *values; value++) {
            char behind[64], *mark;
            strcpy(behind, tails[tail]);
            while ((mark = strstr(behind, "%s"))) {
                char rest[64];
                strcpy(rest, mark + 2);
                strcpy(mark, values[value]);
                strcat(behind, rest);
            }
            for_each_field(check_filter, "", behind);
        }
    }
}

static void check_relations(struct store *store, const struct resource *resource)
{
    const struct relation *relation = resource->relations;
    for (; relation && relation->name; relation++) {
        struct buffer target = {0};
        buffer_put_all(&target, "/v1/x?", relation->name, "=", relation->target ? "x" : "VN", NULL);
        check_filter(store, resource, buffer_text(&target));
        buffer_finish(&target);
    }
}

static void every_relation_is_checked_on_the_walk_or_seeks(void **state)
{
    (void)state;
    struct store *store = migrated();
    wrong = 0;
    for (size_t i = 0; i < REGISTRY.count; i++)
        check_relations(store, REGISTRY.resources[i]);
    check_relations(store, &TIMELINE);
    check_relations(store, &SERIES);
    store_close(store);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_is_a_walk),
        cmocka_unit_test(every_default_order_is_a_walk),
        cmocka_unit_test(every_filter_is_checked_on_the_walk_or_seeks),
        cmocka_unit_test(every_relation_is_checked_on_the_walk_or_seeks),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
