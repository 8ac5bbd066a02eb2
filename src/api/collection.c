#include "bilateral/api/collection.h"

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/format/stream.h"
#include "bilateral/http/accept.h"
#include "bilateral/resource/detail.h"
#include "bilateral/resource/list.h"
#include "lane.h"

/* Addresses that have no other format. */
const char *const COLLECTION_OFFERS[] = {"application/json", NULL};

static bool check_format(const struct request *request, struct reply *reply, struct error *error)
{
    if (!request->extension)
        reply_header(reply, "Vary", "Accept");
    if (request->extension || request->route->formats)
        return true; /* the handler chooses */
    return accept_choose(request_header(request, "Accept"), COLLECTION_OFFERS) ||
           error_set(error, ERROR_NOT_ACCEPTABLE,
                     "This address can be had as application/json only.");
}

bool with_snapshot(struct reader *reader, snapshot_answer *answer, struct request *request,
                   struct reply *reply, struct error *error)
{
    struct snapshot snapshot;
    struct lane *lane = reader->is_slow ? NULL : reader->application->lane;
    if (!check_format(request, reply, error))
        return false;
    if (lane && lane_knows(lane, request))
        return lane_take(reader, request, reply, error);
    if (!reader_open(reader, request->arena, &snapshot, error))
        return false;
    if (reader->is_slow)
        lane_set_budget(reader);
    else if (lane)
        store_try(reader->store, LANE_TRIAL_MILLISECONDS);
    bool good = answer(reader, &snapshot, request, reply, error);
    bool late = store_gave_up(reader->store);
    reader_close(reader);
    if (late) /* also where it is good: it lacks something then */
        return lane_take(reader, request, reply, error);
    if (error->code == ERROR_UNAVAILABLE && !reply_find_header(reply, "Retry-After"))
        reply_header(reply, "Retry-After", "1");
    return good;
}

/* Rows in whichever format is wanted. */
static bool put_list(struct reader *reader, const struct snapshot *snapshot,
                     const struct resource *rows, const struct scope *scope,
                     struct request *request, struct reply *reply, struct error *error)
{
    const struct stream stream = {
        .producers = reader->application->producers,
        .base_path = reader->application->base_path,
        .snapshot = snapshot,
        .resource = rows,
        .scope = scope,
        .use = format_choose(rows, request, error),
    };
    if (error->code != ERROR_NONE)
        return false;
    if (stream.use && stream.use->format != &FORMAT_NDJSON && request_parameter(request, "deleted"))
        return error_refuse(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "deleted",
                            "Tombstones can be had in JSON and NDJSON only.");
    list_name_for_caches(scope->owner, scope->value, rows, reply);
    if (stream.use)
        return stream_list(&stream, request, reply, error);
    return list_answer(snapshot, rows, scope, request, reply, error);
}

static bool answer_list(struct reader *reader, const struct snapshot *snapshot,
                        struct request *request, struct reply *reply, struct error *error)
{
    return put_list(reader, snapshot, request->route->data, &(struct scope){0}, request, reply,
                    error);
}

bool collection_list(void *worker, struct request *request, struct reply *reply,
                     struct error *error)
{
    return with_snapshot(worker, answer_list, request, reply, error);
}

static bool answer_detail(struct reader *reader, const struct snapshot *snapshot,
                          struct request *request, struct reply *reply, struct error *error)
{
    const char *id = request->captures[0];
    const struct stream stream = {
        .base_path = reader->application->base_path,
        .snapshot = snapshot,
        .resource = request->route->data,
        .use = format_choose(request->route->data, request, error),
    };
    if (error->code != ERROR_NONE)
        return false;
    list_name_for_caches(stream.resource->type, id, stream.resource, reply);
    if (stream.use)
        return stream_record(&stream, id, request, reply, error);
    if (!detail_answer(snapshot, stream.resource, id, request, reply, error))
        return false;
    if (!request_parameter(request, "include"))
        reply->depends = generation_mark(stream.resource->type, id);
    return true;
}

bool collection_detail(void *worker, struct request *request, struct reply *reply,
                       struct error *error)
{
    return with_snapshot(worker, answer_detail, request, reply, error);
}

static bool answer_under(struct reader *reader, const struct snapshot *snapshot,
                         struct request *request, struct reply *reply, struct error *error)
{
    const struct under *under = request->route->data;
    const struct scope scope = {
        .relation = &under->by, .value = request->captures[0], .owner = under->owner->type};
    bool on_day = under->rows_at && request_parameter(request, "at");
    return detail_exists(snapshot, under->owner, scope.value, error) &&
           put_list(reader, snapshot, on_day ? under->rows_at : under->rows, &scope, request, reply,
                    error);
}

bool collection_under(void *worker, struct request *request, struct reply *reply,
                      struct error *error)
{
    return with_snapshot(worker, answer_under, request, reply, error);
}

/* Of a deleted record, too: its history is what is left of it. */
static bool answer_revisions(struct reader *reader, const struct snapshot *snapshot,
                             struct request *request, struct reply *reply, struct error *error)
{
    const struct resource *resource = request->route->data;
    struct error found = {0};
    struct relation *relation = arena_alloc(request->arena, sizeof *relation);
    if (!detail_exists(snapshot, resource, request->captures[0], &found) &&
        found.code != ERROR_GONE)
        return error_pass(error, &found);
    struct buffer where = {0};
    buffer_put_all(&where, "record_type = '", resource->type, "' AND record_id = $", NULL);
    *relation = (struct relation){.name = "id", .where = buffer_keep(&where, request->arena)};
    const struct scope scope = {.relation = relation, .value = request->captures[0]};
    return put_list(reader, snapshot, &REVISION, &scope, request, reply, error);
}

bool collection_revisions(void *worker, struct request *request, struct reply *reply,
                          struct error *error)
{
    return with_snapshot(worker, answer_revisions, request, reply, error);
}

const struct under OFFICIAL_MEETINGS = {
    .owner = &OFFICIAL,
    .rows = &MEETING,
    .help = "The meetings that name the official among their participants.",
    .by.sets = RESOURCE_SET("participant", "meeting_id", "official_id = $", NULL),
};

const struct under OFFICIAL_COUNTERPARTS = {
    .owner = &OFFICIAL,
    .rows = &COUNTERPART,
    .help = "Whom the official met, how often, first and last: both present, on different sides.",
    .by.where = "of_official_id = $",
};

const struct under AGREEMENT_EVENTS = {
    .owner = &AGREEMENT,
    .rows = &AGREEMENT_TIMELINE,
    .help = "Every statement about the agreement and every change of its status, oldest first.",
    .by.where = "agreement_id = $",
};

const struct under AGREEMENT_SESSIONS = {
    .owner = &AGREEMENT,
    .rows = &SESSION,
    .help = "The sessions of the mechanism, held and expected.",
    .by.where = "mechanism_id = $",
};

const struct under PLACE_MEETINGS = {
    .owner = &PLACE,
    .rows = &MEETING,
    .help = "The meetings in the place or inside it, or with its delegation.",
    .by.sets = REFERRING_TO_PLACES_INSIDE("meeting"),
};

const struct under SOURCE_FACTS = {
    .owner = &SOURCE,
    .rows = &FACT,
    .help = "Every record that cites the source, with the part it bears and where it says so.",
    .by.where = "source_id = $",
};
