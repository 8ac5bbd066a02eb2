/*
 * text - UTF-8: validity, folding for search, slugs, distance, JSON escapes.
 *
 *     text_slug("Bùi Thanh Sơn", &buffer)        -> "bui-thanh-son"
 *     text_fold("ĐỖ Nam  Trung", &buffer)        -> "do nam trung"
 *
 * Normalisation and case folding are libunistring's (Unicode 14); what does not decompose (đ, ø, ł,
 * ß, æ, œ, ı, þ, ð …) is mapped by a table in text.c. All functions are pure.
 */
#ifndef BILATERAL_BASE_TEXT_H
#define BILATERAL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/buffer.h"

/* Whether the bytes are well-formed UTF-8 (Unicode 14, table 3-7) without U+0000. */
bool text_valid(const char *text, size_t size);

/* How many bytes are so, from the first on: where the first fault is. */
size_t text_valid_size(const char *text, size_t size);

/* How many code points valid UTF-8 has. */
size_t text_length(const char *text, size_t size);

/*
 * Appends the form that search compares: NFKD, marks and invisible format characters dropped, case
 * folded, letters that do not decompose mapped to ASCII, every run of anything that is neither
 * letter nor digit one space, no space at either end, and every Han or kana character and Hangul
 * syllable a word of its own (so that Han text is searchable by character). NFC and NFD input give
 * the same result, and so does the result itself. Bytes that are not UTF-8 part words.
 */
void text_fold(const char *text, struct buffer *folded);

/*
 * The next word between *at and `end`, folded, in the emptied `word`; it stands from *ret_start to
 * *at, which moves behind it. False where no word is left. The words are those of text_fold, but
 * one character that stands for several words (a squared one) gives them all at once.
 */
bool text_next_word(const char **at, const char *end, const char **ret_start, struct buffer *word);

/* Appends the text in NFC and case folded, marks kept: equal where two people typed the same. */
void text_normal(const char *text, size_t size, struct buffer *normal);

/*
 * Appends the folded form with words joined by `-` and everything outside [a-z0-9] dropped, cut
 * behind the last whole word within 100 bytes. Nothing is appended where nothing is left: a text in
 * Han alone has no slug.
 */
void text_slug(const char *text, struct buffer *slug);

/* Whether `text` is a slug: [a-z0-9]+(-[a-z0-9]+)*, 1 to 100 bytes. */
bool text_is_slug(const char *text);

/*
 * The Damerau-Levenshtein distance (optimal string alignment) of two ASCII texts; more than `limit`
 * is answered as limit + 1. Texts longer than 64 bytes are limit + 1 away unless they are equal.
 */
unsigned text_distance(const char *a, const char *b, unsigned limit);

/*
 * The candidate nearest to `text` at a distance of at most a third of its length; else the first
 * that begins with it; else NULL.
 */
const char *text_nearest(const char *text, const char *const *candidates, size_t count);

/*
 * Appends the text percent-encoded: all but the unreserved characters of RFC 3986, section 2.3, and
 * those in `also`, which must be ASCII.
 */
void text_percent(const char *text, const char *also, struct buffer *encoded);

/*
 * Appends a JSON string, quotes included (RFC 8259; only what must be escaped is). Bytes that are
 * not UTF-8 are written as U+FFFD, so that what is appended is valid whatever came in.
 */
void text_json(const char *text, size_t size, struct buffer *json);

#endif
