/* The descriptors and the migrations must tell the same story: columns, what may be null, views. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"
#include "bilateral/resource/history.h"
#include "bilateral/store/migrate.h"

static const struct resource *const VIEWS[] = {
    &COUNTERPART, &HOLDER,   &HOLDER_ON_DAY, &AGREEMENT_TIMELINE, &FACT,
    &SERIES,      &TIMELINE, &CONFLICT,      &REVISION,           &CHANGE};

/* What a table should have: each name with whether it may be null. */
struct columns {
    char names[96][64];
    bool required[96];
    size_t count;
};

static void add(struct columns *columns, const char *name, const char *suffix, bool required)
{
    assert_true(columns->count < 96);
    snprintf(columns->names[columns->count], 64, "%s%s", name, suffix);
    columns->required[columns->count++] = required;
}

/*
 * From data-model.md: a date has its precision and its range, a decimal its number, … A pointer is
 * never null: "" is the whole record.
 */
static void add_field(struct columns *columns, const struct field *field)
{
    bool required = field->flags & FIELD_REQUIRED || field->type == FIELD_POINTER;
    switch (field->type) {
    case FIELD_REFERENCES:
    case FIELD_LINES:
    case FIELD_PART:
        return;
    case FIELD_DATE:
        add(columns, field->name, "_precision", required);
        __attribute__((fallthrough));
    case FIELD_PERIOD:
        add(columns, field->name, "_earliest", required);
        add(columns, field->name, "_latest", required);
        break;
    case FIELD_DECIMAL:
        add(columns, field->name, "_number", required);
        break;
    case FIELD_SLUG:
    case FIELD_LINE:
    case FIELD_PROSE:
    case FIELD_ENUM:
    case FIELD_TIMESTAMP:
    case FIELD_INTEGER:
    case FIELD_COUNTRY:
    case FIELD_SIDE:
    case FIELD_LANG:
    case FIELD_SCRIPT:
    case FIELD_CURRENCY:
    case FIELD_URL:
    case FIELD_SHA256:
    case FIELD_POINTER:
    case FIELD_REFERENCE:
    case FIELD_SCALAR:
    case FIELD_JSON:
    case FIELD_TYPE_COUNT:
        break;
    }
    add(columns, field->name, "", required);
}

static size_t place_of(const struct columns *columns, const char *name)
{
    size_t i = 0;
    while (i < columns->count && strcmp(columns->names[i], name) != 0)
        i++;
    return i;
}

/* The table has these columns and no other, and NOT NULL where the descriptor demands a value. */
static void assert_table(struct store *store, const char *table, const struct columns *wanted)
{
    struct error error = {0};
    bool row;
    size_t found = 0;
    struct statement *find = store_prepare(
        store, "SELECT name, \"notnull\" OR pk > 0 FROM pragma_table_info(?1)", &error);
    assert_non_null(find);
    statement_bind_text(find, 1, table);
    while (statement_step(find, &row, &error) && row) {
        const char *name = statement_text(find, 0);
        size_t place = place_of(wanted, name);
        if (place == wanted->count)
            fail_msg("%s.%s: no field of the descriptor", table, name);
        if (wanted->required[place] != (statement_integer(find, 1) != 0))
            fail_msg("%s.%s: the descriptor says %s, the table does not", table, name,
                     wanted->required[place] ? "required" : "may be null");
        found++;
    }
    for (size_t i = 0; i < wanted->count && found != wanted->count; i++)
        print_message("%s wants %s\n", table, wanted->names[i]);
    assert_int_equal(found, wanted->count);
}

static void assert_parts(struct store *store, const struct field *fields);

static void assert_part(struct store *store, const struct part *part)
{
    struct columns wanted = {.count = 0};
    if (part->table) {
        if (part->typed)
            add(&wanted, "record_type", "", true);
        if (part->outer)
            add(&wanted, part->outer, "", true);
        add(&wanted, part->owner, "", true);
        add(&wanted, "position", "", true);
        for (const struct field *field = part->fields; field->name; field++)
            add_field(&wanted, field);
        assert_table(store, part->table, &wanted);
    }
    assert_parts(store, part->fields);
}

static void assert_parts(struct store *store, const struct field *fields)
{
    for (const struct field *field = fields; field->name; field++) {
        if (field->part)
            assert_part(store, field->part);
    }
}

static struct store *migrated(void)
{
    struct error error = {0};
    struct store *store;
    assert_true(store_open(":memory:", STORE_WRITE, &store, &error));
    assert_true(migrate(store, &error));
    return store;
}

static void tables_have_the_fields(void **state)
{
    (void)state;
    struct store *store = migrated();
    assert_int_equal(REGISTRY.count, 10);
    for (size_t i = 0; i < REGISTRY.count; i++) {
        static const char *const own[] = {"id",       "created_at", "updated_at",
                                          "revision", "source_ids", "json"};
        const struct resource *resource = REGISTRY.resources[i];
        struct columns wanted = {.count = 0};
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            add(&wanted, own[k], "", true);
        for (const struct field *field = resource->fields; field->name; field++)
            add_field(&wanted, field);
        assert_table(store, resource->table, &wanted);
    }
    store_close(store);
}

static void tables_of_parts_have_the_fields(void **state)
{
    (void)state;
    struct store *store = migrated();
    for (size_t i = 0; i < REGISTRY.count; i++)
        assert_parts(store, REGISTRY.resources[i]->fields);
    store_close(store);
}

static void tables_of_common_parts_have_the_fields(void **state)
{
    (void)state;
    struct store *store = migrated();
    assert_parts(store, RESOURCE_COMMON_FIELDS);
    store_close(store);
}

static bool has_column(struct store *store, const char *table, const char *name)
{
    struct error error = {0};
    bool row = false;
    struct statement *find =
        store_prepare(store, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2", &error);
    statement_bind_text(find, 1, table);
    statement_bind_text(find, 2, name);
    assert_true(statement_step(find, &row, &error));
    statement_reset(find);
    return row;
}

/* What a view shows, filters and sorts by. */
static void views_have_the_fields(void **state)
{
    (void)state;
    struct store *store = migrated();
    struct error error = {0};
    assert_true(history_define(store, &error)); /* a view calls it */
    for (size_t i = 0; i < sizeof VIEWS / sizeof *VIEWS; i++) {
        const struct resource *view = VIEWS[i];
        assert_true(view->view);
        assert_true(has_column(store, view->table, view->key));
        for (const struct field *field = view->fields; field->name; field++) {
            struct columns wanted = {.count = 0};
            add_field(&wanted, field);
            for (size_t k = 0; k < wanted.count; k++) {
                /* No precision is shown of a view's dates, so none is asked for. */
                size_t size = strlen(wanted.names[k]);
                bool precision =
                    size > 10 && strcmp(wanted.names[k] + size - 10, "_precision") == 0;
                if (!precision && !has_column(store, view->table, wanted.names[k]))
                    fail_msg("%s has no column %s", view->table, wanted.names[k]);
            }
        }
    }
    store_close(store);
}

static void descriptors_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < REGISTRY.count; i++) {
        const struct resource *resource = REGISTRY.resources[i];
        assert_ptr_equal(registry_by_type(&REGISTRY, resource->type), resource);
        assert_ptr_equal(registry_by_collection(&REGISTRY, resource->collection), resource);
        assert_non_null(resource_field(resource, resource->label));
        for (const struct field *field = resource->fields; field->name; field++) {
            bool reference = field->type == FIELD_REFERENCE || field->type == FIELD_REFERENCES;
            assert_true(field->help && *field->help);
            assert_int_equal(field->values != NULL, field->type == FIELD_ENUM);
            assert_int_equal(field->part != NULL, field->type == FIELD_PART);
            assert_int_equal(field->target != NULL, reference);
            assert_true(!reference || registry_by_type(&REGISTRY, field->target));
        }
        for (const struct relation *relation = resource->relations; relation && relation->name;
             relation++) {
            assert_true(!relation->target || registry_by_type(&REGISTRY, relation->target));
            assert_true(relation->where || relation->sets);
            assert_non_null(strchr(relation->sets ? relation->sets->where : relation->where, '$'));
        }
    }
}

/* What must be told of a new resource besides: that it changes, and where its records stand. */
static void changes_know_every_type(void **state)
{
    const char *const *types = resource_field(&CHANGE, "type")->values;
    (void)state;
    for (size_t i = 0; i < REGISTRY.count; i++) {
        const struct resource *resource = REGISTRY.resources[i];
        char line[160];
        assert_string_equal(types[i], resource->type);
        snprintf(line, sizeof line,
                 "WHEN '%s' THEN (SELECT json FROM %s WHERE id =", resource->type, resource->table);
        assert_non_null(strstr(MIGRATE_VIEWS, line));
    }
    assert_null(types[REGISTRY.count]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_have_the_fields),
        cmocka_unit_test(tables_of_parts_have_the_fields),
        cmocka_unit_test(tables_of_common_parts_have_the_fields),
        cmocka_unit_test(views_have_the_fields),
        cmocka_unit_test(descriptors_are_whole),
        cmocka_unit_test(changes_know_every_type),
    };
    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
