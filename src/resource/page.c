#include "page.h"

#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/embed.h"
#include "bilateral/resource/rows.h"

/* All that is counted for one answer has one time, so that no page waits for its counts. */
enum {
    COUNT_CAP = 10000,
    COUNT_MILLISECONDS = 250,
    SIZE_LIMIT = 32 * 1024 * 1024,
    ROOM = 64 * 1024
};

static const char TOTAL[] =
    "SELECT value\n"
    "FROM total\n"
    "WHERE type = ?1";

static void read_keys(struct page *page, struct statement *row, int column, struct cursor *cursor)
{
    *cursor = (struct cursor){.count = page->query->sort_count};
    for (size_t i = 0; i < cursor->count; i++)
        cursor->keys[i] = sql_column(row, column + (int)i, page->snapshot->arena);
}

/* A thousand rows with all that is embedded in them could be of any size. */
static bool check_size(const struct page *page, struct error *error)
{
    if (page->reply->body.size <= SIZE_LIMIT)
        return true;
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "limit",
              "The answer would be larger than %d MB; lower the limit.", SIZE_LIMIT >> 20);
    return false;
}

/*
 * Rows that cannot be written as they come: those of a page that runs backwards come in reverse,
 * and what is embedded is fetched for all of them at once.
 */
static bool write_held_rows(struct page *page, const struct embed_row *rows, struct error *error)
{
    const struct query *query = page->query;
    struct buffer *json = &page->reply->body;
    struct embed_set *set = NULL;
    if (query->includes.count > 0 && !embed_load(page->snapshot, query->resource, &query->includes,
                                                 rows, page->count, &set, error))
        return false;
    for (size_t i = 0; i < page->count; i++) {
        size_t at = page->continued && page->cursor.backwards ? page->count - 1 - i : i;
        json_put_element(json);
        if (set)
            embed_put(set, &rows[at], query->fields, query->field_count, json);
        else
            buffer_append(json, rows[at].text, rows[at].size);
        if (!check_size(page, error))
            return false;
    }
    return true;
}

/* Cursors are made of the first row and of that which fills the page: no other's keys are read. */
static void note_keys(struct page *page, struct statement *row, int column)
{
    if (page->count == 0)
        read_keys(page, row, column, &page->first);
    if (page->count + 1 == page->query->limit)
        read_keys(page, row, column, &page->last);
}

/* The resource's key ends the sort keys. */
static void hold_row(struct page *page, struct statement *row, int column, struct buffer *text,
                     struct embed_row *ret)
{
    struct arena *arena = page->snapshot->arena;
    int key = column + (int)page->query->sort_count - 1;
    *ret = (struct embed_row){
        .id = arena_copy(arena, statement_text(row, key), statement_size(row, key)),
        .text = arena_copy(arena, text->data, text->size),
        .size = text->size,
    };
    buffer_reset(text);
}

/* Rows are about as long as the first; with half as much again the text is seldom moved. */
static void make_room(const struct page *page, struct buffer *json)
{
    size_t about = json->size * (page->query->limit + 1) * 3 / 2;
    buffer_reserve(json, about < ROOM ? about : ROOM);
}

static bool write_rows(struct page *page, struct rows *walk, struct embed_row *rows,
                       struct buffer *held, struct error *error)
{
    const struct query *query = page->query;
    struct buffer *json = &page->reply->body;
    bool whole = query->includes.count > 0; /* what is embedded is found in the whole record */
    bool row = true, good = true;
    while (good && (good = rows_next(walk, &row, error)) && row) {
        if (page->count == query->limit) {
            page->more = true;
            rows_end(walk);
            break;
        }
        if (!rows)
            json_put_element(json);
        int column = rows_put(walk, whole, rows ? held : json);
        if (page->count == 0 && !rows)
            make_room(page, json);
        note_keys(page, walk->row, column);
        if (rows)
            hold_row(page, walk->row, column, held, &rows[page->count]);
        page->count++;
        good = check_size(page, error);
    }
    return good && (!rows || write_held_rows(page, rows, error));
}

bool page_put_rows(struct page *page, struct error *error)
{
    const struct query *query = page->query;
    struct buffer held = {0};
    struct embed_row *rows = NULL;
    struct rows walk;
    if (query->includes.count > 0 || (page->continued && page->cursor.backwards))
        rows = arena_alloc(page->snapshot->arena, query->limit * sizeof *rows);
    rows_begin(&walk, page->snapshot, query, page->continued ? &page->cursor : NULL);
    buffer_puts(&page->reply->body, "{\"data\":[");
    bool good = write_rows(page, &walk, rows, &held, error);
    buffer_finish(&held);
    buffer_putc(&page->reply->body, ']');
    return good;
}

static bool count_rows(struct page *page, int64_t cap, int64_t *ret, struct error *error)
{
    struct sql sql;
    struct buffer text = {0};
    sql_init(&sql, page->snapshot->arena, &text);
    select_count(page->query, cap, &sql);
    struct statement *statement = sql_prepare(&sql, page->snapshot->store, error);
    buffer_finish(&text);
    return statement_number(statement, ret, error);
}

static bool read_total(struct page *page, int64_t *ret, struct error *error)
{
    struct statement *statement = store_prepare(page->snapshot->store, TOTAL, error);
    statement_bind_text(statement, 1, page->query->resource->type);
    return statement_number(statement, ret, error);
}

void page_put_count_value(struct buffer *json, int64_t value, bool exact)
{
    buffer_putc(json, '{');
    json_put_number(json, "value", value);
    json_put_key(json, "exact");
    json_put_boolean(json, exact);
    buffer_putc(json, '}');
}

/* What an answer can do without and what took too long is null; that is no failure. */
static bool is_late(struct page *page, struct error *error)
{
    if (error->code != ERROR_UNAVAILABLE)
        return false;
    page->late = true;
    *error = (struct error){.faults = error->faults};
    return true;
}

typedef bool count_value(struct page *page, const struct field *facet, struct error *error);

/* Every page of the list has the same, so it is counted once for each state of the store. */
static bool put_counted(struct page *page, const char *what, count_value *count,
                        const struct field *facet, struct error *error)
{
    const struct snapshot *snapshot = page->snapshot;
    struct buffer *json = &page->reply->body;
    size_t before = json->size;
    const char *name = arena_printf(snapshot->arena, "%s %s %s", what, facet ? facet->name : "",
                                    page->query->seal);
    struct buffer known = {0};
    page->known.revision = kept_find(snapshot->kept, name, &known);
    page->known.values = buffer_keep(&known, snapshot->arena);
    if (page->known.revision == snapshot->revision.number) {
        buffer_puts(json, page->known.values);
        return true;
    }
    if (count(page, facet, error)) {
        kept_put(snapshot->kept, snapshot->revision.number, name, json->data + before,
                 json->size - before);
        return true;
    }
    if (!is_late(page, error))
        return false;
    json->size = before;
    buffer_puts(json, "null");
    return true;
}

/* Whether the store keeps the number of the rows. */
static bool has_total(const struct query *query)
{
    return query->filter_count == 0 && !query->deleted && !query->resource->view;
}

static bool put_count(struct page *page, const struct field *facet, struct error *error)
{
    const struct query *query = page->query;
    int64_t value, cap = query->count == QUERY_COUNT_CAPPED ? COUNT_CAP : 0;
    (void)facet;
    if (!(has_total(query) ? read_total(page, &value, error)
                           : count_rows(page, cap, &value, error)))
        return false;
    bool exact = !cap || value <= cap;
    page_put_count_value(&page->reply->body, exact ? value : cap, exact);
    return true;
}

bool page_put_count(struct page *page, struct error *error)
{
    const struct query *query = page->query;
    struct buffer *json = &page->reply->body;
    bool stored = has_total(query), capped = query->count == QUERY_COUNT_CAPPED;
    if (query->count != QUERY_COUNT_AUTO || query->facet_count > 0)
        store_hurry(page->snapshot->store, COUNT_MILLISECONDS);
    json_put_key(json, "count");
    if (query->count == QUERY_COUNT_NONE || (query->count == QUERY_COUNT_AUTO && !stored)) {
        buffer_puts(json, "null");
        return true;
    }
    return put_counted(page, capped ? "capped" : "count", put_count, NULL, error);
}

static bool put_values(struct page *page, const struct field *facet,
                       const struct select_known *known, struct error *error)
{
    struct buffer *json = &page->reply->body;
    struct sql sql;
    struct buffer text = {0};
    sql_init(&sql, page->snapshot->arena, &text);
    select_facet(page->query, facet, known, &sql);
    struct statement *row = sql_prepare(&sql, page->snapshot->store, error);
    buffer_finish(&text);
    bool more = true;
    while (statement_step(row, &more, error) && more) {
        struct field value = {.name = "value", .type = facet->type};
        json_put_element(json);
        buffer_putc(json, '{');
        rows_put_cell(&value, row, 0, json);
        json_put_number(json, "count", statement_integer(row, 1));
        buffer_putc(json, '}');
    }
    return error->code == ERROR_NONE;
}

/* From what an earlier state had, where that leads to all values there are; or else by all rows. */
static bool put_facet(struct page *page, const struct field *facet, struct error *error)
{
    struct buffer *json = &page->reply->body;
    const struct select_known *known = &page->known;
    bool carries = known->revision != KEPT_NOTHING && select_can_carry(page->query) &&
                   known->revision < page->snapshot->revision.number;
    buffer_putc(json, '[');
    size_t before = json->size;
    bool good = (!carries || put_values(page, facet, known, error)) &&
                (json->size > before || put_values(page, facet, NULL, error));
    buffer_putc(json, ']');
    return good;
}

bool page_put_facets(struct page *page, struct error *error)
{
    struct buffer *json = &page->reply->body;
    json_put_key(json, "facets");
    buffer_putc(json, '{');
    for (size_t i = 0; i < page->query->facet_count; i++) {
        const struct field *facet = page->query->facets[i];
        json_put_key(json, facet->name);
        if (!put_counted(page, "facet", put_facet, facet, error))
            return false;
    }
    buffer_putc(json, '}');
    return true;
}

/* The request's own address up to the cursor's value. */
static void put_address(const struct request *request, struct buffer *link)
{
    buffer_append(link, request->target, strcspn(request->target, "?"));
    buffer_putc(link, '?');
    for (size_t i = 0; i < request->parameter_count; i++) {
        const struct parameter *parameter = &request->parameters[i];
        if (strcmp(parameter->name, "cursor") == 0)
            continue;
        text_percent(parameter->name, ",", link);
        buffer_putc(link, '=');
        text_percent(parameter->value, ",", link);
        buffer_putc(link, '&');
    }
    buffer_puts(link, "cursor=");
}

/* Whether the page's ends differ in nothing but their key: so, mostly, do their neighbours. */
static bool are_alike(const struct page *page)
{
    const struct query *query = page->query;
    if (query->sort_count < 2 || page->count < 2 || query->resource->view)
        return false;
    const struct sql_value *one = &page->first.keys[query->sort_count - 2];
    const struct sql_value *other = &page->last.keys[query->sort_count - 2];
    return one->kind == other->kind && one->integer == other->integer && one->real == other->real &&
           (one->kind != SQL_TEXT || strcmp(one->text, other->text) == 0);
}

static const char *link_to(struct page *page, struct cursor *cursor, bool backwards,
                           struct buffer *address)
{
    struct arena *arena = page->snapshot->arena;
    size_t size = address->size;
    cursor->backwards = backwards;
    cursor->alike = are_alike(page);
    buffer_puts(address,
                cursor_write(cursor, page->snapshot->cursor_key, page->query->seal, arena));
    const char *link = arena_copy(arena, address->data, address->size);
    address->size = size;
    return link;
}

/* A row behind the page in its direction, or the row that the cursor came from. */
void page_find_neighbours(struct page *page)
{
    bool backwards = page->continued && page->cursor.backwards;
    bool before = backwards ? page->more : page->continued;
    bool behind = backwards ? page->continued : page->more;
    struct cursor *top = backwards ? &page->last : &page->first;
    struct cursor *bottom = backwards ? &page->first : &page->last;
    struct buffer address = {0};
    if (page->count == 0 || (!behind && !before))
        return;
    put_address(page->request, &address);
    if (behind)
        page->next = link_to(page, bottom, false, &address);
    if (before)
        page->prev = link_to(page, top, true, &address);
    buffer_finish(&address);
}
