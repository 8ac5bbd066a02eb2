#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/clock.h"
#include "bilateral/base/log.h"
#include "bilateral/http/problem.h"
#include "deliver.h"
#include "guard.h"
#include "replay.h"
#include "sleep.h"

enum {
    FAULT_LIMIT = 100, /* of one request; a few thousand would fit its address */
    SMALL_REPLY = 64 * 1024,
};

void *exchange_begin(void *worker, const char *target, struct MHD_Connection *library)
{
    struct worker *self = worker;
    struct connection *connection =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    struct arena *arena = worker_take_arena(self);
    size_t size = strlen(target);
    size_t kept = size > REQUEST_TARGET_LIMIT ? REQUEST_TARGET_LIMIT + 1 : size;

    struct exchange *exchange = arena_alloc(arena, sizeof *exchange);
    exchange->worker = self;
    exchange->connection = connection;
    exchange->began = self->now;
    exchange->raw_target = arena_copy(arena, target, kept);
    exchange->raw_size = size;
    exchange->request.arena = arena;
    exchange->request.target = exchange->raw_target;
    exchange->request.path = "";
    exchange->request.client = connection->client;
    exchange->request.waker = self->waker;
    worker_make_id(self, exchange->request.id);
    exchange->reply = (struct reply){.arena = arena, .status = 200};
    connection->exchange = exchange;
    connection_enter(connection, PHASE_HEAD, self);

    /* The library is about to unescape the query in its memory and to note each argument there;
     * some hundred exhaust it, and then it falls silent for ever. We read the query ourselves, so
     * we take it from the library's sight. The memory is its own buffer, const only for show. */
    char *query = strchr(target, '?');
    if (query && query[1] != '\0')
        query[1] = '\0';
    return exchange;
}

/* Collects the header fields; they live in the library's memory, as long as the exchange. */
struct collection {
    struct request_header *fields;
    size_t count;
};

static enum MHD_Result collect(void *context, enum MHD_ValueKind kind, const char *name,
                               const char *value)
{
    (void)kind;
    struct collection *all = context;
    if (all->count < GUARD_FIELD_LIMIT)
        all->fields[all->count] =
            (struct request_header){.name = name, .value = value ? value : ""};
    all->count++;
    return MHD_YES;
}

/*
 * The library takes the header section apart in place: it puts NULs where lines, names and the
 * words of the request line end. So each part begins just behind the one before, two bytes on where
 * a line ended in CR LF, and anything else tells of a bare LF, a folded line or a NUL sent.
 */
static bool is_intact(const struct exchange *exchange, const struct head *head, const char *url)
{
    if (url != head->method + strlen(head->method) + 1 ||
        head->version != url + exchange->raw_size + 1)
        return false;
    const char *next = head->version + strlen(head->version) + 2;
    for (size_t i = 0; i < head->field_count && i < GUARD_FIELD_LIMIT; i++) {
        if (head->fields[i].name != next)
            return false;
        next = head->fields[i].value + strlen(head->fields[i].value) + 2;
    }
    return head->field_count > GUARD_FIELD_LIMIT || next + 2 == head->method + head->section_size;
}

/* White space behind a value does not belong to it, but the library leaves it there. For the guard
 * as well: to the library, `chunked` and a tab is not chunked. */
static void trim_values(struct exchange *exchange, struct request_header *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = fields[i].value, *end = value + strlen(value);
        while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        if (*end)
            fields[i].value = arena_copy(exchange->request.arena, value, (size_t)(end - value));
    }
}

/* Checks the header section and fills the request from it. */
static bool read_head(struct exchange *exchange, struct MHD_Connection *library, const char *url,
                      const char *method, const char *version, struct error *error)
{
    struct worker *worker = exchange->worker;
    const struct server_options *options = &worker->shared->options;
    struct request *request = &exchange->request;
    struct collection all = {
        .fields = arena_alloc(request->arena, GUARD_FIELD_LIMIT * sizeof *all.fields)};
    MHD_get_connection_values(library, MHD_HEADER_KIND, collect, &all);
    size_t kept = all.count < GUARD_FIELD_LIMIT ? all.count : GUARD_FIELD_LIMIT;

    request->method = request_method_of(method);
    struct head head = {
        .method = method,
        .reads = request->method & (HTTP_GET | HTTP_HEAD),
        .version = version,
        .target_size = exchange->raw_size,
        .fields = all.fields,
        .field_count = all.count,
        .section_size =
            MHD_get_connection_info(library, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size,
        .body_limit = worker->shared->service.spool ? options->spool_limit : options->body_limit,
    };
    head.intact = is_intact(exchange, &head, url);
    exchange->connection->memory = method;
    exchange->connection->taken += head.section_size;
    exchange->method = method;
    request->headers = all.fields;
    request->header_count = kept;

    size_t rule;
    if (!guard_check(&head, &rule, error)) {
        metrics_add(&worker->metrics.refusals[rule], 1);
        return false;
    }
    trim_values(exchange, all.fields, kept);
    exchange->may_replay = replay_may(exchange);
    if (exchange->may_replay ||
        (request->method == HTTP_OPTIONS && strcmp(exchange->raw_target, "*") == 0))
        return true;
    return request_parse_target(request, exchange->raw_target, options->base_path, error);
}

static enum MHD_Result refuse(struct exchange *exchange, struct MHD_Connection *library,
                              const struct error *error)
{
    problem_reply(&exchange->reply, &exchange->request, exchange->worker->shared->options.base_path,
                  error);
    return deliver(exchange, library);
}

/* The guard let pass what may go into a file; what does not has a lower limit. */
static bool choose_spool(struct exchange *exchange, struct error *error)
{
    const struct shared *shared = exchange->worker->shared;
    const struct request *request = &exchange->request;
    const char *length = request_header(request, "Content-Length");
    if (!shared->service.spool)
        return true;
    if (!shared->service.spool(exchange->worker->own, request, &exchange->spool, &exchange->reply,
                               error))
        return false;
    return exchange->spool || !length || strtoull(length, NULL, 10) <= shared->options.body_limit ||
           error_set(error, ERROR_CONTENT_TOO_LARGE,
                     "the body has %.20s bytes; at most %zu are read", length,
                     shared->options.body_limit);
}

/* A reply queued this early closes the connection: what follows was not read, so nobody knows where
 * the next request would begin. */
static enum MHD_Result take_head(struct exchange *exchange, struct MHD_Connection *library,
                                 const char *url, const char *method, const char *version)
{
    struct error error = {0};
    exchange->has_head = true;
    connection_enter(exchange->connection, PHASE_BODY, exchange->worker);
    if (read_head(exchange, library, url, method, version, &error) &&
        (exchange->may_replay || choose_spool(exchange, &error)))
        return MHD_YES;
    exchange->connection->unread = true;
    return refuse(exchange, library, &error);
}

/* Each megabyte has the time that a body has otherwise. */
static bool spool(struct exchange *exchange, const char *bytes, size_t size, struct error *error)
{
    const struct server_options *options = &exchange->worker->shared->options;
    if (size > options->spool_limit - exchange->spooled)
        return error_set(error, ERROR_CONTENT_TOO_LARGE, "the body is longer than %zu bytes",
                         options->spool_limit);
    if (fwrite(bytes, 1, size, exchange->spool) != size)
        return error_set(error, ERROR_STORAGE_FULL, "there is no room for the body");
    if ((exchange->spooled >> 20) != ((exchange->spooled + size) >> 20))
        connection_enter(exchange->connection, PHASE_BODY, exchange->worker);
    exchange->spooled += size;
    return true;
}

/* In the midst of a body the library takes no reply, only its refusal to go on. */
static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t *size)
{
    const struct shared *shared = exchange->worker->shared;
    struct error error = {0};
    if (exchange->spool)
        spool(exchange, bytes, *size, &error);
    else if (*size > shared->options.body_limit - exchange->body.size)
        error_set(&error, ERROR_CONTENT_TOO_LARGE, "the body is longer than %zu bytes",
                  shared->options.body_limit);
    else if (!gate_claim(shared->gate, GATE_BODIES, *size))
        error_set(&error, ERROR_UNAVAILABLE, "too many bodies are being received at once");
    if (error.code == ERROR_UNAVAILABLE)
        reply_header(&exchange->reply, "Retry-After", "1");
    if (error.code != ERROR_NONE) {
        exchange_part(exchange, &error);
        return MHD_NO;
    }
    if (!exchange->spool)
        buffer_append(&exchange->body, bytes, *size);
    *size = 0;
    return MHD_YES;
}

/* `OPTIONS *` asks about the server as a whole. */
static bool answer_asterisk(struct reply *reply)
{
    reply->status = 204;
    reply_header(reply, "Allow", "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE");
    return true;
}

/*
 * A reply stays in memory, and so does what it was made of, until its reader has taken it. Some
 * hundred slow readers of large replies would have all there is; small replies always go through.
 */
static bool claim_reply(struct exchange *exchange, struct error *error)
{
    struct reply *reply = &exchange->reply;
    size_t size = reply->body.size + arena_footprint(reply->arena);
    if (size <= SMALL_REPLY)
        return true;
    if (!gate_claim(exchange->worker->shared->gate, GATE_REPLIES, size)) {
        reply->header_count = 0; /* they spoke of what is not sent now */
        reply_header(reply, "Retry-After", "1");
        return error_set(error, ERROR_UNAVAILABLE,
                         "too many large replies are being sent at once; ask for less, or later");
    }
    exchange->claimed = size;
    return true;
}

static bool overdue(struct reply *reply, struct error *error)
{
    reply_header(reply, "Retry-After", "1");
    return error_set(error, ERROR_UNAVAILABLE, "the server did not come to answer in time");
}

/* Asks the service for the reply, or for the rest of one that it put off. */
static bool ask_service(struct exchange *exchange, struct error *error)
{
    void *own = exchange->worker->own;
    const struct shared *shared = exchange->worker->shared;
    struct request *request = &exchange->request;
    struct reply *reply = &exchange->reply;
    if (reply->later.ready)
        return exchange->is_overdue ? overdue(reply, error)
                                    : reply_finish_later(reply, own, request, error);
    if (exchange->may_replay &&
        !request_parse_target(request, exchange->raw_target, shared->options.base_path, error))
        return false;
    request->body = exchange->body.data;
    request->body_size = exchange->spool ? exchange->spooled : exchange->body.size;
    request->spool = exchange->spool;
    exchange->spool = NULL; /* the request's, or its handler's */
    if (!reply->body.data)
        worker_take_body(exchange->worker, &reply->body);
    if (request->spool && fflush(request->spool) != 0)
        return error_set(error, ERROR_STORAGE_FULL, "there is no room for the body");
    return *request->path == '\0' ? answer_asterisk(reply)
                                  : shared->service.answer(own, request, reply, error);
}

static enum MHD_Result answer(struct exchange *exchange, struct MHD_Connection *library)
{
    struct request *request = &exchange->request;
    struct faults faults = {.arena = request->arena, .limit = FAULT_LIMIT};
    struct error error = {.faults = &faults};
    enum MHD_Result result;
    connection_enter(exchange->connection, PHASE_REPLY, exchange->worker);
    if (exchange->is_lost)
        return MHD_NO;
    if (!exchange->reply.later.ready && replay_find(exchange, library, &result))
        return result;
    bool good = ask_service(exchange, &error);
    if (good && exchange->reply.later.ready)
        return sleep_begin(exchange, library) ? MHD_YES : MHD_NO;
    if (good && claim_reply(exchange, &error))
        return deliver(exchange, library);
    if (error.code == ERROR_INTERNAL || error.code == ERROR_NONE || *error.cause)
        log_message(LOG_ERROR, "http", "request %s failed: %s (%s)", request->id, error.detail,
                    error.cause);
    return refuse(exchange, library, &error);
}

enum MHD_Result exchange_step(void *worker, struct MHD_Connection *library, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **exchange)
{
    (void)worker;
    struct exchange *self = *exchange;
    if (!self->has_head)
        return take_head(self, library, url, method, version);
    if (*upload_size > 0)
        return take_body(self, upload, upload_size);
    return answer(self, library);
}

void exchange_part(struct exchange *exchange, const struct error *error)
{
    struct worker *worker = exchange->worker;
    problem_reply(&exchange->reply, &exchange->request, worker->shared->options.base_path, error);
    exchange->sent =
        deliver_raw(worker, exchange->connection->socket, &exchange->request, &exchange->reply);
    exchange->connection->unread = true;
    exchange->is_answered = true;
}

static void write_log(const struct exchange *exchange, int status, int64_t took)
{
    struct log_line line;
    if (!log_begin_in(&line, &exchange->worker->log, LOG_INFO, "request"))
        return;
    const char *target = exchange->request.target;
    size_t path_size = strcspn(target, "?");
    log_word(&line, "id", exchange->request.id);
    log_text(&line, "method", exchange->method);
    log_text(&line, "path", arena_copy(exchange->request.arena, target, path_size));
    if (target[path_size])
        log_text(&line, "query", target + path_size + 1);
    log_number(&line, "status", status);
    log_number(&line, "bytes", (long long)exchange->sent);
    log_number(&line, "us", took);
    log_word(&line, "client", exchange->request.client);
    log_end(&line);
}

/* What the library answered by itself is counted too, with the status it chose. */
static int final_status(const struct exchange *exchange, struct MHD_Connection *library)
{
    if (exchange->is_answered)
        return exchange->reply.status;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(library, MHD_CONNECTION_INFO_HTTP_STATUS);
    return info ? (int)info->http_status : 0;
}

void exchange_end(void *worker, struct MHD_Connection *library, void **exchange,
                  enum MHD_RequestTerminationCode how)
{
    (void)how;
    struct worker *self = worker;
    struct exchange *done = *exchange;
    if (!done)
        return;
    const struct shared *shared = self->shared;
    int status = final_status(done, library);
    self->now = clock_now();
    int64_t took = self->now - done->began;
    if (status && !done->is_answered)
        metrics_add(&self->metrics.library_refusals, 1);
    metrics_request(&self->metrics, done->request.method, status, (uint64_t)took, done->sent);
    if (shared->options.access_log)
        write_log(done, status, took);

    done->connection->taken += done->body.size + done->spooled;
    done->connection->exchange = NULL;
    connection_enter(done->connection, PHASE_IDLE, self);
    if (done->kept)
        worker_return_body(self, &done->reply.body);
    reply_drop_body(&done->reply);
    cached_release(done->kept);
    gate_release(shared->gate, GATE_BODIES, done->body.size);
    gate_release(shared->gate, GATE_REPLIES, done->claimed);
    buffer_finish(&done->body);
    if (done->spool)
        fclose(done->spool);
    if (done->request.spool)
        fclose(done->request.spool);
    worker_return_arena(self, done->request.arena);
    *exchange = NULL;
}
