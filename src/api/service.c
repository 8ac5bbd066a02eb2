#include "bilateral/api/service.h"

#include <stdlib.h>

#include "auth.h"
#include "bilateral/api/registry.h"
#include "bilateral/resource/lenient.h"
#include "bilateral/store/revision.h"

bool service_start(void *context, void **ret_worker, struct error *error)
{
    struct application *application = context;
    struct store *store = application->opened ? atomic_exchange(application->opened, NULL) : NULL;
    if (!store && !store_open(application->store_path, STORE_READ, &store, error))
        return false;
    store_map(store);
    /* The engine opens its log with the first read: what is amiss shall be said at the start. It
     * reads the schema when a table is named; that is left to the first request, or the first tick. */
    if (!store_run(store, "PRAGMA data_version", error)) {
        store_close(store);
        return false;
    }
    struct reader *reader = memory_alloc(sizeof *reader);
    *reader = (struct reader){.application = application, .store = store, .arena = arena_create()};
    *ret_worker = reader;
    return true;
}

void service_stop(void *context)
{
    struct reader *reader = context;
    if (!reader)
        return;
    reader_release(reader);
    arena_destroy(reader->arena);
    store_close(reader->store);
    store_close(reader->live);
    buffer_finish(&reader->openapi.text);
    buffer_finish(&reader->docs.text);
    free(reader);
}

struct store *reader_live(struct reader *reader, struct error *error)
{
    if (!reader->live)
        store_open(reader->application->store_path, STORE_READ, &reader->live, error);
    return reader->live;
}

void reader_release(struct reader *reader)
{
    if (reader->holds)
        snapshot_close(&reader->held);
    reader->holds = false;
}

bool reader_open(struct reader *reader, struct arena *arena, struct snapshot *ret,
                 struct error *error)
{
    uint64_t generation = service_since(reader, 0);
    if (reader->holds && reader->generation != generation)
        reader_release(reader);
    if (reader->holds) {
        store_extend_read(reader->store, STORE_READ_SECONDS);
    } else {
        arena_reset(reader->arena);
        if (!snapshot_open(&reader->held, reader->store, &REGISTRY, reader->arena, error))
            return false;
        reader->held.kept = reader->application->kept;
        reader->holds = true;
        reader->generation = generation;
    }
    *ret = reader->held;
    ret->arena = arena;
    return true;
}

void reader_close(struct reader *reader)
{
    if (reader->holds)
        store_pause_read(reader->store);
}

uint64_t service_since(void *worker, uint64_t depends)
{
    const struct reader *reader = worker;
    return generation_since(&reader->application->generation, depends);
}

void service_idle(void *worker)
{
    struct reader *reader = worker;
    struct revision revision;
    reader_release(reader);
    /* other processes may write, too */
    if (revision_read(reader->store, &revision, &(struct error){0}))
        generation_notice(&reader->application->generation, revision.number);
}

static bool answer_from(const struct route *routes, void *worker, struct request *request,
                        struct reply *reply, struct error *error)
{
    size_t count = 0;
    while (routes[count].pattern)
        count++;
    lenient_begin(request, error);
    bool good = route_dispatch(routes, count, worker, request, reply, error);
    lenient_end(error, reply);
    return good;
}

bool service_answer(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    bool later;
    if (!auth_identify(worker, request, reply, &later, error) || later)
        return later;
    return answer_from(ROUTES, worker, request, reply, error);
}

bool service_answer_admin(void *worker, struct request *request, struct reply *reply,
                          struct error *error)
{
    return answer_from(ADMIN_ROUTES, worker, request, reply, error);
}
