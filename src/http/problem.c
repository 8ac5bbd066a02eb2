#include "bilateral/http/problem.h"

#include <string.h>

#include "bilateral/base/text.h"

/* To add a kind of error, add its code to enum error_code and a row here. */
static const struct problem PROBLEMS[] = {
    [ERROR_NONE] = {ERROR_NONE, 500, "internal", "Internal error", NULL},
    [ERROR_BAD_REQUEST] =
        {ERROR_BAD_REQUEST, 400, "bad-request", "Bad request",
         "The request cannot be read as it stands. A parameter, a header field or the address is "
         "malformed or unknown. The detail names it and says what would be right."},
    [ERROR_UNAUTHORIZED] =
        {ERROR_UNAUTHORIZED, 401, "unauthorized", "Token required",
         "Writing needs a token. Send it as `Authorization: Bearer` with each request. The token "
         "sent here is missing, unknown, revoked or expired."},
    [ERROR_FORBIDDEN] = {ERROR_FORBIDDEN, 403, "forbidden", "Not permitted",
                         "The token is valid, but its scope does not cover this request. Ask for a "
                         "token with a wider scope."},
    [ERROR_NOT_FOUND] = {ERROR_NOT_FOUND, 404, "not-found", "Not found",
                         "Nothing has this address. Either the path is misspelt, or no record has "
                         "this id. The detail names the nearest address where there is one."},
    [ERROR_METHOD_NOT_ALLOWED] = {ERROR_METHOD_NOT_ALLOWED, 405, "method-not-allowed",
                                  "Method not allowed",
                                  "The address exists, but does not take this method. The Allow "
                                  "field lists those it takes."},
    [ERROR_NOT_ACCEPTABLE] =
        {ERROR_NOT_ACCEPTABLE, 406, "not-acceptable", "No such format",
         "The address cannot be given in the format asked for by extension or Accept field. The "
         "detail lists the formats there are."},
    [ERROR_REQUEST_TIMEOUT] =
        {ERROR_REQUEST_TIMEOUT, 408, "request-timeout", "Request too slow",
         "The request did not arrive whole within the time allowed for it. Send it again, on a new "
         "connection."},
    [ERROR_CONFLICT] = {ERROR_CONFLICT, 409, "conflict", "Conflict",
                        "The request is sound, but does not go with the present state: an id is "
                        "taken, or other records still refer to this one."},
    [ERROR_GONE] = {ERROR_GONE, 410, "gone", "Deleted",
                    "There was a record at this address. It has been deleted. Its revisions can "
                    "still be read."},
    [ERROR_LENGTH_REQUIRED] = {ERROR_LENGTH_REQUIRED, 411, "length-required", "Length required",
                               "The request needs a Content-Length field."},
    [ERROR_PRECONDITION_FAILED] =
        {ERROR_PRECONDITION_FAILED, 412, "precondition-failed", "Changed in the meantime",
         "The record is no longer what If-Match names: somebody changed it. Read it again, apply "
         "your change to what you get, and send its new ETag."},
    [ERROR_CONTENT_TOO_LARGE] = {ERROR_CONTENT_TOO_LARGE, 413, "content-too-large",
                                 "Body too large",
                                 "The body is larger than this server takes. Send it in parts."},
    [ERROR_URI_TOO_LONG] = {ERROR_URI_TOO_LONG, 414, "uri-too-long", "Address too long",
                            "The path and query together are longer than this server reads. Ask "
                            "with fewer or shorter filters."},
    [ERROR_UNSUPPORTED_MEDIA_TYPE] =
        {ERROR_UNSUPPORTED_MEDIA_TYPE, 415, "unsupported-media-type", "Media type not supported",
         "The Content-Type of the body is not one that this address reads. The detail names those "
         "it reads."},
    [ERROR_EXPECTATION_FAILED] =
        {ERROR_EXPECTATION_FAILED, 417, "expectation-failed", "Expectation not met",
         "The only expectation this server meets is `Expect: 100-continue`."},
    [ERROR_INVALID] = {ERROR_INVALID, 422, "invalid", "Invalid content",
                       "The body can be read, but what it says is not valid. Each fault is listed "
                       "with a JSON Pointer to its place. Nothing was stored."},
    [ERROR_PRECONDITION_REQUIRED] =
        {ERROR_PRECONDITION_REQUIRED, 428, "precondition-required", "If-Match required",
         "A change to an existing record must name the version it is based on, so that no other "
         "change is lost. Send the record's ETag as If-Match."},
    [ERROR_TOO_MANY_REQUESTS] =
        {ERROR_TOO_MANY_REQUESTS, 429, "too-many-requests", "Too many requests",
         "More requests came than this client may send. Wait as long as Retry-After says."},
    [ERROR_HEADERS_TOO_LARGE] =
        {ERROR_HEADERS_TOO_LARGE, 431, "headers-too-large", "Header section too large",
         "The header fields are more, or longer, than this server reads. Cookies sent without need "
         "are the usual cause."},
    [ERROR_INTERNAL] = {ERROR_INTERNAL, 500, "internal", "Internal error",
                        "The server failed, and the request is not to blame. The log holds the "
                        "cause under the request's id, which `instance` gives."},
    [ERROR_UNAVAILABLE] = {ERROR_UNAVAILABLE, 503, "unavailable", "Unavailable for now",
                           "The server cannot answer at the moment: it is starting, stopping or "
                           "has too much to do. Try again a little later."},
    [ERROR_STORAGE_FULL] = {ERROR_STORAGE_FULL, 507, "storage-full", "Storage full",
                            "The server has no room left to store this. Nothing was stored. "
                            "Reading still works."},
};
_Static_assert(sizeof PROBLEMS / sizeof *PROBLEMS == ERROR_CODE_COUNT,
               "a problem for every error code");

const struct problem *problem_of(enum error_code code)
{
    return &PROBLEMS[code == ERROR_NONE ? ERROR_INTERNAL : code];
}

const struct problem *problem_at(size_t index)
{
    return index + 1 < ERROR_CODE_COUNT ? &PROBLEMS[index + 1] : NULL;
}

/* A detail may have been cut inside a character: JSON takes what is whole. */
static size_t whole_size(const char *text)
{
    size_t size = strlen(text);
    for (size_t cut = 0; cut < 4 && cut <= size; cut++) {
        if (text_valid(text, size - cut))
            return size - cut;
    }
    return 0;
}

static void put_member(struct buffer *json, const char *name, const char *value)
{
    buffer_printf(json, ",\"%s\":", name);
    text_json(value, whole_size(value), json);
}

static void put_fault(struct buffer *json, const struct fault *fault)
{
    static const char *const KINDS[] = {
        [FAULT_POINTER] = "pointer",
        [FAULT_PARAMETER] = "parameter",
        [FAULT_HEADER] = "header",
    };
    buffer_puts(json, "{\"detail\":");
    text_json(fault->detail, whole_size(fault->detail), json);
    put_member(json, KINDS[fault->kind], fault->place);
    if (fault->file)
        put_member(json, "file", fault->file);
    if (fault->line)
        buffer_printf(json, ",\"line\":%zu", fault->line);
    buffer_putc(json, '}');
}

static void put_faults(struct buffer *json, const struct faults *faults)
{
    buffer_puts(json, ",\"errors\":[");
    for (const struct fault *fault = faults->first; fault; fault = fault->next) {
        put_fault(json, fault);
        if (fault->next)
            buffer_putc(json, ',');
    }
    buffer_puts(json, "]");
    if (faults->limit && faults->count > faults->limit)
        buffer_printf(json, ",\"error_count\":%zu", faults->count);
}

void problem_reply(struct reply *reply, const struct request *request, const char *base_path,
                   const struct error *error)
{
    const struct problem *problem = problem_of(error->code);
    reply_drop_body(reply);
    reply->status = problem->status;
    reply->content_type = "application/problem+json";
    reply->etag = NULL;
    reply->last_modified = NULL;
    reply_drop_header(reply, "Surrogate-Key");
    reply_drop_header(reply, "Cache-Control");
    reply_header(reply, "Cache-Control", "no-store"); /* else a cache might keep a 404 for long */

    struct buffer *json = &reply->body;
    buffer_puts(json, "{\"type\":");
    const char *type = arena_printf(reply->arena, "%s/docs/problems/%s", base_path, problem->slug);
    text_json(type, strlen(type), json);
    put_member(json, "title", problem->title);
    buffer_printf(json, ",\"status\":%d", problem->status);
    if (*error->detail)
        put_member(json, "detail", error->detail);
    buffer_printf(json, ",\"instance\":\"urn:uuid:%s\"", request->id);
    if (error->faults && error->faults->first)
        put_faults(json, error->faults);
    buffer_puts(json, "}\n");
}
