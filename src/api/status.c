#include <inttypes.h>
#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/query.h"
#include "bilateral/resource/snapshot.h"
#include "lane.h"

static const char FIND_TOTALS[] =
    "SELECT type, value\n"
    "FROM total\n"
    "ORDER BY type";

static void put_status(struct reply *reply, const char *status)
{
    reply->content_type = "application/json";
    reply_header(reply, "Cache-Control", "no-store");
    json_printf(&reply->body, "{'status':'%s'}\n", status);
}

/* Alive: the worker that answers runs. It looks at nothing else, so that nothing else fails it. */
bool status_health(void *context, struct request *request, struct reply *reply, struct error *error)
{
    (void)context;
    if (!query_allow_only(request, NULL, error))
        return false;
    put_status(reply, "ok");
    return true;
}

/* Able to answer: not draining, and the store can be read. */
bool status_ready(void *context, struct request *request, struct reply *reply, struct error *error)
{
    struct reader *reader = context;
    struct snapshot snapshot;
    if (!query_allow_only(request, NULL, error))
        return false;
    if (reader->application->server && server_draining(reader->application->server)) {
        reply_header(reply, "Retry-After", "1");
        return error_set(error, ERROR_UNAVAILABLE, "The server is about to stop.");
    }
    reader_release(reader);
    if (!snapshot_open(&snapshot, reader->store, &REGISTRY, request->arena, error))
        return false;
    snapshot_close(&snapshot);
    put_status(reply, "ready");
    return true;
}

static bool put_store_metrics(struct reader *reader, struct request *request, struct buffer *text,
                              struct error *error)
{
    struct snapshot snapshot;
    bool row;
    reader_release(reader);
    if (!snapshot_open(&snapshot, reader->store, &REGISTRY, request->arena, error))
        return false;
    buffer_printf(text,
                  "# HELP bilateral_store_revision Committed write transactions.\n"
                  "# TYPE bilateral_store_revision counter\n"
                  "bilateral_store_revision %" PRId64
                  "\n"
                  "# HELP bilateral_records Live records.\n"
                  "# TYPE bilateral_records gauge\n",
                  snapshot.revision.number);
    struct statement *totals = store_prepare(reader->store, FIND_TOTALS, error);
    while (statement_step(totals, &row, error) && row)
        buffer_printf(text, "bilateral_records{type=\"%s\"} %" PRId64 "\n",
                      statement_text(totals, 0), statement_integer(totals, 1));
    snapshot_close(&snapshot);
    return error->code == ERROR_NONE;
}

bool status_metrics(void *context, struct request *request, struct reply *reply,
                    struct error *error)
{
    struct reader *reader = context;
    if (!query_allow_only(request, NULL, error) ||
        !put_store_metrics(reader, request, &reply->body, error))
        return false;
    if (reader->application->lane)
        lane_metrics(reader->application->lane, &reply->body);
    if (reader->application->server)
        server_metrics(reader->application->server, &reply->body);
    reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply_header(reply, "Cache-Control", "no-store");
    return true;
}

bool status_public_metrics(void *context, struct request *request, struct reply *reply,
                           struct error *error)
{
    struct reader *reader = context;
    if (reader->application->metrics_apart)
        return error_set(error, ERROR_NOT_FOUND,
                         "The metrics of this server are not public; they have an address apart.");
    return status_metrics(context, request, reply, error);
}
