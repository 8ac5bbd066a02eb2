#include "bilateral/resource/rows.h"

#include <string.h>

#include "bilateral/json/write.h"
#include "bilateral/resource/members.h"

struct statement *rows_find(const struct snapshot *snapshot, const struct query *query,
                            const struct scope *scope, const struct cursor *cursor,
                            struct error *error)
{
    struct sql sql;
    struct buffer text = {0};
    sql_init(&sql, snapshot->arena, &text);
    select_page(query, scope, cursor, &sql);
    struct statement *rows = sql_prepare(&sql, snapshot->store, error);
    buffer_finish(&text);
    return rows;
}

void rows_put_cell(const struct field *field, struct statement *row, int column,
                   struct buffer *json)
{
    json_put_key(json, field->name);
    if (statement_is_null(row, column))
        buffer_puts(json, "null");
    else if (field->type == FIELD_INTEGER || field->type == FIELD_DECIMAL ||
             field->type == FIELD_JSON)
        buffer_append(json, statement_text(row, column), statement_size(row, column));
    else
        json_put_text_size(json, statement_text(row, column), statement_size(row, column));
}

/* A view's row from its columns; returns the column behind them. */
static int put_view_row(const struct query *query, bool whole, struct statement *row,
                        struct buffer *json)
{
    int column = 0;
    buffer_putc(json, '{');
    for (const struct field *field = query->resource->fields; field->name; field++) {
        if (field->flags & FIELD_HIDDEN)
            continue;
        if (whole ||
            members_want(query->fields, query->field_count, field->name, strlen(field->name)))
            rows_put_cell(field, row, column, json);
        column++;
    }
    buffer_putc(json, '}');
    return column;
}

int rows_put(const struct query *query, struct statement *row, bool whole, struct buffer *json)
{
    if (query->resource->view)
        return put_view_row(query, whole, row, json);
    members_put(whole ? NULL : query->fields, query->field_count, statement_text(row, 0),
                statement_size(row, 0), json);
    return 1;
}
