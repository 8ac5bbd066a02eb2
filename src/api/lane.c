#include "lane.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bilateral/base/clock.h"
#include "bilateral/resource/errand.h"

enum {
    NICENESS = 19,
    WALL_SECONDS = 30, /* no read transaction is older: it holds up the upkeep of the store */
    KNOWN = 1024,
};

static const struct errand_rules RULES = {
    .threads = 1,
    .waiting = LANE_WAITING_LIMIT,
    .retry_after = "10",
    .refusal = "Too many answers that take long are asked for; try again later.",
};

static const uint64_t FNV_OFFSET = 14695981039346656037U; /* as its authors have it */

struct lane {
    struct errands *errands;
    atomic_uint_fast64_t answers;
    _Atomic uint64_t known[KNOWN]; /* targets that were too slow, each in its place */
};

/* One answer in the making; all of it in the errand's arena. */
struct slow {
    struct errand errand;
    struct application *application;
    struct request *request;
    struct reply reply;
    bool good;
};

struct lane *lane_create(void)
{
    struct lane *lane = memory_alloc(sizeof *lane);
    *lane = (struct lane){.errands = errands_create(NULL, NULL, &RULES)};
    return lane;
}

void lane_destroy(struct lane *lane)
{
    if (!lane)
        return;
    errands_destroy(lane->errands);
    free(lane);
}

/* Two targets with one key do no harm: what is quick on the slow lane is forgotten. */
static uint64_t key_of(const struct request *request)
{
    return hash_mix(FNV_OFFSET, request->target, strlen(request->target));
}

bool lane_knows(const struct lane *lane, const struct request *request)
{
    uint64_t key = key_of(request);
    return atomic_load_explicit(&lane->known[key % KNOWN], memory_order_relaxed) == key;
}

static void remember(struct lane *lane, const struct request *request, bool slow)
{
    uint64_t key = key_of(request);
    atomic_store_explicit(&lane->known[key % KNOWN], slow ? key : 0, memory_order_relaxed);
}

void lane_set_budget(struct reader *reader)
{
    store_extend_read(reader->store, WALL_SECONDS);
    store_hurry(reader->store, STORE_READ_SECONDS * 1000);
}

/* ---- on the slow lane ---- */

static bool run(struct errand *errand)
{
    struct slow *slow = (struct slow *)errand;
    struct lane *lane = slow->application->lane;
    void *own;
    setpriority(PRIO_PROCESS, 0, NICENESS); /* of this thread alone, as Linux has it */
    if (!service_start(slow->application, &own, &errand->error))
        return false;
    struct reader *reader = own;
    reader->is_slow = true;
    errand_reads(errand, reader->store);
    int64_t began = clock_work();
    slow->good = service_answer(reader, slow->request, &slow->reply, &errand->error);
    if (clock_work() - began < LANE_TRIAL_MILLISECONDS * INT64_C(1000))
        remember(lane, slow->request, false);
    errand_reads(errand, NULL);
    service_stop(reader);
    atomic_fetch_add(&lane->answers, 1);
    return true;
}

/* ---- on the worker's thread ---- */

/* The errand's arena ends before the reply is sent. */
static bool answer(struct errand *errand, struct reply *reply)
{
    struct slow *slow = (struct slow *)errand;
    struct arena *arena = reply->arena;
    *reply = slow->reply;
    slow->reply = (struct reply){0};
    reply->arena = arena;
    reply->content_type = arena_strdup(arena, reply->content_type);
    reply->etag = arena_strdup(arena, reply->etag);
    reply->last_modified = arena_strdup(arena, reply->last_modified);
    for (size_t i = 0; i < reply->header_count; i++)
        reply->headers[i].value = arena_strdup(arena, reply->headers[i].value);
    return slow->good;
}

static void release(struct errand *errand)
{
    reply_drop_body(&((struct slow *)errand)->reply);
}

/* As if nothing had been tried. Who is lenient is so on the slow lane, where it is told, too. */
static void forget_trial(struct reply *reply, struct error *error)
{
    reply_drop_body(reply);
    *reply = (struct reply){.arena = reply->arena, .status = 200};
    *error->faults = (struct faults){.arena = error->faults->arena, .limit = error->faults->limit};
    *error = (struct error){.faults = error->faults};
}

bool lane_take(struct reader *reader, const struct request *request, struct reply *reply,
               struct error *error)
{
    struct lane *lane = reader->application->lane;
    struct slow *slow = errand_create(sizeof *slow);
    struct errand *errand = &slow->errand;
    forget_trial(reply, error);
    remember(lane, request, true);
    slow->application = reader->application;
    slow->request = request_copy(request, errand->arena);
    slow->reply = (struct reply){.arena = errand->arena, .status = 200};
    errand->faults.limit = error->faults->limit;
    errand->client = slow->request->client;
    errand->run = run;
    errand->answer = answer;
    errand->release = release;
    return errands_start(lane->errands, errand, request, reply, error);
}

void lane_metrics(struct lane *lane, struct buffer *text)
{
    buffer_printf(text,
                  "# HELP bilateral_slow_answers_total Answers made on the slow lane.\n"
                  "# TYPE bilateral_slow_answers_total counter\n"
                  "bilateral_slow_answers_total %" PRIuFAST64
                  "\n"
                  "# HELP bilateral_slow_answers_waiting Answers in the making there, or waiting.\n"
                  "# TYPE bilateral_slow_answers_waiting gauge\n"
                  "bilateral_slow_answers_waiting %zu\n",
                  atomic_load(&lane->answers), errands_count(lane->errands));
}
