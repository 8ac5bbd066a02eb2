#include "bilateral/store/migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bilateral/base/buffer.h"
#include "bilateral/store/revision.h"

static struct store *empty(void)
{
    struct error error = {0};
    struct store *store;
    assert_true(store_open(":memory:", STORE_WRITE, &store, &error));
    return store;
}

static int64_t number(struct store *store, const char *sql)
{
    struct error error = {0};
    bool row = false;
    struct statement *find = store_prepare(store, sql, &error);
    assert_non_null(find);
    assert_true(statement_step(find, &row, &error) && row);
    int64_t found = statement_integer(find, 0);
    statement_reset(find);
    return found;
}

static void put_schema(struct store *store, struct buffer *text)
{
    struct error error = {0};
    bool row;
    struct statement *find = store_prepare(
        store, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name", &error);
    while (statement_step(find, &row, &error) && row) {
        for (int i = 0; i < 4; i++)
            buffer_printf(text, "%s|", statement_text(find, i) ? statement_text(find, i) : "");
        buffer_putc(text, '\n');
    }
}

static void numbers_have_no_gap(void **state)
{
    (void)state;
    assert_true(migrate_latest() >= 1);
    for (int i = 0; i < migrate_latest(); i++) {
        const char *name = MIGRATIONS[i].name;
        assert_int_equal((name[0] - '0') * 1000 + (name[1] - '0') * 100 + (name[2] - '0') * 10 +
                             (name[3] - '0'),
                         i + 1);
        assert_int_equal(name[4], '_');
    }
    assert_null(MIGRATIONS[migrate_latest()].name);
}

static void every_way_leads_to_the_same_schema(void **state)
{
    (void)state;
    struct buffer whole = {0};
    struct error error = {0};
    struct store *store = empty();
    assert_true(migrate(store, &error));
    put_schema(store, &whole);
    assert_true(whole.size > 1000);
    store_close(store);
    for (int version = 0; version <= migrate_latest(); version++) {
        struct buffer stepped = {0};
        store = empty();
        assert_true(migrate_to(store, version, &error));
        assert_int_equal(number(store, "PRAGMA user_version"), version);
        assert_true(migrate(store, &error));
        put_schema(store, &stepped);
        assert_string_equal(buffer_text(&stepped), buffer_text(&whole));
        buffer_finish(&stepped);
        store_close(store);
    }
    buffer_finish(&whole);
}

static void a_second_time_changes_nothing(void **state)
{
    (void)state;
    struct error error = {0};
    struct revision before, after;
    struct store *store = empty();
    assert_true(migrate(store, &error));
    assert_true(revision_read(store, &before, &error));
    int64_t schema = number(store, "PRAGMA schema_version");
    assert_true(migrate(store, &error));
    assert_int_equal(number(store, "PRAGMA schema_version"), schema); /* no view was made anew */
    assert_true(revision_read(store, &after, &error));
    assert_string_equal(after.store_id, before.store_id);
    assert_string_equal(after.secret, before.secret);
    assert_int_equal(after.number, before.number);
    store_close(store);
}

/* Another program's views: one less, one more, or one that reads otherwise. */
static void views_of_another_program_are_replaced(void **state)
{
    (void)state;
    static const char *const CHANGES[] = {
        "DROP VIEW fact;",
        "CREATE VIEW stranger AS SELECT 1;DROP VIEW fact;",
        "DROP VIEW fact;CREATE VIEW fact AS SELECT 1;",
    };
    struct error error = {0};
    struct store *store = empty();
    static const char OURS[] =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'view'"
        " AND name = 'fact' AND length(sql) > 100";
    assert_true(migrate(store, &error));
    assert_int_equal(number(store, OURS), 1);
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++) {
        assert_true(store_run_script(store, CHANGES[i], &error));
        assert_int_equal(number(store, OURS), 0);
        assert_true(migrate(store, &error));
        assert_int_equal(number(store, OURS), 1);
    }
    store_close(store);
}

static bool reads(const char *path)
{
    struct error error = {0};
    struct store *reader;
    assert_true(store_open(path, STORE_READ, &reader, &error));
    bool good = migrate(reader, &error);
    assert_int_equal(good, error.code == ERROR_NONE);
    store_close(reader);
    return good;
}

static void a_reader_learns_whether_anything_lacks(void **state)
{
    (void)state;
    static const char *const CHANGES[] = {
        "DROP VIEW fact;",
        "UPDATE store SET secret = '';",
        "PRAGMA journal_mode = DELETE;",
    };
    struct error error = {0};
    struct store *store;
    char folder[] = "/tmp/migrate-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/store", folder);
    for (int version = 0; version <= migrate_latest(); version++) {
        assert_true(store_open(path, STORE_WRITE, &store, &error));
        assert_true(migrate_to(store, version, &error));
        store_close(store);
        assert_false(reads(path)); /* there are no views */
    }
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++) {
        assert_true(store_open(path, STORE_WRITE, &store, &error));
        assert_true(migrate(store, &error));
        int64_t schema = number(store, "PRAGMA schema_version");
        assert_true(reads(path));
        assert_int_equal(number(store, "PRAGMA schema_version"), schema);
        assert_true(store_run_script(store, CHANGES[i], &error));
        store_close(store);
        assert_false(reads(path));
    }
    unlink(path);
    snprintf(path, sizeof path, "%s/store-wal", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/store-shm", folder);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static void a_store_is_known_by_its_marks(void **state)
{
    (void)state;
    struct error error = {0};
    struct store *store = empty();
    assert_true(migrate(store, &error));
    assert_int_equal(number(store, "PRAGMA application_id"), 0x626c7472); /* "bltr" */
    assert_int_equal(number(store, "PRAGMA user_version"), migrate_latest());
    store_close(store);
}

static void stores_differ(void **state)
{
    (void)state;
    struct error error = {0};
    struct revision one, two;
    struct store *first = empty(), *second = empty();
    assert_true(migrate(first, &error) && migrate(second, &error));
    assert_true(revision_read(first, &one, &error) && revision_read(second, &two, &error));
    assert_string_not_equal(one.store_id, two.store_id);
    assert_string_not_equal(one.secret, two.secret);
    assert_int_equal(strlen(one.store_id), 16);
    assert_int_equal(strlen(one.secret), 64);
    assert_int_equal(one.number, 0);
    store_close(first);
    store_close(second);
}

static void revision_grows_by_one(void **state)
{
    (void)state;
    struct error error = {0};
    struct revision now;
    int64_t next = 0;
    struct store *store = empty();
    assert_true(migrate(store, &error));
    assert_true(store_begin_write(store, &error));
    assert_true(revision_advance(store, "2025-01-09T08:00:00.000Z", &next, &error));
    assert_int_equal(next, 1);
    store_rollback(store);
    assert_true(revision_read(store, &now, &error));
    assert_int_equal(now.number, 0);
    assert_true(store_begin_write(store, &error));
    assert_true(revision_advance(store, "2025-01-10T08:00:00.000Z", &next, &error));
    assert_true(store_commit(store, &error));
    assert_true(revision_read(store, &now, &error));
    assert_int_equal(now.number, 1);
    assert_string_equal(now.updated_at, "2025-01-10T08:00:00.000Z");
    store_close(store);
}

/* The first migration cannot make a table that is there: nothing of it stays. */
static void a_failed_migration_leaves_the_version_before(void **state)
{
    (void)state;
    struct buffer before = {0}, after = {0};
    struct error error = {0};
    struct store *store = empty();
    assert_true(store_run_script(store,
                                 "PRAGMA application_id = 1651274866;"
                                 "CREATE TABLE statement (id TEXT);",
                                 &error));
    put_schema(store, &before);
    assert_false(migrate(store, &error));
    assert_int_not_equal(error.code, ERROR_NONE);
    assert_int_equal(number(store, "PRAGMA user_version"), 0);
    put_schema(store, &after);
    assert_string_equal(buffer_text(&after), buffer_text(&before));
    buffer_finish(&before);
    buffer_finish(&after);
    store_close(store);
}

static void strangers_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        const char *word;
    } rows[] = {
        {"CREATE TABLE cat (name TEXT);", "not a store"},
        {"PRAGMA user_version = 1;", "not a store"},
        {"PRAGMA application_id = 252006674;", "not a store"},
        {"PRAGMA application_id = 1651274866; PRAGMA user_version = 9999;", "newer"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error error = {0};
        struct buffer before = {0}, after = {0};
        struct store *store = empty();
        assert_true(store_run_script(store, rows[i].script, &error));
        put_schema(store, &before);
        int64_t version = number(store, "PRAGMA user_version");
        int64_t application = number(store, "PRAGMA application_id");
        assert_false(migrate(store, &error));
        assert_int_equal(error.code, ERROR_CONFLICT);
        assert_non_null(strstr(error.detail, rows[i].word));
        put_schema(store, &after);
        assert_string_equal(buffer_text(&after), buffer_text(&before));
        assert_int_equal(number(store, "PRAGMA user_version"), version);
        assert_int_equal(number(store, "PRAGMA application_id"), application);
        buffer_finish(&before);
        buffer_finish(&after);
        store_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_no_gap),
        cmocka_unit_test(every_way_leads_to_the_same_schema),
        cmocka_unit_test(a_second_time_changes_nothing),
        cmocka_unit_test(views_of_another_program_are_replaced),
        cmocka_unit_test(a_reader_learns_whether_anything_lacks),
        cmocka_unit_test(a_store_is_known_by_its_marks),
        cmocka_unit_test(stores_differ),
        cmocka_unit_test(revision_grows_by_one),
        cmocka_unit_test(a_failed_migration_leaves_the_version_before),
        cmocka_unit_test(strangers_are_refused),
    };
    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
