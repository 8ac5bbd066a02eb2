/*
 * words - the words by which a text is found, and where and how well a search matches it.
 *
 * For search.c. Words are text_fold's, and besides: two words of a name, two Han characters and
 * the parts of a variant spelling (viet nam) are also one word, and such a variant is also two.
 */
#ifndef RESOURCE_WORDS_H
#define RESOURCE_WORDS_H

#include "bilateral/resource/search.h"

/* Appends each word and a blank; returns how many words the text itself has. */
size_t words_put(const char *text, bool name, struct buffer *words);

/* Adds to a hit's score how well the text matches; of several lines, the best one is `matched`. */
void words_score(const struct search *search, const char *text, struct arena *arena,
                 struct search_hit *hit);

/* Keeps the best hit of each record, and orders these, best first; returns how many. */
size_t words_rank(struct search_hit *hits, size_t count);

#endif
