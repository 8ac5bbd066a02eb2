#include "bilateral/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { SLUG_SIZE_MAX = 100, DISTANCE_SIZE_MAX = 64 };

/* What u8_mbtouc reads in place of bytes that are not UTF-8. */
enum { REPLACEMENT = 0xFFFD };

/*
 * Letters that Unicode does not decompose, as the ASCII that people type for them. They are looked
 * up after case folding, which turns ß into ss by itself: a new row is a small letter, in order.
 */
static const struct {
    ucs4_t letter;
    const char *ascii;
} plain_letters[] = {
    {0x00E6, "ae"}, /* æ */
    {0x00F0, "d"},  /* ð */
    {0x00F8, "o"},  /* ø */
    {0x00FE, "th"}, /* þ */
    {0x0111, "d"},  /* đ */
    {0x0127, "h"},  /* ħ */
    {0x0131, "i"},  /* ı */
    {0x0142, "l"},  /* ł */
    {0x014B, "n"},  /* ŋ */
    {0x0153, "oe"}, /* œ */
    {0x0167, "t"},  /* ŧ */
    {0x0192, "f"},  /* ƒ */
    {0x0199, "k"},  /* ƙ */
    {0x01B4, "y"},  /* ƴ */
    {0x01DD, "e"},  /* ǝ */
    {0x01E5, "g"},  /* ǥ */
    {0x0253, "b"},  /* ɓ */
    {0x0254, "o"},  /* ɔ */
    {0x0256, "d"},  /* ɖ */
    {0x0257, "d"},  /* ɗ */
    {0x0259, "e"},  /* ə */
    {0x025B, "e"},  /* ɛ */
    {0x0263, "g"},  /* ɣ */
    {0x0268, "i"},  /* ɨ */
    {0x0272, "n"},  /* ɲ */
    {0x0289, "u"},  /* ʉ */
    {0x028B, "v"},  /* ʋ */
    {0x0292, "z"},  /* ʒ */
};

/* The code point at `at` and how many bytes it takes. */
static size_t read_one(const char *at, const char *end, ucs4_t *ret)
{
    return (size_t)u8_mbtouc(ret, (const uint8_t *)at, (size_t)(end - at));
}

size_t text_valid_size(const char *text, size_t size)
{
    const uint8_t *start = (const uint8_t *)text;
    const uint8_t *fault = size ? u8_check(start, size) : NULL;
    size_t valid = fault ? (size_t)(fault - start) : size;
    const char *zero = valid ? memchr(text, '\0', valid) : NULL;
    return zero ? (size_t)(zero - text) : valid;
}

bool text_valid(const char *text, size_t size)
{
    return text_valid_size(text, size) == size;
}

size_t text_length(const char *text, size_t size)
{
    return u8_mbsnlen((const uint8_t *)text, size);
}

/*
 * Folding goes code point by code point and holds nothing back, so its memory does not depend on
 * the input. Normalisation could only add the order of marks, and marks are dropped.
 */
struct fold {
    struct buffer *out;
    ucs4_t last; /* 0: nothing written yet; ' ': a word ended; else the letter written last */
};

/* Han and kana, which are written without spaces. */
static bool stands_alone(ucs4_t letter)
{
    return (letter >= 0x2E80 && letter <= 0x9FFF) || (letter >= 0xF900 && letter <= 0xFAFF) ||
           (letter >= 0x1AFF0 && letter <= 0x1B16F) || (letter >= 0x20000 && letter <= 0x3FFFF);
}

/* Hangul is decomposed by now: a syllable is a leading jamo and those that follow it. */
static bool leads_syllable(ucs4_t letter)
{
    return (letter >= 0x1100 && letter <= 0x115F) || (letter >= 0xA960 && letter <= 0xA97F);
}

static bool is_jamo(ucs4_t letter)
{
    return (letter >= 0x1100 && letter <= 0x11FF) || (letter >= 0xA960 && letter <= 0xA97F) ||
           (letter >= 0xD7B0 && letter <= 0xD7FF);
}

static bool word_ends(ucs4_t last, ucs4_t letter)
{
    return last == ' ' || ((last | letter) >= 0x80 && /* mostly it is not */
                           (stands_alone(last) || stands_alone(letter) || leads_syllable(letter) ||
                            is_jamo(last) != is_jamo(letter)));
}

static void put(struct fold *fold, ucs4_t letter)
{
    uint8_t bytes[4];
    if (fold->last && word_ends(fold->last, letter))
        buffer_putc(fold->out, ' ');
    if (letter < 0x80)
        buffer_putc(fold->out, (char)letter);
    else
        buffer_append(fold->out, (const char *)bytes,
                      (size_t)u8_uctomb(bytes, letter, sizeof bytes));
    fold->last = letter;
}

static void put_plain(struct fold *fold, ucs4_t letter)
{
    const size_t count = sizeof plain_letters / sizeof *plain_letters;
    size_t i = 0;
    while (i < count && plain_letters[i].letter < letter)
        i++;
    if (i == count || plain_letters[i].letter != letter) {
        put(fold, letter);
        return;
    }
    for (const char *at = plain_letters[i].ascii; *at; at++)
        put(fold, (ucs4_t)*at);
}

static void put_folded(struct fold *fold, ucs4_t letter)
{
    ucs4_t folded[3]; /* no letter folds to more */
    size_t count = sizeof folded / sizeof *folded;
    u32_casefold(&letter, 1, NULL, NULL, folded, &count);
    for (size_t i = 0; i < count; i++)
        put_plain(fold, folded[i]);
}

/* Invisible: soft hyphens, joiners, marks of direction. The zero width space does part words. */
static bool is_dropped(ucs4_t point)
{
    return uc_is_general_category_withtable(point, UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Cf) &&
           point != 0x200B;
}

static void end_word(struct fold *fold)
{
    if (fold->last)
        fold->last = ' ';
}

/* Most of any text, and what most letters decompose to: worth a way past the tables. */
static void put_ascii(struct fold *fold, ucs4_t point)
{
    if (point >= 'A' && point <= 'Z')
        put(fold, point - 'A' + 'a');
    else if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9'))
        put(fold, point);
    else
        end_word(fold);
}

static void put_point(struct fold *fold, ucs4_t point)
{
    if (point < 0x80) {
        put_ascii(fold, point);
        return;
    }
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int kind;
    int count = uc_decomposition(point, &kind, parts);
    for (int i = 0; i < count; i++)
        put_point(fold, parts[i]);
    if (count >= 0 || is_dropped(point))
        return;
    if (uc_is_general_category_withtable(point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N))
        put_folded(fold, point);
    else
        end_word(fold);
}

void text_fold(const char *text, struct buffer *folded)
{
    struct fold fold = {.out = folded};
    const char *end = text + strlen(text);
    while (text < end) {
        ucs4_t point;
        text += read_one(text, end, &point);
        put_point(&fold, point);
    }
}

bool text_next_word(const char **at, const char *end, const char **ret_start, struct buffer *word)
{
    struct fold fold = {.out = word};
    const char *here = *at, *start = here;
    buffer_reset(word);
    while (here < end) {
        const size_t before = word->size;
        ucs4_t point;
        size_t width = read_one(here, end, &point);
        put_point(&fold, point);
        if (before > 0 &&
            (fold.last == ' ' ||
             (word->size > before + 1 && memchr(word->data + before, ' ', word->size - before)))) {
            word->size = before; /* the point stands behind the word, or begins the next one */
            word->data[before] = '\0';
            break;
        }
        here += width;
        if (word->size == 0)
            start = here;
    }
    *ret_start = start;
    *at = here;
    return word->size > 0;
}

void text_normal(const char *text, size_t size, struct buffer *normal)
{
    size_t length;
    uint8_t *folded = u8_casefold((const uint8_t *)text, size, NULL, UNINORM_NFC, NULL, &length);
    buffer_append(normal, folded ? (const char *)folded : text, folded ? length : size);
    free(folded);
}

static bool is_slug_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* Cuts what begins at `start` to the longest that a slug may be, behind a whole word if it can. */
static void cut_slug(struct buffer *slug, size_t start)
{
    size_t end = start + SLUG_SIZE_MAX;
    if (slug->size <= end)
        return;
    while (end > start && slug->data[end] != '-')
        end--;
    slug->size = end > start ? end : start + SLUG_SIZE_MAX;
    slug->data[slug->size] = '\0';
}

void text_slug(const char *text, struct buffer *slug)
{
    const size_t start = slug->size;
    struct buffer folded = {0};
    text_fold(text, &folded);
    bool parted = false;
    for (const char *at = buffer_text(&folded); *at; at++) {
        if (is_slug_byte(*at)) {
            if (parted && slug->size > start)
                buffer_putc(slug, '-');
            buffer_putc(slug, *at);
            parted = false;
        } else if (*at == ' ') {
            parted = true;
        }
    }
    buffer_finish(&folded);
    cut_slug(slug, start);
}

bool text_is_slug(const char *text)
{
    size_t size = strlen(text);
    if (size < 1 || size > SLUG_SIZE_MAX || text[0] == '-' || text[size - 1] == '-')
        return false;
    for (size_t i = 0; i < size; i++)
        if (!is_slug_byte(text[i]) && (text[i] != '-' || text[i + 1] == '-'))
            return false;
    return true;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned text_distance(const char *a, const char *b, unsigned limit)
{
    if (strcmp(a, b) == 0)
        return 0;
    size_t rows = strlen(a), columns = strlen(b);
    if (rows > DISTANCE_SIZE_MAX || columns > DISTANCE_SIZE_MAX)
        return limit + 1;
    /* cost[i][j] is the distance of the first i bytes of a and the first j of b. */
    unsigned cost[DISTANCE_SIZE_MAX + 1][DISTANCE_SIZE_MAX + 1];
    for (size_t i = 0; i <= rows; i++)
        cost[i][0] = (unsigned)i;
    for (size_t j = 0; j <= columns; j++)
        cost[0][j] = (unsigned)j;
    for (size_t i = 1; i <= rows; i++)
        for (size_t j = 1; j <= columns; j++) {
            unsigned changed = a[i - 1] != b[j - 1];
            cost[i][j] =
                least(cost[i - 1][j - 1] + changed, least(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return least(cost[rows][columns], limit + 1);
}

/* So many letters say what was begun: `place` for place_id, but not `p`. */
enum { BEGINNING_SIZE = 3 };

const char *text_nearest(const char *text, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t size = strlen(text);
    unsigned limit = size > DISTANCE_SIZE_MAX ? 0 : (unsigned)size / 3;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = text_distance(text, candidates[i], limit);
        if (distance > limit)
            continue;
        nearest = candidates[i];
        if (distance == 0)
            break;
        limit = distance - 1; /* from here on only what is nearer */
    }
    for (size_t i = 0; i < count && !nearest && size >= BEGINNING_SIZE; i++)
        if (strncmp(candidates[i], text, size) == 0)
            nearest = candidates[i];
    return nearest;
}

void text_percent(const char *text, const char *also, struct buffer *encoded)
{
    static const char PLAIN[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        if (strchr(PLAIN, *text) || strchr(also, *text))
            buffer_putc(encoded, *text);
        else
            buffer_printf(encoded, "%%%02X", (unsigned char)*text);
    }
}

static void put_escape(ucs4_t point, struct buffer *json)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: a character and its letter */
    for (const char *pair = named; *pair; pair += 2)
        if (point == (ucs4_t)*pair) {
            buffer_putc(json, '\\');
            buffer_putc(json, pair[1]);
            return;
        }
    if (point == REPLACEMENT)
        buffer_puts(json, "\xEF\xBF\xBD");
    else
        buffer_printf(json, "\\u%04x", (unsigned)point);
}

/* Whether none of eight bytes is a quote, a backslash, a control character or beyond ASCII. */
static bool are_plain(const char *bytes)
{
    const uint64_t each = UINT64_MAX / 255;
    uint64_t all;
    memcpy(&all, bytes, sizeof all);
    uint64_t odd =
        all | (all - each * ' ') | ((all ^ each * '"') - each) | ((all ^ each * '\\') - each);
    return (odd & each * 0x80) == 0;
}

void text_json(const char *text, size_t size, struct buffer *json)
{
    const char *end = text + size;
    const char *pending = text; /* read, and to be written as it is */
    buffer_putc(json, '"');
    while (end - text >= 8 && are_plain(text)) /* links are so to their end */
        text += 8;
    while (text < end) {
        if (*text >= ' ' && *text < 127 && *text != '"' && *text != '\\') { /* most of them */
            text++;
            continue;
        }
        ucs4_t point;
        size_t width = read_one(text, end, &point);
        if (point < 0x20 || point == '"' || point == '\\' || point == REPLACEMENT) {
            buffer_append(json, pending, (size_t)(text - pending));
            put_escape(point, json);
            pending = text + width;
        }
        text += width;
    }
    buffer_append(json, pending, (size_t)(end - pending));
    buffer_putc(json, '"');
}
