#include "bilateral/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    char path[96];
    struct store *writer;
};

static int begin(void **state)
{
    static struct fixture fixture;
    struct error error = {0};
    strcpy(fixture.folder, "/tmp/bilateral-store-XXXXXX");
    if (!mkdtemp(fixture.folder))
        return -1;
    snprintf(fixture.path, sizeof fixture.path, "%s/store", fixture.folder);
    if (!store_open(fixture.path, STORE_WRITE, &fixture.writer, &error) ||
        !store_make_durable(fixture.writer, &error) ||
        !store_run_script(fixture.writer,
                          "CREATE TABLE duck (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"
                          " STRICT;"
                          "CREATE TABLE egg (duck INTEGER REFERENCES duck (id)"
                          " DEFERRABLE INITIALLY DEFERRED) STRICT;",
                          &error))
        return -1;
    *state = &fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;
    static const char *const endings[] = {"", "-wal", "-shm"};
    store_close(fixture->writer);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", fixture->path, endings[i]);
        unlink(path);
    }
    return rmdir(fixture->folder);
}

static bool put(struct store *store, const char *name, struct error *error)
{
    struct statement *insert = store_prepare(store, "INSERT INTO duck (name) VALUES (?1)", error);
    if (!insert)
        return false;
    statement_bind_text(insert, 1, name);
    return statement_run(insert, error);
}

static int64_t count(struct store *store)
{
    struct error error = {0};
    bool row = false;
    struct statement *find = store_prepare(store, "SELECT count(*) FROM duck", &error);
    assert_non_null(find);
    assert_true(statement_step(find, &row, &error) && row);
    int64_t found = statement_integer(find, 0);
    statement_reset(find);
    return found;
}

static void assert_plain(const struct error *error, enum error_code code)
{
    static const char *const words[] = {"duck",   "egg", "INSERT", "SELECT", "UNIQUE", "constraint",
                                        "sqlite", "SQL", "/tmp",   "near",   "nothing"};
    assert_int_equal(error->code, code);
    assert_true(strlen(error->detail) > 10);
    assert_true(strlen(error->cause) > 3);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_null(strstr(error->detail, words[i]));
}

static void prepared_once(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    struct statement *one = store_prepare(fixture->writer, "SELECT 1", &error);
    struct statement *two = store_prepare(fixture->writer, "SELECT 2", &error);
    assert_ptr_not_equal(one, two);
    assert_ptr_equal(store_prepare(fixture->writer, "SELECT 1", &error), one);
    assert_ptr_equal(store_prepare(fixture->writer, "SELECT 2", &error), two);
}

static void handed_out_ready(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    bool row;
    struct statement *each = store_prepare(fixture->writer, "SELECT ?1", &error);
    statement_bind_text(each, 1, "x");
    assert_true(statement_step(each, &row, &error) && row);
    each = store_prepare(fixture->writer, "SELECT ?1", &error);
    assert_true(statement_step(each, &row, &error) && row);
    assert_true(statement_is_null(each, 0));
    statement_reset(each);
}

/* Many texts push the oldest out, but never one that is being stepped through. */
static void eviction_spares_what_is_in_use(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    bool row;
    struct statement *busy =
        store_prepare(fixture->writer, "SELECT 1 UNION ALL SELECT 2 ORDER BY 1", &error);
    assert_true(statement_step(busy, &row, &error) && row);
    for (int i = 0; i < 1000; i++) {
        char sql[32];
        snprintf(sql, sizeof sql, "SELECT %d", i);
        struct statement *other = store_prepare(fixture->writer, sql, &error);
        assert_non_null(other);
        assert_true(statement_step(other, &row, &error) && row);
        assert_int_equal(statement_integer(other, 0), i);
        statement_reset(other);
    }
    assert_true(statement_step(busy, &row, &error) && row);
    assert_int_equal(statement_integer(busy, 0), 2);
    assert_true(statement_step(busy, &row, &error) && !row);
}

static void columns_have_kinds(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    bool row;
    struct statement *find =
        store_prepare(fixture->writer, "SELECT ?1, ?2, ?3, ?4, ?5, ?6", &error);
    statement_bind_text(find, 1, NULL);
    statement_bind_null(find, 2);
    statement_bind_integer(find, 3, INT64_MIN);
    statement_bind_real(find, 4, 0.5);
    statement_bind_text_size(find, 5, "đuck, cut here", 5);
    statement_bind_text(find, 6, "");
    assert_true(statement_step(find, &row, &error) && row);
    static const enum statement_kind kinds[] = {STATEMENT_NULL, STATEMENT_NULL, STATEMENT_INTEGER,
                                                STATEMENT_REAL, STATEMENT_TEXT, STATEMENT_TEXT};
    for (int i = 0; i < 6; i++)
        assert_int_equal(statement_kind(find, i), kinds[i]);
    assert_null(statement_text(find, 0));
    assert_int_equal(statement_integer(find, 2), INT64_MIN);
    assert_true(statement_real(find, 3) == 0.5);
    assert_string_equal(statement_text(find, 4), "đuck");
    assert_int_equal(statement_size(find, 4), 5);
    assert_int_equal(statement_size(find, 5), 0);
    statement_reset(find);
}

static void reader_sees_one_state(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    struct store *reader;
    assert_true(store_open(fixture->path, STORE_READ, &reader, &error));
    assert_true(put(fixture->writer, "Huey", &error));

    assert_true(store_begin_read(reader, &error));
    assert_int_equal(count(reader), 1);
    assert_true(store_begin_write(fixture->writer, &error));
    assert_true(put(fixture->writer, "Dewey", &error));
    assert_int_equal(count(reader), 1);
    assert_true(store_commit(fixture->writer, &error));
    assert_int_equal(count(reader), 1);
    store_end_read(reader);
    assert_int_equal(count(reader), 2);
    store_end_read(reader);
    store_close(reader);
}

static void endless_reads_end(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    struct store *reader;
    bool row;
    assert_true(store_open(fixture->path, STORE_READ, &reader, &error));
    assert_true(store_begin_read(reader, &error));
    struct statement *endless = store_prepare(reader,
                                              "WITH RECURSIVE n (i) AS (\n"
                                              "    SELECT 1 UNION ALL SELECT i + 1 FROM n\n"
                                              ")\n"
                                              "SELECT count(*) FROM n",
                                              &error);
    assert_non_null(endless);
    assert_false(statement_step(endless, &row, &error));
    assert_plain(&error, ERROR_UNAVAILABLE);
    store_end_read(reader);
    assert_true(store_begin_read(reader, &error));
    assert_int_equal(count(reader), 0);
    store_end_read(reader);
    store_close(reader);
}

static void rollback_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    assert_true(store_begin_write(fixture->writer, &error));
    assert_true(put(fixture->writer, "Huey", &error));
    assert_int_equal(count(fixture->writer), 1);
    store_rollback(fixture->writer);
    store_rollback(fixture->writer);
    assert_int_equal(count(fixture->writer), 0);
    assert_true(store_begin_write(fixture->writer, &error));
    assert_true(put(fixture->writer, "Huey", &error));
    assert_int_equal(store_changes(fixture->writer), 1);
    assert_true(store_commit(fixture->writer, &error));
    store_rollback(fixture->writer);
    assert_int_equal(count(fixture->writer), 1);
}

static void constraints_in_plain_words(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    assert_true(put(fixture->writer, "Huey", &error));
    assert_false(put(fixture->writer, "Huey", &error));
    assert_plain(&error, ERROR_CONFLICT);
    error = (struct error){0};
    assert_false(put(fixture->writer, NULL, &error));
    assert_plain(&error, ERROR_CONFLICT);
    assert_int_equal(count(fixture->writer), 1);
}

/* A deferred key is looked at when all is committed; then nothing of it is. */
static void commit_can_fail(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    assert_true(store_begin_write(fixture->writer, &error));
    assert_true(put(fixture->writer, "Huey", &error));
    assert_true(store_run_script(fixture->writer, "INSERT INTO egg (duck) VALUES (99)", &error));
    assert_false(store_commit(fixture->writer, &error));
    assert_plain(&error, ERROR_CONFLICT);
    store_rollback(fixture->writer);
    assert_int_equal(count(fixture->writer), 0);
    error = (struct error){0};
    assert_true(put(fixture->writer, "Huey", &error));
}

static void reader_cannot_write(void **state)
{
    struct fixture *fixture = *state;
    static const char *const scripts[] = {
        "INSERT INTO duck (name) VALUES ('Louie')",
        "DELETE FROM duck",
        "CREATE TABLE goose (id INTEGER)",
        "DROP TABLE egg",
        "PRAGMA user_version = 7",
        "VACUUM",
    };
    struct error error = {0};
    struct store *reader;
    assert_true(put(fixture->writer, "Huey", &error));
    assert_true(store_open(fixture->path, STORE_READ, &reader, &error));
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        error = (struct error){0};
        assert_false(store_run_script(reader, scripts[i], &error));
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
    }
    assert_int_equal(count(reader), 1);
    store_close(reader);
}

static void failures_in_plain_words(void **state)
{
    struct fixture *fixture = *state;
    static const char *const wrong[] = {"SELECT nothing FROM duck", "SELEKT 1", "SELECT \"Huey\"",
                                        "SELECT load_extension('x')"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error error = {0};
        struct statement *statement = store_prepare(fixture->writer, wrong[i], &error);
        assert_true(!statement || !statement_run(statement, &error));
        assert_plain(&error, ERROR_INTERNAL);
    }
}

static void missing_file_is_not_made_for_a_reader(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0};
    struct store *reader = NULL;
    char path[128];
    snprintf(path, sizeof path, "%s/other", fixture->folder);
    assert_false(store_open(path, STORE_READ, &reader, &error));
    assert_plain(&error, ERROR_UNAVAILABLE);
    assert_null(reader);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void memory_is_private(void **state)
{
    (void)state;
    struct error error = {0};
    struct store *one, *two;
    assert_true(store_open(":memory:", STORE_WRITE, &one, &error));
    assert_true(store_open(":memory:", STORE_WRITE, &two, &error));
    assert_true(store_run_script(one, "CREATE TABLE duck (id INTEGER)", &error));
    assert_null(store_prepare(two, "SELECT id FROM duck", &error));
    store_close(one);
    store_close(two);
    store_close(NULL);
}

/* Its sum by a read transaction of its own. */
static int64_t sum(struct store *reader)
{
    struct error error = {0};
    int64_t found;
    assert_true(store_begin_read(reader, &error));
    assert_true(statement_number(
        store_prepare(reader, "SELECT COALESCE(SUM(LENGTH(name) + id), 0) FROM duck", &error),
        &found, &error));
    store_end_read(reader);
    return found;
}

/*
 * One reader through all that a file can become: written over in place, a hundred times as long,
 * cut, and long again. Names of 3,000 bytes, so that nearly each row has a page of its own.
 */
static void a_reader_follows_the_file(void **state)
{
    static const struct {
        const char *script;
        int64_t sum;
    } steps[] = {
        {"DELETE FROM duck", 0},
        {"INSERT INTO duck (id, name) VALUES (1, printf('%03000d', 1))", 3001},
        {"UPDATE duck SET name = printf('%02999d', 2)", 3000},
        {"WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)\n"
         "INSERT INTO duck (id, name) SELECT i, printf('%03000d', i + 10) FROM n",
         2999 + 999 * 3000 + 500500},
        {"UPDATE duck SET name = printf('%02000d', id + 5000)", 1000 * 2000 + 500500},
        {"DELETE FROM duck WHERE id > 3; VACUUM", 3 * 2000 + 6},
        {"WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 500)\n"
         "INSERT INTO duck (id, name) SELECT i, printf('%02000d', i + 9000) FROM n",
         500 * 2000 + 125250},
    };
    struct fixture *fixture = *state;
    struct error error = {0};
    struct store *reader;
    assert_true(store_open(fixture->path, STORE_READ, &reader, &error));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        assert_true(store_run_script(fixture->writer, steps[i].script, &error));
        assert_int_equal(sum(reader), steps[i].sum); /* out of the log */
        store_checkpoint(fixture->writer);
        assert_int_equal(sum(reader), steps[i].sum); /* out of the file */
    }
    store_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prepared_once, begin, end),
        cmocka_unit_test_setup_teardown(handed_out_ready, begin, end),
        cmocka_unit_test_setup_teardown(eviction_spares_what_is_in_use, begin, end),
        cmocka_unit_test_setup_teardown(columns_have_kinds, begin, end),
        cmocka_unit_test_setup_teardown(reader_sees_one_state, begin, end),
        cmocka_unit_test_setup_teardown(endless_reads_end, begin, end),
        cmocka_unit_test_setup_teardown(rollback_leaves_nothing, begin, end),
        cmocka_unit_test_setup_teardown(constraints_in_plain_words, begin, end),
        cmocka_unit_test_setup_teardown(commit_can_fail, begin, end),
        cmocka_unit_test_setup_teardown(reader_cannot_write, begin, end),
        cmocka_unit_test_setup_teardown(failures_in_plain_words, begin, end),
        cmocka_unit_test_setup_teardown(missing_file_is_not_made_for_a_reader, begin, end),
        cmocka_unit_test(memory_is_private),
        cmocka_unit_test_setup_teardown(a_reader_follows_the_file, begin, end),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
