/*
 * arena - memory that is given back all at once.
 *
 *     struct arena *arena = arena_create();
 *     char *path = arena_printf(arena, "/v1/%s/%s", collection, id);
 *     arena_destroy(arena);
 *
 * What a function that takes an arena returns lives until the arena is reset or destroyed; nobody
 * frees it piece by piece. A request has one arena, and it dies when the reply has been sent.
 * Memory that cannot be had ends the process with one line on standard error: no caller checks.
 * An arena belongs to one thread at a time.
 */
#ifndef BILATERAL_BASE_ARENA_H
#define BILATERAL_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);

/* Gives back everything. NULL is fine. */
void arena_destroy(struct arena *arena);

/* Empties the arena but keeps its first block, so that the next request needs no malloc. */
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for any type. A size of 0 returns a valid, distinct pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/*
 * Room for one more in an array of `count` elements of `size` bytes: the array, or a longer copy of it
 * where its capacity, 0 at first, is used up.
 */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size);

/* Copies; both end in a NUL that is not counted in `size`. */
char *arena_copy(struct arena *arena, const char *text, size_t size);
char *arena_strdup(struct arena *arena, const char *text);

char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* How many bytes the arena holds from malloc: a bound for tests and metrics. */
size_t arena_footprint(const struct arena *arena);

/* malloc and realloc that never return NULL; for the few owners that are not arenas. */
void *memory_alloc(size_t size);
void *memory_resize(void *memory, size_t size);

/* Says so on standard error and ends the process. */
_Noreturn void memory_exhausted(void);

#endif
