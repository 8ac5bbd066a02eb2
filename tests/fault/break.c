/*
 * break - system calls that fail while a file is there: $BREAK_SYNC for fdatasync (EIO), $BREAK_WRITE
 * for pwrite (EROFS), as on a disk that is lost or went read-only.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static int breaks(const char *name)
{
    const char *path = getenv(name);
    return path && access(path, F_OK) == 0;
}

int fdatasync(int file)
{
    int (*own)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (!breaks("BREAK_SYNC"))
        return own(file);
    errno = EIO;
    return -1;
}

static ssize_t write_at(const char *name, int file, const void *bytes, size_t size, off64_t at)
{
    ssize_t (*own)(int, const void *, size_t, off64_t) =
        (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, name);
    if (!breaks("BREAK_WRITE"))
        return own(file, bytes, size, at);
    errno = EROFS;
    return -1;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at)
{
    return write_at("pwrite", file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at)
{
    return write_at("pwrite64", file, bytes, size, at);
}
