#include "bilateral/verbs.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/base/log.h"
#include "bilateral/http/problem.h"
#include "bilateral/ingest/progress.h"
#include "bilateral/resource/search.h"
#include "bilateral/store/backup.h"
#include "bilateral/store/migrate.h"

struct store *verb_open_store(const char *path, enum store_mode mode)
{
    struct store *store = NULL;
    struct error error = {0};
    if (store_open(path, mode, &store, &error) && migrate(store, &error) &&
        search_catch_up(store, &REGISTRY, &error))
        return store;
    if (mode == STORE_WRITE)
        log_message(LOG_ERROR, "store", "%s: %s (%s)", path, error.detail, error.cause);
    store_close(store);
    return NULL;
}

static void log_kept(void *context, const char *type, const char *id)
{
    struct log_line line;
    (void)context;
    if (!log_begin(&line, LOG_WARNING, "seed_not_applied"))
        return;
    log_text(&line, "type", type);
    log_text(&line, "id", id);
    log_text(&line, "reason", "a user edited the record since it was seeded");
    log_end(&line);
}

static void log_fault(const struct fault *fault)
{
    struct log_line line;
    if (!log_begin(&line, LOG_ERROR, "seed_fault"))
        return;
    log_text(&line, "file", fault->file);
    log_number(&line, "line", (long long)fault->line);
    log_text(&line, "pointer", fault->place);
    log_text(&line, "detail", fault->detail);
    log_end(&line);
}

static void log_report(const struct ingest_report *report)
{
    struct log_line line;
    if (!log_begin(&line, LOG_INFO, "ingested"))
        return;
    log_number(&line, "files", (long long)report->files);
    log_number(&line, "records", (long long)report->records);
    log_number(&line, "created", (long long)report->created);
    log_number(&line, "updated", (long long)report->updated);
    log_number(&line, "unchanged", (long long)report->unchanged);
    log_number(&line, "kept", (long long)report->kept);
    log_end(&line);
}

static void log_failure(const struct faults *faults, const struct error *error)
{
    for (const struct fault *fault = faults->first; fault; fault = fault->next)
        log_fault(fault);
    if (faults->count > 0)
        log_message(LOG_ERROR, "seeds_refused", "%zu %s; nothing was stored", faults->count,
                    faults->count == 1 ? "fault" : "faults");
    else
        log_message(LOG_ERROR, "seeds_refused", "%s (%s)", error->detail, error->cause);
}

bool verb_ingest(struct store *store, const char *const *paths, size_t count,
                 struct generation *generation)
{
    struct progress progress;
    struct ingest_report report;
    struct faults faults = {.arena = arena_create(), .limit = INGEST_FAULT_LIMIT};
    struct error error = {.faults = &faults};
    const struct ingest_watcher watcher = {
        .context = &progress,
        .progress = progress_show,
        .kept = log_kept,
    };
    progress_begin(&progress);
    const struct ingest_order order = {.paths = paths, .count = count, .watcher = &watcher};
    bool good = ingest(store, &REGISTRY, &order, &report, &error);
    progress_end(&progress);
    if (generation) /* before anybody is told */
        generation_raise(generation);
    if (good && report.created + report.updated > 0)
        store_checkpoint(store); /* or the log would stay as long as the longest ingestion */
    if (good)
        log_report(&report);
    else
        log_failure(&faults, &error);
    arena_destroy(faults.arena);
    return good;
}

void verb_print_faults(const struct error *error, const char *consequence)
{
    const struct faults *faults = error->faults;
    for (const struct fault *fault = faults->first; fault; fault = fault->next)
        printf("%s:%zu: %s: %s\n", fault->file ? fault->file : "", fault->line,
               *fault->place ? fault->place : "(whole)", fault->detail);
    if (faults->count > 0)
        printf("%zu %s%s\n", faults->count, faults->count == 1 ? "fault" : "faults", consequence);
    else
        printf("%s%s\n", error->detail, consequence);
}

int verb_check(const struct config *config)
{
    struct ingest_report report;
    struct faults faults = {.arena = arena_create(), .limit = INGEST_FAULT_LIMIT};
    struct error error = {.faults = &faults};
    struct store *store = verb_open_store(":memory:", STORE_WRITE);
    if (!store)
        return EXIT_FAILED;
    const struct ingest_order order = {
        .paths = config->operands.items,
        .count = config->operands.count,
    };
    bool good = ingest(store, &REGISTRY, &order, &report, &error);
    store_close(store);
    if (good)
        printf("%zu records in %zu files, no faults\n", report.records, report.files);
    else
        verb_print_faults(&error, "");
    arena_destroy(faults.arena);
    return good ? EXIT_OK : EXIT_FAULTS;
}

int verb_backup(const struct config *config)
{
    struct buffer path = {0};
    struct error error = {0};
    struct store *store = NULL;
    bool good = store_open(config->store, STORE_READ, &store, &error) &&
                store_backup(store, config->operands.items[0], &path, &error);
    if (good)
        puts(buffer_text(&path));
    else
        log_message(LOG_ERROR, "backup", "%s: %s (%s)", buffer_text(&path), error.detail,
                    error.cause);
    store_close(store);
    buffer_finish(&path);
    return good ? EXIT_OK : EXIT_FAILED;
}

int verb_migrate(const struct config *config)
{
    struct store *store = verb_open_store(config->store, STORE_WRITE);
    if (!store)
        return EXIT_REFUSED;
    store_close(store);
    printf("%s has schema version %d\n", config->store, migrate_latest());
    return EXIT_OK;
}

struct producers *verb_producers(const struct config *config)
{
    return producers_create(config->store, (uint64_t)config->spool_megabytes << 20);
}

/* Without a server nobody wakes us, so we look again a hundred times a second. */
static void await(bool (*ready)(void *context), void *context)
{
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    while (ready && !ready(context))
        nanosleep(&pause, NULL);
}

static bool answer_now(void *reader, struct request *request, struct reply *reply,
                       struct error *error)
{
    bool good = service_answer(reader, request, reply, error);
    while (good && reply->later.ready) {
        await(reply->later.ready, reply->later.context);
        good = reply_finish_later(reply, reader, request, error);
    }
    return good;
}

/* False where the stream breaks off, or nobody takes what it gives. */
static bool write_stream(const struct reply_stream *stream, FILE *file)
{
    char block[8192];
    ssize_t size;
    while ((size = stream->read(stream->context, block, sizeof block)) != 0) {
        if (size == REPLY_LATER)
            await(stream->ready, stream->context);
        else if (size < 0 || fwrite(block, 1, (size_t)size, file) < (size_t)size)
            return false;
    }
    return true;
}

/* The same handlers as behind the socket; exit code 0 for 2xx, else 1. */
static int answer_here(const struct config *config, const char *target)
{
    struct arena *arena = arena_create();
    struct faults faults = {.arena = arena};
    struct error error = {.faults = &faults};
    struct application application = {
        .store_path = config->store, .base_path = "", .producers = verb_producers(config)};
    struct request request = {.arena = arena, .method = HTTP_GET, .client = "local"};
    struct reply reply = {.arena = arena, .status = 200};
    void *reader = NULL;
    bool good = service_start(&application, &reader, &error) &&
                request_parse_target(&request, target, "", &error) &&
                answer_now(reader, &request, &reply, &error);
    if (!good && *error.cause)
        log_message(LOG_ERROR, "get", "%s", error.cause);
    if (!good)
        problem_reply(&reply, &request, "", &error);
    if (reply.stream.read)
        good = write_stream(&reply.stream, stdout);
    else
        fwrite(reply.body.data, 1, reply.body.size, good ? stdout : stderr);
    if (fflush(stdout) != 0 || ferror(stdout)) { /* the disk may be full */
        fputs("bilaterald: standard output did not take all of it\n", stderr);
        good = false;
    }
    int code = good && reply.status < 300 ? EXIT_OK : EXIT_FAILED;
    reply_drop_body(&reply);
    producers_destroy(application.producers);
    service_stop(reader);
    arena_destroy(arena);
    return code;
}

int verb_get(const struct config *config)
{
    return answer_here(config, config->operands.items[0]);
}

int verb_export(const struct config *config)
{
    bool file = strcmp(config->format, "sqlite") == 0;
    if (!file && strcmp(config->format, "ndjson") != 0) {
        fprintf(stderr, "bilaterald: --format: \"%.60s\" is neither ndjson nor sqlite\n",
                config->format);
        return EXIT_USAGE;
    }
    if (file && isatty(STDOUT_FILENO)) {
        fputs("bilaterald: a database is nothing for a terminal; write it to a file\n", stderr);
        return EXIT_USAGE;
    }
    return answer_here(config, file ? "/v1/export.sqlite" : "/v1/export.ndjson");
}

const char *verb_listen_address(const struct config *config, char *text, size_t size)
{
    const char *colon = strrchr(config->listen, ':');
    if (!config->port)
        return config->listen;
    snprintf(text, size, "%.*s:%s", (int)(colon - config->listen), config->listen, config->port);
    return text;
}

/* Host and port to ask: what the daemon listens on, or this machine where it listens everywhere. */
static int connect_to(const char *address)
{
    char host[200];
    const char *colon = strrchr(address, ':'); /* there is one: config.c looked */
    int bracketed = *address == '[' && colon > address + 1 && colon[-1] == ']';
    snprintf(host, sizeof host, "%.*s", (int)(colon - address) - 2 * bracketed,
             address + bracketed);
    bool everywhere = !*host || strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (getaddrinfo(everywhere ? "127.0.0.1" : host, colon + 1, &hints, &found) != 0)
        return -1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_sec = 3};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

int verb_probe(const struct config *config)
{
    char listen[256], answer[64] = "";
    int fd = connect_to(verb_listen_address(config, listen, sizeof listen));
    if (fd < 0) {
        fputs("bilaterald: nobody answers\n", stderr);
        return EXIT_FAILED;
    }
    struct buffer request = {0};
    buffer_put_all(&request, "GET ", config->base_path,
                   "/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", NULL);
    bool sent = write(fd, request.data, request.size) == (ssize_t)request.size;
    buffer_finish(&request);
    bool ready = sent && read(fd, answer, sizeof answer - 1) > 0 &&
                 strncmp(answer, "HTTP/1.1 200", strlen("HTTP/1.1 200")) == 0;
    close(fd);
    puts(ready ? "ready" : "not ready");
    return ready ? EXIT_OK : EXIT_FAILED;
}
