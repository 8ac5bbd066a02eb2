/*
 * committer - the one thread that writes for requests, and its queue: group commit.
 *
 *     edit->job = (struct job){.run = run, .release = release, .waker = request->waker};
 *     if (!committer_submit(committer, &edit->job, error))
 *         return false;                       the queue is full
 *     ...                                     until job_is_done
 *     job_leave(&edit->job);                  the worker has no further use for it
 *
 * All jobs that wait are run in one transaction, so that they share one sync of the disk. One that
 * fails before it has written anything fails alone; one that fails later makes the others begin
 * again without it. A job is done when what it wrote is on the disk, or when it is sure that nothing
 * of it will be. After a failure of the store its handle is closed and opened anew with the next
 * batch, so writing goes on by itself when the cause is gone.
 */
#ifndef BILATERAL_RESOURCE_COMMITTER_H
#define BILATERAL_RESOURCE_COMMITTER_H

#include <stdatomic.h>

#include "bilateral/http/waker.h"
#include "bilateral/resource/generation.h"
#include "bilateral/resource/write.h"

struct committer;

struct job {
    /*
     * On the committer's thread, within the transaction. It may be run again, when another job of
     * its batch failed, so it must leave its input as it was. Let it find out whether it can be done
     * before it writes.
     */
    bool (*run)(struct job *job, struct writer *writer, struct error *error);
    void (*release)(struct job *job); /* frees it: neither thread has any use for it now */
    struct waker *waker;              /* woken when it is done; may be NULL */
    struct error error;               /* why it failed; its `faults` are set by the job's maker */
    /* The committer's own. */
    struct job *next;
    atomic_bool done;
    atomic_int holders;
};

/* `generation` follows each commit, before any of its jobs is done. Nothing is opened yet. */
struct committer *committer_create(const char *store_path, const struct registry *registry,
                                   struct generation *generation);

/* Ends the thread when the queue is empty. NULL is fine. */
void committer_destroy(struct committer *committer);

/* ERROR_UNAVAILABLE where too many wait; then the job is still the caller's alone. */
bool committer_submit(struct committer *committer, struct job *job, struct error *error);

bool job_is_done(const struct job *job);

/* From here on the waker is not woken, and the job may be freed at any moment. */
void job_leave(struct committer *committer, struct job *job);

#endif
