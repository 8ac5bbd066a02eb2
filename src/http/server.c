#include "bilateral/http/server.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bilateral/base/arena.h"
#include "listener.h"
#include "replay.h"
#include "worker.h"

struct server {
    struct arena *arena; /* of the options' texts and the address */
    const char *address;
    struct shared shared;
    struct worker *workers;
    size_t worker_count; /* of those that started */
};

/* What may be left out of the options. */
static void copy_options(struct server *server, const struct server_options *given)
{
    struct server_options *options = &server->shared.options;
    *options = *given;
    options->listen = NULL;
    options->base_path = arena_strdup(server->arena, given->base_path ? given->base_path : "");
    options->cors_origins =
        arena_strdup(server->arena, given->cors_origins ? given->cors_origins : "*");
    if (!options->later_seconds)
        options->later_seconds = 30;
    if (!options->body_budget)
        options->body_budget = 16 * given->body_limit;
    if (!options->reply_budget)
        options->reply_budget = 128 * 1024 * 1024;
}

static bool start_workers(struct server *server, struct error *error)
{
    unsigned count = server->shared.options.workers;
    server->workers = memory_alloc(count * sizeof *server->workers);
    while (server->worker_count < count) {
        if (!worker_start(&server->workers[server->worker_count], server->worker_count,
                          &server->shared, error))
            return false;
        server->worker_count++;
    }
    return true;
}

static void enter_stage(struct server *server, enum stage stage)
{
    atomic_store(&server->shared.stage, stage);
    for (size_t i = 0; i < server->worker_count; i++)
        waker_wake(server->workers[i].waker);
}

bool server_create(const struct server_options *options, const struct service *service,
                   struct server **ret, struct error *error)
{
    struct server *server = memory_alloc(sizeof *server);
    *server = (struct server){.arena = arena_create()};
    server->shared.service = *service;
    server->shared.listener = -1;
    copy_options(server, options);
    server->shared.gate =
        gate_create(options->connections, options->connections_per_address,
                    server->shared.options.body_budget, server->shared.options.reply_budget);

    if (service->since && options->cache_bytes)
        server->shared.cache = cache_create(options->cache_bytes, options->workers, replay_forget);

    if (!listener_open(options->listen, server->arena, &server->shared.listener, &server->address,
                       error) ||
        !start_workers(server, error)) {
        server_destroy(server);
        return false;
    }
    *ret = server; /* before the first request, whose handler may ask for it */
    enter_stage(server, STAGE_OPEN);
    return true;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

void server_metrics(const struct server *server, struct buffer *text)
{
    const struct metrics **all = memory_alloc(server->worker_count * sizeof *all);
    for (size_t i = 0; i < server->worker_count; i++)
        all[i] = &server->workers[i].metrics;
    metrics_print(all, server->worker_count, gate_connections(server->shared.gate),
                  server->shared.cache, text);
    free(all);
}

bool server_draining(const struct server *server)
{
    return atomic_load(&server->shared.stage) >= STAGE_DRAINING;
}

bool server_drain(struct server *server, unsigned seconds)
{
    /* The kernel refuses connections from here on, so that a client tries elsewhere at once. */
    shutdown(server->shared.listener, SHUT_RDWR);
    enter_stage(server, STAGE_DRAINING);
    return gate_wait_empty(server->shared.gate, seconds);
}

void server_destroy(struct server *server)
{
    if (!server)
        return;
    enter_stage(server, STAGE_STOPPING);
    while (server->worker_count)
        worker_stop(&server->workers[--server->worker_count]);
    free(server->workers);
    if (server->shared.listener >= 0)
        close(server->shared.listener);
    cache_destroy(server->shared.cache);
    gate_destroy(server->shared.gate);
    arena_destroy(server->arena);
    free(server);
}
