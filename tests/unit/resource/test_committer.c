/*
 * The committer's queue: how many may wait, and that whoever is refused keeps his job. The first job
 * waits at a gate within its transaction, so that the others queue behind it.
 */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "bilateral/api/registry.h"
#include "bilateral/resource/committer.h"
#include "bilateral/store/migrate.h"

enum { MOST = 1000 }; /* jobs that wait */

struct fixture {
    char folder[32], path[64];
    struct generation generation;
    struct committer *committer;
    sem_t entered, gate;
    atomic_int ran, released;
};

struct numbered {
    struct job job;
    struct fixture *fixture;
    bool waits;
};

static bool run(struct job *job, struct writer *writer, struct error *error)
{
    struct numbered *self = (struct numbered *)job;
    (void)writer, (void)error;
    if (self->waits) {
        sem_post(&self->fixture->entered);
        sem_wait(&self->fixture->gate);
    }
    atomic_fetch_add(&self->fixture->ran, 1);
    return true;
}

static void release(struct job *job)
{
    struct numbered *self = (struct numbered *)job;
    atomic_fetch_add(&self->fixture->released, 1);
    free(self);
}

static int set_up(void **state)
{
    static struct fixture fixture;
    struct error error = {0};
    struct store *store;
    fixture = (struct fixture){.folder = "/tmp/committer-XXXXXX"};
    if (!mkdtemp(fixture.folder))
        return 1;
    snprintf(fixture.path, sizeof fixture.path, "%s/store", fixture.folder);
    if (!store_open(fixture.path, STORE_WRITE, &store, &error) ||
        !store_make_durable(store, &error) || !migrate(store, &error))
        return 1;
    store_close(store);
    sem_init(&fixture.entered, 0, 0);
    sem_init(&fixture.gate, 0, 0);
    fixture.committer = committer_create(fixture.path, &REGISTRY, &fixture.generation);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    committer_destroy(fixture->committer);
    sem_destroy(&fixture->entered);
    sem_destroy(&fixture->gate);
    unlink(fixture->path);
    return rmdir(fixture->folder);
}

/* NULL where it is refused. */
static struct numbered *submit(struct fixture *fixture, bool waits, struct error *error)
{
    struct numbered *self = memory_alloc(sizeof *self);
    *self = (struct numbered){
        .job = {.run = run, .release = release}, .fixture = fixture, .waits = waits};
    if (committer_submit(fixture->committer, &self->job, error))
        return self;
    free(self); /* still ours */
    return NULL;
}

static void there_is_an_end_to_waiting(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {0}, refused = {0};
    struct numbered *first = submit(fixture, true, &error);
    assert_non_null(first);
    sem_wait(&fixture->entered);
    for (int i = 0; i < MOST; i++) {
        struct numbered *waiting = submit(fixture, false, &error);
        assert_non_null(waiting);
        job_leave(fixture->committer, &waiting->job);
    }
    assert_null(submit(fixture, false, &refused));
    assert_int_equal(refused.code, ERROR_UNAVAILABLE);
    assert_false(job_is_done(&first->job));
    assert_int_equal(fixture->ran, 0);

    sem_post(&fixture->gate);
    while (!job_is_done(&first->job))
        usleep(1000);
    job_leave(fixture->committer, &first->job);
    for (struct numbered *next = NULL; !next; usleep(1000)) { /* there is room again */
        next = submit(fixture, false, &error);
        if (next)
            job_leave(fixture->committer, &next->job);
    }
    committer_destroy(fixture->committer); /* what waits is carried out before */
    fixture->committer = NULL;
    assert_int_equal(fixture->ran, 1 + MOST + 1);
    assert_int_equal(fixture->released, 1 + MOST + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(there_is_an_end_to_waiting, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
