/*
 * spool - a file without a name that one thread fills while another sends it.
 *
 * For production.c, which keeps count of what was written behind its lock.
 */
#ifndef FORMAT_SPOOL_H
#define FORMAT_SPOOL_H

#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bilateral/base/error.h"

/* What all spools of the process have in common. */
struct spools {
    char folder[PATH_MAX]; /* of the store */
    uint64_t limit;        /* bytes of all together */
    atomic_uint_fast64_t used;
};

struct spool {
    struct spools *all;
    int file;
    uint64_t filled; /* the writer's own count */
    uint64_t sent;   /* the reader's */
    uint64_t freed;  /* given back to the disk; never more than sent */
};

void spools_init(struct spools *spools, const char *store_path, uint64_t limit);

bool spool_open(struct spool *spool, struct spools *all, struct error *error);
void spool_close(struct spool *spool);

/* By the one who writes. */
bool spool_write(struct spool *spool, const char *bytes, size_t size, struct error *error);

/*
 * By the one who writes, before anything else: an empty file with a name (of PATH_MAX bytes at
 * most) that takes the place of the spool's own; then, once it is filled, what it has belongs to
 * the spool and its name is gone.
 */
bool spool_name(struct spool *spool, char *ret_path, struct error *error);
bool spool_adopt(struct spool *spool, const char *path, struct error *error);

/* By the one who reads, never more than is there; -1 where the disk fails. */
ssize_t spool_read(struct spool *spool, char *bytes, size_t size);

#endif
