/*
 * echo_server - src/http with a trivial service behind it, for tests/api/raw_http and for load.
 *
 *     echo_server [NAME=VALUE...]     names: listen base_path cors workers connections per_address
 *                                     header request idle later body_limit body_budget reply_budget
 *                                     drain log
 *
 * Prints its address and a newline when ready, serves until SIGTERM or SIGINT, then drains and
 * prints "drained" or "cut off".
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/text.h"
#include "bilateral/http/problem.h"
#include "bilateral/http/route.h"
#include "bilateral/http/server.h"
#include "echo_later.h"

struct stage {
    struct server *server;
    char page[2048];
};

/* What the request came to, as JSON: one line that a test can compare. */
static bool echo(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)error;
    struct buffer *body = &reply->body;
    reply->content_type = "application/json";
    buffer_printf(body, "{\"method\":\"%s\",\"path\":", request_method_name(request->method));
    text_json(request->path, strlen(request->path), body);
    buffer_printf(body, ",\"parameters\":%zu,\"headers\":%zu,\"body\":", request->parameter_count,
                  request->header_count);
    text_json(request->body ? request->body : "", request->body_size, body);
    buffer_puts(body, "}\n");
    return true;
}

static bool page(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)request, (void)error;
    const struct stage *stage = worker;
    reply->content_type = "application/json";
    reply->etag = "\"page\"";
    reply->last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
    buffer_append(&reply->body, stage->page, sizeof stage->page);
    return true;
}

/* ?size=: a body of so many bytes. */
static bool large(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker;
    const char *size = request_parameter(request, "size");
    if (!size)
        return error_set(error, ERROR_BAD_REQUEST, "give a size");
    size_t count = strtoul(size, NULL, 10);
    memset(buffer_reserve(&reply->body, count), 'x', count);
    reply->body.size = count;
    return true;
}

struct numbers {
    long left;
    bool breaks;
};

static ssize_t read_numbers(void *context, char *bytes, size_t size)
{
    struct numbers *numbers = context;
    if (numbers->left == 0)
        return numbers->breaks ? -1 : 0;
    return snprintf(bytes, size, "%ld\n", numbers->left--);
}

static void close_numbers(void *context)
{
    free(context);
}

/* ?count=: counts down, a number a line; with ?break it never ends well. */
static bool stream(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)error;
    const char *count = request_parameter(request, "count");
    struct numbers *numbers = memory_alloc(sizeof *numbers);
    numbers->left = count ? strtol(count, NULL, 10) : 3;
    numbers->breaks = request_parameter(request, "break") != NULL;
    reply->content_type = "text/plain";
    reply->etag = "\"stream\"";
    reply->stream =
        (struct reply_stream){.read = read_numbers, .close = close_numbers, .context = numbers};
    return true;
}

static bool pause_for(void *worker, struct request *request, struct reply *reply,
                      struct error *error)
{
    const char *milliseconds = request_parameter(request, "ms");
    long wanted = milliseconds ? strtol(milliseconds, NULL, 10) : 100;
    const struct timespec time = {wanted / 1000, wanted % 1000 * 1000000};
    nanosleep(&time, NULL);
    return echo(worker, request, reply, error);
}

static bool fail(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)request;
    reply_header(reply, "Retry-After", "7");
    buffer_puts(&reply->body, "half a reply");
    error_add(error, ERROR_INVALID, FAULT_POINTER, "/name", "empty; give a name");
    error_add(error, ERROR_INVALID, FAULT_PARAMETER, "limit", "too large");
    return false;
}

static bool metrics(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)request, (void)error;
    const struct stage *stage = worker;
    reply->content_type = "text/plain; version=0.0.4";
    server_metrics(stage->server, &reply->body);
    return true;
}

static const struct route ROUTES[] = {
    {"/", HTTP_GET, echo, NULL, false},
    {"/echo", HTTP_GET | HTTP_POST | HTTP_PUT | HTTP_PATCH | HTTP_DELETE, echo, NULL, false},
    {"/items/{id}", HTTP_GET, echo, NULL, true},
    {"/page", HTTP_GET, page, NULL, false},
    {"/large", HTTP_GET, large, NULL, false},
    {"/stream", HTTP_GET, stream, NULL, false},
    {"/pause", HTTP_GET, pause_for, NULL, false},
    {"/fail", HTTP_GET, fail, NULL, false},
    {"/metrics", HTTP_GET, metrics, NULL, false},
    {"/late", HTTP_GET | HTTP_POST, late, NULL, false},
    {"/trickle", HTTP_GET, trickle, NULL, false},
    {"/never", HTTP_GET, never, NULL, false},
    {"/waiting", HTTP_GET, waiting, NULL, false},
};

static bool start(void *context, void **ret_worker, struct error *error)
{
    (void)error;
    *ret_worker = context;
    return true;
}

static bool answer(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return route_dispatch(ROUTES, sizeof ROUTES / sizeof *ROUTES, worker, request, reply, error);
}

static const char *option(char **arguments, const char *name, const char *otherwise)
{
    size_t size = strlen(name);
    for (char **at = arguments; *at; at++) {
        if (strncmp(*at, name, size) == 0 && (*at)[size] == '=')
            return *at + size + 1;
    }
    return otherwise;
}

static unsigned number(char **arguments, const char *name, const char *otherwise)
{
    return (unsigned)strtoul(option(arguments, name, otherwise), NULL, 10);
}

int main(int count, char **arguments)
{
    (void)count;
    const struct server_options options = {
        .listen = option(arguments, "listen", "127.0.0.1:0"),
        .base_path = option(arguments, "base_path", ""),
        .cors_origins = option(arguments, "cors", "*"),
        .workers = number(arguments, "workers", "2"),
        .connections = number(arguments, "connections", "1000"),
        .connections_per_address = number(arguments, "per_address", "0"),
        .header_seconds = number(arguments, "header", "10"),
        .request_seconds = number(arguments, "request", "30"),
        .idle_seconds = number(arguments, "idle", "60"),
        .later_seconds = number(arguments, "later", "0"),
        .body_limit = number(arguments, "body_limit", "65536"),
        .body_budget = number(arguments, "body_budget", "0"),
        .reply_budget = number(arguments, "reply_budget", "0"),
        .access_log = number(arguments, "log", "0") != 0,
    };
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);

    struct stage stage = {0};
    memset(stage.page, 'x', sizeof stage.page);
    const struct service service = {.context = &stage, .worker_start = start, .answer = answer};
    struct error error = {0};
    if (!server_create(&options, &service, &stage.server, &error)) {
        fprintf(stderr, "%s\n", error.detail);
        return 1;
    }
    printf("%s\n", server_address(stage.server));
    fflush(stdout);

    int signal;
    sigwait(&signals, &signal);
    puts(server_drain(stage.server, number(arguments, "drain", "5")) ? "drained" : "cut off");
    server_destroy(stage.server);
    return 0;
}
