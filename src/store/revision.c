#include "bilateral/store/revision.h"

#include <stdio.h>

static const char READ[] =
    "SELECT id, secret, revision, updated_at\n"
    "FROM store";

static const char ADVANCE[] =
    "UPDATE store\n"
    "SET revision = revision + 1,\n"
    "    updated_at = ?1";

bool revision_read(struct store *store, struct revision *ret, struct error *error)
{
    struct statement *read = store_prepare(store, READ, error);
    bool row;
    if (!statement_step(read, &row, error))
        return false;
    if (!row)
        return error_set(error, ERROR_INTERNAL, "The store has no identity.");
    struct revision revision = {.number = statement_integer(read, 2)};
    snprintf(revision.store_id, sizeof revision.store_id, "%s", statement_text(read, 0));
    snprintf(revision.secret, sizeof revision.secret, "%s", statement_text(read, 1));
    snprintf(revision.updated_at, sizeof revision.updated_at, "%s", statement_text(read, 3));
    statement_reset(read);
    *ret = revision;
    return true;
}

bool revision_advance(struct store *store, const char *now, int64_t *ret, struct error *error)
{
    struct revision revision;
    if (!store_run_texts(store, ADVANCE, error, now) || !revision_read(store, &revision, error))
        return false;
    *ret = revision.number;
    return true;
}
