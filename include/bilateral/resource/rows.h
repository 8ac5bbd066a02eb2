/*
 * rows - the rows of a query, one after the other, as JSON.
 *
 *     struct rows rows;
 *     bool more = true;
 *     rows_begin(&rows, snapshot, &query, NULL);
 *     while (rows_next(&rows, &more, error) && more)
 *         rows_put(&rows, false, &json);
 *
 * Pages and streams of whole lists are made of these.
 */
#ifndef BILATERAL_RESOURCE_ROWS_H
#define BILATERAL_RESOURCE_ROWS_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/select.h"
#include "bilateral/resource/snapshot.h"

/* A walk in the query's order, or against it where the cursor goes backwards. */
struct rows {
    const struct snapshot *snapshot;
    const struct query *query;
    struct cursor cursor;  /* with the range that is walked */
    bool continued;        /* whether there is a cursor */
    struct statement *row; /* where the walk stands; NULL between two ranges */
};

/* From the cursor's place on where there is one, else (NULL) from the beginning. */
void rows_begin(struct rows *rows, const struct snapshot *snapshot, const struct query *query,
                const struct cursor *cursor);

/* Moves to the next row; *ret_row says whether there is one. */
bool rows_next(struct rows *rows, bool *ret_row, struct error *error);

/* For a walk that is left before its end; fine at any time. */
void rows_end(struct rows *rows);

/*
 * Appends the row as an object: of the members that the query wants, or `whole`. Returns the column
 * of the row's first sort key.
 */
int rows_put(const struct rows *rows, bool whole, struct buffer *json);

/* `"name":value` of one column, by the field's type. */
void rows_put_cell(const struct field *field, struct statement *row, int column,
                   struct buffer *json);

#endif
