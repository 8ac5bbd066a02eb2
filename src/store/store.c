#include "bilateral/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handle.h"

enum {
    BUSY_MILLISECONDS = 5000,
    /* How many prepared statements a handle keeps. Filters make new texts; the oldest unused go. */
    STATEMENT_LIMIT = 128,
    STATEMENT_TEXT_LIMIT = 128 * 1024, /* bytes of their texts; they take some thirty times that */
};

bool store_fail(struct store *store, int code, struct error *error)
{
    bool first = error->code == ERROR_NONE;
    const char *cause = store->database ? sqlite3_errmsg(store->database) : sqlite3_errstr(code);
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        error_set(
            error, ERROR_UNAVAILABLE,
            "Somebody else writes to the store, perhaps a long import; try again in a moment.");
        break;
    case SQLITE_FULL:
        error_set(error, ERROR_STORAGE_FULL, "The disk of the store is full.");
        break;
    case SQLITE_CONSTRAINT:
        error_set(error, ERROR_CONFLICT, "The record would contradict what is stored.");
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        error_set(error, ERROR_UNAVAILABLE, "The store cannot be used at the moment.");
        break;
    case SQLITE_NOMEM:
        error_set(error, ERROR_UNAVAILABLE, "There is not enough memory for that at the moment.");
        break;
    case SQLITE_INTERRUPT:
        error_set(error, ERROR_UNAVAILABLE,
                  "That took longer than %d seconds; ask for less, or with fewer filters.",
                  STORE_READ_SECONDS);
        break;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        error_set(error, ERROR_INTERNAL, "The store's file is damaged or not a store.");
        break;
    default:
        error_set(error, ERROR_INTERNAL, "The store failed.");
    }
    if (first)
        snprintf(error->cause, sizeof error->cause, "%s", cause);
    return false;
}

bool store_run_script(struct store *store, const char *script, struct error *error)
{
    int code = sqlite3_exec(store->database, script, NULL, NULL, NULL);
    return code == SQLITE_OK || store_fail(store, code, error);
}

/* The settings of sqlite.org/security.html and what measurements of this stack found best. */
static bool configure(struct store *store, enum store_mode mode, struct error *error)
{
    sqlite3 *database = store->database;
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_timeout(database, BUSY_MILLISECONDS);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024);
    sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 256 * 1024);
    /* A value of 300 bytes, each behind a backslash, between two signs. */
    sqlite3_limit(database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 602);
    sqlite3_limit(database, SQLITE_LIMIT_VARIABLE_NUMBER, 4000);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 1);

    static const char EITHER[] =
        "PRAGMA foreign_keys = ON;"
        "PRAGMA temp_store = FILE;";
    /* FULL: a commit is on the disk when it is answered; NORMAL loses acknowledged writes. */
    static const char WRITER[] =
        "PRAGMA cell_size_check = ON;"
        "PRAGMA synchronous = FULL;"
        "PRAGMA cache_size = -65536;"
        "PRAGMA journal_size_limit = 67108864;";
    /* Readers do not check all cells of a page: a mapped one is looked at anew each time, and that
     * would cost more than the map saves. What is wrong in a cell is found where it is used. */
    static const char READER[] = "PRAGMA query_only = ON;";
    if (!store_run_script(store, EITHER, error) ||
        !store_run_script(store, mode == STORE_WRITE ? WRITER : READER, error))
        return false;
    if (mode == STORE_READ)
        reader_guard(database);
    return true;
}

/*
 * A new file starts with a rollback journal, whose folder entry only EXTRA makes durable; so its
 * first page is written under EXTRA, before the log takes over.
 */
bool store_make_durable(struct store *store, struct error *error)
{
    static const char FIND[] =
        "SELECT journal_mode = 'wal'\n"
        "FROM pragma_journal_mode";
    static const char TURN_ON[] =
        "PRAGMA synchronous = EXTRA;"
        "BEGIN IMMEDIATE;"
        "COMMIT;"
        "PRAGMA synchronous = FULL;"
        "PRAGMA journal_mode = WAL;";
    int64_t on;
    return statement_number(store_prepare(store, FIND, error), &on, error) &&
           (on || store_run_script(store, TURN_ON, error));
}

bool store_open(const char *path, enum store_mode mode, struct store **ret, struct error *error)
{
    struct store *store = memory_alloc(sizeof *store);
    *store = (struct store){0};
    /* Figures that nobody reads cost a lock with each allocation. Once is enough; later it is refused. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    flags |=
        mode == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int code = sqlite3_open_v2(path, &store->database, flags, NULL);
    if (!(code == SQLITE_OK || store_fail(store, code, error)) || !configure(store, mode, error)) {
        store_close(store);
        return false;
    }
    *ret = store;
    return true;
}

void store_map(struct store *store)
{
    sqlite3_set_authorizer(store->database, NULL, NULL); /* which lets no setting be made */
    map_keep(&store->map, store->database);
    reader_guard(store->database);
}

static void statement_destroy(struct statement *statement)
{
    sqlite3_finalize(statement->handle);
    free(statement->sql);
    free(statement);
}

void store_close(struct store *store)
{
    if (!store)
        return;
    while (store->statements) {
        struct statement *next = store->statements->next;
        statement_destroy(store->statements);
        store->statements = next;
    }
    sqlite3_close_v2(store->database);
    free(store);
}

/* Drops the statement that was handed out longest ago, unless somebody still steps through it. */
static bool forget_oldest(struct store *store)
{
    struct statement **oldest = NULL;
    for (struct statement **at = &store->statements; *at; at = &(*at)->next) {
        if (!sqlite3_stmt_busy((*at)->handle))
            oldest = at;
    }
    if (!oldest)
        return false;
    struct statement *statement = *oldest;
    *oldest = statement->next;
    store->statement_bytes -= statement->size;
    store->statement_count--;
    statement_destroy(statement);
    return true;
}

/* What is handed out goes to the front. */
static struct statement *hand_out(struct store *store, struct statement **at)
{
    struct statement *statement = *at;
    *at = statement->next;
    statement->next = store->statements;
    store->statements = statement;
    statement->used = true;
    sqlite3_reset(statement->handle);
    sqlite3_clear_bindings(statement->handle);
    return statement;
}

/* Many begin alike, but few are equally long. */
static struct statement *find_prepared(struct store *store, const char *sql, size_t size)
{
    for (struct statement **at = &store->statements; *at; at = &(*at)->next) {
        if ((*at)->size == size && memcmp((*at)->sql, sql, size) == 0)
            return hand_out(store, at);
    }
    return NULL;
}

struct statement *store_prepare(struct store *store, const char *sql, struct error *error)
{
    size_t size = strlen(sql) + 1;
    struct statement *statement = find_prepared(store, sql, size);
    if (statement)
        return statement;
    sqlite3_stmt *handle;
    int code =
        sqlite3_prepare_v3(store->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    if (code != SQLITE_OK) {
        store_fail(store, code, error);
        return NULL;
    }
    while (store->statement_count >= STATEMENT_LIMIT ||
           store->statement_bytes + size > STATEMENT_TEXT_LIMIT) {
        if (!forget_oldest(store))
            break;
    }
    statement = memory_alloc(sizeof *statement);
    *statement = (struct statement){
        .store = store,
        .handle = handle,
        .sql = memory_alloc(size),
        .size = size,
        .used = true,
        .next = store->statements,
    };
    memcpy(statement->sql, sql, size);
    store->statements = statement;
    store->statement_bytes += size;
    store->statement_count++;
    return statement;
}

struct statement *store_prepare_of(struct store *store, const void *of, store_make *make,
                                   struct error *error)
{
    for (struct statement **at = &store->statements; *at; at = &(*at)->next) {
        if ((*at)->of == of && (*at)->make == make)
            return hand_out(store, at);
    }
    struct buffer sql = {0};
    make(of, &sql);
    struct statement *statement = store_prepare(store, buffer_text(&sql), error);
    buffer_finish(&sql);
    if (statement) {
        statement->of = of;
        statement->make = make;
    }
    return statement;
}

bool store_run(struct store *store, const char *sql, struct error *error)
{
    return statement_run(store_prepare(store, sql, error), error);
}

bool store_begin_read(struct store *store, struct error *error)
{
    reader_set_budget(store->database, &store->budget, STORE_READ_SECONDS * 1000);
    return store_run(store, "BEGIN", error);
}

void store_extend_read(struct store *store, int seconds)
{
    reader_set_budget(store->database, &store->budget, seconds * 1000);
}

void store_interrupt(struct store *store)
{
    sqlite3_interrupt(store->database);
}

/* Those that were used since stand in front: most requests use five of a hundred. */
static void reset_statements(struct store *store)
{
    for (struct statement *each = store->statements; each && each->used; each = each->next) {
        sqlite3_reset(each->handle);
        each->used = false;
    }
}

void store_hurry(struct store *store, int milliseconds)
{
    reader_cut_budget(&store->budget, milliseconds);
}

void store_try(struct store *store, int milliseconds)
{
    reader_try_budget(&store->budget, milliseconds);
}

bool store_gave_up(const struct store *store)
{
    return store->budget.gave_up;
}

void store_pause_read(struct store *store)
{
    reset_statements(store);
    reader_set_budget(store->database, &store->budget, 0);
}

void store_end_read(struct store *store)
{
    store_rollback(store);
}

bool store_begin_write(struct store *store, struct error *error)
{
    return store_run(store, "BEGIN IMMEDIATE", error);
}

bool store_commit(struct store *store, struct error *error)
{
    return store_run(store, "COMMIT", error);
}

void store_rollback(struct store *store)
{
    reset_statements(store);
    reader_set_budget(store->database, &store->budget, 0);
    /* A failed COMMIT may have rolled back already; a second ROLLBACK would be an error. */
    struct error ignored = {0};
    if (!sqlite3_get_autocommit(store->database))
        store_run(store, "ROLLBACK", &ignored);
}

int64_t store_changes(struct store *store)
{
    return sqlite3_changes64(store->database);
}

void store_checkpoint(struct store *store)
{
    sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}
