/*
 * CSV (RFC 4180): a column for each member, with a header row. A cell tells what it was in JSON:
 * texts are always in quotes, numbers, true and false never, and null is an empty cell without.
 */
#include "bilateral/format/format.h"

#include <string.h>

#include "bilateral/json/scan.h"
#include "bilateral/resource/members.h"

struct cell {
    const char *value; /* JSON text; NULL where the record has no such member */
    size_t size;
};

struct columns {
    const struct member *members;
    struct cell *cells; /* of the row at hand, by column */
    size_t count;
};

/* What stands in `out` from `start` on becomes a quoted cell, in place. */
static void quote(struct buffer *out, size_t start)
{
    size_t quotes = 2;
    for (size_t i = start; i < out->size; i++)
        quotes += out->data[i] == '"';
    size_t from = out->size;
    buffer_reserve(out, quotes);
    out->size += quotes;
    char *to = out->data + out->size;
    *to = '\0';
    *--to = '"';
    while (from > start) {
        *--to = out->data[--from];
        if (*to == '"')
            *--to = '"';
    }
    *--to = '"';
}

/* Ids have no blanks, so a blank keeps them apart. */
static void join_ids(const struct cell *cell, struct buffer *out)
{
    struct json_walk walk = json_walk(cell->value, cell->size);
    for (const char *separator = ""; json_walk_next(&walk); separator = " ") {
        buffer_puts(out, separator);
        json_scan_text(walk.value, walk.value_size, out);
    }
}

static bool holds_ids(const struct field *field)
{
    return field &&
           (field->type == FIELD_REFERENCES || (field->type == FIELD_JSON && !field->part));
}

static void put_cell(const struct cell *cell, const struct field *field, struct buffer *out)
{
    size_t start = out->size;
    if (!cell->value || *cell->value == 'n') /* null */
        return;
    if (*cell->value == '"')
        json_scan_text(cell->value, cell->size, out);
    else if (*cell->value == '[' && holds_ids(field))
        join_ids(cell, out);
    else
        buffer_append(out, cell->value, cell->size);
    if (strchr("\"[{", *cell->value))
        quote(out, start);
}

/* The wanted columns in the order in which they were asked for, or all in the record's. */
static struct columns *choose_columns(const struct format_writing *writing)
{
    struct arena *arena = writing->snapshot->arena;
    struct columns *columns = arena_alloc(arena, sizeof *columns);
    size_t all_count;
    const struct member *all = members_all(writing->resource, arena, &all_count);
    struct member *chosen = arena_alloc(arena, all_count * sizeof *chosen);
    size_t wanted = writing->fields ? writing->field_count : all_count;
    for (size_t i = 0; i < wanted; i++) {
        const char *name = writing->fields ? writing->fields[i] : all[i].name;
        if (members_index(chosen, columns->count, name, strlen(name), 0) < columns->count)
            continue; /* asked for twice */
        chosen[columns->count++] = all[members_index(all, all_count, name, strlen(name), 0)];
    }
    columns->members = chosen;
    columns->cells = arena_alloc(arena, columns->count * sizeof *columns->cells);
    return columns;
}

static void begin(struct format_writing *writing, struct buffer *out)
{
    struct columns *columns = choose_columns(writing);
    writing->state = columns;
    for (size_t i = 0; i < columns->count; i++)
        buffer_put_all(out, i > 0 ? ",\"" : "\"", columns->members[i].name, "\"", NULL);
    buffer_puts(out, "\r\n");
}

static bool put_row(struct format_writing *writing, const char *text, size_t size,
                    struct buffer *out, struct error *error)
{
    struct columns *columns = writing->state;
    struct json_walk walk = json_walk(text, size);
    size_t next = 0;
    (void)error;
    memset(columns->cells, 0, columns->count * sizeof *columns->cells);
    while (json_walk_next(&walk)) {
        size_t index =
            members_index(columns->members, columns->count, walk.key, walk.key_size, next);
        if (index == columns->count)
            continue;
        columns->cells[index] = (struct cell){.value = walk.value, .size = walk.value_size};
        next = index + 1; /* the store's order, in which columns mostly are, too */
    }
    for (size_t i = 0; i < columns->count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        put_cell(&columns->cells[i], columns->members[i].field, out);
    }
    buffer_puts(out, "\r\n");
    return true;
}

const struct format FORMAT_CSV = {
    .extension = "csv",
    .media_type = "text/csv; charset=utf-8; header=present",
    .help =
        "A table for spreadsheets, the whole list: texts in quotes, null as an empty cell "
        "without them, arrays of ids with blanks between, other arrays as JSON.",
    .begin = begin,
    .row = put_row,
    .end = format_put_nothing,
};
