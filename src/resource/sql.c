#include "bilateral/resource/sql.h"

#include <assert.h>
#include <string.h>

#include "bilateral/base/buffer.h"

void sql_init(struct sql *sql, struct arena *arena, struct buffer *text)
{
    *sql = (struct sql){.arena = arena, .text = text};
}

static int add_value(struct sql *sql, struct sql_value value)
{
    assert(sql->count < SQL_VALUE_LIMIT);
    sql->values =
        arena_grow(sql->arena, sql->values, sql->count, &sql->capacity, sizeof *sql->values);
    sql->values[sql->count++] = value;
    return (int)sql->count;
}

void sql_put(struct sql *sql, const char *literal, struct sql_value value)
{
    const char *mark = strchr(literal, '$');
    int parameter = mark ? add_value(sql, value) : 0; /* what no statement names cannot be bound */
    for (; mark; mark = strchr(literal, '$')) {
        buffer_append(sql->text, literal, (size_t)(mark - literal));
        buffer_putc(sql->text, '?');
        buffer_put_number(sql->text, parameter);
        literal = mark + 1;
    }
    buffer_puts(sql->text, literal);
}

void sql_puts(struct sql *sql, const char *literal)
{
    buffer_puts(sql->text, literal);
}

struct sql_value sql_text(const char *text)
{
    return (struct sql_value){.kind = text ? SQL_TEXT : SQL_NULL, .text = text};
}

struct sql_value sql_integer(int64_t integer)
{
    return (struct sql_value){.kind = SQL_INTEGER, .integer = integer};
}

struct sql_value sql_real(double real)
{
    return (struct sql_value){.kind = SQL_REAL, .real = real};
}

struct sql_value sql_column(struct statement *row, int column, struct arena *arena)
{
    switch (statement_kind(row, column)) {
    case STATEMENT_NULL:
        break;
    case STATEMENT_INTEGER:
        return sql_integer(statement_integer(row, column));
    case STATEMENT_REAL:
        return sql_real(statement_real(row, column));
    case STATEMENT_TEXT:
        return sql_text(
            arena_copy(arena, statement_text(row, column), statement_size(row, column)));
    }
    return (struct sql_value){.kind = SQL_NULL};
}

struct statement *sql_prepare(const struct sql *sql, struct store *store, struct error *error)
{
    struct statement *statement = store_prepare(store, buffer_text(sql->text), error);
    for (size_t i = 0; statement && i < sql->count; i++) {
        const struct sql_value *value = &sql->values[i];
        int parameter = (int)i + 1;
        switch (value->kind) {
        case SQL_NULL:
            statement_bind_null(statement, parameter);
            break;
        case SQL_TEXT:
            statement_bind_text(statement, parameter, value->text);
            break;
        case SQL_INTEGER:
            statement_bind_integer(statement, parameter, value->integer);
            break;
        case SQL_REAL:
            statement_bind_real(statement, parameter, value->real);
            break;
        }
    }
    return statement;
}
