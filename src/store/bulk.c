#include "bilateral/store/bulk.h"

static const char IS_EMPTY[] = "SELECT NOT EXISTS (SELECT 1 FROM record)";

static const char FIND_INDEXES[] =
    "SELECT name, sql\n"
    "FROM sqlite_schema\n"
    "WHERE type = 'index' AND sql LIKE 'CREATE INDEX %'\n"
    "ORDER BY tbl_name";

bool bulk_prepare(struct bulk *bulk, struct store *store, struct error *error)
{
    int64_t empty;
    if (!statement_number(store_prepare(store, IS_EMPTY, error), &empty, error))
        return false;
    *bulk = (struct bulk){.store = store, .empty = empty};
    return !bulk->empty || store_run_script(store, "PRAGMA foreign_keys = OFF", error);
}

bool bulk_begin(struct bulk *bulk, struct error *error)
{
    if (!bulk->empty)
        return true;
    struct buffer drop = {0};
    bool row = true;
    struct statement *find = store_prepare(bulk->store, FIND_INDEXES, error);
    bool good = find; /* not by the error: a batch goes on when it has found faults */
    while (good && (good = statement_step(find, &row, error)) && row) {
        buffer_put_all(&drop, "DROP INDEX ", statement_text(find, 0), ";\n", NULL);
        buffer_put_all(&bulk->indexes, statement_text(find, 1), ";\n", NULL);
    }
    good = good && store_run_script(bulk->store, buffer_text(&drop), error);
    buffer_finish(&drop);
    return good;
}

bool bulk_end(struct bulk *bulk, struct error *error)
{
    return store_run_script(bulk->store, buffer_text(&bulk->indexes), error);
}

void bulk_finish(struct bulk *bulk)
{
    struct error ignored = {0};
    buffer_finish(&bulk->indexes);
    if (bulk->empty)
        store_run_script(bulk->store, "PRAGMA foreign_keys = ON", &ignored);
    bulk->empty = false;
}
