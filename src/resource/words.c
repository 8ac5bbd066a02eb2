#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/resource/query.h"

enum { MARK_LIMIT = 16 };

/* How a search matches one text. */
struct match {
    unsigned found; /* terms found at all, a bit for each */
    unsigned typed; /* terms found as they were typed, marks included */
    unsigned whole; /* terms found as whole words */
    size_t words;   /* of the text */
    size_t matched; /* of them, those that match */
    struct mark {
        const char *start, *end;
    } marks[MARK_LIMIT];
    size_t mark_count;
};

/*
 * Names that are written in one word or in two. To add one, add its row, folded: both spellings
 * then find both. Whoever has a store empties its index by a migration (see 0002_search.sql).
 */
static const struct variant {
    const char *first, *second;
} VARIANTS[] = {
    {"viet", "nam"}, {"ha", "noi"}, {"hai", "phong"}, {"da", "nang"}, {"sai", "gon"}, {0},
};

static bool is_variant(const char *first, const char *second)
{
    const struct variant *variant = VARIANTS;
    while (variant->first &&
           (strcmp(first, variant->first) != 0 || strcmp(second, variant->second) != 0))
        variant++;
    return variant->first;
}

/* The variant that a word writes in one, or the row behind all. */
static const struct variant *find_variant(const char *word)
{
    const struct variant *variant = VARIANTS;
    for (; variant->first; variant++) {
        size_t size = strlen(variant->first);
        if (*word == *variant->first && strncmp(word, variant->first, size) == 0 &&
            strcmp(word + size, variant->second) == 0)
            break;
    }
    return variant;
}

/* A word that is one character from U+2000 on: those are Han and kana, which have no blanks. */
static bool is_han(const char *word)
{
    unsigned char lead = (unsigned char)word[0];
    return lead >= 0xE2 && strlen(word) == (lead >= 0xF0 ? 4 : 3);
}

/* Whether two neighbours are also looked for as one word. */
static bool are_joined(const char *first, const char *second)
{
    return is_variant(first, second) || (is_han(first) && is_han(second));
}

size_t words_put(const char *text, bool name, struct buffer *words)
{
    struct buffer word = {0}, last = {0};
    const char *end = text + strlen(text), *start;
    size_t count = 0;
    for (; text_next_word(&text, end, &start, &word); count++) {
        const struct variant *variant = find_variant(word.data);
        buffer_put_all(words, word.data, " ", NULL);
        if (count > 0 && (name || are_joined(last.data, word.data)))
            buffer_put_all(words, last.data, word.data, " ", NULL);
        if (variant->first)
            buffer_put_all(words, variant->first, " ", variant->second, " ", NULL);
        buffer_reset(&last);
        buffer_puts(&last, word.data);
    }
    buffer_finish(&word);
    buffer_finish(&last);
    return count;
}

/* Makes of a word, with the one before it where both are looked for as one, the next term. */
static void add_term(struct search *search, struct arena *arena, const char *last,
                     const char *last_start, const char *word, const char *start, const char *end)
{
    struct search_term *term = &search->terms[search->count];
    bool joined = last && are_joined(last, word);
    if (joined && strcmp(term[-1].folded, last) == 0)
        term--;
    else
        search->count++;
    struct buffer typed = {0};
    if (joined)
        start = last_start;
    text_normal(start, (size_t)(end - start), &typed);
    term->folded = joined ? arena_printf(arena, "%s%s", last, word) : word;
    term->typed = buffer_keep(&typed, arena);
}

bool search_parse(const char *text, struct arena *arena, struct search *ret, struct error *error)
{
    struct search search = {0};
    struct buffer folded = {0};
    const char *at = text, *end = text + strlen(text), *start, *last = NULL, *last_start = NULL;
    struct error found = {0};
    size_t words = 0;
    if (text[strspn(text, " ")] == '\0')
        error_set(&found, ERROR_BAD_REQUEST, "Write what to look for.");
    else if (end - text > QUERY_TEXT_LIMIT)
        error_set(&found, ERROR_BAD_REQUEST, "Write at most %d bytes.", QUERY_TEXT_LIMIT);
    while (!found.code && text_next_word(&at, end, &start, &folded)) {
        char *rest = arena_copy(arena, folded.data, folded.size); /* mostly one word: see text.h */
        for (const char *word; (word = strsep(&rest, " ")); last = word, last_start = start) {
            words += !(last && is_han(last) && is_han(word));
            if (words > SEARCH_WORD_LIMIT || search.count == SEARCH_TERM_LIMIT)
                error_set(&found, ERROR_BAD_REQUEST,
                          "Write at most %d words, or %d Han characters.", SEARCH_WORD_LIMIT,
                          SEARCH_TERM_LIMIT);
            else
                add_term(&search, arena, last, last_start, word, start, at);
        }
    }
    buffer_finish(&folded);
    if (found.code) {
        error_add(error, found.code, FAULT_PARAMETER, "q", "%s", found.detail);
        return false;
    }
    if (search.count > 0)
        search.terms[search.count - 1].prefix = true;
    *ret = search;
    return true;
}

/* Adds what a word of a text, folded and as it stands, has of each term past `least` bytes. */
static bool match_word(const struct search *search, const char *word, size_t least,
                       const char *start, const char *end, struct match *match)
{
    bool any = false;
    for (size_t i = 0; i < search->count; i++) {
        const struct search_term *term = &search->terms[i];
        size_t size = *word == *term->folded ? strlen(term->folded) : 0;
        if (size <= least || strncmp(word, term->folded, size) != 0 ||
            (word[size] != '\0' && !term->prefix))
            continue;
        struct buffer normal = {0};
        text_normal(start, (size_t)(end - start), &normal);
        bool typed = strncmp(normal.data, term->typed, strlen(term->typed)) == 0;
        buffer_finish(&normal);
        match->found |= 1U << i;
        match->typed |= (unsigned)typed << i;
        match->whole |= (unsigned)(word[size] == '\0') << i;
        any = true;
    }
    return any;
}

static void add_mark(struct match *match, const char *start, const char *end)
{
    struct mark *last = match->mark_count ? &match->marks[match->mark_count - 1] : NULL;
    if (last && start < last->end)
        last->end = end;
    else if (match->mark_count < MARK_LIMIT)
        match->marks[match->mark_count++] = (struct mark){start, end};
}

static void match_line(const struct search *search, const char *text, size_t size,
                       struct match *ret)
{
    struct buffer word = {0}, pair = {0}; /* the pair begins with the word before */
    const char *at = text, *end = text + size, *start, *last_start = text;
    bool last = false;
    *ret = (struct match){0};
    for (; text_next_word(&at, end, &start, &word); last_start = start, ret->words++) {
        const struct variant *variant = find_variant(word.data);
        size_t before = pair.size;
        buffer_puts(&pair, word.data);
        bool alone = match_word(search, word.data, 0, start, at, ret);
        if (variant->first) {
            alone = match_word(search, variant->first, 0, start, at, ret) || alone;
            alone = match_word(search, variant->second, 0, start, at, ret) || alone;
        }
        bool joined = before && match_word(search, pair.data, before, last_start, at, ret);
        if (alone || joined)
            add_mark(ret, joined ? last_start : start, at);
        ret->matched += (size_t)(alone || joined) + (joined && !last);
        last = alone || joined;
        buffer_reset(&pair);
        buffer_puts(&pair, word.data);
    }
    buffer_finish(&word);
    buffer_finish(&pair);
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end + 1 : NULL;
}

void words_score(const struct search *search, const char *text, struct arena *arena,
                 struct search_hit *hit)
{
    const unsigned all = (unsigned)(((uint64_t)1 << search->count) - 1);
    const char *best = text, *line = text;
    size_t best_size = 0;
    int most = -1;
    for (; line; line = next_line(line)) {
        struct match match;
        size_t size = strcspn(line, "\n");
        match_line(search, line, size, &match);
        int score = 100 * __builtin_popcount(match.found) + (match.typed == all ? 20 : 0) +
                    (match.whole == all ? 10 : 0) + (match.found == all ? 10 : 0) +
                    (match.matched == match.words ? 9 : 0);
        if (score <= most)
            continue;
        most = score;
        best = line;
        best_size = size;
    }
    hit->score += most % 100;
    hit->matched = arena_copy(arena, best, best_size);
}

static int by_score(const void *a, const void *b)
{
    const struct search_hit *one = a, *other = b;
    int order = other->score - one->score;
    return order ? order : (one->number < other->number) - (one->number > other->number);
}

static int by_record(const void *a, const void *b)
{
    const struct search_hit *one = a, *other = b;
    int order = strcmp(one->type, other->type);
    order = order ? order : strcmp(one->id, other->id);
    return order ? order : by_score(a, b);
}

size_t words_rank(struct search_hit *hits, size_t count)
{
    size_t kept = 0;
    qsort(hits, count, sizeof *hits, by_record);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(hits[i].type, hits[kept - 1].type) != 0 ||
            strcmp(hits[i].id, hits[kept - 1].id) != 0)
            hits[kept++] = hits[i];
    }
    qsort(hits, kept, sizeof *hits, by_score);
    return kept;
}

/* The text between two places as HTML. */
static void put_escaped(const char *from, const char *until, struct buffer *html)
{
    static const char *const ESCAPES[] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    for (; from < until; from++) {
        unsigned char byte = (unsigned char)*from;
        if (byte < sizeof ESCAPES / sizeof ESCAPES[0] && ESCAPES[byte])
            buffer_puts(html, ESCAPES[byte]);
        else
            buffer_putc(html, *from);
    }
}

/* A place to cut at, from `at` on: behind a blank that is near, or else between two characters. */
static const char *cut(const char *at, const char *most)
{
    enum { NEAR = 30 };
    bool near = most - at <= NEAR;
    const char *blank = memchr(at, ' ', near ? (size_t)(most - at) : NEAR);
    if (blank || near)
        return blank ? blank + 1 : most;
    while ((*at & 0xC0) == 0x80)
        at++;
    return at;
}

void search_put_snippet(const struct search *search, const char *matched, struct buffer *html)
{
    enum { BEFORE = 60, BEHIND = 140 };
    struct match match;
    match_line(search, matched, strlen(matched), &match);
    const char *end = matched + strlen(matched), *at = matched, *until = end;
    const struct mark *mark = match.marks, *last = mark + match.mark_count;
    const char *first = mark < last ? mark->start : matched;
    const char *behind = mark < last ? mark->end : matched;
    if (first - matched > BEFORE)
        at = cut(first - BEFORE, first);
    if (end - behind > BEHIND)
        until = cut(behind + BEHIND, end);
    buffer_puts(html, at > matched ? "…" : "");
    for (; mark < last && mark->end <= until; at = mark++->end) {
        put_escaped(at, mark->start, html);
        buffer_puts(html, "<mark>");
        put_escaped(mark->start, mark->end, html);
        buffer_puts(html, "</mark>");
    }
    put_escaped(at, until, html);
    buffer_puts(html, until < end ? "…" : "");
}
