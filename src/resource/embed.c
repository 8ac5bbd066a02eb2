#include "bilateral/resource/embed.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/json/scan.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/members.h"
#include "bilateral/resource/sql.h"

enum { BATCH = 500 };

/* A record that an answer embeds. */
struct embedded {
    const struct resource *resource;
    const char *id;
    const char *text; /* NULL until it is fetched, and where there is none */
    size_t size;
};

/* That a record of the page is referred to by another. */
struct referral {
    const char *to_id;
    const struct resource *resource;
    const char *from_id;
};

struct embed_set {
    const struct snapshot *snapshot;
    const struct includes *includes;
    struct embedded *records; /* sorted, once loaded */
    size_t count;
    size_t capacity;
    struct referral *referrals;
    size_t referral_count;
    bool overflowed; /* there are more referrals than an answer holds */
};

static void want(struct embed_set *set, const struct resource *resource, const char *id)
{
    set->records = arena_grow(set->snapshot->arena, set->records, set->count, &set->capacity,
                              sizeof *set->records);
    set->records[set->count++] = (struct embedded){.resource = resource, .id = id};
}

/* The text of a JSON string that is an id, or NULL where the value is null. */
static const char *id_of(const struct embed_set *set, const char *value, size_t size)
{
    return *value == '"' ? arena_copy(set->snapshot->arena, value + 1, size - 2) : NULL;
}

static void want_value(struct embed_set *set, const struct field *field, const char *object,
                       size_t size)
{
    const char *value;
    size_t value_size;
    if (!field->target || !json_scan_member(object, size, field->name, &value, &value_size))
        return;
    const struct resource *resource = registry_by_type(set->snapshot->registry, field->target);
    if (field->type == FIELD_REFERENCE) {
        const char *id = id_of(set, value, value_size);
        if (id)
            want(set, resource, id);
        return;
    }
    struct json_walk walk = json_walk(value, value_size);
    while (json_walk_next(&walk))
        want(set, resource, id_of(set, walk.value, walk.value_size));
}

static void want_field(struct embed_set *set, const struct field *field,
                       const struct embed_row *row)
{
    const char *value;
    size_t size;
    if (field->type != FIELD_PART) {
        want_value(set, field, row->text, row->size);
        return;
    }
    if (!json_scan_member(row->text, row->size, field->name, &value, &size))
        return;
    struct json_walk walk = json_walk(value, size);
    while (json_walk_next(&walk)) {
        for (const struct field *each = field->part->fields; each->name; each++) {
            if (each->type == FIELD_REFERENCE)
                want_value(set, each, walk.value, walk.value_size);
        }
    }
}

/* Who refers to the rows: one SELECT over the table of references. */
static bool want_referring(struct embed_set *set, const struct resource *owner,
                           const struct resource *resource, const struct embed_row *rows,
                           size_t count, struct error *error)
{
    struct arena *arena = set->snapshot->arena;
    struct buffer text = {0};
    struct sql sql;
    bool row = false;
    sql_init(&sql, arena, &text);
    sql_put(&sql, "SELECT DISTINCT to_id, from_id\nFROM reference\nWHERE to_type = $",
            sql_text(owner->type));
    sql_put(&sql, " AND from_type = $ AND to_id IN (", sql_text(resource->type));
    for (size_t i = 0; i < count; i++)
        sql_put(&sql, i ? ", $" : "$", sql_text(rows[i].id));
    sql_put(&sql, ")\nORDER BY to_id, from_id\nLIMIT $", sql_integer(EMBED_LIMIT + 1));
    struct statement *find = sql_prepare(&sql, set->snapshot->store, error);
    buffer_finish(&text);
    while (statement_step(find, &row, error) && row && set->referral_count < EMBED_LIMIT) {
        const char *from_id = arena_strdup(arena, statement_text(find, 1));
        set->referrals[set->referral_count++] = (struct referral){
            .to_id = arena_strdup(arena, statement_text(find, 0)),
            .resource = resource,
            .from_id = from_id,
        };
        want(set, resource, from_id);
    }
    set->overflowed = set->overflowed || row;
    statement_reset(find);
    return error->code == ERROR_NONE;
}

static int compare(const void *a, const void *b)
{
    const struct embedded *one = a, *other = b;
    int order = strcmp(one->resource->type, other->resource->type);
    return order ? order : strcmp(one->id, other->id);
}

static void sort_and_drop_repeats(struct embed_set *set)
{
    size_t kept = 0;
    if (set->count)
        qsort(set->records, set->count, sizeof *set->records, compare);
    for (size_t i = 0; i < set->count; i++) {
        if (kept == 0 || compare(&set->records[kept - 1], &set->records[i]) != 0)
            set->records[kept++] = set->records[i];
    }
    set->count = kept;
}

static struct embedded *find_embedded(const struct embed_set *set, const struct resource *resource,
                                      const char *id)
{
    const struct embedded key = {.resource = resource, .id = id};
    return set->count ? bsearch(&key, set->records, set->count, sizeof key, compare) : NULL;
}

/* Fetches up to BATCH records of one resource, from `first` on; *ret_next is behind them. */
static bool fetch(struct embed_set *set, size_t first, size_t *ret_next, struct error *error)
{
    const struct resource *resource = set->records[first].resource;
    struct buffer text = {0};
    struct sql sql;
    bool row;
    size_t next = first;
    sql_init(&sql, set->snapshot->arena, &text);
    sql_puts(&sql, "SELECT id, json\nFROM ");
    sql_puts(&sql, resource->table);
    sql_puts(&sql, "\nWHERE id IN (");
    for (; next < set->count && next - first < BATCH && set->records[next].resource == resource;
         next++)
        sql_put(&sql, next > first ? ", $" : "$", sql_text(set->records[next].id));
    sql_puts(&sql, ")");
    struct statement *find = sql_prepare(&sql, set->snapshot->store, error);
    buffer_finish(&text);
    while (statement_step(find, &row, error) && row) {
        struct embedded *record = find_embedded(set, resource, statement_text(find, 0));
        record->size = statement_size(find, 1);
        record->text = arena_copy(set->snapshot->arena, statement_text(find, 1), record->size);
    }
    *ret_next = next;
    return error->code == ERROR_NONE;
}

bool embed_load(const struct snapshot *snapshot, const struct resource *resource,
                const struct includes *includes, const struct embed_row *rows, size_t count,
                struct embed_set **ret, struct error *error)
{
    struct embed_set *set = arena_alloc(snapshot->arena, sizeof *set);
    *set = (struct embed_set){.snapshot = snapshot, .includes = includes};
    set->referrals = arena_alloc(snapshot->arena, EMBED_LIMIT * sizeof *set->referrals);
    for (size_t i = 0; i < includes->count; i++) {
        const struct include *include = &includes->items[i];
        if (include->referring &&
            !want_referring(set, resource, include->referring, rows, count, error))
            return false;
        for (size_t r = 0; include->field && r < count; r++)
            want_field(set, include->field, &rows[r]);
    }
    sort_and_drop_repeats(set);
    if (set->count > EMBED_LIMIT || set->overflowed) {
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "include",
                  "That would embed more than %d records; lower the limit.", EMBED_LIMIT);
        return false;
    }
    for (size_t next = 0; next < set->count;) {
        if (!fetch(set, next, &next, error))
            return false;
    }
    *ret = set;
    return true;
}

static void put_embedded(const struct embed_set *set, const struct resource *resource,
                         const char *id, struct buffer *json)
{
    const struct embedded *record = id ? find_embedded(set, resource, id) : NULL;
    if (record && record->text)
        buffer_append(json, record->text, record->size);
    else
        buffer_puts(json, "null");
}

/* `"place":{…}` behind the object's other members, for the reference `place_id`. */
static void put_reference(const struct embed_set *set, const struct field *field,
                          const char *object, size_t size, struct buffer *json)
{
    char name[64];
    const char *value;
    size_t value_size, stem = strlen(field->name) - strlen("_id");
    if (stem >= sizeof name || !json_scan_member(object, size, field->name, &value, &value_size))
        return;
    memcpy(name, field->name, stem);
    name[stem] = '\0';
    json_put_key(json, name);
    put_embedded(set, registry_by_type(set->snapshot->registry, field->target),
                 id_of(set, value, value_size), json);
}

static void put_references(const struct embed_set *set, const struct include *include,
                           const struct embed_row *row, struct buffer *json)
{
    const char *value;
    size_t size;
    const struct resource *resource =
        registry_by_type(set->snapshot->registry, include->field->target);
    if (!json_scan_member(row->text, row->size, include->field->name, &value, &size))
        return;
    json_put_key(json, include->name);
    buffer_putc(json, '[');
    struct json_walk walk = json_walk(value, size);
    while (json_walk_next(&walk)) {
        json_put_element(json);
        put_embedded(set, resource, id_of(set, walk.value, walk.value_size), json);
    }
    buffer_putc(json, ']');
}

static void put_referring(const struct embed_set *set, const struct include *include,
                          const struct embed_row *row, struct buffer *json)
{
    json_put_key(json, include->name);
    buffer_putc(json, '[');
    for (size_t i = 0; i < set->referral_count; i++) {
        const struct referral *referral = &set->referrals[i];
        if (referral->resource != include->referring || strcmp(referral->to_id, row->id) != 0)
            continue;
        json_put_element(json);
        put_embedded(set, referral->resource, referral->from_id, json);
    }
    buffer_putc(json, ']');
}

/* A part's array anew, each element with the records that its ids name. */
static void put_part(const struct embed_set *set, const struct field *field, const char *value,
                     size_t size, struct buffer *json)
{
    buffer_putc(json, '[');
    struct json_walk walk = json_walk(value, size);
    while (json_walk_next(&walk)) {
        json_put_element(json);
        buffer_append(json, walk.value, walk.value_size - 1);
        for (const struct field *each = field->part->fields; each->name; each++) {
            if (each->type == FIELD_REFERENCE)
                put_reference(set, each, walk.value, walk.value_size, json);
        }
        buffer_putc(json, '}');
    }
    buffer_putc(json, ']');
}

static const struct field *included_part(const struct includes *includes, const char *key,
                                         size_t size)
{
    for (size_t i = 0; i < includes->count; i++) {
        const struct field *field = includes->items[i].field;
        if (field && field->type == FIELD_PART && strlen(field->name) == size &&
            memcmp(field->name, key, size) == 0)
            return field;
    }
    return NULL;
}

void embed_put(const struct embed_set *set, const struct embed_row *row, const char *const *fields,
               size_t field_count, struct buffer *json)
{
    struct json_walk walk = json_walk(row->text, row->size);
    buffer_putc(json, '{');
    while (json_walk_next(&walk)) {
        const struct field *part = included_part(set->includes, walk.key, walk.key_size);
        if (!part && !members_want(fields, field_count, walk.key, walk.key_size))
            continue;
        json_put_key(json, arena_copy(set->snapshot->arena, walk.key, walk.key_size));
        if (part)
            put_part(set, part, walk.value, walk.value_size, json);
        else
            buffer_append(json, walk.value, walk.value_size);
    }
    for (size_t i = 0; i < set->includes->count; i++) {
        const struct include *include = &set->includes->items[i];
        if (include->referring)
            put_referring(set, include, row, json);
        else if (include->field->type == FIELD_REFERENCE)
            put_reference(set, include->field, row->text, row->size, json);
        else if (include->field->type == FIELD_REFERENCES)
            put_references(set, include, row, json);
    }
    buffer_putc(json, '}');
}
