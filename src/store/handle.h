/*
 * handle - what a store and its statements are, for the files of this folder.
 */
#ifndef STORE_HANDLE_H
#define STORE_HANDLE_H

#include <sqlite3.h>

#include "bilateral/store/store.h"
#include "map.h"
#include "reader.h"

struct statement {
    struct store *store;
    sqlite3_stmt *handle;
    char *sql;
    size_t size;            /* of sql and its NUL */
    const void *of;         /* of store_prepare_of; else NULL */
    store_make *make;       /* the same */
    bool used;              /* whether it was handed out since statements were reset last */
    struct statement *next; /* most recently handed out first */
};

struct store {
    sqlite3 *database;
    struct statement *statements;
    size_t statement_count;
    size_t statement_bytes;               /* of their texts */
    struct reader_budget budget;          /* of a read transaction */
    struct map map;                       /* of a reader */
    const struct store_function *defined; /* the last that was */
};

/* Says what the engine said: plain words for the client, its own words for the log. */
bool store_fail(struct store *store, int code, struct error *error);

#endif
