#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FREE_BLOCK = 1024 * 1024 }; /* bytes given back at once */

static const char NAME[] = "/.bilateral-XXXXXX";

void spools_init(struct spools *spools, const char *store_path, uint64_t limit)
{
    const char *slash = strrchr(store_path, '/');
    size_t size = slash ? (size_t)(slash - store_path) + 1 : 0;
    spools->limit = limit;
    atomic_init(&spools->used, 0);
    snprintf(spools->folder, sizeof spools->folder, "%.*s", (int)size, store_path);
    if (size == 0)
        snprintf(spools->folder, sizeof spools->folder, "./");
}

/* A file in the first folder that will have one. */
static int open_file(const struct spools *all, char *ret_path, struct error *error)
{
    const char *const folders[] = {all->folder, getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (!folders[i] || strlen(folders[i]) + sizeof NAME >= PATH_MAX)
            continue;
        snprintf(ret_path, PATH_MAX, "%s%s", folders[i], NAME);
        int file = mkostemp(ret_path, O_CLOEXEC);
        if (file >= 0)
            return file;
    }
    snprintf(error->cause, sizeof error->cause, "temporary file: %s", strerrordesc_np(errno));
    error_set(error, ERROR_UNAVAILABLE, "There is no place for a temporary file.");
    return -1;
}

bool spool_open(struct spool *spool, struct spools *all, struct error *error)
{
    char path[PATH_MAX];
    int file = open_file(all, path, error);
    if (file < 0)
        return false;
    unlink(path);
    *spool = (struct spool){.all = all, .file = file};
    return true;
}

bool spool_name(struct spool *spool, char *ret_path, struct error *error)
{
    int file = open_file(spool->all, ret_path, error);
    if (file < 0)
        return false;
    close(spool->file);
    spool->file = file;
    return true;
}

static bool claim(struct spool *spool, uint64_t size, struct error *error)
{
    if (atomic_fetch_add(&spool->all->used, size) + size <= spool->all->limit) {
        spool->filled += size;
        return true;
    }
    atomic_fetch_sub(&spool->all->used, size);
    return error_set(error, ERROR_UNAVAILABLE,
                     "Too much is being sent at the moment; ask for less, or later.");
}

bool spool_adopt(struct spool *spool, const char *path, struct error *error)
{
    struct stat file;
    unlink(path);
    return fstat(spool->file, &file) == 0 && claim(spool, (uint64_t)file.st_size, error);
}

void spool_close(struct spool *spool)
{
    close(spool->file);
    atomic_fetch_sub(&spool->all->used, spool->filled - spool->freed);
}

bool spool_write(struct spool *spool, const char *bytes, size_t size, struct error *error)
{
    uint64_t at = spool->filled;
    if (!claim(spool, size, error))
        return false;
    while (size > 0) {
        ssize_t count = pwrite(spool->file, bytes, size, (off_t)at);
        if (count <= 0) {
            snprintf(error->cause, sizeof error->cause, "spool: %s", strerrordesc_np(errno));
            return error_set(error, ERROR_UNAVAILABLE, "There is no room for a temporary file.");
        }
        bytes += count;
        at += (uint64_t)count;
        size -= (size_t)count;
    }
    return true;
}

/* Not every disk can make holes; then the file is given back at its end. */
static void give_back(struct spool *spool)
{
    while (spool->sent - spool->freed >= FREE_BLOCK &&
           fallocate(spool->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)spool->freed,
                     FREE_BLOCK) == 0) {
        spool->freed += FREE_BLOCK;
        atomic_fetch_sub(&spool->all->used, FREE_BLOCK);
    }
}

ssize_t spool_read(struct spool *spool, char *bytes, size_t size)
{
    ssize_t count = pread(spool->file, bytes, size, (off_t)spool->sent);
    if (count <= 0)
        return -1;
    spool->sent += (uint64_t)count;
    give_back(spool);
    return count;
}
