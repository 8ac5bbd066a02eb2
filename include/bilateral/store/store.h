/*
 * store - the driver: one open handle on the record's file, its statements and transactions.
 *
 *     static const char FIND[] = "SELECT json\n"
 *                                "FROM meeting\n"
 *                                "WHERE id = ?1";
 *     struct statement *find = store_prepare(store, FIND, error);
 *     statement_bind_text(find, 1, id);
 *     bool row;
 *     if (!statement_step(find, &row, error))
 *         return false;
 *
 * A handle belongs to one thread at a time. Writers take turns over the file (SQLite's WAL);
 * readers never wait. A statement belongs to its handle, is kept for the next store_prepare of
 * the same text, and is ready to be bound each time it is handed out; do not prepare a text again
 * while you still step through it.
 *
 * Texts are UTF-8. Parameters are numbered from 1, columns from 0, as SQL has it. Nothing but whole
 * literal statements, or statements made of a descriptor's names, comes in here; values are bound.
 *
 * This is the only header of the engine below: a second engine implements these functions.
 * Errors: ERROR_UNAVAILABLE when the file is busy or cannot be read or written for now,
 * ERROR_STORAGE_FULL, ERROR_CONFLICT for a violated constraint, ERROR_INTERNAL for the rest. Their
 * detail is fit for a client; error->cause has the engine's own words for the log.
 */
#ifndef BILATERAL_STORE_STORE_H
#define BILATERAL_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bilateral/base/buffer.h"
#include "bilateral/base/error.h"

struct store;
struct statement;

enum store_mode {
    STORE_READ,  /* an existing file, nothing but SELECT */
    STORE_WRITE, /* made when missing; synchronous=FULL, foreign keys */
};

/* `path` ":memory:" opens a store that nobody else sees and that ends with its handle. */
bool store_open(const char *path, enum store_mode mode, struct store **ret, struct error *error);

/*
 * Lets a reader map the file, as far as the engine can (2 GiB), instead of reading it: for one that
 * is asked often and for little. A walk over everything would only fill the process's address space
 * with pages that it needs once. What cannot be mapped is read.
 */
void store_map(struct store *store);

/* Turns the file's write-ahead log on, which changes the file: once it is known to be ours. */
bool store_make_durable(struct store *store, struct error *error);

/* NULL is fine. */
void store_close(struct store *store);

/* NULL on failure: such a statement can be bound, and fails when it is stepped, with the error that
 * was set here. */
struct statement *store_prepare(struct store *store, const char *sql, struct error *error);

/*
 * A statement whose text is made of something constant, such as a descriptor: `make` is called where
 * the handle does not have it yet. NULL on failure.
 */
typedef void store_make(const void *of, struct buffer *sql);
struct statement *store_prepare_of(struct store *store, const void *of, store_make *make,
                                   struct error *error);

/* Prepares and runs a statement to which nothing has to be bound. */
bool store_run(struct store *store, const char *sql, struct error *error);

/* Runs a literal script of several statements; nothing can be bound in it. */
bool store_run_script(struct store *store, const char *script, struct error *error);

enum { STORE_READ_SECONDS = 3 };

/*
 * A read transaction: all reads between the two see one state of the record. What is not read
 * after STORE_READ_SECONDS fails with ERROR_UNAVAILABLE; a single walk of the text index may overstep
 * that, because the engine looks at the clock between rows only. store_end_read also resets every
 * statement, so that none keeps the state alive.
 */
bool store_begin_read(struct store *store, struct error *error);
void store_end_read(struct store *store);

/*
 * What is read from here on must not take more processor time: for what an answer can do without. A
 * statement that is late fails with ERROR_UNAVAILABLE, and the transaction goes on.
 */
void store_hurry(struct store *store, int milliseconds);

/*
 * A bound of processor time for all that is read from here on, which store_hurry does not move: for
 * who has somebody else to go on where it ends. store_gave_up tells, until the read transaction ends
 * or pauses, whether anything was ended by it.
 */
void store_try(struct store *store, int milliseconds);
bool store_gave_up(const struct store *store);

/* Between two uses of one read transaction: resets every statement, and no time runs. Go on by
 * store_extend_read. */
void store_pause_read(struct store *store);

/* Gives the read transaction so many seconds from now: for a walk of everything there is. */
void store_extend_read(struct store *store, int seconds);

/* Makes what another thread is doing with the store fail soon; the store must not be closed yet. */
void store_interrupt(struct store *store);

/*
 * A write transaction. It takes the file's write lock at once, waiting up to five seconds. When
 * store_commit answers true the writes are on the disk. On failure of any step, call
 * store_rollback, which is fine to call again or without a transaction.
 */
bool store_begin_write(struct store *store, struct error *error);
bool store_commit(struct store *store, struct error *error);
void store_rollback(struct store *store);

/* Binding never fails for the caller: a wrong index is a programming error and ends the process.
 * Texts must live until the statement is reset or prepared again; NULL binds NULL. */
void statement_bind_text(struct statement *statement, int parameter, const char *text);
void statement_bind_text_size(struct statement *statement, int parameter, const char *text,
                              size_t size);
void statement_bind_integer(struct statement *statement, int parameter, int64_t value);
void statement_bind_real(struct statement *statement, int parameter, double value);
void statement_bind_null(struct statement *statement, int parameter);

/* Texts for the parameters from 1 on; gives the statement back. */
struct statement *statement_bind_all(struct statement *statement, const char *const *texts,
                                     size_t count);
#define statement_bind_texts(statement, ...)                                                       \
    statement_bind_all(statement, (const char *const[]){__VA_ARGS__},                              \
                       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* The same of a statement that is prepared for it: NULL on failure. */
#define store_prepare_texts(store, sql, error, ...)                                                \
    statement_bind_texts(store_prepare(store, sql, error), __VA_ARGS__)

/* The same, run to its end. */
#define store_run_texts(store, sql, error, ...)                                                    \
    statement_run(store_prepare_texts(store, sql, error, __VA_ARGS__), error)

/* Next row: *ret_row says whether there is one. After the last, the statement is reset. */
bool statement_step(struct statement *statement, bool *ret_row, struct error *error);

/* Steps to the end. */
bool statement_run(struct statement *statement, struct error *error);

/* Steps once: the first column as a number, 0 where there is no row, and resets. */
bool statement_number(struct statement *statement, int64_t *ret, struct error *error);

/* Ends early a walk that will not be stepped to its end. */
void statement_reset(struct statement *statement);

/* Of the current row; texts live until the next step. NULL is NULL, and 0. */
const char *statement_text(struct statement *statement, int column);
size_t statement_size(struct statement *statement, int column);

/* The same text without a NUL behind it, which would cost the engine a copy. */
const char *statement_bytes(struct statement *statement, int column);

int64_t statement_integer(struct statement *statement, int column);
double statement_real(struct statement *statement, int column);
bool statement_is_null(struct statement *statement, int column);

enum statement_kind { STATEMENT_NULL, STATEMENT_INTEGER, STATEMENT_REAL, STATEMENT_TEXT };
enum statement_kind statement_kind(struct statement *statement, int column);

/*
 * A function for the handle's SQL: of texts (NULL is NULL), to a text. It must be pure, and never
 * fail. To define it again does nothing.
 */
struct store_function {
    const char *name;
    int arguments; /* at most STORE_ARGUMENT_LIMIT */
    void (*call)(const char *const *texts, const size_t *sizes, struct buffer *ret);
};
enum { STORE_ARGUMENT_LIMIT = 4 };
bool store_define(struct store *store, const struct store_function *function, struct error *error);

/* How many rows the last INSERT, UPDATE or DELETE of the handle touched. */
int64_t store_changes(struct store *store);

/* Moves the write-ahead log into the file, as far as readers let it. */
void store_checkpoint(struct store *store);

#endif
