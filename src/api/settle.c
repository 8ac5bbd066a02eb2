#include "auth.h"

#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/json/read.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/errand.h"
#include "bilateral/resource/settle.h"

enum { FAULT_LIMIT = 100 };

struct settlement {
    struct errand errand;
    const struct resource *resource;
    const char *id;
    const char *by;
    bool seed;
};

static bool settle(struct settlement *settlement, struct error *error)
{
    struct store *store = errand_open_store(&settlement->errand, STORE_WRITE);
    struct writer writer;
    if (!store || !writer_begin(&writer, store, &REGISTRY, settlement->errand.arena, error))
        return false;
    writer.by = settlement->by;
    if (settle_take(&writer, settlement->resource, settlement->id, settlement->seed, error))
        return writer_commit(&writer, error);
    writer_rollback(&writer);
    return false;
}

static bool run(struct errand *errand)
{
    bool good = settle((struct settlement *)errand, &errand->error);
    errand_committed(errand);
    return good;
}

static bool answer(struct errand *errand, struct reply *reply)
{
    const struct settlement *settlement = (const struct settlement *)errand;
    reply->content_type = "application/json";
    json_printf(&reply->body, "{'type':'%s','id':'%s','take':'%s'}\n", settlement->resource->type,
                settlement->id, settlement->seed ? "seed" : "record");
    return true;
}

/* The body is {"take": "seed"} or {"take": "record"}. */
static bool read_take(const struct request *request, bool *ret_seed, struct error *error)
{
    static const char TYPE[] = "application/json";
    if (!request_has_type(request, TYPE))
        return error_set(error, ERROR_UNSUPPORTED_MEDIA_TYPE, "Send the body as %s.", TYPE);
    if (request->body_size == 0)
        return error_set(error, ERROR_BAD_REQUEST, "The request has no body; send a JSON object.");
    json_t *body = json_read(request->body, request->body_size, NULL, error);
    const char *take = json_string_value(json_object_get(body, "take"));
    bool alone = json_object_size(body) == 1;
    *ret_seed = take && strcmp(take, "seed") == 0;
    bool good = alone && take && (*ret_seed || strcmp(take, "record") == 0);
    if (body && !good)
        error_add(error, ERROR_INVALID, FAULT_POINTER, take && alone ? "/take" : "",
                  "Write {\"take\": \"seed\"} or {\"take\": \"record\"}.");
    json_decref(body);
    return good;
}

/* "meeting.2025-02-19-talks": as the rows of the list name it. */
static const struct resource *split(const char *name, const char **ret_id, struct arena *arena)
{
    size_t size = strcspn(name, ".");
    *ret_id = name[size] ? name + size + 1 : "";
    return registry_by_type(&REGISTRY, arena_copy(arena, name, size));
}

bool conflict_settle(void *worker, struct request *request, struct reply *reply,
                     struct error *error)
{
    struct reader *reader = worker;
    const char *id;
    bool seed = false;
    if (!auth_require(reader, SCOPE_ADMIN, reply, error) ||
        !query_allow_only(request, NULL, error) || !read_take(request, &seed, error))
        return false;
    const struct resource *resource = split(request->captures[0], &id, request->arena);
    if (!resource)
        return error_set(error, ERROR_NOT_FOUND, "There is no conflict of that name.");
    struct settlement *settlement = errand_create(sizeof *settlement);
    struct errand *errand = &settlement->errand;
    errand->faults.limit = FAULT_LIMIT;
    errand->lasts = true;
    errand->run = run;
    errand->answer = answer;
    settlement->resource = resource;
    settlement->id = arena_strdup(errand->arena, id);
    settlement->by = arena_strdup(errand->arena, reader->bearer.name);
    settlement->seed = seed;
    return errands_start(reader->application->imports, errand, request, reply, error);
}
