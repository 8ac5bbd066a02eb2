#include "bilateral/ingest/lines.h"

#include <errno.h>
#include <string.h>

enum { CHUNK = 64 * 1024 };

static void fill(struct lines *lines)
{
    size_t left = lines->window.size - lines->at;
    if (left)
        memmove(lines->window.data, lines->window.data + lines->at, left);
    lines->window.size = left;
    lines->at = 0;
    size_t got = fread(buffer_reserve(&lines->window, CHUNK), 1, CHUNK, lines->file);
    lines->window.size += got;
    lines->ended = got == 0;
    if (lines->ended && ferror(lines->file))
        lines->failure = errno ? errno : EIO;
}

/* Up to the end of the line, of the file, or what is longer than a line may be. */
static bool next_piece(struct lines *lines, const char **ret_text, size_t *ret_size,
                       bool *ret_whole)
{
    while (true) {
        size_t left = lines->window.size - lines->at;
        const char *start = buffer_text(&lines->window) + lines->at;
        const char *stop = left ? memchr(start, '\n', left) : NULL;
        if (!stop && !lines->ended && left <= LINE_LIMIT) {
            fill(lines);
            continue;
        }
        *ret_whole = stop || lines->ended;
        *ret_text = start;
        *ret_size = stop ? (size_t)(stop - start) : left;
        lines->at += *ret_size + (stop != NULL);
        return left > 0;
    }
}

bool lines_next(struct lines *lines, const char **ret_text, size_t *ret_size)
{
    const char *text;
    size_t size;
    bool whole;
    while (next_piece(lines, &text, &size, &whole)) {
        bool rest = lines->skips;
        lines->skips = !whole;
        if (rest)
            continue;
        lines->number++;
        for (; size > 0 && memchr(" \t\r", *text, 3); size--)
            text++;
        if (size == 0)
            continue;
        *ret_text = text;
        *ret_size = size;
        return true;
    }
    return false;
}

void lines_rewind(struct lines *lines)
{
    rewind(lines->file);
    buffer_reset(&lines->window);
    lines->at = 0;
    lines->number = 0;
    lines->ended = false;
    lines->skips = false;
}

void lines_finish(struct lines *lines)
{
    if (lines->file)
        fclose(lines->file);
    buffer_finish(&lines->window);
    *lines = (struct lines){0};
}
