/*
 * rows - the rows of a query, one after the other, as JSON.
 *
 *     struct statement *row = rows_find(snapshot, &query, &scope, NULL, error);
 *     bool more = row;
 *     while (more && statement_step(row, &more, error) && more)
 *         rows_put(&query, row, false, &json);
 *
 * Pages and streams of whole lists are made of these.
 */
#ifndef BILATERAL_RESOURCE_ROWS_H
#define BILATERAL_RESOURCE_ROWS_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/select.h"
#include "bilateral/resource/snapshot.h"

/* The query's walk, from the cursor's place on where there is one (else NULL). NULL on failure. */
struct statement *rows_find(const struct snapshot *snapshot, const struct query *query,
                            const struct scope *scope, const struct cursor *cursor,
                            struct error *error);

/*
 * Appends the row as an object: of the members that the query wants, or `whole`. Returns the column
 * of the row's first sort key.
 */
int rows_put(const struct query *query, struct statement *row, bool whole, struct buffer *json);

/* `"name":value` of one column, by the field's type. */
void rows_put_cell(const struct field *field, struct statement *row, int column,
                   struct buffer *json);

#endif
