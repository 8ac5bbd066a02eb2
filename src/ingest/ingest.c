#include "bilateral/ingest/ingest.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "batch.h"
#include "bilateral/base/text.h"
#include "bilateral/store/bulk.h"

enum { FILE_LIMIT = 1000, COLLECTION_LIMIT = 64 };

static const char DATASET_FILE[] = "dataset.json"; /* in each folder of seeds */

/* Of a file that cannot be read: what is missing from the batch now proves nothing. */
static void add_file_fault(struct batch *batch, const char *file, const char *detail)
{
    struct fault *fault = error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "", "%s", detail);
    if (fault)
        fault->file = arena_printf(batch->arena, "%s%s", batch->prefix, file);
    batch->complete = false;
}

static struct input *new_input(struct batch *batch, const char *dataset)
{
    batch->report.files++;
    batch->inputs = memory_resize(batch->inputs, (batch->input_count + 1) * sizeof *batch->inputs);
    struct input *input = &batch->inputs[batch->input_count++];
    *input = (struct input){.dataset = dataset};
    return input;
}

static void add_input(struct batch *batch, const char *path, const char *name, const char *type,
                      const char *dataset)
{
    struct feed feed;
    if (feed_open(&feed, path, name, type, batch->error)) {
        new_input(batch, dataset)->feed = feed;
    } else {
        batch->report.files++;
        batch->complete = false;
    }
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

static void add_folder(struct batch *batch, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_seed, alphasort);
    if (count < 0 || count > FILE_LIMIT) {
        add_file_fault(batch, folder,
                       count < 0 ? "The folder cannot be read." : "The folder has too many files.");
    } else {
        if (batch->order->count > 1)
            batch->prefix = arena_printf(batch->arena, "%s/", folder);
        struct dataset dataset = {0};
        dataset_read(arena_printf(batch->arena, "%s/%s", folder, DATASET_FILE),
                     arena_printf(batch->arena, "%s%s", batch->prefix, DATASET_FILE),
                     batch->datasets, batch->dataset_count, &dataset, batch->error);
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

/* Room for the pages that a long batch comes back to: without it each is written again and again. Sorting
 * for an index may take the same once more. */
static const char TAKE_ROOM[] =
    "PRAGMA main.cache_size = -16384;"
    "PRAGMA temp.cache_size = -4096;";
static const char GIVE_ROOM_BACK[] =
    "PRAGMA main.cache_size = -2000;"
    "PRAGMA temp.cache_size = -2000;"
    "PRAGMA shrink_memory;";

static bool fill_batch(struct batch *batch, struct bulk *bulk)
{
    struct error *error = batch->error;
    bool good = bulk_begin(bulk, error) && batch_pass(batch, PASS_ANNOUNCE) &&
                batch_pass(batch, PASS_PUT) && bulk_end(bulk, error) &&
                (!batch->writer.suspects || batch_pass(batch, PASS_CIRCLES)) &&
                (!batch->deletes || batch_pass(batch, PASS_DELETE));
    for (size_t i = 0; i < batch->dataset_count && good && error->faults->count == 0; i++)
        good = writer_put_dataset(&batch->writer, &batch->datasets[i], error);
    batch->report.revision = batch->writer.committed - (batch->writer.changes == 0);
    return good && error->faults->count == 0;
}

static bool write_batch(struct batch *batch, struct store *store)
{
    struct error *error = batch->error;
    struct bulk bulk;
    if (!bulk_prepare(&bulk, store, error))
        return false;
    batch->again = false;
    batch->report = (struct ingest_report){.files = batch->report.files};
    bool good = writer_begin(&batch->writer, store, batch->registry, batch->arena, error) &&
                fill_batch(batch, &bulk) &&
                (batch->again || batch->order->dry_run || writer_commit(&batch->writer, error));
    writer_rollback(&batch->writer);
    bulk_finish(&bulk);
    return good && batch->again ? write_batch(batch, store) : good;
}

bool ingest(struct store *store, const struct registry *registry, const struct ingest_order *order,
            struct ingest_report *ret, struct error *error)
{
    struct batch batch = {
        .arena = error->faults->arena,
        .registry = registry,
        .order = order,
        .error = error,
        .prefix = "",
        .complete = true,
        .held = json_object(),
    };
    for (size_t i = 0; i < order->count; i++)
        add_path(&batch, order->paths[i]);
    if (order->lines)
        feed_open_lines(&new_input(&batch, NULL)->feed, order->lines, "-");
    bool good = store_run_script(store, TAKE_ROOM, error) && write_batch(&batch, store);
    struct error ignored = {0};
    store_run_script(store, GIVE_ROOM_BACK, &ignored);
    for (size_t i = 0; i < batch.input_count; i++)
        feed_close(&batch.inputs[i].feed);
    free(batch.inputs);
    free(batch.datasets);
    json_decref(batch.held);
    if (good)
        *ret = batch.report;
    return good;
}
