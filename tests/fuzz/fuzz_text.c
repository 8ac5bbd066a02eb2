/*
 * Any bytes as text. What is valid UTF-8 folds to itself once folded, gives a slug or nothing, and
 * is never longer in code points than in bytes; what is not valid is only looked at.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void expect(bool promise)
{
    if (!promise)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!text_valid((const char *)bytes, size) || memchr(bytes, '\0', size))
        return 0;
    struct arena *arena = arena_create();
    const char *text = arena_copy(arena, (const char *)bytes, size);
    expect(text_length(text, size) <= size);

    struct buffer folded = {0}, again = {0}, slug = {0}, json = {0};
    text_fold(text, &folded);
    expect(text_valid(buffer_text(&folded), folded.size));
    text_fold(buffer_text(&folded), &again);
    expect(strcmp(buffer_text(&folded), buffer_text(&again)) == 0);

    text_slug(text, &slug);
    expect(slug.size == 0 || slug.size > 100 || text_is_slug(buffer_text(&slug)));

    text_json(text, size, &json);
    expect(json.size >= size + 2 && json.data[0] == '"' && json.data[json.size - 1] == '"');
    expect(text_valid(json.data, json.size));

    expect(text_distance(text, text, 3) == 0);
    buffer_finish(&folded);
    buffer_finish(&again);
    buffer_finish(&slug);
    buffer_finish(&json);
    arena_destroy(arena);
    return 0;
}
