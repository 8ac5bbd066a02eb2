#include "bilateral/api/collection.h"

#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/http/accept.h"
#include "bilateral/resource/detail.h"
#include "bilateral/resource/list.h"

/* The media types and extensions that can be had; the first is the default. */
static bool check_format(const struct request *request, struct error *error)
{
    static const char *const OFFERS[] = {"application/json", NULL};
    if (request->extension)
        return strcmp(request->extension, "json") == 0 ||
               error_set(error, ERROR_NOT_ACCEPTABLE,
                         "There is no .%.20s of this address; use .json or no extension.",
                         request->extension);
    return accept_choose(request_header(request, "Accept"), OFFERS) ||
           error_set(error, ERROR_NOT_ACCEPTABLE,
                     "This address can be had as application/json only.");
}

/* Opens a snapshot, answers from it, and closes it whatever comes. */
typedef bool snapshot_answer(const struct snapshot *snapshot, struct request *request,
                             struct reply *reply, struct error *error);

static bool with_snapshot(struct reader *reader, snapshot_answer *answer, struct request *request,
                          struct reply *reply, struct error *error)
{
    struct snapshot snapshot;
    if (!check_format(request, error) ||
        !snapshot_open(&snapshot, reader->store, &REGISTRY, request->arena, error))
        return false;
    bool good = answer(&snapshot, request, reply, error);
    snapshot_close(&snapshot);
    return good;
}

static bool answer_list(const struct snapshot *snapshot, struct request *request,
                        struct reply *reply, struct error *error)
{
    return list_answer(snapshot, request->route->data, &(struct scope){0}, request, reply, error);
}

bool collection_list(void *worker, struct request *request, struct reply *reply,
                     struct error *error)
{
    return with_snapshot(worker, answer_list, request, reply, error);
}

static bool answer_detail(const struct snapshot *snapshot, struct request *request,
                          struct reply *reply, struct error *error)
{
    return detail_answer(snapshot, request->route->data, request->captures[0], request, reply,
                         error);
}

bool collection_detail(void *worker, struct request *request, struct reply *reply,
                       struct error *error)
{
    return with_snapshot(worker, answer_detail, request, reply, error);
}

static bool answer_under(const struct snapshot *snapshot, struct request *request,
                         struct reply *reply, struct error *error)
{
    const struct under *under = request->route->data;
    const struct scope scope = {.where = under->where, .value = request->captures[0]};
    bool on_day = under->rows_at && request_parameter(request, "at");
    return detail_exists(snapshot, under->owner, scope.value, error) &&
           list_answer(snapshot, on_day ? under->rows_at : under->rows, &scope, request, reply,
                       error);
}

bool collection_under(void *worker, struct request *request, struct reply *reply,
                      struct error *error)
{
    return with_snapshot(worker, answer_under, request, reply, error);
}

const struct under OFFICIAL_MEETINGS = {
    .owner = &OFFICIAL,
    .rows = &MEETING,
    .where =
        "id IN (\n"
        "    SELECT meeting_id\n"
        "    FROM participant\n"
        "    WHERE official_id = $\n"
        ")",
};

const struct under OFFICIAL_COUNTERPARTS = {
    .owner = &OFFICIAL,
    .rows = &COUNTERPART,
    .where = "of_official_id = $",
};

const struct under AGREEMENT_EVENTS = {
    .owner = &AGREEMENT,
    .rows = &AGREEMENT_TIMELINE,
    .where = "agreement_id = $",
};

const struct under AGREEMENT_SESSIONS = {
    .owner = &AGREEMENT,
    .rows = &MEETING,
    .where = "mechanism_id = $",
};

const struct under PLACE_MEETINGS = {
    .owner = &PLACE,
    .rows = &MEETING,
    .where = REFERRING_TO_PLACES_INSIDE("meeting"),
};

const struct under SOURCE_FACTS = {
    .owner = &SOURCE,
    .rows = &FACT,
    .where = "source_id = $",
};
