#include <string.h>
#include <strings.h>

#include "auth.h"
#include "bilateral/base/text.h"
#include "bilateral/json/scan.h"
#include "bilateral/resource/query.h"
#include "bilateral/resource/snapshot.h"
#include "edit.h"

enum { FAULT_LIMIT = 100, KEY_LIMIT = 255 };

static const char JSON[] = "application/json";
static const char MERGE_PATCH[] = "application/merge-patch+json";

/* ---- what is asked for ---- */

/* The body as JSON; faults of its text are no faults of a record. */
static bool read_body(const struct request *request, struct edit *edit, struct error *error)
{
    struct json_place place;
    struct error found = {0};
    if (!request_has_type(request, JSON) &&
        !(edit->kind == EDIT_PATCH && request_has_type(request, MERGE_PATCH)))
        return error_set(error, ERROR_UNSUPPORTED_MEDIA_TYPE, "Send the body as %s%s.", JSON,
                         edit->kind == EDIT_PATCH ? " or application/merge-patch+json" : "");
    if (request->body_size == 0)
        return error_set(error, ERROR_BAD_REQUEST, "The request has no body; send a JSON object.");
    edit->text = arena_copy(edit->arena, request->body, request->body_size);
    edit->size = request->body_size;
    edit->body = json_read(edit->text, edit->size, &place, &found);
    return edit->body || error_set(error, found.code, "Line %zu, column %zu of the body: %s",
                                   place.line, place.column, found.detail);
}

static const char *copy_header(const struct request *request, struct arena *arena, const char *name)
{
    const char *value = request_header(request, name);
    return value ? arena_strdup(arena, value) : NULL;
}

/* A record is written under its address alone; it is no file that could be had in other formats. */
static bool check_extension(const struct request *request, struct error *error)
{
    const char *extension = request->extension;
    return !extension || strcmp(extension, "json") == 0 ||
           error_set(error, ERROR_NOT_ACCEPTABLE,
                     "What is written is answered as application/json only; leave \".%.20s\" out.",
                     extension);
}

/* A key belongs to one request: to what is asked for as much as to who asks. */
static bool read_key(const struct request *request, struct edit *edit, struct error *error)
{
    struct buffer text = {0};
    edit->key = copy_header(request, edit->arena, "Idempotency-Key");
    if (!edit->key)
        return true;
    buffer_put_all(&text, request->target, "\n", edit->text, NULL);
    hash_sha256_hex(text.data, text.size, edit->digest);
    buffer_finish(&text);
    return (*edit->key != '\0' && strlen(edit->key) <= KEY_LIMIT &&
            text_valid(edit->key, strlen(edit->key))) ||
           error_refuse(error, ERROR_BAD_REQUEST, FAULT_HEADER, "Idempotency-Key",
                        "Write a key of 1 to %d bytes of UTF-8.", KEY_LIMIT);
}

static struct edit *make(struct reader *reader, const struct request *request, enum edit_kind kind,
                         struct error *error)
{
    struct arena *arena = arena_create();
    struct edit *edit = arena_alloc(arena, sizeof *edit);
    *edit = (struct edit){
        .job = {.run = edit_run, .release = edit_release, .waker = request->waker},
        .committer = reader->application->committer,
        .arena = arena,
        .faults = {.arena = arena, .limit = FAULT_LIMIT},
        .kind = kind,
        .resource = request->route->data,
        .id = arena_strdup(arena, request->captures[0]),
        .if_match = copy_header(request, arena, "If-Match"),
        .if_none_match = copy_header(request, arena, "If-None-Match"),
        .by = arena_strdup(arena, reader->bearer.name),
    };
    edit->job.error.faults = &edit->faults;
    bool good = (kind == EDIT_DELETE || read_body(request, edit, error)) &&
                (request->method != HTTP_POST || read_key(request, edit, error));
    if (good)
        return edit;
    edit_release(&edit->job);
    return NULL;
}

/* ---- what is answered ---- */

static void show(const struct edit *edit, const struct request *request, struct reply *reply)
{
    const char *at, *updated, *wanted = request_preference(request, "return");
    size_t size;
    reply->etag = arena_strdup(request->arena, edit->etag);
    if (json_scan_member(edit->record, edit->record_size, "updated_at", &at, &size)) {
        updated = arena_copy(request->arena, at + 1, size - 2);
        reply->last_modified = snapshot_http_date(updated, request->arena);
    }
    if (wanted && strcasecmp(wanted, "minimal") == 0) {
        reply_header(reply, "Preference-Applied", "return=minimal");
        reply->status = edit->status == 201 ? 201 : 204;
        return;
    }
    reply->content_type = "application/json";
    buffer_append(&reply->body, edit->record, edit->record_size);
    buffer_putc(&reply->body, '\n');
}

static const char *address_of(const struct reader *reader, const struct edit *edit, const char *id,
                              struct arena *arena)
{
    return arena_printf(arena, "%s/v1/%s/%s", reader->application->base_path,
                        edit->resource->collection, id);
}

static bool finish(void *context, void *worker, struct request *request, struct reply *reply,
                   struct error *error)
{
    const struct edit *edit = context;
    reply_header(reply, "Cache-Control", "no-store");
    if (edit->job.error.code == ERROR_UNAVAILABLE)
        reply_header(reply, "Retry-After", "1");
    if (edit->job.error.code != ERROR_NONE)
        return error_pass(error, &edit->job.error); /* the edit ends before the reply is sent */
    if (edit->merged_into) {
        reply_redirect(reply, 308, address_of(worker, edit, edit->merged_into, request->arena));
        return true;
    }
    reply->status = edit->status;
    if (edit->status == 201)
        reply_header(reply, "Location", "%s",
                     address_of(worker, edit, edit->record_id, request->arena));
    if (edit->record)
        show(edit, request, reply);
    return true;
}

static bool is_ready(void *context)
{
    const struct edit *edit = context;
    return job_is_done(&edit->job);
}

static void leave(void *context)
{
    struct edit *edit = context;
    job_leave(edit->committer, &edit->job);
}

/* ---- the handlers ---- */

static bool submit(void *worker, struct request *request, struct reply *reply, enum edit_kind kind,
                   struct error *error)
{
    struct reader *reader = worker;
    if (!auth_require(reader, SCOPE_WRITE, reply, error) ||
        !query_allow_only(request, NULL, error) || !check_extension(request, error))
        return false;
    struct edit *edit = make(reader, request, kind, error);
    if (!edit)
        return false;
    if (!committer_submit(edit->committer, &edit->job, error)) {
        reply_header(reply, "Retry-After", "1");
        edit_release(&edit->job);
        return false;
    }
    reply->later = (struct reply_later){is_ready, finish, leave, edit};
    return true;
}

bool record_create(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return submit(worker, request, reply, EDIT_CREATE, error);
}

bool record_replace(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return submit(worker, request, reply, EDIT_REPLACE, error);
}

bool record_patch(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return submit(worker, request, reply, EDIT_PATCH, error);
}

bool record_delete(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return submit(worker, request, reply, EDIT_DELETE, error);
}

bool record_merge(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return submit(worker, request, reply, EDIT_MERGE, error);
}
