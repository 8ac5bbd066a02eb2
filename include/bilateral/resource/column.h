/*
 * column - a draft's fields as columns of its tables: names for SQL, values to bind.
 *
 *     column_names(FIELDS, &sql)               ", name, start_date, start_date_precision, …"
 */
#ifndef BILATERAL_RESOURCE_COLUMN_H
#define BILATERAL_RESOURCE_COLUMN_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/record.h"
#include "bilateral/store/store.h"

/* Appends ", name" for every column that the fields have, and counts them. */
size_t column_names(const struct field *fields, struct buffer *sql);

/* The same for the values of `object`, bound from *parameter on, which moves behind them. */
void column_bind(const struct draft *draft, const struct field *fields, const json_t *object,
                 struct statement *statement, int *parameter, struct arena *arena);

/* Appends ", CAST(NULL AS TYPE)" for each of these columns. */
void column_nulls(const struct field *fields, struct buffer *sql);

/* Appends so many "?", with commas between. */
void column_parameters(int count, struct buffer *sql);

#endif
