/*
 * production - an answer of any length: an errand whose reply is sent while it is made.
 *
 *     struct job *job = production_create(sizeof *job, snapshot, request);   its first member
 *     job->production.make = make;
 *     job->production.label = label_make("text/csv", "csv", true, request);
 *     return production_begin(producers, &job->production, request, reply, error);
 *
 * A producer reads the store at the store's pace and writes into a spool: a file without a name, in
 * the folder of the store, else in $TMPDIR, else in /tmp. The reply sends the spool at the reader's
 * pace. So a slow reader holds some disk, but no transaction and no memory, and neither writers nor
 * the checkpoint wait for it. What was sent is given back to the disk as far as the disk can.
 *
 * What goes wrong before the first bytes are there is answered as a problem; what goes wrong later
 * breaks the connection off, for an error must never look like data.
 */
#ifndef BILATERAL_FORMAT_PRODUCTION_H
#define BILATERAL_FORMAT_PRODUCTION_H

#include <stdint.h>

#include "bilateral/base/buffer.h"
#include "bilateral/format/label.h"
#include "bilateral/resource/errand.h"

enum { PRODUCTION_BLOCK = 64 * 1024 };

/* All there are in this process. */
struct producers;

/* `bytes`: of all spools together. The path must outlive it. */
struct producers *producers_create(const char *store_path, uint64_t bytes);

/* Waits for what is being made. All replies must be closed, which breaks it off. NULL is fine. */
void producers_destroy(struct producers *producers);

struct production {
    struct errand errand;
    /* On the producer's thread. False with an error where it cannot be made whole. */
    bool (*make)(struct production *production, struct error *error);
    const struct request *request; /* a copy that lasts */
    const struct registry *registry;
    struct label label;
    struct snapshot snapshot; /* the producer's own, which the reply is of */
    /* production.c's own. */
    struct spool *spool;
    struct gzip *gzip;
    struct buffer packed;
    _Atomic uint64_t written; /* into the spool */
};

/* `size` bytes, of which the production is the first; errand_drop takes it back. */
void *production_create(size_t size, const struct snapshot *snapshot,
                        const struct request *request);

/*
 * Starts a thread and puts the reply off. ERROR_UNAVAILABLE with Retry-After where too many of them
 * are running, or their spools are full; it is dropped then.
 */
bool production_begin(struct producers *producers, struct production *production,
                      const struct request *request, struct reply *reply, struct error *error);

/* ---- for `make` ---- */

/* Opens the production's snapshot of the store, for a walk of everything there is. */
bool production_open(struct production *production, struct error *error);

/* Sends what is in the buffer and empties it. False where nobody reads, or there is no room. */
bool production_put(struct production *production, struct buffer *bytes, struct error *error);

/* The same as soon as a block is full. */
bool production_put_block(struct production *production, struct buffer *bytes, struct error *error);

/* Sends a file that `fill` fills at the path it is given: instead of all else, and never packed. */
bool production_put_file(struct production *production,
                         bool (*fill)(struct production *production, const char *path,
                                      struct error *error),
                         struct error *error);

#endif
