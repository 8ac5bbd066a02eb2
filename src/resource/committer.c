#include "bilateral/resource/committer.h"

#include <pthread.h>
#include <stdlib.h>

#include "bilateral/base/thread.h"

enum {
    QUEUE_LIMIT = 1000, /* jobs that wait; what they hold is bounded by the server's body budget */
    BATCH_LIMIT = 250,  /* jobs of one transaction: the first would wait too long for the last */
};

struct committer {
    const char *path;
    const struct registry *registry;
    struct generation *generation;
    struct store *store; /* the thread's own; NULL until it is needed, and after a failure */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job *first, **last; /* who wait */
    size_t count;
    bool ends;
};

/* ---- the thread ---- */

static void drop(struct job *job)
{
    if (atomic_fetch_sub(&job->holders, 1) == 1)
        job->release(job);
}

static void fail(struct job *job, const struct error *error)
{
    struct faults *faults = job->error.faults;
    job->error = *error;
    job->error.faults = faults;
}

/* The jobs that wait, at most BATCH_LIMIT; NULL when there is to be an end. */
static struct job *take(struct committer *committer)
{
    pthread_mutex_lock(&committer->lock);
    while (!committer->first && !committer->ends)
        pthread_cond_wait(&committer->changed, &committer->lock);
    struct job *jobs = committer->first, *last = jobs;
    for (size_t i = 1; last && last->next && i < BATCH_LIMIT; i++)
        last = last->next;
    committer->first = last ? last->next : NULL;
    if (!committer->first)
        committer->last = &committer->first;
    if (last)
        last->next = NULL;
    for (const struct job *each = jobs; each; each = each->next)
        committer->count--;
    pthread_mutex_unlock(&committer->lock);
    return jobs;
}

/* The lock keeps the waker alive: who leaves a job takes it, too. */
static void finish(struct committer *committer, struct job *job)
{
    pthread_mutex_lock(&committer->lock);
    atomic_store(&job->done, true);
    waker_wake(job->waker);
    pthread_mutex_unlock(&committer->lock);
    drop(job);
}

static bool is_of_store(enum error_code code)
{
    return code == ERROR_UNAVAILABLE || code == ERROR_STORAGE_FULL || code == ERROR_INTERNAL;
}

/* False where the transaction cannot go on: job->error then says so. */
static bool run(struct writer *writer, struct job *job)
{
    job->error = (struct error){.faults = job->error.faults};
    if (!writer_begin_part(writer, &job->error))
        return false;
    bool kept = job->run(job, writer, &job->error);
    if (!kept && is_of_store(job->error.code))
        return false;
    struct error error = {0};
    if (writer_end_part(writer, kept, &error))
        return true;
    fail(job, &error);
    return false;
}

static struct job *run_all(struct writer *writer, struct job *jobs)
{
    for (struct job *job = jobs; job; job = job->next) {
        if (!run(writer, job))
            return job;
    }
    return NULL;
}

/* One transaction. Returns the job that broke it, whose error is its own, or NULL; then the others'
 * errors are, where the transaction as a whole failed, in `error`. */
static struct job *commit(struct committer *committer, struct job *jobs, struct arena *arena,
                          struct error *error)
{
    struct writer writer;
    if ((!committer->store &&
         !store_open(committer->path, STORE_WRITE, &committer->store, error)) ||
        !writer_begin(&writer, committer->store, committer->registry, arena, error))
        return NULL;
    struct job *broken = run_all(&writer, jobs);
    bool good = !broken && writer_commit(&writer, error);
    if (good && writer.changes > 0)
        generation_follow(committer->generation, committer->store, writer.committed);
    if (broken)
        writer_rollback(&writer);
    return broken;
}

static void close_store(struct committer *committer)
{
    store_close(committer->store);
    committer->store = NULL;
}

static struct job *without(struct job *jobs, const struct job *one)
{
    struct job **link = &jobs;
    while (*link != one)
        link = &(*link)->next;
    *link = one->next;
    return jobs;
}

/* Whoever breaks a transaction is answered alone; the others try again without it. */
static void serve(struct committer *committer, struct job *jobs)
{
    struct arena *arena = arena_create();
    struct job *broken;
    do {
        struct error error = {0};
        broken = commit(committer, jobs, arena, &error);
        if (broken || error.code != ERROR_NONE)
            close_store(committer);
        if (broken) {
            jobs = without(jobs, broken);
            finish(committer, broken);
        } else {
            for (struct job *job = jobs; job && error.code != ERROR_NONE; job = job->next)
                fail(job, &error);
        }
    } while (broken && jobs);
    for (struct job *next; jobs; jobs = next) {
        next = jobs->next;
        finish(committer, jobs);
    }
    arena_destroy(arena);
}

static void *work(void *context)
{
    struct committer *committer = context;
    struct job *jobs;
    while ((jobs = take(committer)))
        serve(committer, jobs);
    close_store(committer);
    return NULL;
}

/* ---- for workers ---- */

struct committer *committer_create(const char *store_path, const struct registry *registry,
                                   struct generation *generation)
{
    struct committer *committer = memory_alloc(sizeof *committer);
    *committer =
        (struct committer){.path = store_path, .registry = registry, .generation = generation};
    committer->last = &committer->first;
    pthread_mutex_init(&committer->lock, NULL);
    pthread_cond_init(&committer->changed, NULL);
    if (thread_start(&committer->thread, work, committer) != 0)
        memory_exhausted();
    return committer;
}

void committer_destroy(struct committer *committer)
{
    if (!committer)
        return;
    pthread_mutex_lock(&committer->lock);
    committer->ends = true;
    pthread_cond_signal(&committer->changed);
    pthread_mutex_unlock(&committer->lock);
    pthread_join(committer->thread, NULL);
    pthread_cond_destroy(&committer->changed);
    pthread_mutex_destroy(&committer->lock);
    free(committer);
}

bool committer_submit(struct committer *committer, struct job *job, struct error *error)
{
    atomic_init(&job->done, false);
    atomic_init(&job->holders, 2);
    job->next = NULL;
    pthread_mutex_lock(&committer->lock);
    bool full = committer->count >= QUEUE_LIMIT || committer->ends;
    if (!full) {
        *committer->last = job;
        committer->last = &job->next;
        committer->count++;
        pthread_cond_signal(&committer->changed);
    }
    pthread_mutex_unlock(&committer->lock);
    return !full || error_set(error, ERROR_UNAVAILABLE, "Too many writes are waiting; try later.");
}

bool job_is_done(const struct job *job)
{
    return atomic_load(&job->done);
}

void job_leave(struct committer *committer, struct job *job)
{
    pthread_mutex_lock(&committer->lock);
    job->waker = NULL;
    pthread_mutex_unlock(&committer->lock);
    drop(job);
}
