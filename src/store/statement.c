#include "handle.h"

#include <assert.h>
#include <string.h>

#include "bilateral/base/arena.h"

void statement_bind_text_size(struct statement *statement, int parameter, const char *text,
                              size_t size)
{
    if (!statement)
        return;
    int code = text ? sqlite3_bind_text64(statement->handle, parameter, text, size, SQLITE_STATIC,
                                          SQLITE_UTF8)
                    : sqlite3_bind_null(statement->handle, parameter);
    assert(code == SQLITE_OK || code == SQLITE_TOOBIG);
    (void)code;
}

void statement_bind_text(struct statement *statement, int parameter, const char *text)
{
    statement_bind_text_size(statement, parameter, text, text ? strlen(text) : 0);
}

struct statement *statement_bind_all(struct statement *statement, const char *const *texts,
                                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        statement_bind_text(statement, (int)i + 1, texts[i]);
    return statement;
}

void statement_bind_integer(struct statement *statement, int parameter, int64_t value)
{
    int code = statement ? sqlite3_bind_int64(statement->handle, parameter, value) : SQLITE_OK;
    assert(code == SQLITE_OK);
    (void)code;
}

void statement_bind_real(struct statement *statement, int parameter, double value)
{
    int code = statement ? sqlite3_bind_double(statement->handle, parameter, value) : SQLITE_OK;
    assert(code == SQLITE_OK);
    (void)code;
}

void statement_bind_null(struct statement *statement, int parameter)
{
    statement_bind_text_size(statement, parameter, NULL, 0);
}

bool statement_step(struct statement *statement, bool *ret_row, struct error *error)
{
    if (!statement)
        return false;
    int code = sqlite3_step(statement->handle);
    if (code != SQLITE_ROW)
        sqlite3_reset(statement->handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return store_fail(statement->store, code, error);
    *ret_row = code == SQLITE_ROW;
    return true;
}

bool statement_run(struct statement *statement, struct error *error)
{
    bool row = true;
    while (row) {
        if (!statement_step(statement, &row, error))
            return false;
    }
    return true;
}

bool statement_number(struct statement *statement, int64_t *ret, struct error *error)
{
    bool row;
    if (!statement_step(statement, &row, error))
        return false;
    *ret = row ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

void statement_reset(struct statement *statement)
{
    if (statement)
        sqlite3_reset(statement->handle);
}

/* The engine may need memory to end a text with a NUL, and gives NULL where there is none. */
const char *statement_text(struct statement *statement, int column)
{
    bool null = statement_is_null(statement, column);
    const char *text = (const char *)sqlite3_column_text(statement->handle, column);
    if (!text && !null)
        memory_exhausted();
    return text;
}

const char *statement_bytes(struct statement *statement, int column)
{
    return sqlite3_column_blob(statement->handle, column);
}

size_t statement_size(struct statement *statement, int column)
{
    return (size_t)sqlite3_column_bytes(statement->handle, column);
}

int64_t statement_integer(struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

double statement_real(struct statement *statement, int column)
{
    return sqlite3_column_double(statement->handle, column);
}

enum statement_kind statement_kind(struct statement *statement, int column)
{
    switch (sqlite3_column_type(statement->handle, column)) {
    case SQLITE_INTEGER:
        return STATEMENT_INTEGER;
    case SQLITE_FLOAT:
        return STATEMENT_REAL;
    case SQLITE_NULL:
        return STATEMENT_NULL;
    default:
        return STATEMENT_TEXT;
    }
}

bool statement_is_null(struct statement *statement, int column)
{
    return statement_kind(statement, column) == STATEMENT_NULL;
}

static void call(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct store_function *function = sqlite3_user_data(context);
    const char *texts[STORE_ARGUMENT_LIMIT];
    size_t sizes[STORE_ARGUMENT_LIMIT];
    struct buffer text = {0};
    for (int i = 0; i < count; i++) {
        texts[i] = (const char *)sqlite3_value_text(values[i]);
        sizes[i] = (size_t)sqlite3_value_bytes(values[i]);
    }
    function->call(texts, sizes, &text);
    sqlite3_result_text64(context, buffer_text(&text), text.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    buffer_finish(&text);
}

bool store_define(struct store *store, const struct store_function *function, struct error *error)
{
    assert(function->arguments <= STORE_ARGUMENT_LIMIT);
    if (store->defined == function)
        return true;
    /* Innocuous: views may call it, though the schema is not trusted. */
    int code = sqlite3_create_function_v2(store->database, function->name, function->arguments,
                                          SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                          (void *)(uintptr_t)function, call, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return store_fail(store, code, error);
    store->defined = function;
    return true;
}
