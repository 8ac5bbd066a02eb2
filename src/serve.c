#include "bilateral/serve.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/base/log.h"
#include "bilateral/http/server.h"
#include "bilateral/http/throttle.h"
#include "bilateral/store/revision.h"
#include "bilateral/tokens.h"
#include "bilateral/verbs.h"

enum { DRAIN_SECONDS = 10 };

/* Signals are taken by this thread alone, one at a time; workers inherit the mask. */
static sigset_t block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return signals;
}

/* A handler, because the kernel spares process 1 of a container what has none. */
static void end_at_once(int signal)
{
    _exit(128 + signal);
}

/*
 * While the store is opened there is nothing to drain, for what is not committed was never there.
 * A SIGHUP waits: the seeds may have changed since they were read.
 */
static void await_server(void)
{
    sigset_t later;
    sigemptyset(&later);
    sigaddset(&later, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &later, NULL);
    signal(SIGINT, end_at_once);
    signal(SIGTERM, end_at_once);
}

/* SIGHUP has the lower number and is handed out first: a storm of it must not keep us here. */
static bool shall_end(void)
{
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT);
}

/* Until SIGTERM or SIGINT; SIGHUP ingests the seeds again. */
static void wait_for_end(const struct config *config, struct store *store, const sigset_t *signals,
                         struct generation *generation)
{
    int signal = 0;
    while (signal != SIGTERM && signal != SIGINT) {
        if (sigwait(signals, &signal) != 0)
            continue;
        if (signal == SIGHUP && !config->no_seeds && !shall_end())
            verb_ingest(store, config->seeds.items, config->seeds.count, generation);
    }
}

/* From here on the next SIGINT or SIGTERM ends the process at once; SIGHUP comes too late. */
static void let_signals_end(const sigset_t *signals)
{
    signal(SIGHUP, SIG_IGN);
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static void say_who_may_write(struct store *store, const struct application *application)
{
    struct error error = {0};
    bool any = *application->bootstrap;
    if (!any && token_any(store, &any, &error) && !any)
        log_message(LOG_INFO, "read_only",
                    "there are no tokens, so nothing can be written; "
                    "`bilaterald token create` makes one");
}

/* What all workers share, besides what the configuration says. */
static void open_shared(const struct config *config, struct application *application)
{
    application->producers = verb_producers(config);
    application->throttle = throttle_create();
    application->imports = errands_create(config->store, &application->generation, &ERRAND_ALONE);
    application->backups = errands_create(config->store, &application->generation, &ERRAND_ALONE);
    application->lane = lane_create();
    application->kept = kept_create();
    application->committer = committer_create(config->store, &REGISTRY, &application->generation);
}

static void close_shared(struct application *application)
{
    errands_destroy(application->imports);
    errands_destroy(application->backups);
    lane_destroy(application->lane); /* before the producers: it may start one */
    producers_destroy(application->producers);
    committer_destroy(application->committer);
    throttle_destroy(application->throttle);
    kept_destroy(application->kept);
}

static const struct server_options LIMITS = {
    .cors_origins = "",
    .workers = 1,
    .connections = 100,
    .header_seconds = 10,
    .request_seconds = 30,
    .idle_seconds = 60,
    .body_limit = 1024 * 1024,
    .spool_limit = (size_t)8 << 30,
};

/* The server that everybody asks. */
static bool start_public(const struct config *config, struct application *application,
                         struct server **ret, struct error *error)
{
    char listen[256];
    const struct service service = {
        .context = application,
        .worker_start = service_start,
        .worker_stop = service_stop,
        .spool = service_spool,
        .answer = service_answer,
        .worker_idle = service_idle,
        .since = service_since,
    };
    struct server_options options = LIMITS;
    options.listen = verb_listen_address(config, listen, sizeof listen);
    options.base_path = config->base_path;
    options.cors_origins = config->cors_origin;
    options.workers = config->workers;
    options.connections = config->connections;
    options.connections_per_address = config->connections_per_address;
    options.cache_bytes = config->cache_bytes;
    options.access_log = !config->no_access_log;
    return server_create(&options, &service, ret, error);
}

/* The server for those who watch over it; none (NULL) where it has no address. */
static bool start_admin(const struct config *config, struct application *application,
                        struct server **ret, struct error *error)
{
    const struct service service = {
        .context = application,
        .worker_start = service_start,
        .worker_stop = service_stop,
        .answer = service_answer_admin,
    };
    struct server_options options = LIMITS;
    options.listen = config->admin_listen;
    return !config->admin_listen || server_create(&options, &service, ret, error);
}

static void tell_address(const char *event, const struct server *server, const char *base_path)
{
    log_message(LOG_INFO, event, "http://%s%s/", server_address(server), base_path);
}

static int serve_store(const struct config *config, struct store *store,
                       struct store *_Atomic *reader)
{
    struct error error = {0};
    atomic_uint followers = 0;
    struct application application = {
        .store_path = config->store,
        .opened = reader,
        .base_path = config->base_path,
        .metrics_apart = config->admin_listen,
        .followers = &followers,
        .backup_folder = config->backup_dir,
    };
    struct store *known = store ? store : *reader;
    struct revision revision; /* noticed here, or the first tick would outdate what was answered */
    if (!tokens_read_bootstrap(config, application.bootstrap))
        return EXIT_REFUSED;
    if (!revision_read(known, &revision, &error)) {
        log_message(LOG_ERROR, "store", "%s: %s (%s)", config->store, error.detail, error.cause);
        return EXIT_REFUSED;
    }
    generation_notice(&application.generation, revision.number);
    say_who_may_write(known, &application);
    sigset_t signals = block_signals();
    struct server *server = NULL, *admin = NULL;
    open_shared(config, &application);
    if (!start_admin(config, &application, &admin, &error) ||
        !start_public(config, &application, &server, &error)) {
        log_message(LOG_ERROR, "listen", "%s", error.detail);
        server_destroy(admin);
        close_shared(&application);
        return EXIT_FAILED;
    }
    application.server = server;
    tell_address("listening", server, config->base_path);
    if (admin)
        tell_address("admin_listening", admin, "");
    printf("http://%s%s/\n", server_address(server), config->base_path); /* last: all is said */
    fflush(stdout);

    wait_for_end(config, store, &signals, &application.generation);
    let_signals_end(&signals);
    log_message(LOG_INFO, "draining", "at most %d seconds", DRAIN_SECONDS);
    if (!server_drain(server, DRAIN_SECONDS))
        log_message(LOG_WARNING, "drained", "some requests did not end in time");
    server_destroy(admin); /* to the end it can tell that the other one drains */
    server_destroy(server);
    close_shared(&application);
    log_message(LOG_INFO, "stopped", "good-bye");
    return EXIT_OK;
}

int serve(const struct config *config)
{
    await_server();
    /* What one thread frees serves all others: with a heap for each, a full cache took half as much
     * again as it holds. */
    mallopt(M_ARENA_MAX, 1);
    /* To read the schema takes a sixth of a start, so a worker goes on with the handle that has. */
    struct store *_Atomic reader =
        config->no_seeds ? verb_open_store(config->store, STORE_READ) : NULL;
    struct store *store = reader ? NULL : verb_open_store(config->store, STORE_WRITE);
    bool good = reader || (store && (config->no_seeds || verb_ingest(store, config->seeds.items,
                                                                     config->seeds.count, NULL)));
    int code = good ? serve_store(config, store, &reader) : EXIT_REFUSED;
    store_close(reader);
    if (good && !store) /* the last to close moves the log into the file, if it may write */
        store_open(config->store, STORE_WRITE, &store, &(struct error){0});
    store_close(store);
    return code;
}
