#include "bilateral/format/production.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bilateral/base/log.h"
#include "bilateral/http/gzip.h"
#include "spool.h"

enum {
    NICENESS = 5,       /* threads that serve short requests go first */
    WAIT_SECONDS = 300, /* for the first bytes: a file comes whole, or not at all */
    WALK_SECONDS = 300, /* of the read transaction */
};

static const struct errand_rules RULES = {
    .threads = 8,
    .retry_after = "1",
    .refusal = "8 whole lists are being made at the moment; try again a little later.",
};

struct producers {
    struct errands *errands;
    struct spools spools;
};

struct producers *producers_create(const char *store_path, uint64_t bytes)
{
    struct producers *producers = memory_alloc(sizeof *producers);
    producers->errands = errands_create(store_path, NULL, &RULES);
    spools_init(&producers->spools, store_path, bytes);
    return producers;
}

void producers_destroy(struct producers *producers)
{
    if (!producers)
        return;
    errands_destroy(producers->errands);
    free(producers);
}

/* ---- on the producer's thread ---- */

bool production_open(struct production *production, struct error *error)
{
    struct errand *errand = &production->errand;
    struct store *store = errand_open_store(errand, STORE_READ);
    if (!store ||
        !snapshot_open(&production->snapshot, store, production->registry, errand->arena, error))
        return false;
    store_extend_read(store, WALK_SECONDS);
    return true;
}

/* Writes to the spool, packed where it is to be, and tells the reply. */
static bool put_piece(struct production *production, struct buffer *bytes, bool last,
                      struct error *error)
{
    struct buffer *piece = bytes;
    if (production->gzip) {
        piece = &production->packed;
        gzip_put(production->gzip, buffer_text(bytes), bytes->size, last, piece);
    }
    if (!spool_write(production->spool, piece->data, piece->size, error))
        return false;
    atomic_fetch_add(&production->written, piece->size);
    buffer_reset(piece);
    buffer_reset(bytes);
    return errand_tell(&production->errand) ||
           error_set(error, ERROR_UNAVAILABLE, "Nobody waits for the answer.");
}

bool production_put(struct production *production, struct buffer *bytes, struct error *error)
{
    return put_piece(production, bytes, false, error);
}

bool production_put_block(struct production *production, struct buffer *bytes, struct error *error)
{
    return bytes->size < PRODUCTION_BLOCK || put_piece(production, bytes, false, error);
}

bool production_put_file(struct production *production,
                         bool (*fill)(struct production *production, const char *path,
                                      struct error *error),
                         struct error *error)
{
    char path[PATH_MAX];
    if (!spool_name(production->spool, path, error))
        return false;
    bool filled = fill(production, path, error);
    bool good = spool_adopt(production->spool, path, error) && filled;
    atomic_fetch_add(&production->written, good ? production->spool->filled : 0);
    return good;
}

static bool run(struct errand *errand)
{
    struct production *production = (struct production *)errand;
    struct buffer end = {0};
    setpriority(PRIO_PROCESS, 0, NICENESS); /* of this thread alone, as Linux has it */
    if (production->label.packed)
        production->gzip = gzip_create();
    bool good = production->make(production, &errand->error) &&
                put_piece(production, &end, true, &errand->error);
    gzip_destroy(production->gzip);
    buffer_finish(&production->packed);
    if (!good && errand_tell(errand))
        log_message(LOG_WARNING, "production", "broken off after %llu bytes: %s (%s)",
                    (unsigned long long)atomic_load(&production->written), errand->error.detail,
                    errand->error.cause);
    return good;
}

static void release(struct errand *errand)
{
    spool_close(((struct production *)errand)->spool);
}

/* ---- on the worker's thread ---- */

static uint64_t unsent(struct production *production)
{
    return atomic_load(&production->written) - production->spool->sent;
}

static bool begun(struct errand *errand)
{
    return unsent((struct production *)errand) > 0;
}

static ssize_t read_more(void *errand, char *bytes, size_t size)
{
    struct production *production = errand;
    bool done = atomic_load(&production->errand.done); /* first: nothing is written behind it */
    uint64_t waiting = unsent(production);
    if (waiting > 0)
        return spool_read(production->spool, bytes, waiting < size ? (size_t)waiting : size);
    if (!done)
        return REPLY_LATER;
    return production->errand.good ? 0 : -1;
}

static bool answer(struct errand *errand, struct reply *reply)
{
    struct production *production = (struct production *)errand;
    label_fill(&production->label, &production->snapshot, production->request, reply);
    errand_stream(errand, reply, read_more);
    return true;
}

void *production_create(size_t size, const struct snapshot *snapshot, const struct request *request)
{
    struct production *production = errand_create(size);
    production->request = request_copy(request, production->errand.arena);
    production->registry = snapshot->registry;
    return production;
}

bool production_begin(struct producers *producers, struct production *production,
                      const struct request *request, struct reply *reply, struct error *error)
{
    struct errand *errand = &production->errand;
    production->spool = arena_alloc(errand->arena, sizeof *production->spool);
    if (!spool_open(production->spool, &producers->spools, error)) {
        reply_header(reply, "Retry-After", "%s", RULES.retry_after);
        errand_drop(errand);
        return false;
    }
    errand->run = run;
    errand->begun = begun;
    errand->answer = answer;
    errand->release = release;
    if (!errands_start(producers->errands, errand, request, reply, error))
        return false;
    reply->later_seconds = WAIT_SECONDS;
    reply->later_is_fleeting = false;
    return true;
}
