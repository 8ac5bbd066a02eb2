#include "bilateral/store/copy.h"

#include "handle.h"

/* On the source: the guard of readers would refuse to write anything, the copy included. */
static const char COPY[] = "VACUUM INTO ?1";

/* On the copy, which nobody else sees yet: what a crash leaves of it is worthless anyway. */
static const char UNSAFE[] =
    "PRAGMA synchronous = OFF;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA journal_mode = DELETE;";

static const char FORGET_SECRET[] =
    "UPDATE store\n"
    "SET secret = ''";

/* To keep a table's rows to ourselves: a row. An older schema may not have it yet. */
static const struct {
    const char *name;
    const char *empty;
} PRIVATE[] = {
    {"token", "DELETE FROM token"},
    {"answered", "DELETE FROM answered"},
};

static const char FIND_TABLE[] =
    "SELECT 1\n"
    "FROM sqlite_schema\n"
    "WHERE type = 'table' AND name = ?1";

static bool write_file(struct store *store, const char *path, struct error *error)
{
    sqlite3_set_authorizer(store->database, NULL, NULL);
    bool good = store_run_script(store, "PRAGMA query_only = OFF", error);
    struct statement *copy = good ? store_prepare(store, COPY, error) : NULL;
    if (copy) {
        statement_bind_text(copy, 1, path);
        good = statement_run(copy, error);
    }
    struct error ignored = {0};
    store_run_script(store, "PRAGMA query_only = ON", &ignored);
    reader_guard(store->database);
    return copy && good;
}

static bool empty_table(struct store *copy, size_t index, struct error *error)
{
    int64_t found;
    return statement_number(store_prepare_texts(copy, FIND_TABLE, error, PRIVATE[index].name),
                            &found, error) &&
           (!found || store_run_script(copy, PRIVATE[index].empty, error));
}

static bool scrub(struct store *copy, struct error *error)
{
    bool good = store_run_script(copy, UNSAFE, error) && store_begin_write(copy, error) &&
                store_run_script(copy, FORGET_SECRET, error);
    for (size_t i = 0; good && i < sizeof PRIVATE / sizeof *PRIVATE; i++)
        good = empty_table(copy, i, error);
    return good && store_commit(copy, error);
}

bool copy_write(struct store *store, const char *path, struct error *error)
{
    struct store *copy;
    if (!write_file(store, path, error) || !store_open(path, STORE_WRITE, &copy, error))
        return false;
    bool good = scrub(copy, error);
    store_rollback(copy);
    store_close(copy);
    return good;
}
