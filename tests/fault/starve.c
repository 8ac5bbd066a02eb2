/*
 * starve - a library to preload: the Nth allocation of the process fails, or that and all behind it.
 *
 *     STARVE_AT=120 STARVE_ON=1 LD_PRELOAD=./starve.so bilaterald check seeds
 *     STARVE_REPORT=count.txt LD_PRELOAD=./starve.so bilaterald check seeds
 *
 * The second writes how many allocations there were. N counts from 1; without STARVE_AT none fails.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static atomic_long made;
static long failing; /* 0: none */
static bool onwards;

__attribute__((constructor)) static void arm(void)
{
    const char *at = getenv("STARVE_AT");
    failing = at ? strtol(at, NULL, 10) : 0;
    onwards = getenv("STARVE_ON");
    atomic_store(&made, 0);
}

__attribute__((destructor)) static void report(void)
{
    long count = atomic_load(&made);
    const char *path = getenv("STARVE_REPORT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld\n", count);
    fclose(file);
}

static bool fails(void)
{
    long number = atomic_fetch_add(&made, 1) + 1;
    bool failed = failing > 0 && (onwards ? number >= failing : number == failing);
    if (failed)
        errno = ENOMEM;
    return failed;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : __libc_realloc(memory, size);
}
