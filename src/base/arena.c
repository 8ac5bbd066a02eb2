#include "bilateral/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct block {
    struct block *next;
    size_t size; /* of data */
    size_t used;
    alignas(max_align_t) char data[];
};

struct arena {
    struct block *current; /* the newest; older ones follow by next, the first is last */
};

void memory_exhausted(void)
{
    fputs("bilaterald: out of memory\n", stderr);
    _Exit(1);
}

void *memory_alloc(size_t size)
{
    return memory_resize(NULL, size);
}

void *memory_resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size ? size : 1);
    if (!resized)
        memory_exhausted();
    return resized;
}

static struct block *block_create(size_t size, struct block *next)
{
    struct block *block = memory_alloc(sizeof *block + size);
    *block = (struct block){.next = next, .size = size};
    return block;
}

struct arena *arena_create(void)
{
    struct arena *arena = memory_alloc(sizeof *arena);
    arena->current = block_create(BLOCK_SIZE, NULL);
    return arena;
}

void arena_reset(struct arena *arena)
{
    while (arena->current->next) {
        struct block *block = arena->current;
        arena->current = block->next;
        free(block);
    }
    arena->current->used = 0;
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    free(arena->current);
    free(arena);
}

/* Not cleared. */
static void *take(struct arena *arena, size_t size)
{
    const size_t alignment = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size = (size + alignment) / alignment * alignment;
    if (arena->current->size - arena->current->used < size)
        arena->current = block_create(size > BLOCK_SIZE ? size : BLOCK_SIZE, arena->current);
    void *memory = arena->current->data + arena->current->used;
    arena->current->used += size;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = count ? 2 * count : 16;
    void *longer = arena_alloc(arena, *capacity * size);
    return count ? memcpy(longer, array, count * size) : longer;
}

char *arena_copy(struct arena *arena, const char *text, size_t size)
{
    char *copy = take(arena, size + 1);
    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

/* Mostly it fits where it is going to be. */
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    if (!strchr(format, '%'))
        return arena_strdup(arena, format);
    va_list again;
    va_copy(again, arguments);
    struct block *block = arena->current;
    char *text = block->data + block->used;
    size_t size = (size_t)vsnprintf(text, block->size - block->used, format, arguments) + 1;
    char *kept = take(arena, size);
    if (kept != text)
        vsnprintf(kept, size, format, again);
    va_end(again);
    return kept;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

size_t arena_footprint(const struct arena *arena)
{
    size_t total = sizeof *arena;
    for (const struct block *block = arena->current; block; block = block->next)
        total += sizeof *block + block->size;
    return total;
}
