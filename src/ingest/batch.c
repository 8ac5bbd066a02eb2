#include "batch.h"

#include <string.h>

#include "bilateral/json/read.h"
#include "bilateral/resource/circle.h"
#include "bilateral/resource/delete.h"
#include "bilateral/resource/kind.h"

/* Of an exported record: a first line that says where it is from. It is no record. */
static const char HEADER_TYPE[] = "dataset";

/* What the passes need to know of a record before it is read; NULL where it does not say so. */
struct glance {
    const char *type;
    const char *id;
    bool deletes;
    bool escaped; /* some of it is written with escapes, and must be read */
};

static const char *plain_text(const struct json_walk *walk, struct arena *arena)
{
    const char *value = walk->value;
    size_t size = walk->value_size;
    bool plain = size > 2 && *value == '"' && value[size - 1] == '"' && !memchr(value, '\\', size);
    return plain ? arena_copy(arena, value + 1, size - 2) : NULL;
}

static bool is_key(const struct json_walk *walk, const char *name)
{
    return walk->key_size == strlen(name) && memcmp(walk->key, name, walk->key_size) == 0;
}

/* Looks without reading, which is ten times as fast. The text may be no JSON at all. */
static struct glance scan(const struct feed_record *record, struct arena *arena)
{
    struct glance glance = {0};
    struct json_walk walk = json_walk(record->text, record->size);
    while (walk.object && json_walk_next(&walk)) {
        bool is_id = is_key(&walk, "id"), is_type = is_key(&walk, "type");
        if (is_id)
            glance.id = plain_text(&walk, arena);
        else if (is_type)
            glance.type = plain_text(&walk, arena);
        else if (is_key(&walk, "deleted"))
            glance.deletes = walk.value_size == 4 && memcmp(walk.value, "true", 4) == 0;
        glance.escaped = glance.escaped || memchr(walk.key, '\\', walk.key_size) ||
                         ((is_id || is_type) && memchr(walk.value, '\\', walk.value_size));
    }
    return glance;
}

/* Every pass looks in the same way: what one announced, another shall not miss. */
static struct glance glance_at(const struct feed_record *record, struct arena *arena)
{
    struct error ignored = {0};
    struct glance glance = scan(record, arena);
    if (!glance.escaped)
        return glance;
    json_t *value = json_read(record->text, record->size, NULL, &ignored);
    const char *type = json_string_value(json_object_get(value, "type"));
    const char *id = json_string_value(json_object_get(value, "id"));
    glance.type = type ? arena_strdup(arena, type) : NULL;
    glance.id = id ? arena_strdup(arena, id) : NULL;
    glance.deletes = json_is_true(json_object_get(value, "deleted"));
    json_decref(value);
    return glance;
}

static bool is_header(const struct input *input, const char *type)
{
    return !input->dataset && !input->feed.type && type && strcmp(type, HEADER_TYPE) == 0;
}

static bool deletes(const struct input *input, const struct glance *glance)
{
    return glance->deletes && !input->dataset;
}

/* What a record is: what the file's name says, or its own `type`. NULL where neither does. */
static const struct resource *resource_of(const struct batch *batch, const struct input *input,
                                          const char *type)
{
    const char *said = input->feed.type ? input->feed.type : type;
    return said ? registry_by_type(batch->registry, said) : NULL;
}

static bool announce(struct batch *batch, const struct input *input,
                     const struct feed_record *record, struct arena *scratch)
{
    struct error ignored = {0};
    struct glance glance = glance_at(record, scratch);
    bool first = true;
    if (is_header(input, glance.type))
        return true;
    batch->report.records++;
    batch->deletes = batch->deletes || deletes(input, &glance);
    const struct resource *resource = resource_of(batch, input, glance.type);
    if (!feed_check(&input->feed, record, &ignored) || !resource || !glance.id) {
        batch->complete = false;
        return true;
    }
    if (deletes(input, &glance))
        return true;
    if (!writer_announce(&batch->writer, resource->type, glance.id, &first, batch->error))
        return false;
    if (!first)
        error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "/id",
                  "There is another %s with the id \"%.100s\" in this batch.", resource->type,
                  glance.id);
    return true;
}

static void count_result(struct batch *batch, const struct draft *draft, enum write_result result)
{
    const struct ingest_watcher *watcher = batch->order->watcher;
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
        if (watcher && watcher->kept && (batch->writer.holds || json_object_size(batch->held) == 0))
            watcher->kept(watcher->context, draft->resource->type, draft->id);
        break;
    }
}

/* Whether what went wrong so far is in the records, not in the store. */
static bool is_fault(const struct error *error)
{
    return error->code == ERROR_NONE || error->code == ERROR_INVALID;
}

static bool type_is_missing(struct batch *batch)
{
    error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "/type",
              "Write the type of the record here, such as \"%s\".",
              batch->registry->resources[0]->type);
    return true;
}

/* What shall go must be named; the rest of its line does not matter. */
static bool check_deletion(struct batch *batch, const struct input *input,
                           const struct glance *glance)
{
    if (!resource_of(batch, input, glance->type))
        type_is_missing(batch);
    if (!glance->id)
        error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "/id", "Write the id here.");
    return true;
}

static const char *name_held(const char *type, const char *id, struct arena *arena)
{
    return arena_printf(arena, "%s/%s", type, id);
}

static bool put_value(struct batch *batch, const struct input *input,
                      const struct feed_record *record, json_t *value, struct arena *scratch)
{
    const char *type = json_string_value(json_object_get(value, "type"));
    const struct resource *resource = resource_of(batch, input, type);
    struct draft draft;
    enum write_result result;
    if (!resource)
        return type_is_missing(batch);
    if (!input->dataset)
        record_strip(value); /* an export tells of the store it came from, not of this one */
    bool fit =
        record_check(resource, value, record->text, record->size, scratch, &draft, batch->error);
    if (!fit && batch->complete)
        writer_check_links(&batch->writer, &draft, batch->error);
    if (!fit || !batch->complete)
        return is_fault(batch->error);
    batch->writer.holds =
        json_object_get(batch->held, name_held(resource->type, draft.id, scratch));
    if (writer_put(&batch->writer, &draft, &result, NULL, batch->error))
        count_result(batch, &draft, result);
    return is_fault(batch->error);
}

static bool put(struct batch *batch, const struct input *input, const struct feed_record *record,
                struct arena *scratch)
{
    struct error found = {0};
    struct glance glance = glance_at(record, scratch);
    json_t *value = feed_check(&input->feed, record, &found)
                        ? json_read(record->text, record->size, NULL, &found)
                        : NULL;
    bool good = true;
    if (!value)
        error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "", "%s", found.detail);
    else if (deletes(input, &glance))
        good = check_deletion(batch, input, &glance);
    else if (!is_header(input, glance.type))
        good = put_value(batch, input, record, value, scratch);
    json_decref(value);
    return good;
}

/* Whatever else is wrong with a record was told when it was to be put. What a seed makes wrong together
 * with what a user wrote keeps only that seed back. */
static bool look_again(struct batch *batch, const struct input *input,
                       const struct feed_record *record, struct arena *scratch)
{
    struct glance glance = glance_at(record, scratch);
    const struct resource *resource = resource_of(batch, input, glance.type);
    struct faults told = {.arena = scratch};
    struct error ignored = {.faults = &told};
    struct draft draft;
    struct stored stored;
    if (!resource || !glance.id || deletes(input, &glance))
        return true;
    if (!writer_look(&batch->writer, resource->type, glance.id, &stored, batch->error))
        return false;
    if (!stored.written)
        return true;
    json_t *value = json_read(record->text, record->size, NULL, &ignored);
    record_check(resource, value, record->text, record->size, scratch, &draft, &ignored);
    batch->writer.holds = input->dataset && stored.revision > 1;
    batch->writer.collides = false;
    if (kind_check(&batch->writer, &draft, batch->error) &&
        circle_check(&batch->writer, &draft, batch->error) && batch->writer.collides) {
        batch->again = true;
        json_object_set_new(batch->held, name_held(resource->type, glance.id, scratch),
                            json_true());
    }
    json_decref(value);
    return is_fault(batch->error);
}

/* What is not there, or not any more, is gone already. */
static bool delete (struct batch *batch, const struct input *input,
                    const struct feed_record *record, struct arena *scratch)
{
    struct error found = {.faults = batch->error->faults};
    struct glance glance = glance_at(record, scratch);
    const struct resource *resource = resource_of(batch, input, glance.type);
    struct stored stored;
    if (!deletes(input, &glance) || !batch->complete)
        return true;
    if (!writer_find(&batch->writer, resource, glance.id, &stored, batch->error))
        return false;
    if (!stored.live) {
        batch->report.unchanged++;
        return true;
    }
    if (writer_delete(&batch->writer, resource, glance.id, NULL, &found))
        batch->report.deleted++;
    else
        error_set(batch->error, found.code == ERROR_CONFLICT ? ERROR_INVALID : found.code, "%s",
                  found.detail);
    return is_fault(batch->error);
}

typedef bool pass_step(struct batch *batch, const struct input *input,
                       const struct feed_record *record, struct arena *scratch);

static pass_step *const STEPS[] = {
    [PASS_ANNOUNCE] = announce,
    [PASS_PUT] = put,
    [PASS_CIRCLES] = look_again,
    [PASS_DELETE] = delete,
};

/* One record in one pass; false only where the store fails. Faults are placed and collected. */
static bool handle(struct batch *batch, struct input *input, const struct feed_record *record,
                   enum pass pass, struct arena *scratch)
{
    struct faults *faults = batch->error->faults;
    struct fault *last = faults->last;
    size_t before = faults->count;
    batch->writer.arena = scratch;
    batch->writer.origin = input->dataset;
    batch->writer.by = input->dataset     ? arena_printf(scratch, "seed %s", input->dataset)
                       : batch->order->by ? batch->order->by
                                          : WRITER_UNNAMED;
    bool good = STEPS[pass](batch, input, record, scratch);
    if (faults->count > before)
        feed_place_faults(&input->feed, record, faults, last);
    return good;
}

/* A file that broke off is not what somebody meant to bring. */
static void check_end(struct batch *batch, const struct input *input)
{
    if (!input->feed.lines.failure)
        return;
    batch->complete = false;
    struct fault *fault =
        error_add(batch->error, ERROR_INVALID, FAULT_POINTER, "", "The file cannot be read: %s.",
                  strerror(input->feed.lines.failure));
    if (fault)
        fault->file = arena_strdup(batch->arena, input->feed.name);
}

static bool stops(struct batch *batch)
{
    const atomic_bool *stops = batch->order->stops;
    if (!stops || !atomic_load(stops))
        return false;
    error_set(batch->error, ERROR_UNAVAILABLE, "The server is about to end; try again later.");
    return true;
}

bool batch_pass(struct batch *batch, enum pass pass)
{
    const struct ingest_watcher *watcher = batch->order->watcher;
    struct arena *scratch = arena_create();
    bool good = true;
    size_t done = 0;
    batch->writer.circles = pass == PASS_CIRCLES ? CIRCLES_AGAIN : CIRCLES_LATER;
    for (size_t i = 0; i < batch->input_count && good; i++) {
        struct input *input = &batch->inputs[i];
        struct feed_record record;
        feed_rewind(&input->feed);
        while (good && feed_next(&input->feed, &record, scratch)) {
            good = !stops(batch) && handle(batch, input, &record, pass, scratch);
            done++;
            if (pass == PASS_PUT && watcher && watcher->progress)
                watcher->progress(watcher->context, done, batch->report.records);
            arena_reset(scratch);
        }
        if (pass == PASS_ANNOUNCE)
            check_end(batch, input);
    }
    arena_destroy(scratch);
    return good;
}
