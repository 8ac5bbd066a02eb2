#include "bilateral/resource/search.h"

#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/resource/names.h"
#include "words.h"

/* How numbers of search_text are made up: see 0002_search.sql; 2^40 is in the statements too. */
static const int64_t BAND = (int64_t)1 << 40;
enum { BAND_COUNT = 64 };

static const char MAKE_PENDING[] =
    "CREATE TEMP TABLE IF NOT EXISTS search_pending (\n"
    "    number INTEGER PRIMARY KEY\n"
    ") STRICT";

/* The index reads the words that it forgets from the text, so it goes first. */
static const char FORGET_WORDS[] =
    "DELETE FROM search_index\n"
    "WHERE rowid IN (\n"
    "    SELECT number\n"
    "    FROM search_text\n"
    "    WHERE record_type = ?1 AND record_id = ?2\n"
    "        AND number NOT IN (SELECT number FROM search_pending)\n"
    ")";

static const char FORGET_TEXTS[] =
    "DELETE FROM search_text\n"
    "WHERE record_type = ?1 AND record_id = ?2";

static const char PUT_TEXT[] =
    "INSERT INTO search_text (number, record_type, record_id, lang, text, words)\n"
    "VALUES (1 + COALESCE((\n"
    "    SELECT MAX(number)\n"
    "    FROM search_text\n"
    "    WHERE number >= ?1 AND number < ?1 + 1099511627776\n"
    "), ?1), ?2, ?3, ?4, ?5, ?6)";

static const char PUT_PENDING[] =
    "INSERT INTO search_pending (number)\n"
    "VALUES (last_insert_rowid())\n"
    "ON CONFLICT DO NOTHING";

/* In the order of numbers: the index writes a segment each time that they go down. */
static const char FIND_PENDING[] =
    "SELECT number, words\n"
    "FROM search_pending\n"
    "CROSS JOIN search_text USING (number)\n"
    "ORDER BY number";

static const char PUT_WORDS[] =
    "INSERT INTO search_index (rowid, words)\n"
    "VALUES (?1, ?2)";

static const char FORGET_PENDING[] = "DELETE FROM search_pending";

static const char NEEDS_INDEX[] =
    "SELECT NOT EXISTS (SELECT 1 FROM search_text) AND EXISTS (SELECT 1 FROM record)";

static const char FIND[] =
    "SELECT number, record_type, record_id, lang, text\n"
    "FROM search_index\n"
    "CROSS JOIN search_text ON number = search_index.rowid\n"
    "WHERE search_index MATCH ?1 AND search_index.rowid >= ?2\n"
    "ORDER BY search_index.rowid DESC\n"
    "LIMIT ?3";

/* Up to which number it is cheaper to fetch all records that match than to look into each. */
static const char IS_COMMON[] =
    "SELECT COUNT(*) > 2000\n"
    "FROM (\n"
    "    SELECT 1\n"
    "    FROM search_index\n"
    "    WHERE search_index MATCH ?1 AND rowid < 1099511627776\n"
    "    LIMIT 2001\n"
    ")";

static const char MATCHES_RARE[] =
    "id IN (\n"
    "    SELECT record_id\n"
    "    FROM search_index\n"
    "    CROSS JOIN search_text ON number = search_index.rowid\n"
    "    WHERE search_index MATCH $ AND search_index.rowid < 1099511627776\n"
    "        AND record_type = ";

static const char MATCHES_COMMON[] =
    "EXISTS (\n"
    "    SELECT 1\n"
    "    FROM search_text\n"
    "    WHERE record_type = $ AND record_id = id AND number < 1099511627776";

/* The texts of a record on their way into search_text. */
struct texts {
    struct store *store;
    const struct resource *resource;
    const char *id;
    struct buffer text;  /* of the whole record, a line for each */
    struct buffer words; /* of the whole record */
};

bool search_begin(struct store *store, struct error *error)
{
    return store_run(store, MAKE_PENDING, error);
}

static bool put_text(struct texts *texts, int64_t band, const char *lang, const char *text,
                     struct buffer *words, struct error *error)
{
    buffer_put_all(words, "_", texts->resource->type, " ", NULL);
    struct statement *put = store_prepare(texts->store, PUT_TEXT, error);
    statement_bind_integer(put, 1, band * BAND);
    statement_bind_text(put, 2, texts->resource->type);
    statement_bind_text(put, 3, texts->id);
    statement_bind_text(put, 4, lang);
    statement_bind_text(put, 5, text);
    statement_bind_text(put, 6, buffer_text(words));
    struct statement *pending;
    return statement_run(put, error) &&
           (pending = store_prepare(texts->store, PUT_PENDING, error)) &&
           statement_run(pending, error);
}

/* One text: to the record's own, and a name also by itself. */
static bool add_text(struct texts *texts, const char *text, bool name, const char *lang,
                     struct error *error)
{
    struct buffer words = {0};
    buffer_putc(&words, ' ');
    size_t count = words_put(text, name, &words);
    buffer_put_all(&texts->text, texts->text.size ? "\n" : "", text, NULL);
    buffer_puts(&texts->words, words.data + 1);
    int64_t band = count < BAND_COUNT - 1 ? BAND_COUNT - (int64_t)count : 1;
    bool good = !name || count == 0 || put_text(texts, band, lang, text, &words, error);
    buffer_finish(&words);
    return good;
}

static bool add_texts(struct texts *texts, const struct field *fields, const struct part *part,
                      const json_t *object, struct error *error)
{
    const char *lang = json_string_value(json_object_get(object, "lang"));
    for (const struct field *field = fields; field->name; field++) {
        json_t *value = json_object_get(object, field->name), *element;
        bool label = !part && strcmp(field->name, texts->resource->label) == 0;
        bool name = field->type == FIELD_LINE && (label || part == &NAMES_PART);
        size_t index;
        if (json_is_string(value) && (field->type == FIELD_LINE || field->type == FIELD_PROSE) &&
            !add_text(texts, json_string_value(value), name, lang, error))
            return false;
        json_array_foreach(value, index, element)
        {
            if (field->part ? !add_texts(texts, field->part->fields, field->part, element, error)
                            : field->type == FIELD_LINES &&
                                  !add_text(texts, json_string_value(element), true, NULL, error))
                return false;
        }
    }
    return true;
}

bool search_forget(struct store *store, const struct resource *resource, const char *id,
                   struct error *error)
{
    static const char *const STEPS[] = {FORGET_WORDS, FORGET_TEXTS};
    for (size_t i = 0; i < sizeof STEPS / sizeof STEPS[0]; i++) {
        struct statement *step = store_prepare(store, STEPS[i], error);
        statement_bind_texts(step, resource->type, id);
        if (!statement_run(step, error))
            return false;
    }
    return true;
}

bool search_put(struct store *store, const struct resource *resource, const char *id,
                const json_t *record, bool replace, struct error *error)
{
    if (replace && !search_forget(store, resource, id, error))
        return false;
    struct texts texts = {.store = store, .resource = resource, .id = id};
    buffer_putc(&texts.words, ' ');
    bool good = add_texts(&texts, resource->fields, NULL, record, error) &&
                put_text(&texts, 0, NULL, buffer_text(&texts.text), &texts.words, error);
    buffer_finish(&texts.text);
    buffer_finish(&texts.words);
    return good;
}

/* Row by row: a statement for all would keep a copy of every page that it changes, lest it fail. */
bool search_flush(struct store *store, struct error *error)
{
    bool row;
    struct statement *put, *find = store_prepare(store, FIND_PENDING, error);
    while (statement_step(find, &row, error) && row) {
        put = store_prepare(store, PUT_WORDS, error);
        statement_bind_integer(put, 1, statement_integer(find, 0));
        statement_bind_text_size(put, 2, statement_text(find, 1), statement_size(find, 1));
        if (!statement_run(put, error))
            return false;
    }
    return error->code == ERROR_NONE && store_run(store, FORGET_PENDING, error);
}

static bool put_stored(struct store *store, const struct resource *resource, struct error *error)
{
    struct buffer sql = {0};
    buffer_put_all(&sql, "SELECT id, json\nFROM ", resource->table, NULL);
    struct statement *stored = store_prepare(store, buffer_text(&sql), error);
    bool row = true;
    buffer_finish(&sql);
    while (stored && row && statement_step(stored, &row, error) && row) {
        json_t *record =
            json_read(statement_text(stored, 1), statement_size(stored, 1), NULL, error);
        row =
            record && search_put(store, resource, statement_text(stored, 0), record, false, error);
        json_decref(record);
    }
    return error->code == ERROR_NONE;
}

bool search_catch_up(struct store *store, const struct registry *registry, struct error *error)
{
    bool good = true;
    int64_t needed;
    if (!statement_number(store_prepare(store, NEEDS_INDEX, error), &needed, error))
        return false;
    if (!needed)
        return true;
    if (!search_begin(store, error) || !store_begin_write(store, error))
        return false;
    for (size_t i = 0; i < registry->count && good; i++)
        good = put_stored(store, registry->resources[i], error);
    good = good && search_flush(store, error) && store_commit(store, error);
    store_rollback(store);
    return good;
}

/* The terms as a text for MATCH: quoted, so that nothing in them is syntax; all of them must be. */
static const char *match_text(const struct search *search, const char *type, bool prefix,
                              struct arena *arena)
{
    struct buffer match = {0};
    if (type)
        buffer_put_all(&match, "\"_", type, "\"", NULL);
    for (size_t i = 0; i < search->count; i++)
        buffer_put_all(&match, " \"", search->terms[i].folded,
                       prefix && search->terms[i].prefix ? "\"*" : "\"", NULL);
    return buffer_keep(&match, arena);
}

static struct statement *prepare_find(struct store *store, const char *match, int64_t least,
                                      struct error *error)
{
    struct statement *find = store_prepare(store, FIND, error);
    statement_bind_text(find, 1, match);
    statement_bind_integer(find, 2, least);
    statement_bind_integer(find, 3, SEARCH_CANDIDATE_LIMIT);
    return find;
}

/* First whole words alone, then, where that leaves room, beginnings too. */
struct search_hit *search_find(struct store *store, struct arena *arena,
                               const struct search *search, const char *type, size_t *ret_count,
                               bool *ret_all, struct error *error)
{
    struct search_hit *hits = arena_alloc(arena, 2 * (size_t)SEARCH_CANDIDATE_LIMIT * sizeof *hits);
    size_t count = 0, before = 0;
    bool row = true, full = false;
    for (int prefix = 0; prefix < 2 && !full && search->count > 0; prefix++) {
        const char *match = match_text(search, type, prefix, arena);
        struct statement *find = prepare_find(store, match, 0, error);
        for (before = count; statement_step(find, &row, error) && row; count++) {
            hits[count] = (struct search_hit){
                .number = statement_integer(find, 0),
                .score = statement_integer(find, 0) >= BAND ? SEARCH_NAME_SCORE : 0,
                .type = arena_strdup(arena, statement_text(find, 1)),
                .id = arena_strdup(arena, statement_text(find, 2)),
                .lang = sql_column(find, 3, arena).text,
            };
            words_score(search, statement_text(find, 4), arena, &hits[count]);
        }
        full = count - before == SEARCH_CANDIDATE_LIMIT;
    }
    if (error->code != ERROR_NONE)
        return NULL;
    *ret_count = words_rank(hits, count);
    *ret_all = !full;
    return hits;
}

/* Any of the words, or any word that begins as one of them does; NULL where nothing is left. */
static const char *match_any(const struct search *search, const char *type, bool initials,
                             struct arena *arena)
{
    struct buffer match = {0};
    const char *separator = "";
    if (type)
        buffer_put_all(&match, "\"_", type, "\" AND ", NULL);
    buffer_putc(&match, '(');
    for (size_t i = 0; i < search->count; i++) {
        const char *word = search->terms[i].folded;
        if (initials && (word[0] & 0x80))
            continue;
        buffer_printf(&match, "%s\"%.*s\"%s", separator, initials ? 1 : (int)strlen(word), word,
                      initials ? "*" : "");
        separator = " OR ";
    }
    buffer_putc(&match, ')');
    const char *text = buffer_keep(&match, arena);
    return *separator ? text : NULL;
}

/* Names that share a word are looked at first, then those that share an initial. */
const char *search_suggest(struct store *store, struct arena *arena, const char *text,
                           const struct search *search, const char *type, struct error *error)
{
    struct buffer typed = {0}, folded = {0};
    const char *nearest = NULL;
    text_fold(text, &typed);
    for (int initials = 0; initials < 2 && !nearest && error->code == ERROR_NONE; initials++) {
        unsigned limit = (unsigned)typed.size / 4;
        const char *match = match_any(search, type, initials, arena);
        struct statement *find = match ? prepare_find(store, match, BAND, error) : NULL;
        bool row;
        while (statement_step(find, &row, error) && row) {
            buffer_reset(&folded);
            text_fold(statement_text(find, 4), &folded);
            if (typed.size > folded.size + limit || folded.size > typed.size + limit)
                continue;
            unsigned distance = text_distance(typed.data, folded.data, limit);
            if (distance == 0 || distance > limit)
                continue;
            nearest = arena_strdup(arena, statement_text(find, 4));
            limit = distance - 1;
        }
    }
    buffer_finish(&typed);
    buffer_finish(&folded);
    return nearest;
}

static const char *match_texts(const struct search *search, const struct resource *resource,
                               bool prefix, struct arena *arena)
{
    return match_text(search, search->typed ? resource->type : NULL, prefix, arena);
}

/* Whole words first, because the beginning of a long word is counted in full. */
static bool is_common(const struct search *search, const struct resource *resource,
                      struct store *store, struct arena *arena, int64_t *ret, struct error *error)
{
    *ret = 0;
    for (int prefix = 0; prefix < 2 && search->count > 0 && !*ret; prefix++) {
        struct statement *weigh = store_prepare(store, IS_COMMON, error);
        statement_bind_text(weigh, 1, match_texts(search, resource, prefix, arena));
        if (!statement_number(weigh, ret, error))
            return false;
    }
    return true;
}

/*
 * Nearly every text of a list has its type's word, and from one match to the next the index counts
 * through all of these. So that word is left out where the others are rare without it.
 */
bool search_weigh(struct search *search, const struct resource *resource, struct store *store,
                  struct arena *arena, bool *ret_rare, struct error *error)
{
    int64_t common = 0;
    search->typed = false;
    bool good = is_common(search, resource, store, arena, &common, error);
    search->typed = common;
    good = good && (!common || is_common(search, resource, store, arena, &common, error));
    *ret_rare = !common;
    return good;
}

void search_put_condition(const struct search *search, const struct resource *resource, bool seek,
                          struct sql *sql)
{
    if (search->count == 0) {
        sql_puts(sql, "FALSE");
        return;
    }
    if (seek) {
        sql_put(sql, MATCHES_RARE, sql_text(match_texts(search, resource, true, sql->arena)));
        sql_put(sql, "$\n)", sql_text(resource->type));
        return;
    }
    sql_put(sql, MATCHES_COMMON, sql_text(resource->type));
    for (size_t i = 0; i < search->count; i++) {
        const struct search_term *term = &search->terms[i];
        sql_put(sql, "\n        AND INSTR(words, $) > 0",
                sql_text(arena_printf(sql->arena, term->prefix ? " %s" : " %s ", term->folded)));
    }
    sql_puts(sql, "\n)");
}
