/*
 * search - finds records by what is written in them, however it is spelt.
 *
 *     struct search search;
 *     if (!search_parse("đỗ nam", arena, &search, error))
 *         return false;
 *     struct search_hit *hits = search_find(store, arena, &search, NULL, &count, &all, error);
 *
 * Every line and prose text of a record's fields and parts is found by its words (text_fold). The
 * record's label and other names are its names: they weigh more, and can also be written in one
 * word (Langson). A record is found when each word is somewhere in it; the last may be a beginning.
 * What a client writes becomes words, never syntax of the engine below.
 *
 * search.c is the only file with SQL of the full-text engine. Another engine needs MATCH and the
 * flush there written otherwise, and its own 0002_search.sql.
 */
#ifndef BILATERAL_RESOURCE_SEARCH_H
#define BILATERAL_RESOURCE_SEARCH_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/resource.h"
#include "bilateral/resource/sql.h"

enum {
    SEARCH_WORD_LIMIT = 8,        /* of one search; a run of Han characters is one word */
    SEARCH_TERM_LIMIT = 32,       /* the same with each pair of Han characters counted */
    SEARCH_CANDIDATE_LIMIT = 100, /* texts that are looked at before the best are chosen */
};

struct search_term {
    const char *folded;
    const char *typed; /* in NFC, case folded, with its marks */
    bool prefix;
};

struct search {
    struct search_term terms[SEARCH_TERM_LIMIT];
    size_t count; /* 0: nothing but punctuation, which nothing matches */
    bool typed;   /* whether a list seeks its type's word with them: see search_weigh */
};

/* A record that was found. Its texts live in the arena. */
struct search_hit {
    int64_t number; /* of the text in the index: the higher, the better among equals */
    int score;      /* 0 to 99; from SEARCH_NAME_SCORE it is a name that matched */
    const char *type;
    const char *id;
    const char *lang;    /* of the text that matched, where it is known */
    const char *matched; /* the name or text */
};

enum { SEARCH_NAME_SCORE = 50 };

/* ERROR_BAD_REQUEST, as a fault of the parameter `q`. */
bool search_parse(const char *text, struct arena *arena, struct search *ret, struct error *error);

/*
 * The best matches of one type, or (NULL) of all, one for each record, best first: names before
 * prose, what was typed with the same marks before what only folds alike, whole words and whole
 * names before beginnings. *ret_all tells whether these are all there are. NULL on failure.
 */
struct search_hit *search_find(struct store *store, struct arena *arena,
                               const struct search *search, const char *type, size_t *ret_count,
                               bool *ret_all, struct error *error);

/* The name nearest to what was typed but not equal to it, in the arena; or NULL. */
const char *search_suggest(struct store *store, struct arena *arena, const char *text,
                           const struct search *search, const char *type, struct error *error);

/*
 * Appends the matched text as HTML: escaped, cut to some two hundred bytes about the first match
 * (an ellipsis says where), and each match between <mark> and </mark>, the only tags there are.
 */
void search_put_snippet(const struct search *search, const char *matched, struct buffer *html);

/*
 * For lists: whether so few records of the resource match that they are best fetched at once; and
 * the condition that a row matches, as the index finds it (`seek`) or by a look into the record.
 */
bool search_weigh(struct search *search, const struct resource *resource, struct store *store,
                  struct arena *arena, bool *ret_rare, struct error *error);
void search_put_condition(const struct search *search, const struct resource *resource, bool seek,
                          struct sql *sql);

/*
 * For the writer: search_begin, then within its transaction search_put for each record that is
 * written (with `replace` what was there of it goes first), search_forget for each that is deleted,
 * and search_flush before the commit.
 */
bool search_begin(struct store *store, struct error *error);
bool search_put(struct store *store, const struct resource *resource, const char *id,
                const json_t *record, bool replace, struct error *error);
bool search_forget(struct store *store, const struct resource *resource, const char *id,
                   struct error *error);
bool search_flush(struct store *store, struct error *error);

/* At start: indexes all there is where nothing is indexed yet, in a transaction of its own. */
bool search_catch_up(struct store *store, const struct registry *registry, struct error *error);

#endif
