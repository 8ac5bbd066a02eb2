/*
 * production - an answer of any length, made on a thread of its own.
 *
 *     struct job *job = arena_alloc(arena, sizeof *job);
 *     return production_begin(producers, &(struct produce){.run = run, .fill = fill, .job = job,
 *                                                          .arena = arena}, request, reply, error);
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
#include "bilateral/http/reply.h"
#include "bilateral/store/store.h"

enum { PRODUCTION_LIMIT = 8, PRODUCTION_BLOCK = 64 * 1024 };

/* All there are in this process. */
struct producers;
struct production;

/* `bytes`: of all spools together. The path must outlive it. */
struct producers *producers_create(const char *store_path, uint64_t bytes);

/* Breaks off what is being made and waits for its threads. All replies must be closed. NULL is fine. */
void producers_destroy(struct producers *producers);

struct produce {
    /* On the producer's thread. False with an error where it cannot be made whole. */
    bool (*run)(struct production *production, void *job, struct error *error);
    /* On the worker's thread, once first bytes are there or all of them: the header fields. */
    void (*fill)(void *job, struct reply *reply);
    void *job;
    bool packed;         /* whether the bytes are sent as gzip */
    struct arena *arena; /* where the job lives; the production's from now on, also on failure */
};

/*
 * Starts a thread and puts the reply off. ERROR_UNAVAILABLE with Retry-After where PRODUCTION_LIMIT
 * of them are running, or their spools are full.
 */
bool production_begin(struct producers *producers, const struct produce *produce,
                      const struct request *request, struct reply *reply, struct error *error);

/*
 * For `run`. The store is opened for reading and closed behind `run`; it fails soon when nobody
 * waits for the answer any more.
 */
bool production_open_store(struct production *production, struct store **ret, struct error *error);

/* Sends what is in the buffer and empties it. False where nobody reads, or there is no room. */
bool production_put(struct production *production, struct buffer *bytes, struct error *error);

/* The same as soon as a block is full. */
bool production_put_block(struct production *production, struct buffer *bytes, struct error *error);

/*
 * Sends a file that `make` makes of the store, which must be open, at the path it is given: instead
 * of all else, and never packed.
 */
typedef bool production_maker(const char *path, struct store *store, void *context,
                              struct error *error);
bool production_put_file(struct production *production, production_maker *make, void *context,
                         struct error *error);

#endif
