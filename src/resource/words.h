/*
 * words - the words by which a text is found, and where and how well a search matches it.
 *
 * For search.c. Words are text_fold's, and besides: two words of a name, two Han characters and
 * the parts of a variant spelling (viet nam) are also one word, and such a variant is also two.
 */
#ifndef RESOURCE_WORDS_H
#define RESOURCE_WORDS_H

#include "bilateral/resource/search.h"

enum { WORDS_MARK_LIMIT = 16 };

/* How a search matches one text. */
struct words_match {
    unsigned found; /* terms found at all, a bit for each */
    unsigned typed; /* terms found as they were typed, marks included */
    unsigned whole; /* terms found as whole words */
    size_t words;   /* of the text */
    size_t matched; /* of them, those that match */
    struct words_mark {
        const char *start, *end;
    } marks[WORDS_MARK_LIMIT];
    size_t mark_count;
};

/* Appends each word and a blank; returns how many words the text itself has. */
size_t words_put(const char *text, bool name, struct buffer *words);

/* Adds to a hit's score how well the text matches; of several lines, the best one is `matched`. */
void words_score(const struct search *search, const char *text, struct arena *arena,
                 struct search_hit *hit);

/* Keeps the best hit of each record, and orders these, best first; returns how many. */
size_t words_rank(struct search_hit *hits, size_t count);

void words_match(const struct search *search, const char *text, size_t size,
                 struct words_match *ret);

#endif
