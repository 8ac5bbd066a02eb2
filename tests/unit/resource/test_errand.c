/*
 * Errands: one at a time, whose turn it is, how many may wait, and what becomes of those whose client
 * has gone. The first errand of each test waits at a gate, so that the others queue behind it.
 */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "bilateral/base/arena.h"
#include "bilateral/resource/errand.h"

enum { LIMIT = 8 };

static const struct errand_rules RULES = {
    .threads = 1,
    .waiting = LIMIT,
    .retry_after = "10",
    .refusal = "Too many of them; try again later.",
};

struct fixture {
    struct errands *errands;
    struct arena *arena;
    sem_t gate;
    char order[32]; /* the labels of those that ran */
    atomic_int ran, released;
};

struct labelled {
    struct errand errand;
    struct fixture *fixture;
    char label;
    bool waits;
    enum error_code failure;
};

/* What a worker has of a request. */
struct asked {
    struct request request;
    struct reply reply;
    struct faults faults;
    struct error error;
    bool accepted;
};

static bool run(struct errand *errand)
{
    struct labelled *self = (struct labelled *)errand;
    if (self->waits)
        sem_wait(&self->fixture->gate);
    self->fixture->order[atomic_load(&self->fixture->ran)] = self->label;
    atomic_fetch_add(&self->fixture->ran, 1);
    if (self->failure)
        error_add(&errand->error, self->failure, FAULT_PARAMETER, "limit", "Too much of it.");
    return !self->failure;
}

static bool answer(struct errand *errand, struct reply *reply)
{
    buffer_putc(&reply->body, ((struct labelled *)errand)->label);
    return true;
}

static void release(struct errand *errand)
{
    atomic_fetch_add(&((struct labelled *)errand)->fixture->released, 1);
}

static int set_up(void **state)
{
    struct fixture *fixture = memory_alloc(sizeof *fixture);
    *fixture = (struct fixture){.arena = arena_create()};
    fixture->errands = errands_create(NULL, NULL, &RULES);
    sem_init(&fixture->gate, 0, 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    errands_destroy(fixture->errands);
    arena_destroy(fixture->arena);
    sem_destroy(&fixture->gate);
    free(fixture);
    return 0;
}

static struct labelled *make(struct fixture *fixture, char label, const char *client)
{
    struct labelled *self = errand_create(sizeof *self);
    struct errand *errand = &self->errand;
    errand->client = client;
    errand->run = run;
    errand->answer = answer;
    errand->release = release;
    self->fixture = fixture;
    self->label = label;
    return self;
}

static struct asked *ask(struct fixture *fixture, struct labelled *errand)
{
    struct asked *asked = arena_alloc(fixture->arena, sizeof *asked);
    asked->request.arena = fixture->arena;
    asked->reply = (struct reply){.arena = fixture->arena, .status = 200};
    asked->faults.arena = fixture->arena;
    asked->error.faults = &asked->faults;
    asked->accepted = errands_start(fixture->errands, &errand->errand, &asked->request,
                                    &asked->reply, &asked->error);
    return asked;
}

/* One that stays under way until the gate is opened. */
static struct asked *block(struct fixture *fixture)
{
    struct labelled *first = make(fixture, '.', "192.0.2.9");
    first->waits = true;
    return ask(fixture, first);
}

static bool finish(struct asked *asked)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int i = 0; i < 5000 && !asked->reply.later.ready(asked->reply.later.context); i++)
        nanosleep(&pause, NULL);
    return reply_finish_later(&asked->reply, NULL, &asked->request, &asked->error);
}

static void leave(struct asked *asked)
{
    reply_drop_body(&asked->reply);
}

static void expect_answer(struct asked *asked, const char *body)
{
    assert_true(finish(asked));
    assert_string_equal(buffer_text(&asked->reply.body), body);
    leave(asked);
}

static void test_clients_take_turns(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        char label;
        const char *client;
    } ALL[] = {{'a', "192.0.2.1"}, {'b', "192.0.2.1"}, {'c', "192.0.2.1"}, {'d', "192.0.2.1"},
               {'1', "192.0.2.2"}, {'2', "192.0.2.2"}, {'x', "192.0.2.3"}};
    struct asked *first = block(fixture), *others[7];
    for (size_t i = 0; i < 7; i++)
        others[i] = ask(fixture, make(fixture, ALL[i].label, ALL[i].client));
    assert_int_equal(errands_count(fixture->errands), 8);
    sem_post(&fixture->gate);
    expect_answer(first, ".");
    for (size_t i = 0; i < 7; i++)
        expect_answer(others[i], (char[]){ALL[i].label, '\0'});
    assert_string_equal(fixture->order, ".a1xb2cd");
    assert_int_equal(errands_count(fixture->errands), 0);
}

static void test_there_is_an_end_to_waiting(void **state)
{
    struct fixture *fixture = *state;
    struct asked *first = block(fixture), *waiting[LIMIT], *refused;
    for (size_t i = 0; i < LIMIT / 2; i++)
        waiting[i] = ask(fixture, make(fixture, 'a', "192.0.2.1"));
    refused = ask(fixture, make(fixture, 'n', "192.0.2.1")); /* it has half of the room */
    assert_false(refused->accepted);
    for (size_t i = LIMIT / 2; i < LIMIT; i++)
        waiting[i] = ask(fixture, make(fixture, 'b', "192.0.2.2"));
    for (size_t i = 0; i < LIMIT; i++)
        assert_true(waiting[i]->accepted);
    refused = ask(fixture, make(fixture, 'n', "192.0.2.3"));
    assert_false(refused->accepted);
    assert_int_equal(refused->error.code, ERROR_UNAVAILABLE);
    assert_string_equal(reply_find_header(&refused->reply, "Retry-After"), "10");
    assert_int_equal(fixture->released, 2);
    sem_post(&fixture->gate);
    assert_true(finish(first));
    leave(first);
    for (size_t i = 0; i < LIMIT; i++)
        expect_answer(waiting[i], i < LIMIT / 2 ? "a" : "b");
    assert_string_equal(fixture->order, ".abababab");
}

static void test_who_has_gone_is_not_answered(void **state)
{
    struct fixture *fixture = *state;
    struct asked *first = block(fixture);
    struct asked *gone = ask(fixture, make(fixture, 'g', "192.0.2.1"));
    struct asked *stays = ask(fixture, make(fixture, 's', "192.0.2.1"));
    assert_true(gone->reply.later_is_fleeting);
    leave(gone);
    assert_int_equal(fixture->released, 1);
    assert_int_equal(errands_count(fixture->errands), 2);
    leave(first); /* what is under way ends by itself, but nobody hears of it */
    sem_post(&fixture->gate);
    expect_answer(stays, "s");
    assert_string_equal(fixture->order, ".s");
}

static void test_what_lasts_is_carried_out(void **state)
{
    struct fixture *fixture = *state;
    struct asked *first = block(fixture);
    struct labelled *lasting = make(fixture, 'l', "192.0.2.1");
    lasting->errand.lasts = true;
    struct asked *gone = ask(fixture, lasting);
    assert_false(gone->reply.later_is_fleeting);
    leave(gone);
    struct asked *last = ask(fixture, make(fixture, 'z', "192.0.2.1"));
    sem_post(&fixture->gate);
    assert_true(finish(first));
    leave(first);
    expect_answer(last, "z");
    assert_string_equal(fixture->order, ".lz");
}

static void test_failures_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct labelled *failing = make(fixture, 'f', "192.0.2.1");
    failing->failure = ERROR_BAD_REQUEST;
    struct asked *asked = ask(fixture, failing);
    assert_false(finish(asked));
    assert_int_equal(asked->error.code, ERROR_BAD_REQUEST);
    assert_string_equal(asked->error.detail, "Too much of it.");
    assert_string_equal(asked->faults.first->place, "limit");
    assert_int_equal(asked->faults.count, 1);
    leave(asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_clients_take_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_there_is_an_end_to_waiting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_who_has_gone_is_not_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_lasts_is_carried_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failures_are_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
