#include "row.h"

#include <stdio.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/body.h"
#include "bilateral/resource/column.h"

static const char FORGET_REFERENCES[] =
    "DELETE FROM reference\n"
    "WHERE from_type = ?1 AND from_id = ?2";

static const char PUT_REFERENCE[] =
    "INSERT INTO reference (to_type, to_id, from_type, from_id, field)\n"
    "VALUES (?1, ?2, ?3, ?4, ?5)\n"
    "ON CONFLICT DO NOTHING";

/* Behind the id. */
static int put_columns(const struct resource *resource, struct buffer *columns)
{
    int count = (int)column_names(resource->fields, columns);
    buffer_puts(columns, ", created_at, updated_at, revision, source_ids, json");
    return count + 5;
}

/*
 * Rows lie in the file by the day that their list is ordered by, so that the rows of a page are
 * neighbours: twenty from all over the file cost twice as much to read. A row's number is its day, as
 * YYYYMMDD, then a count. It orders nothing: a day may be mended later, and the row stays.
 */
static const char NUMBER[] =
    "COALESCE((\n"
    "    SELECT MAX(rowid)\n"
    "    FROM $\n"
    "    WHERE rowid >= ?1 AND rowid < ?1 + 4294967296\n"
    "), ?1) + 1";
enum { COUNT_BITS = 32 };

/* 0 where the list has another order, or the day is not known. */
static int64_t first_number(const struct draft *draft)
{
    const struct resource *resource = draft->resource;
    const char *name = resource->sort + (*resource->sort == '-');
    const struct field *key = resource_field(resource, name);
    const char *text = json_string_value(json_object_get(draft->value, name));
    struct error ignored = {0};
    struct date date;
    int year, month, day;
    if (!key || key->type != FIELD_DATE || !text || !date_parse(text, &date, &ignored) ||
        sscanf(date.earliest, "%4d-%2d-%2d", &year, &month, &day) != 3)
        return 0;
    return (((int64_t)year * 100 + month) * 100 + day) << COUNT_BITS;
}

static void make_row(const void *of, struct buffer *sql)
{
    const struct resource *resource = of;
    struct buffer columns = {0};
    int count = 1 + put_columns(resource, &columns);
    const char *dollar = strchr(NUMBER, '$');
    buffer_put_all(sql, "INSERT INTO ", resource->table, " (rowid, id", buffer_text(&columns),
                   ")\nVALUES (", NULL);
    buffer_append(sql, NUMBER, (size_t)(dollar - NUMBER));
    buffer_put_all(sql, resource->table, dollar + 1, ", ", NULL);
    column_parameters(count, sql);
    buffer_putc(sql, ')');
    buffer_finish(&columns);
}

/* For a row that may be there. Where there is none it would be dearer: as it may touch a foreign key
 * twice, the engine keeps a copy of every page that it changes. */
static void make_row_again(const void *of, struct buffer *sql)
{
    struct buffer columns = {0};
    make_row(of, sql);
    put_columns(of, &columns);
    buffer_puts(sql, "\nON CONFLICT (id) DO UPDATE\nSET ");
    char *rest;
    const char *separator = "";
    for (char *name = strtok_r(columns.data, ", ", &rest); name;
         name = strtok_r(NULL, ", ", &rest)) {
        buffer_put_all(sql, separator, name, " = excluded.", name, NULL);
        separator = ",\n    ";
    }
    buffer_finish(&columns);
}

bool row_put(struct writer *writer, const struct draft *draft, const char *created_at,
             int64_t revision, bool replace, struct buffer *json, struct error *error)
{
    struct buffer sources = {0};
    body_write_source_ids(draft, &sources);
    json_put_member(json, "created_at", created_at);
    json_put_member(json, "updated_at", writer->now);
    json_put_number(json, "revision", revision);
    buffer_putc(json, '}');

    struct statement *row = store_prepare_of(writer->store, draft->resource,
                                             replace ? make_row_again : make_row, error);
    int parameter = 1;
    statement_bind_integer(row, parameter++, first_number(draft));
    statement_bind_text(row, parameter++, draft->id);
    column_bind(draft, draft->resource->fields, draft->value, row, &parameter, writer->arena);
    statement_bind_text(row, parameter++, created_at);
    statement_bind_text(row, parameter++, writer->now);
    statement_bind_integer(row, parameter++, revision);
    statement_bind_text_size(row, parameter++, sources.data, sources.size);
    statement_bind_text_size(row, parameter++, json->data, json->size);
    bool done = statement_run(row, error);
    buffer_finish(&sources);
    return done;
}

static void make_part(const void *of, struct buffer *sql)
{
    const struct part *part = of;
    struct buffer columns = {0};
    buffer_put_all(sql, "INSERT INTO ", part->table, " (", part->typed ? "record_type, " : "",
                   part->owner, ", position", NULL);
    if (part->outer)
        buffer_put_all(sql, ", ", part->outer, NULL);
    int count = 2 + part->typed + (part->outer ? 1 : 0) + (int)column_names(part->fields, &columns);
    buffer_put_all(sql, buffer_text(&columns), ")\nVALUES (", NULL);
    column_parameters(count, sql);
    buffer_putc(sql, ')');
    buffer_finish(&columns);
}

/* `position` of the outer row is used where the part lies within a part. */
static bool put_part(struct writer *writer, const struct draft *draft, const struct part *part,
                     const json_t *rows, size_t outer, struct error *error)
{
    size_t index;
    json_t *element;
    json_array_foreach((json_t *)rows, index, element)
    {
        struct statement *row = store_prepare_of(writer->store, part, make_part, error);
        int parameter = 1;
        if (part->typed)
            statement_bind_text(row, parameter++, draft->resource->type);
        statement_bind_text(row, parameter++, draft->id);
        statement_bind_integer(row, parameter++, (int64_t)index);
        if (part->outer)
            statement_bind_integer(row, parameter++, (int64_t)outer);
        column_bind(draft, part->fields, element, row, &parameter, writer->arena);
        if (!statement_run(row, error))
            return false;
        for (const struct field *field = part->fields; field->name; field++) {
            if (field->part && field->part->table &&
                !put_part(writer, draft, field->part, json_object_get(element, field->name), index,
                          error))
                return false;
        }
    }
    return true;
}

static void make_forget_part(const void *of, struct buffer *sql)
{
    const struct part *part = of;
    buffer_put_all(sql, "DELETE FROM ", part->table, "\nWHERE ", part->owner, " = ?1",
                   part->typed ? " AND record_type = ?2" : "", NULL);
}

static bool forget_parts(struct writer *writer, const struct draft *draft,
                         const struct field *fields, struct error *error)
{
    for (const struct field *field = fields; field->name; field++) {
        const struct part *part = field->part;
        if (!part || !part->table)
            continue;
        struct statement *forget = store_prepare_of(writer->store, part, make_forget_part, error);
        statement_bind_text(forget, 1, draft->id);
        if (part->typed)
            statement_bind_text(forget, 2, draft->resource->type);
        if (!statement_run(forget, error) || !forget_parts(writer, draft, part->fields, error))
            return false;
    }
    return true;
}

bool row_put_parts(struct writer *writer, const struct draft *draft, const struct field *fields,
                   bool replace, struct error *error)
{
    if (replace && !forget_parts(writer, draft, fields, error))
        return false;
    for (const struct field *field = fields; field->name; field++) {
        if (field->part && field->part->table &&
            !put_part(writer, draft, field->part, json_object_get(draft->value, field->name), 0,
                      error))
            return false;
    }
    return true;
}

static bool forget_references(struct writer *writer, const struct draft *draft, struct error *error)
{
    return store_run_texts(writer->store, FORGET_REFERENCES, error, draft->resource->type,
                           draft->id);
}

static void make_forget_row(const void *of, struct buffer *sql)
{
    const struct resource *resource = of;
    buffer_put_all(sql, "DELETE FROM ", resource->table, "\nWHERE id = ?1", NULL);
}

bool row_forget(struct writer *writer, const struct resource *resource, const char *id,
                struct error *error)
{
    const struct draft draft = {.resource = resource, .id = id};
    if (!forget_parts(writer, &draft, resource->fields, error) ||
        !forget_parts(writer, &draft, RESOURCE_COMMON_FIELDS, error) ||
        !forget_references(writer, &draft, error))
        return false;
    struct statement *forget = store_prepare_of(writer->store, resource, make_forget_row, error);
    statement_bind_text(forget, 1, id);
    return statement_run(forget, error);
}

bool row_put_references(struct writer *writer, const struct draft *draft, bool replace,
                        struct error *error)
{
    if (replace && !forget_references(writer, draft, error))
        return false;
    for (const struct link *link = draft->links; link; link = link->next) {
        if (!store_run_texts(writer->store, PUT_REFERENCE, error, link->type, link->id,
                             draft->resource->type, draft->id, link->field))
            return false;
    }
    return true;
}
