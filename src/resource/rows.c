#include "bilateral/resource/rows.h"

#include <string.h>

#include "bilateral/json/write.h"
#include "bilateral/resource/members.h"

void rows_begin(struct rows *rows, const struct snapshot *snapshot, const struct query *query,
                const struct cursor *cursor)
{
    *rows = (struct rows){.snapshot = snapshot, .query = query, .continued = cursor};
    if (cursor)
        rows->cursor = *cursor;
}

/* The next range, where there is one: *ret_range. Without a cursor all rows are one range. */
static bool find_range(struct rows *rows, bool *ret_range, struct error *error)
{
    struct sql sql;
    struct buffer text = {0};
    sql_init(&sql, rows->snapshot->arena, &text);
    *ret_range = (rows->continued || rows->cursor.range == 0) &&
                 select_page(rows->query, rows->continued ? &rows->cursor : NULL, &sql);
    rows->cursor.range++;
    if (*ret_range)
        rows->row = sql_prepare(&sql, rows->snapshot->store, error);
    buffer_finish(&text);
    return !*ret_range || rows->row;
}

bool rows_next(struct rows *rows, bool *ret_row, struct error *error)
{
    for (bool range = true; range;) {
        if (rows->row && !statement_step(rows->row, ret_row, error))
            return false;
        if (rows->row && *ret_row)
            return true;
        rows->row = NULL;
        if (!find_range(rows, &range, error))
            return false;
    }
    *ret_row = false;
    return true;
}

void rows_end(struct rows *rows)
{
    if (rows->row)
        statement_reset(rows->row);
    rows->row = NULL;
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

int rows_put(const struct rows *rows, bool whole, struct buffer *json)
{
    const struct query *query = rows->query;
    if (query->resource->view)
        return put_view_row(query, whole, rows->row, json);
    members_put(whole ? NULL : query->fields, query->field_count, statement_bytes(rows->row, 0),
                statement_size(rows->row, 0), json);
    return 1;
}
