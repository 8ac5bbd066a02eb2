/*
 * migrate - brings a store's file to the schema that this program knows.
 *
 * Each file of migrations/ runs once, in order, in a transaction of its own that also sets
 * `user_version` to its number; views.sql runs where the store has other views. The files are
 * embedded in the program. An empty file becomes a store: it gets our `application_id`, an id and a
 * secret. A store that lacks nothing is not written to.
 *
 *     struct store *store;
 *     if (store_open(path, STORE_WRITE, &store, error) && migrate(store, error))
 *         ...
 */
#ifndef BILATERAL_STORE_MIGRATE_H
#define BILATERAL_STORE_MIGRATE_H

#include "bilateral/store/store.h"

/* "bltr" in ASCII: how file(1) and we know a store. */
enum { MIGRATE_APPLICATION_ID = 0x626c7472 };

struct migration {
    const char *name; /* "0001_record.sql" */
    const char *sql;
};

/* The embedded files, in order, ended by a NULL name; and views.sql. */
extern const struct migration MIGRATIONS[];
extern const char MIGRATE_VIEWS[];

/* The newest version this program knows: how many migrations there are. */
int migrate_latest(void);

/*
 * Migrates. ERROR_CONFLICT where the file is not a store of ours, or was made by a newer program
 * (then nothing is changed). A migration that fails leaves the version before it. With a reader it
 * fails where the store lacks anything.
 */
bool migrate(struct store *store, struct error *error);

/* As migrate, but stops at `version` and makes no views: for tests of the way there. */
bool migrate_to(struct store *store, int version, struct error *error);

#endif
