#include "bilateral/ingest/ingest.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bilateral/base/text.h"
#include "bilateral/ingest/dataset.h"
#include "bilateral/ingest/feed.h"
#include "bilateral/json/read.h"
#include "bilateral/resource/write.h"
#include "bilateral/store/bulk.h"

enum { FILE_LIMIT = 1000, COLLECTION_LIMIT = 64 };

static const char DATASET_FILE[] = "dataset.json"; /* in each folder of seeds */

/* A file of a batch, with the data set it belongs to (NULL for a file alone). */
struct input {
    struct feed feed;
    const char *dataset;
};

struct batch {
    struct arena *arena;
    const struct registry *registry;
    const struct ingest_watcher *watcher;
    struct error *error;
    struct writer writer;
    struct input *inputs;
    size_t input_count;
    struct dataset *datasets;
    size_t dataset_count;
    size_t path_count;
    const char *prefix; /* of file names in faults: the folder, where there are several */
    bool complete; /* whether every record could be announced: else a missing one proves nothing */
    struct ingest_report report;
};

static void add_fault(struct batch *batch, const char *file, size_t line, const char *pointer,
                      const char *detail)
{
    struct fault *fault =
        error_add(batch->error, ERROR_INVALID, FAULT_POINTER, pointer, "%s", detail);
    if (!fault)
        return;
    fault->file = arena_printf(batch->arena, "%s%s", batch->prefix, file);
    fault->line = line;
}

/* The same for a file that cannot be read: what is missing from the batch now proves nothing. */
static void add_file_fault(struct batch *batch, const char *file, const char *detail)
{
    add_fault(batch, file, 0, "", detail);
    batch->complete = false;
}

static void add_input(struct batch *batch, const char *path, const char *name, const char *type,
                      const char *dataset)
{
    struct feed feed;
    batch->report.files++;
    if (!feed_open(&feed, path, name, type, batch->error)) {
        batch->complete = false;
        return;
    }
    batch->inputs = memory_resize(batch->inputs, (batch->input_count + 1) * sizeof *batch->inputs);
    batch->inputs[batch->input_count++] = (struct input){.feed = feed, .dataset = dataset};
}

/* The resource that a file of a data set is named after, hyphens or underscores alike. */
static const struct resource *resource_of_file(struct batch *batch, const char *name)
{
    char *stem = arena_copy(batch->arena, name, strcspn(name, "."));
    for (char *c = stem; *c; c++)
        *c = *c == '_' ? '-' : *c;
    return registry_by_collection(batch->registry, stem);
}

static const char *nearest_collection(struct batch *batch, const char *name)
{
    const char *names[COLLECTION_LIMIT];
    size_t count = 0;
    for (; count < batch->registry->count && count < COLLECTION_LIMIT; count++)
        names[count] = batch->registry->resources[count]->collection;
    return text_nearest(arena_copy(batch->arena, name, strcspn(name, ".")), names, count);
}

static int is_seed(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot &&
           (strcmp(dot, ".json") == 0 || strcmp(dot, ".ndjson") == 0 || strcmp(dot, ".jsonl") == 0);
}

static void add_seed(struct batch *batch, const char *folder, const char *name, const char *dataset)
{
    const char *path = arena_printf(batch->arena, "%s/%s", folder, name);
    const char *shown = arena_printf(batch->arena, "%s%s", batch->prefix, name);
    const struct resource *resource = resource_of_file(batch, name);
    bool lines = strcmp(strrchr(name, '.'), ".json") != 0;
    if (strcmp(name, DATASET_FILE) == 0)
        return;
    if (feed_is_pipe(path)) {
        add_file_fault(batch, name, "This is a pipe; put a file here.");
        return;
    }
    if (resource || lines) {
        add_input(batch, path, shown, resource ? resource->type : NULL, dataset);
        return;
    }
    const char *nearest = nearest_collection(batch, name);
    add_file_fault(
        batch, name,
        nearest
            ? arena_printf(batch->arena,
                           "The file is named after no collection; did you mean %s.json?", nearest)
            : "The file is named after no collection.");
}

static void read_dataset(struct batch *batch, const char *folder, struct dataset *dataset)
{
    struct fault *last = batch->error->faults->last;
    dataset_read(arena_printf(batch->arena, "%s/%s", folder, DATASET_FILE), dataset, batch->error);
    struct fault *fault = last ? last->next : batch->error->faults->first;
    for (; fault; fault = fault->next)
        fault->file = arena_printf(batch->arena, "%s%s", batch->prefix, DATASET_FILE);
}

static void add_folder(struct batch *batch, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_seed, alphasort);
    if (count < 0 || count > FILE_LIMIT) {
        add_file_fault(batch, folder,
                       count < 0 ? "The folder cannot be read." : "The folder has too many files.");
    } else {
        if (batch->path_count > 1)
            batch->prefix = arena_printf(batch->arena, "%s/", folder);
        struct dataset dataset = {0};
        read_dataset(batch, folder, &dataset);
        batch->datasets =
            memory_resize(batch->datasets, (batch->dataset_count + 1) * sizeof *batch->datasets);
        batch->datasets[batch->dataset_count++] = dataset;
        for (int i = 0; i < count; i++)
            add_seed(batch, folder, entries[i]->d_name, dataset.id);
    }
    batch->prefix = "";
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
}

static void add_path(struct batch *batch, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        add_file_fault(batch, path, "There is no such file or folder.");
    else if (S_ISDIR(status.st_mode))
        add_folder(batch, path);
    else
        add_input(batch, path, path, NULL, NULL);
}

/* What a record is: what the file's name says, or its own `type`. NULL where neither does. */
static const struct resource *resource_of_record(const struct batch *batch, const struct feed *feed,
                                                 const json_t *value)
{
    const char *type = json_string_value(json_object_get(value, "type"));
    const char *said = feed->type ? feed->type : type;
    return said ? registry_by_type(batch->registry, said) : NULL;
}

static bool announce(struct batch *batch, const struct feed *feed, const json_t *value)
{
    const struct resource *resource = resource_of_record(batch, feed, value);
    const char *id = json_string_value(json_object_get(value, "id"));
    bool first = true;
    if (!resource)
        error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "/type",
                  "Write the type of the record here, such as \"%s\".",
                  batch->registry->resources[0]->type);
    if (!resource || !id) {
        batch->complete = false;
        return true;
    }
    if (!writer_announce(&batch->writer, resource->type, id, &first, batch->error))
        return false;
    if (!first)
        error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "/id",
                  "There is another %s with the id \"%.100s\" in this batch.", resource->type, id);
    return true;
}

static void count_result(struct batch *batch, const struct draft *draft, enum write_result result)
{
    switch (result) {
    case WRITE_UNCHANGED:
        batch->report.unchanged++;
        break;
    case WRITE_CREATED:
        batch->report.created++;
        break;
    case WRITE_UPDATED:
        batch->report.updated++;
        break;
    case WRITE_KEPT:
        batch->report.kept++;
        if (batch->watcher && batch->watcher->kept)
            batch->watcher->kept(batch->watcher->context, draft->resource->type, draft->id);
        break;
    }
}

/* Whether what went wrong so far is in the records, not in the store. */
static bool is_fault(const struct error *error)
{
    return error->code == ERROR_NONE || error->code == ERROR_INVALID;
}

static bool put(struct batch *batch, const struct input *input, const struct feed_record *record,
                const json_t *value, struct arena *scratch)
{
    const struct resource *resource = resource_of_record(batch, &input->feed, value);
    struct draft draft;
    enum write_result result;
    if (!resource)
        return true;
    bool fit =
        record_check(resource, value, record->text, record->size, scratch, &draft, batch->error);
    batch->writer.origin = input->dataset;
    batch->writer.by =
        input->dataset ? arena_printf(scratch, "seed %s", input->dataset) : WRITER_UNNAMED;
    batch->writer.arena = scratch;
    if (!fit && batch->complete)
        writer_check_links(&batch->writer, &draft, batch->error);
    if (!fit || !batch->complete)
        return is_fault(batch->error);
    if (writer_put(&batch->writer, &draft, &result, batch->error))
        count_result(batch, &draft, result);
    return is_fault(batch->error);
}

enum pass { PASS_ANNOUNCE, PASS_PUT };

/* One record in one pass; false only where the store fails. Faults are placed and collected. */
static bool handle(struct batch *batch, struct input *input, const struct feed_record *record,
                   enum pass pass, struct arena *scratch)
{
    struct faults *faults = batch->error->faults;
    struct fault *last = faults->last;
    size_t before = faults->count;
    struct error found = {0};
    json_t *value = NULL;
    if (record->size > FEED_RECORD_LIMIT)
        error_set(&found, ERROR_INVALID, "The record is larger than a megabyte.");
    else if (*record->text != '{')
        error_set(&found, ERROR_INVALID, "Write an object here.");
    else
        value = json_read(record->text, record->size, NULL, &found);
    bool good = true;
    if (!value) {
        batch->complete = false;
        if (pass == PASS_ANNOUNCE)
            error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "", "%s", found.detail);
    } else if (pass == PASS_ANNOUNCE) {
        good = announce(batch, &input->feed, value);
    } else {
        good = put(batch, input, record, value, scratch);
    }
    json_decref(value);
    if (faults->count > before)
        feed_place_faults(&input->feed, record, faults, last);
    return good;
}

static bool run_pass(struct batch *batch, enum pass pass)
{
    struct arena *scratch = arena_create();
    bool good = true;
    size_t done = 0;
    for (size_t i = 0; i < batch->input_count && good; i++) {
        struct input *input = &batch->inputs[i];
        struct feed_record record;
        feed_rewind(&input->feed);
        while (good && feed_next(&input->feed, &record, scratch)) {
            good = handle(batch, input, &record, pass, scratch);
            done++;
            if (pass == PASS_PUT && batch->watcher && batch->watcher->progress)
                batch->watcher->progress(batch->watcher->context, done, batch->report.records);
            arena_reset(scratch);
        }
    }
    arena_destroy(scratch);
    batch->report.records = done;
    return good;
}

static bool fill_batch(struct batch *batch, struct bulk *bulk)
{
    struct error *error = batch->error;
    bool good = bulk_begin(bulk, error) && run_pass(batch, PASS_ANNOUNCE);
    good = good && run_pass(batch, PASS_PUT);
    for (size_t i = 0; i < batch->dataset_count && good && error->faults->count == 0; i++)
        good = writer_put_dataset(&batch->writer, &batch->datasets[i], error);
    return good && error->faults->count == 0 && bulk_end(bulk, error);
}

static bool write_batch(struct batch *batch, struct store *store)
{
    struct error *error = batch->error;
    struct bulk bulk;
    if (!bulk_prepare(&bulk, store, error))
        return false;
    bool good = writer_begin(&batch->writer, store, batch->registry, batch->arena, error) &&
                fill_batch(batch, &bulk) && writer_commit(&batch->writer, error);
    writer_rollback(&batch->writer);
    bulk_finish(&bulk);
    return good;
}

bool ingest(struct store *store, const struct registry *registry, const char *const *paths,
            size_t count, const struct ingest_watcher *watcher, struct ingest_report *ret,
            struct error *error)
{
    struct batch batch = {
        .arena = error->faults->arena,
        .registry = registry,
        .watcher = watcher,
        .error = error,
        .path_count = count,
        .prefix = "",
        .complete = true,
    };
    for (size_t i = 0; i < count; i++)
        add_path(&batch, paths[i]);
    bool good = write_batch(&batch, store);
    for (size_t i = 0; i < batch.input_count; i++)
        feed_close(&batch.inputs[i].feed);
    free(batch.inputs);
    free(batch.datasets);
    if (good)
        *ret = batch.report;
    return good;
}
