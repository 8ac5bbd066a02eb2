#include "bilateral/store/migrate.h"

#include <stdio.h>

#include "bilateral/base/date.h"
#include "bilateral/base/hash.h"

int migrate_latest(void)
{
    int count = 0;
    while (MIGRATIONS[count].name)
        count++;
    return count;
}

static bool read_number(struct store *store, const char *sql, int64_t *ret, struct error *error)
{
    return statement_number(store_prepare(store, sql, error), ret, error);
}

/* A pragma takes no parameters, so this is the one place where a number is put into SQL. */
static bool set_version(struct store *store, int version, struct error *error)
{
    char script[96];
    snprintf(script, sizeof script, "PRAGMA application_id = %d;PRAGMA user_version = %d;",
             (int)MIGRATE_APPLICATION_ID, version);
    return store_run_script(store, script, error);
}

/* What makes this store itself: made once, by the first migration. */
static bool give_identity(struct store *store, struct error *error)
{
    static const char INSERT[] =
        "INSERT INTO store (singleton, id, secret, revision, created_at,"
        " updated_at)\n"
        "VALUES (1, ?1, ?2, 0, ?3, ?3)";
    unsigned char bytes[HASH_SIZE];
    char id[17], secret[HASH_HEX_SIZE], now[DATE_TIMESTAMP_SIZE];
    hash_random(bytes, sizeof bytes);
    hash_hex(bytes, 8, id);
    hash_random(bytes, sizeof bytes);
    hash_hex(bytes, sizeof bytes, secret);
    date_now(now);
    struct statement *insert = store_prepare(store, INSERT, error);
    statement_bind_texts(insert, id, secret, now);
    return statement_run(insert, error);
}

static bool apply(struct store *store, int version, struct error *error)
{
    return store_run_script(store, MIGRATIONS[version - 1].sql, error) &&
           (version > 1 || give_identity(store, error)) && set_version(store, version, error);
}

/* Under the write lock, for another daemon may have come first. */
static bool reach(struct store *store, int version, struct error *error)
{
    int64_t at;
    bool done = store_begin_write(store, error) &&
                read_number(store, "PRAGMA user_version", &at, error) &&
                (at >= version || apply(store, version, error)) && store_commit(store, error);
    store_rollback(store); /* nothing, where all was committed */
    return done;
}

/* In one transaction: between two reads another daemon may make the file a store. */
static bool check_ours(struct store *store, int64_t *ret_version, struct error *error)
{
    int64_t application, version, tables;
    bool done = store_begin_read(store, error) &&
                read_number(store, "PRAGMA application_id", &application, error) &&
                read_number(store, "PRAGMA user_version", &version, error) &&
                read_number(store, "SELECT count(*)\nFROM sqlite_schema", &tables, error);
    store_end_read(store);
    if (!done)
        return false;
    if (application != MIGRATE_APPLICATION_ID && (application || version || tables))
        return error_set(error, ERROR_CONFLICT,
                         "The file is a database, but not a store of bilateral; name another one.");
    if (version > migrate_latest())
        return error_set(error, ERROR_CONFLICT,
                         "The store has schema version %d; this program knows versions up to %d. "
                         "Use the newer program that made it.",
                         (int)version, migrate_latest());
    *ret_version = version;
    return true;
}

bool migrate_to(struct store *store, int version, struct error *error)
{
    int64_t at = 0;
    if (!check_ours(store, &at, error) || !store_make_durable(store, error))
        return false;
    for (int next = (int)at + 1; next <= version; next++) {
        if (!reach(store, next, error))
            return false;
    }
    return true;
}

bool migrate(struct store *store, struct error *error)
{
    static const char RENEW_SECRET[] = /* a copy comes without one; see copy.h */
        "UPDATE store\n"
        "SET secret = LOWER(HEX(RANDOMBLOB(32)))\n"
        "WHERE secret = ''";
    /* To make the views anew costs as much as the rest of a start. The engine keeps the text of each
     * as it was written, up to its semicolon. */
    static const char IS_READY[] =
        "SELECT secret <> '' AND substr(?1, instr(?1, 'CREATE')) = (\n"
        "    SELECT group_concat(sql || char(59, 10), '')\n"
        "    FROM sqlite_schema\n"
        "    WHERE type = 'view'\n"
        ")\n"
        "FROM store";
    int64_t ready;
    if (!migrate_to(store, migrate_latest(), error))
        return false;
    struct statement *find = store_prepare(store, IS_READY, error);
    statement_bind_texts(find, MIGRATE_VIEWS);
    bool done =
        statement_number(find, &ready, error) &&
        (ready ||
         (store_begin_write(store, error) && store_run_script(store, MIGRATE_VIEWS, error) &&
          store_run_script(store, RENEW_SECRET, error) && store_commit(store, error)));
    store_rollback(store); /* nothing, where all was committed */
    return done;
}
