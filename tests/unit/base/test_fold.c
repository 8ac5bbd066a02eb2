#include "bilateral/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void check_fold(const char *text, const char *expected)
{
    struct buffer folded = {0}, again = {0};
    buffer_puts(&folded, "before|");
    text_fold(text, &folded);
    assert_memory_equal(folded.data, "before|", 7);
    assert_string_equal(folded.data + 7, expected);
    text_fold(folded.data + 7, &again);
    assert_string_equal(buffer_text(&again), expected);
    buffer_finish(&folded);
    buffer_finish(&again);
}

static void folded_as_the_table_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *folded;
    } rows[] = {
        /* spaces, signs, case */
        {"", ""},
        {" \t\n", ""},
        {"--- ... !", ""},
        {"  ĐỖ Nam\t Trung. ", "do nam trung"},
        {"Đỗ Nam Trung", "do nam trung"},
        {"ĐỖ NAM TRUNG", "do nam trung"},
        {"Do Nam Trung", "do nam trung"},
        {"Phạm Minh Chính", "pham minh chinh"},
        {"Nguyễn Phú Trọng", "nguyen phu trong"},
        {"Bùi Thanh Sơn", "bui thanh son"},
        {"Hữu Nghị – Hữu Nghị Quan", "huu nghi huu nghi quan"},
        {"QĐ-TTg 1234/2024", "qd ttg 1234 2024"},
        {"O'Brien & Sons", "o brien sons"},
        {"a_b", "a b"},
        {"a\xC2\xA0"
         "b",
         "a b"},
        /* pinyin */
        {"Lǚ Xùn", "lu xun"},
        {"Nánníng Guǎngxī", "nanning guangxi"},
        {"Xī’ān", "xi an"},
        /* letters that do not decompose */
        {"Straße STRASSE", "strasse strasse"},
        {"ẞ", "ss"},
        {"Æ æ Œ œ", "ae ae oe oe"},
        {"Ø ø Ł ł", "o o l l"},
        {"I ı İ i", "i i i i"},
        {"Þ þ Ð ð Đ đ Ɖ ɖ", "th th d d d d d d"},
        {"Ħ ħ Ŋ ŋ Ŧ ŧ Ǥ ǥ Ʒ ʒ", "h h n n t t g g z z"},
        {"Ə ə Ǝ ǝ Ɛ ɛ Ɔ ɔ Ɨ ɨ Ʉ ʉ", "e e e e e e o o i i u u"},
        {"Ɓ ɓ Ɗ ɗ Ƒ ƒ Ɣ ɣ Ƙ ƙ Ɲ ɲ Ʋ ʋ Ƴ ƴ", "b b d d f f g g k k n n v v y y"},
        /* compatibility */
        {"ﬁﬂ ﬀ ĳ", "fifl ff ij"},
        {"Ｎａｍ　２０２４", "nam 2024"},
        {"x² № ™ Ⅳ ①", "x2 no tm iv 1"},
        {"½", "1 2"},
        {"ſ K Å", "s k a"},
        /* Han by character, with digits and Latin beside it */
        {"李强", "李 强"},
        {"广西壮族自治区", "广 西 壮 族 自 治 区"},
        {"2024年11月20日", "2024 年 11 月 20 日"},
        {"二〇二四", "二 〇 二 四"},
        {"中国China国", "中 国 china 国"},
        {"李强，人们", "李 强 人 们"},
        {"人々", "人 々"},
        {"\xEF\xA7\x9B", "率"},                        /* U+F9DB, canonically U+7387 */
        {"\xE2\xBC\x80", "一"},                        /* U+2F00, a radical */
        {"\xF0\xA0\x80\x80乙", "\xF0\xA0\x80\x80 乙"}, /* U+20000 */
        /* kana, whole and half width; Hangul by syllable, decomposed */
        {"ベトナム", "ヘ ト ナ ム"},
        {"ﾍﾞﾄﾅﾑ", "ヘ ト ナ ム"},
        {"한국", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB \xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8"},
        {"가A", "\xE1\x84\x80\xE1\x85\xA1 a"},
        /* other scripts, without ASCII for their letters */
        {"ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"},
        {"Ёлка", "елка"},
        {"ຫຼວງ", "ຫວງ"},
        /* invisible characters go; the zero width space parts */
        {"co\xC2\xADoperation", "cooperation"},
        {"\xEF\xBB\xBFname\xE2\x80\x8F", "name"},
        {"a\xE2\x80\x8D"
         "b",
         "ab"},
        {"a\xE2\x80\x8B"
         "b",
         "a b"},
        {"\xCC\x81"
         "a",
         "a"},
        /* bytes that are not UTF-8 part words */
        {"a\xFF"
         "b",
         "a b"},
        {"\xC3", ""},
        {"a\xE1\x80", "a"},
        {"a\xED\xA0\x80"
         "b\xC0\xAF"
         "c",
         "a b c"},
        {"a\xEF\xBF\xBD"
         "b",
         "a b"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_fold(rows[i].text, rows[i].folded);
}

/* The twelve vowels of Vietnamese with their six tones, composed: none, ̀  ̉  ̃  ́  ̣ . */
static const struct {
    const char *lower[6];
    const char *upper[6];
    char letter;
    const char *mark; /* breve, circumflex or horn, as a combining character */
} vowels[] = {
    {{"a", "à", "ả", "ã", "á", "ạ"}, {"A", "À", "Ả", "Ã", "Á", "Ạ"}, 'a', ""},
    {{"ă", "ằ", "ẳ", "ẵ", "ắ", "ặ"}, {"Ă", "Ằ", "Ẳ", "Ẵ", "Ắ", "Ặ"}, 'a', "\xCC\x86"},
    {{"â", "ầ", "ẩ", "ẫ", "ấ", "ậ"}, {"Â", "Ầ", "Ẩ", "Ẫ", "Ấ", "Ậ"}, 'a', "\xCC\x82"},
    {{"e", "è", "ẻ", "ẽ", "é", "ẹ"}, {"E", "È", "Ẻ", "Ẽ", "É", "Ẹ"}, 'e', ""},
    {{"ê", "ề", "ể", "ễ", "ế", "ệ"}, {"Ê", "Ề", "Ể", "Ễ", "Ế", "Ệ"}, 'e', "\xCC\x82"},
    {{"i", "ì", "ỉ", "ĩ", "í", "ị"}, {"I", "Ì", "Ỉ", "Ĩ", "Í", "Ị"}, 'i', ""},
    {{"o", "ò", "ỏ", "õ", "ó", "ọ"}, {"O", "Ò", "Ỏ", "Õ", "Ó", "Ọ"}, 'o', ""},
    {{"ô", "ồ", "ổ", "ỗ", "ố", "ộ"}, {"Ô", "Ồ", "Ổ", "Ỗ", "Ố", "Ộ"}, 'o', "\xCC\x82"},
    {{"ơ", "ờ", "ở", "ỡ", "ớ", "ợ"}, {"Ơ", "Ờ", "Ở", "Ỡ", "Ớ", "Ợ"}, 'o', "\xCC\x9B"},
    {{"u", "ù", "ủ", "ũ", "ú", "ụ"}, {"U", "Ù", "Ủ", "Ũ", "Ú", "Ụ"}, 'u', ""},
    {{"ư", "ừ", "ử", "ữ", "ứ", "ự"}, {"Ư", "Ừ", "Ử", "Ữ", "Ứ", "Ự"}, 'u', "\xCC\x9B"},
    {{"y", "ỳ", "ỷ", "ỹ", "ý", "ỵ"}, {"Y", "Ỳ", "Ỷ", "Ỹ", "Ý", "Ỵ"}, 'y', ""},
};

static void every_vietnamese_vowel_in_every_form(void **state)
{
    (void)state;
    static const char *const tones[] = {"",         "\xCC\x80", "\xCC\x89",
                                        "\xCC\x83", "\xCC\x81", "\xCC\xA3"};
    for (size_t i = 0; i < COUNT(vowels); i++)
        for (size_t tone = 0; tone < COUNT(tones); tone++) {
            const char *forms[6];
            char decomposed[4][16];
            const char letter = vowels[i].letter, capital = (char)(letter - 'a' + 'A');
            /* The canonical order depends on the tone: both orders must fold alike. */
            snprintf(decomposed[0], 16, "%c%s%s", letter, vowels[i].mark, tones[tone]);
            snprintf(decomposed[1], 16, "%c%s%s", letter, tones[tone], vowels[i].mark);
            snprintf(decomposed[2], 16, "%c%s%s", capital, vowels[i].mark, tones[tone]);
            /* Half composed, as some keyboards send it. */
            snprintf(decomposed[3], 16, "%s%s", vowels[i].lower[0], tones[tone]);
            forms[0] = vowels[i].lower[tone];
            forms[1] = vowels[i].upper[tone];
            for (size_t form = 0; form < 4; form++)
                forms[2 + form] = decomposed[form];
            for (size_t form = 0; form < COUNT(forms); form++) {
                char expected[2] = {letter, '\0'};
                check_fold(forms[form], expected);
            }
        }
}

static size_t put_utf8(uint32_t point, char *ret)
{
    if (point < 0x80) {
        ret[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; point >>= 6)
        ret[i] = (char)(0x80 | (point & 0x3F));
    ret[0] = (char)((0xF00 >> size & 0xFF) | point);
    return size;
}

/* Of every code point: the fold is valid, in bounds, without stray spaces, and folds to itself. */
static void every_code_point_folds_to_a_fixed_point(void **state)
{
    (void)state;
    struct buffer folded = {0}, again = {0};
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        char text[5] = "";
        size_t size = put_utf8(point, text);
        assert_true(text_valid(text, size));
        buffer_reset(&folded);
        buffer_reset(&again);
        text_fold(text, &folded);
        text_fold(buffer_text(&folded), &again);
        if (strcmp(buffer_text(&folded), buffer_text(&again)) != 0)
            fail_msg("U+%04X folds to \"%s\" and that to \"%s\"", point, buffer_text(&folded),
                     buffer_text(&again));
        assert_true(text_valid(folded.data, folded.size));
        assert_true(folded.size <= 11 * size); /* U+FDFA becomes 18 letters */
        if (folded.size > 0)
            assert_true(folded.data[0] != ' ' && folded.data[folded.size - 1] != ' ');
    }
    buffer_finish(&folded);
    buffer_finish(&again);
}

static void slugs(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *slug;
    } rows[] = {
        {"Bùi Thanh Sơn", "bui-thanh-son"},
        {"  ĐỖ -- Nam_Trung ", "do-nam-trung"},
        {"Hữu Nghị – Hữu Nghị Quan", "huu-nghi-huu-nghi-quan"},
        {"QĐ 1234/2024", "qd-1234-2024"},
        {"Li Qiang (李强)", "li-qiang"},
        {"李强 Li Qiang", "li-qiang"},
        {"Li 强 Qiang", "li-qiang"},
        {"2024年11月", "2024-11"},
        {"李强", ""},
        {"", ""},
        {"---", ""},
        {"Straße", "strasse"},
        {"a\xFF"
         "b",
         "a-b"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buffer slug = {0};
        text_slug(rows[i].text, &slug);
        assert_string_equal(buffer_text(&slug), rows[i].slug);
        assert_int_equal(text_is_slug(buffer_text(&slug)), rows[i].slug[0] != '\0');
        buffer_finish(&slug);
    }
}

static void slugs_are_cut_behind_a_word(void **state)
{
    (void)state;
    char text[256];
    struct buffer slug = {0};
    for (size_t first = 1; first <= 120; first++)
        for (size_t second = 1; second <= 120; second++) {
            memset(text, 'a', sizeof text);
            text[first] = ' ';
            text[first + 1 + second] = '\0';
            buffer_reset(&slug);
            buffer_puts(&slug, "x-");
            text_slug(text, &slug);
            size_t expected = first + 1 + second <= 100 ? first + 1 + second
                              : first <= 100            ? first
                                                        : 100;
            assert_int_equal(slug.size, 2 + expected);
            assert_int_equal(strlen(slug.data), slug.size);
            assert_true(text_is_slug(slug.data + 2));
        }
    buffer_finish(&slug);
}

static void what_is_a_slug(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "0", "a-b", "bui-thanh-son", "2024-11-20", "a1-2b"};
    static const char *const bad[] = {"",     "-",   "-a",   "a-",   "a--b", "A",
                                      "a b",  "a_b", "a/b",  "a.b",  "é",    "a\n",
                                      "a-b-", "--",  "李强", "a%20", "a-B-c"};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(text_is_slug(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(text_is_slug(bad[i]));

    char text[102];
    memset(text, 'a', sizeof text);
    text[101] = '\0';
    assert_false(text_is_slug(text));
    text[100] = '\0';
    assert_true(text_is_slug(text));
}

/* Words one by one are the words of the whole, and each stands where it is said to stand. */
static void words_one_by_one(void **state)
{
    static const char *const TEXTS[] = {
        "",
        " ... ",
        "Bùi Thanh Sơn",
        "Bu\xCC\x80i  Thanh, So\xCC\x9Bn\xCC\x81.",
        "(广西壮族) Đồng-Đăng\xC2\xA0x",
        "⒜ b ½c d\xFF e",
        "한국 각",
        "\xCC\x80 a\xCC\x80",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct buffer whole = {0}, joined = {0}, word = {0}, again = {0};
        const char *at = TEXTS[i], *end = at + strlen(at), *start, *before = at;
        text_fold(TEXTS[i], &whole);
        while (text_next_word(&at, end, &start, &word)) {
            char copy[64];
            assert_true(start >= before && at > start);
            snprintf(copy, sizeof copy, "%.*s", (int)(at - start), start);
            buffer_reset(&again);
            text_fold(copy, &again);
            assert_string_equal(buffer_text(&again), word.data);
            buffer_put_all(&joined, joined.size ? " " : "", word.data, NULL);
            before = at;
        }
        assert_ptr_equal(at, end);
        assert_string_equal(buffer_text(&joined), buffer_text(&whole));
        buffer_finish(&whole);
        buffer_finish(&joined);
        buffer_finish(&word);
        buffer_finish(&again);
    }
}

static void normal_texts_keep_their_marks(void **state)
{
    struct buffer one = {0}, other = {0};
    (void)state;
    text_normal("BÙI Đỗ", strlen("BÙI Đỗ"), &one);
    text_normal("bu\xCC\x80i đỗ", strlen("bu\xCC\x80i đỗ"), &other);
    assert_string_equal(one.data, "bùi đỗ");
    assert_string_equal(other.data, "bùi đỗ");
    buffer_finish(&one);
    buffer_finish(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folded_as_the_table_says),
        cmocka_unit_test(every_vietnamese_vowel_in_every_form),
        cmocka_unit_test(every_code_point_folds_to_a_fixed_point),
        cmocka_unit_test(slugs),
        cmocka_unit_test(slugs_are_cut_behind_a_word),
        cmocka_unit_test(what_is_a_slug),
        cmocka_unit_test(words_one_by_one),
        cmocka_unit_test(normal_texts_keep_their_marks),
    };
    return cmocka_run_group_tests_name("base/text: folds and slugs", tests, NULL, NULL);
}
