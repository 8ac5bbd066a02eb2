/*
 * sql - a statement in the making: its text, and the values that will be bound to it.
 *
 *     sql_put(&sql, "meeting_id IN (SELECT … WHERE official_id = $)", sql_text(id));
 *
 * Only literals and a descriptor's names become text; whatever came from a client is a value.
 */
#ifndef BILATERAL_RESOURCE_SQL_H
#define BILATERAL_RESOURCE_SQL_H

#include "bilateral/store/store.h"

enum { SQL_VALUE_LIMIT = 4000 };

enum sql_kind { SQL_NULL, SQL_TEXT, SQL_INTEGER, SQL_REAL };

struct sql_value {
    enum sql_kind kind;
    const char *text; /* must outlive the statement's walk */
    int64_t integer;
    double real;
};

struct sql {
    struct arena *arena;
    struct buffer *text; /* the caller's to finish */
    struct sql_value *values;
    size_t count;
    size_t capacity;
};

void sql_init(struct sql *sql, struct arena *arena, struct buffer *text);

/* Appends a literal; every `$` in it becomes the same parameter, bound to `value`. */
void sql_put(struct sql *sql, const char *literal, struct sql_value value);

/* Appends a literal that has no value. */
void sql_puts(struct sql *sql, const char *literal);

struct sql_value sql_text(const char *text);
struct sql_value sql_integer(int64_t integer);
struct sql_value sql_real(double real);

/* A column of a row as a value, its text copied to the arena. */
struct sql_value sql_column(struct statement *row, int column, struct arena *arena);

/* Prepares the text and binds the values; NULL on failure. */
struct statement *sql_prepare(const struct sql *sql, struct store *store, struct error *error);

#endif
