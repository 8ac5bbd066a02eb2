#include "auth.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/ingest/ingest.h"
#include "bilateral/ingest/spool.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/errand.h"

static const char LINES[] = "application/x-ndjson";

struct import {
    struct errand errand;
    FILE *lines;
    const char *by;
    bool dry_run;
    struct ingest_report report;
};

const struct query_parameter IMPORT_PARAMETERS[] = {
    {"dry_run", "With `true`: find every fault and say what would change, but store nothing.",
     .schema = "'type':'boolean','default':false"},
    {0},
};

/* ---- on a thread of its own ---- */

static bool run(struct errand *errand)
{
    struct import *import = (struct import *)errand;
    struct store *store = errand_open_store(errand, STORE_WRITE);
    const struct ingest_order order = {
        .lines = import->lines,
        .by = import->by,
        .dry_run = import->dry_run,
        .stops = errand_stops(errand),
    };
    if (!store)
        return false;
    import->lines = NULL; /* it is closed behind it */
    bool good = ingest(store, &REGISTRY, &order, &import->report, &errand->error);
    if (good && !import->dry_run) {
        errand_committed(errand);
        store_checkpoint(store);
    }
    return good;
}

static void release(struct errand *errand)
{
    struct import *import = (struct import *)errand;
    if (import->lines)
        fclose(import->lines);
}

/* ---- on the worker ---- */

static bool answer(struct errand *errand, struct reply *reply)
{
    const struct import *import = (const struct import *)errand;
    const struct ingest_report *report = &import->report;
    reply->content_type = "application/json";
    json_printf(&reply->body,
                "{'records':%zu,'created':%zu,'updated':%zu,'deleted':%zu,'unchanged':%zu,"
                "'kept':%zu,'dry_run':%s,'revision':%" PRId64 "}\n",
                report->records, report->created, report->updated, report->deleted,
                report->unchanged, report->kept, import->dry_run ? "true" : "false",
                report->revision);
    return true;
}

static bool read_dry_run(const struct request *request, bool *ret, struct error *error)
{
    static const char *const NAMES[] = {"dry_run", NULL};
    const char *value = request_parameter(request, NAMES[0]);
    if (!query_allow_only(request, NAMES, error))
        return false;
    *ret = value && strcmp(value, "true") == 0;
    if (!value || *ret || strcmp(value, "false") == 0)
        return true;
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, NAMES[0], "Write true or false.");
    return false;
}

bool import_create(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    struct reader *reader = worker;
    bool dry_run = false;
    if (!auth_require(reader, SCOPE_WRITE, reply, error) || !read_dry_run(request, &dry_run, error))
        return false;
    if (!request_has_type(request, LINES))
        return error_set(error, ERROR_UNSUPPORTED_MEDIA_TYPE, "Send one JSON object a line, as %s.",
                         LINES);
    if (!request->spool || request->body_size == 0)
        return error_set(error, ERROR_BAD_REQUEST, "The request has no body; send records.");
    struct import *import = errand_create(sizeof *import);
    struct errand *errand = &import->errand;
    errand->faults.limit = INGEST_FAULT_LIMIT;
    errand->lasts = true;
    errand->run = run;
    errand->answer = answer;
    errand->release = release;
    import->lines = request->spool;
    import->by = arena_strdup(errand->arena, reader->bearer.name);
    import->dry_run = dry_run;
    request->spool = NULL; /* the errand's now */
    return errands_start(reader->application->imports, errand, request, reply, error);
}

/* ---- before the body comes ---- */

/* Whoever may not import shall not fill the disk either. */
bool service_spool(void *worker, const struct request *request, FILE **ret, struct reply *reply,
                   struct error *error)
{
    struct reader *reader = worker;
    bool later;
    *ret = NULL;
    if (request->method != HTTP_POST || strcmp(request->path, "/v1/import") != 0)
        return true;
    if (!auth_identify(reader, request, reply, &later, error))
        return false;
    if (later) {
        reply_drop_body(reply);
        return error_set(error, ERROR_UNAUTHORIZED, "The token is not valid.");
    }
    if (!auth_require(reader, SCOPE_WRITE, reply, error))
        return false;
    if (errands_count(reader->application->imports) > 0) {
        reply_header(reply, "Retry-After", "10");
        return error_set(error, ERROR_UNAVAILABLE, "Another import is under way; try again later.");
    }
    *ret = spool_create(reader->application->store_path);
    return *ret || error_set(error, errno == ENOSPC ? ERROR_STORAGE_FULL : ERROR_UNAVAILABLE,
                             "There is no room for the body: %s.", strerror(errno));
}
