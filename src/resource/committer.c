#include "bilateral/resource/committer.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "bilateral/base/clock.h"
#include "bilateral/base/thread.h"

enum {
    QUEUE_LIMIT = 1000, /* jobs that wait; what they hold is bounded by the server's body budget */
    BATCH_LIMIT = 250,  /* jobs of one transaction: the first would wait too long for the last */
    PATIENCE = 2,       /* the part of a transaction's time in which others may come again */
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
    size_t wanted; /* how many the thread waits for */
    size_t crowd;  /* who were at it when the last transaction ended: its own, and who waited */
    int64_t until; /* they are waited for; by clock_now */
    bool ends;
};

/* ---- the thread ---- */

static void drop(struct job *job)
{
    if (atomic_fetch_sub(&job->holders, 1) == 1)
        job->release(job);
}

/*
 * Who has just been answered often comes again at once. Without them those who waited meanwhile would
 * go alone, then these, and so on: two halves that pay for a transaction each. So they are waited
 * for, but no longer than a part of what the last transaction took; a lone writer waits for nobody.
 */
static void gather(struct committer *committer)
{
    const struct timespec until = {.tv_sec = committer->until / 1000000,
                                   .tv_nsec = committer->until % 1000000 * 1000};
    committer->wanted = committer->crowd < BATCH_LIMIT ? committer->crowd : BATCH_LIMIT;
    while (committer->count < committer->wanted && !committer->ends &&
           pthread_cond_timedwait(&committer->changed, &committer->lock, &until) == 0)
        ;
    committer->wanted = 1;
}

/* The jobs that wait, at most BATCH_LIMIT; NULL when there is to be an end. */
static struct job *take(struct committer *committer)
{
    pthread_mutex_lock(&committer->lock);
    while (!committer->first && !committer->ends)
        pthread_cond_wait(&committer->changed, &committer->lock);
    gather(committer);
    struct job *jobs = committer->first, **end = &jobs;
    for (size_t i = 0; *end && i < BATCH_LIMIT; i++, committer->count--)
        end = &(*end)->next;
    committer->first = *end;
    if (!committer->first)
        committer->last = &committer->first;
    *end = NULL;
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

/*
 * False where the transaction cannot go on: the store failed, or the job did when it had written
 * already. Mostly a job knows better before it writes; a savepoint for each, which would keep a copy
 * of every page, is dearer than to begin again now and then.
 */
static bool run(struct writer *writer, struct job *job)
{
    size_t before = writer->changes;
    job->error = (struct error){.faults = job->error.faults};
    return job->run(job, writer, &job->error) ||
           (!is_of_store(job->error.code) && writer->changes == before);
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

/* Cuts the list before one of its jobs. Returns what is left of it, or NULL. */
static struct job *cut(struct job *jobs, const struct job *one)
{
    struct job **link = &jobs;
    while (*link != one)
        link = &(*link)->next;
    *link = NULL;
    return jobs;
}

static void note_crowd(struct committer *committer, const struct job *jobs, int64_t began)
{
    pthread_mutex_lock(&committer->lock);
    committer->crowd = committer->count;
    for (; jobs; jobs = jobs->next)
        committer->crowd++;
    committer->until = clock_now() + (clock_now() - began) / PATIENCE;
    pthread_mutex_unlock(&committer->lock);
}

static void finish_all(struct committer *committer, struct job *jobs, const struct error *error)
{
    for (struct job *next; jobs; jobs = next) {
        struct faults *faults = jobs->error.faults;
        next = jobs->next;
        if (error->code != ERROR_NONE)
            jobs->error = *error;
        jobs->error.faults = faults;
        finish(committer, jobs);
    }
}

/* Whoever breaks a transaction is answered alone. Those before it try again without it, then those
 * behind it have their first try: so many that break do not make each other's work many times over. */
static void serve(struct committer *committer, struct job *jobs, struct arena *arena)
{
    while (jobs) {
        struct error error = {0};
        int64_t began = clock_now();
        struct job *broken = commit(committer, jobs, arena, &error);
        if (broken ? is_of_store(broken->error.code) : error.code != ERROR_NONE)
            close_store(committer);
        if (!broken) {
            note_crowd(committer, jobs, began);
            finish_all(committer, jobs, &error);
            return;
        }
        struct job *behind = broken->next, *before = cut(jobs, broken);
        finish(committer, broken);
        serve(committer, before, arena);
        jobs = behind;
    }
}

static void *work(void *context)
{
    struct committer *committer = context;
    struct job *jobs;
    while ((jobs = take(committer))) {
        struct arena *arena = arena_create();
        serve(committer, jobs, arena);
        arena_destroy(arena);
    }
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
    committer->wanted = 1;
    pthread_mutex_init(&committer->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&committer->changed, &attributes);
    pthread_condattr_destroy(&attributes);
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
        if (committer->count >= committer->wanted)
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
