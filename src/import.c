#include "bilateral/import.h"

#include <stdio.h>
#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/base/log.h"
#include "bilateral/ingest/progress.h"
#include "bilateral/ingest/spool.h"
#include "bilateral/verbs.h"

static bool spool_input(FILE *spool)
{
    char chunk[64 * 1024];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, stdin)) > 0) {
        if (fwrite(chunk, 1, got, spool) != got)
            return false;
    }
    return !ferror(stdin) && fflush(spool) == 0;
}

/* The operand `-` is standard input, which is read twice; so it goes through a nameless file. */
static bool take_input(const struct config *config, struct ingest_order *order,
                       const char *paths[CONFIG_LIST_LIMIT])
{
    for (size_t i = 0; i < config->operands.count; i++) {
        const char *path = config->operands.items[i];
        if (strcmp(path, "-") != 0) {
            paths[order->count++] = path;
            continue;
        }
        if (order->lines)
            continue;
        order->lines = spool_create(config->store);
        if (!order->lines || !spool_input(order->lines)) {
            perror("bilaterald: standard input cannot be kept beside the store");
            return false;
        }
    }
    order->paths = paths;
    return true;
}

static void print_report(const struct ingest_report *report, bool dry_run)
{
    printf("%s%zu records: %zu created, %zu updated, %zu deleted, %zu unchanged; revision %lld\n",
           dry_run ? "would be stored: " : "", report->records, report->created, report->updated,
           report->deleted, report->unchanged, (long long)report->revision);
}

static int import(struct store *store, const struct ingest_order *order)
{
    struct ingest_report report;
    struct faults faults = {.arena = arena_create(), .limit = INGEST_FAULT_LIMIT};
    struct error error = {.faults = &faults};
    bool good = ingest(store, &REGISTRY, order, &report, &error);
    progress_end(order->watcher->context);
    if (good && report.revision > 0 && !order->dry_run)
        store_checkpoint(store);
    if (good)
        print_report(&report, order->dry_run);
    else
        verb_print_faults(&error, "; nothing was stored");
    if (!good && *error.cause)
        log_message(LOG_ERROR, "import", "%s", error.cause);
    int code = good ? EXIT_OK : faults.count > 0 ? EXIT_FAULTS : EXIT_FAILED;
    arena_destroy(faults.arena);
    return code;
}

int verb_import(const struct config *config)
{
    struct progress progress;
    const struct ingest_watcher watcher = {.context = &progress, .progress = progress_show};
    struct ingest_order order = {.dry_run = config->dry_run, .watcher = &watcher};
    const char *paths[CONFIG_LIST_LIMIT];
    struct store *store = verb_open_store(config->store, STORE_WRITE);
    if (!store)
        return EXIT_REFUSED;
    int code = EXIT_FAILED;
    progress_begin(&progress);
    if (take_input(config, &order, paths))
        code = import(store, &order);
    else if (order.lines)
        fclose(order.lines);
    store_close(store);
    return code;
}
