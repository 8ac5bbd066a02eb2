#include "edit.h"

#include <stdio.h>
#include <string.h>

#include "bilateral/http/reply.h"
#include "bilateral/json/patch.h"
#include "bilateral/resource/delete.h"
#include "bilateral/resource/detail.h"
#include "bilateral/resource/history.h"
#include "bilateral/resource/merge.h"
#include "identity.h"

static const char RECALL[] =
    "SELECT digest, record_type, record_id, revision, status\n"
    "FROM answered\n"
    "WHERE by = ?1 AND key = ?2";

static const char REMEMBER[] =
    "INSERT INTO answered (by, key, digest, record_type, record_id, revision, status, at)\n"
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

static const char FORGET[] =
    "DELETE FROM answered\n"
    "WHERE at < ?1";

/* ---- preconditions ---- */

/* The one place where tags are compared (RFC 9110, 13.1.1 and 13.1.2). */
static bool check_conditions(const struct edit *edit, struct writer *writer,
                             const struct stored *stored, struct error *error)
{
    const char *etag = snapshot_etag_of(writer->store_id, stored->revision, writer->arena);
    if (edit->if_none_match && reply_etag_matches(edit->if_none_match, etag, true))
        return error_set(error, ERROR_PRECONDITION_FAILED, "There is a %s \"%.100s\" already.",
                         edit->resource->type, edit->id);
    if (!edit->if_match)
        return error_set(error, ERROR_PRECONDITION_REQUIRED,
                         "Send the ETag of the %s as If-Match, or `*` for whatever it is.",
                         edit->resource->type);
    return reply_etag_matches(edit->if_match, etag, false) ||
           error_set(error, ERROR_PRECONDITION_FAILED,
                     "The %s \"%.100s\" was changed meanwhile; its ETag is %s now.",
                     edit->resource->type, edit->id, etag);
}

/* 404 or 410, worded as when the record is read. */
static bool explain_missing(struct writer *writer, const struct resource *resource, const char *id,
                            struct error *error)
{
    const struct snapshot snapshot = {
        .store = writer->store, .registry = writer->registry, .arena = writer->arena};
    return detail_exists(&snapshot, resource, id, error);
}

/* The record of the address, which must be live and as the request expects it. Where it was merged
 * into another, *ret_moved is set and nothing more shall be done. */
static bool find_live(struct edit *edit, struct writer *writer, struct stored *ret, bool *ret_moved,
                      struct error *error)
{
    *ret_moved = false;
    if (!writer_find(writer, edit->resource, edit->id, ret, error))
        return false;
    if (ret->merged_into && edit->kind != EDIT_MERGE) {
        edit->status = 308;
        edit->merged_into = ret->merged_into;
        *ret_moved = true;
        return true;
    }
    if (!ret->live)
        return explain_missing(writer, edit->resource, edit->id, error);
    return check_conditions(edit, writer, ret, error);
}

/* ---- bodies ---- */

/* The id in the body may be left out where the address has it, and may not differ from it. */
static void settle_id(struct edit *edit, json_t *value, struct error *error)
{
    const json_t *id = json_object_get(value, "id");
    const char *text = json_string_value(id);
    if (id && (!text || strcmp(text, edit->id) != 0))
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/id",
                  "The address says \"%.100s\"; write that, or leave it out.", edit->id);
    if (json_is_object(value))
        json_object_set_new(value, "id", json_string(edit->id));
}

/*
 * What the store itself adds may stand in a body as it was served: in the state whose revision the
 * body names, so that what was read can be sent back, and an old state be restored. It is taken out
 * here, and whatever is left is refused.
 */
static bool drop_served(struct edit *edit, struct writer *writer, const struct stored *stored,
                        json_t *value, struct error *error)
{
    const json_t *revision = json_object_get(value, "revision");
    struct moment moment = {.revision = json_is_integer(revision) ? json_integer_value(revision)
                                                                  : stored->revision};
    struct history_state state;
    struct error ignored = {0};
    if (!stored->exists || !history_find(writer->store, edit->resource, edit->id, &moment,
                                         writer->arena, &state, &ignored))
        return ignored.code == ERROR_NONE || ignored.code == ERROR_NOT_FOUND ||
               error_pass(error, &ignored);
    json_t *served = state.text ? json_read(state.text, state.size, NULL, error) : NULL;
    const struct field *field = RESOURCE_COMMON_FIELDS;
    for (; served && field->name; field++) {
        json_t *own = json_object_get(value, field->name);
        if (field->flags & FIELD_READ_ONLY && own &&
            json_equal(own, json_object_get(served, field->name)))
            json_object_del(value, field->name);
    }
    json_decref(served);
    return error->code == ERROR_NONE || error->faults->count > 0;
}

/* For the checks: names whose members the patch takes away are there, as null; what follows from
 * dates, and what the store adds, is there only if it was sent. */
static void settle_patched(const struct edit *edit, json_t *value)
{
    const char *name;
    json_t *sent;
    json_object_foreach(edit->body, name, sent)
    {
        if (json_is_null(sent))
            json_object_set(value, name, sent);
    }
    for (const struct field *field = edit->resource->fields; field->name; field++) {
        name = arena_printf(edit->arena, "%s_precision", field->name);
        if (field->type == FIELD_DATE && !json_object_get(edit->body, name))
            json_object_del(value, name);
    }
    for (const struct field *field = RESOURCE_COMMON_FIELDS; field->name; field++) {
        if (field->flags & FIELD_READ_ONLY && !json_object_get(edit->body, field->name))
            json_object_del(value, field->name);
    }
}

/* ---- what a write does ---- */

/* Sets what there is to show of a record now. */
static void show(struct edit *edit, struct writer *writer, const char *id, int status,
                 const struct stored *stored)
{
    edit->status = status;
    edit->record_id = arena_strdup(writer->arena, id);
    edit->etag = snapshot_etag_of(writer->store_id, stored->revision, writer->arena);
    edit->record = stored->text;
    edit->record_size = stored->size;
}

/* All faults of the body at once: its own, and references that lead nowhere. Nothing is written
 * where the status is to be 409. */
static bool put(struct edit *edit, struct writer *writer, const json_t *value, const char *text,
                size_t size, int status, struct error *error)
{
    struct draft draft;
    struct stored stored;
    enum write_result result;
    record_check(edit->resource, value, text, size, writer->arena, &draft, error);
    if (error->faults->count > 0 || status == 409) {
        writer_check_links(writer, &draft, error);
        return false;
    }
    if (!writer_put(writer, &draft, &result, &stored, error))
        return false;
    show(edit, writer, draft.id, status, &stored);
    return true;
}

/* An id of its own, or one that is made; false only where the store fails. */
static bool give_id(struct edit *edit, struct writer *writer, json_t *value, struct error *error)
{
    const json_t *label = json_object_get(value, edit->resource->label);
    if (!json_is_object(value) || json_object_get(value, "id"))
        return true;
    const char *id = identity_make(writer, edit->resource, value, error);
    if (!id && error->code == ERROR_NONE && json_is_string(label))
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/id",
                  "No id can be made of this record; give one.");
    else if (!id && error->code != ERROR_NONE)
        return false;
    json_object_set_new(value, "id", json_string(id ? id : "new"));
    return true;
}

static bool create(struct edit *edit, struct writer *writer, struct error *error)
{
    struct stored stored = {0};
    json_t *value = json_deep_copy(edit->body);
    const char *given = json_string_value(json_object_get(value, "id"));
    bool good = (!given || writer_find(writer, edit->resource, given, &stored, error)) &&
                give_id(edit, writer, value, error) &&
                put(edit, writer, value, edit->text, edit->size, stored.exists ? 409 : 201, error);
    if (stored.exists && error->code == ERROR_NONE)
        error_set(error, ERROR_CONFLICT, "There is or was a %s with the id \"%.100s\".",
                  edit->resource->type, given);
    json_decref(value);
    return good;
}

static bool replace(struct edit *edit, struct writer *writer, struct error *error)
{
    struct stored stored;
    bool moved = false;
    if (!writer_find(writer, edit->resource, edit->id, &stored, error))
        return false;
    if (stored.live || stored.merged_into) {
        if (!find_live(edit, writer, &stored, &moved, error) || moved)
            return moved;
    } else if (edit->if_match) {
        return error_set(error, ERROR_PRECONDITION_FAILED, "There is no %s \"%.100s\" now.",
                         edit->resource->type, edit->id);
    }
    json_t *value = json_deep_copy(edit->body);
    settle_id(edit, value, error);
    bool good = drop_served(edit, writer, &stored, value, error) &&
                put(edit, writer, value, edit->text, edit->size, stored.live ? 200 : 201, error);
    json_decref(value);
    return good;
}

static bool patch(struct edit *edit, struct writer *writer, struct error *error)
{
    struct stored stored;
    struct buffer merged = {0};
    bool moved;
    if (!find_live(edit, writer, &stored, &moved, error) || moved)
        return moved;
    if (!json_is_object(edit->body)) {
        error_add(error, ERROR_INVALID, FAULT_POINTER, "", "Found %s; write an object.",
                  json_kind(edit->body));
        return false;
    }
    if (!record_check_width(edit->body, "", error))
        return false;
    json_merge(stored.text, stored.size, edit->text, edit->size, &merged);
    json_t *value = json_read(merged.data, merged.size, NULL, error);
    bool good = value;
    if (good) {
        settle_patched(edit, value);
        settle_id(edit, value, error);
        good = drop_served(edit, writer, &stored, value, error) &&
               put(edit, writer, value, merged.data, merged.size, 200, error);
    }
    json_decref(value);
    buffer_finish(&merged);
    return good;
}

static bool delete (struct edit *edit, struct writer *writer, struct error *error)
{
    struct stored stored;
    bool moved;
    if (!find_live(edit, writer, &stored, &moved, error) || moved)
        return moved;
    edit->status = 204;
    return writer_delete(writer, edit->resource, edit->id, NULL, error);
}

/* The id to merge into; NULL with faults. */
static const char *read_into(struct edit *edit, struct error *error)
{
    const char *name, *into = json_string_value(json_object_get(edit->body, "into"));
    json_t *value;
    json_object_foreach(edit->body, name, value)
    {
        if (strcmp(name, "into") != 0)
            error_add(error, ERROR_INVALID, FAULT_POINTER, "",
                      "Found \"%.60s\"; the only member is \"into\".", name);
    }
    if (!into)
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/into",
                  "Write the id of the %s that this one goes into.", edit->resource->type);
    else if (strcmp(into, edit->id) == 0)
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/into", "A record cannot go into itself.");
    return error->code == ERROR_NONE ? into : NULL;
}

static bool merge(struct edit *edit, struct writer *writer, struct error *error)
{
    struct stored stored, target;
    bool moved;
    if (!find_live(edit, writer, &stored, &moved, error))
        return false;
    const char *into = read_into(edit, error);
    if (!into || !writer_find(writer, edit->resource, into, &target, error))
        return false;
    if (!target.live) {
        error_add(error, ERROR_INVALID, FAULT_POINTER, "/into",
                  "There is no %s with the id \"%.100s\".", edit->resource->type, into);
        return false;
    }
    if (!writer_merge(writer, edit->resource, edit->id, into, error) ||
        !writer_find(writer, edit->resource, into, &target, error))
        return false;
    show(edit, writer, into, 200, &target);
    return true;
}

/* ---- repeated requests ---- */

/* Whether the key was answered before: then this is the answer again, as the record was then. */
static bool recall(struct edit *edit, struct writer *writer, bool *ret_answered,
                   struct error *error)
{
    struct statement *find = store_prepare_texts(writer->store, RECALL, error, edit->by, edit->key);
    if (!statement_step(find, ret_answered, error) || !*ret_answered)
        return error->code == ERROR_NONE;
    if (strcmp(statement_text(find, 0), edit->digest) != 0) {
        error_add(error, ERROR_INVALID, FAULT_HEADER, "Idempotency-Key",
                  "This key came with another request before; take a new one.");
        return false;
    }
    const struct resource *resource = registry_by_type(writer->registry, statement_text(find, 1));
    const struct moment moment = {.revision = statement_integer(find, 3)};
    struct history_state state;
    edit->record_id = arena_strdup(writer->arena, statement_text(find, 2));
    edit->status = (int)statement_integer(find, 4);
    statement_reset(find);
    if (!history_find(writer->store, resource, edit->record_id, &moment, writer->arena, &state,
                      error))
        return false;
    edit->etag = snapshot_etag_of(writer->store_id, moment.revision, writer->arena);
    edit->record = state.text;
    edit->record_size = state.size;
    return true;
}

/* Answers are kept for a day. */
static bool forget_old(struct writer *writer, struct error *error)
{
    char limit[DATE_TIMESTAMP_SIZE], day[DATE_DAY_SIZE];
    snprintf(day, sizeof day, "%.10s", writer->now);
    date_add_days(day, -1, limit);
    snprintf(limit + strlen(limit), sizeof limit - strlen(limit), "%s", writer->now + strlen(day));
    return store_run_texts(writer->store, FORGET, error, limit);
}

static bool remember(const struct edit *edit, struct writer *writer, struct error *error)
{
    struct stored stored;
    struct statement *keep;
    if (!writer_find(writer, edit->resource, edit->record_id, &stored, error) ||
        !forget_old(writer, error) || !(keep = store_prepare(writer->store, REMEMBER, error)))
        return false;
    statement_bind_texts(keep, edit->by, edit->key, edit->digest, edit->resource->type,
                         edit->record_id);
    statement_bind_integer(keep, 6, stored.revision);
    statement_bind_integer(keep, 7, edit->status);
    statement_bind_text(keep, 8, writer->now);
    return statement_run(keep, error);
}

/* ---- the job ---- */

bool edit_run(struct job *job, struct writer *writer, struct error *error)
{
    static bool (*const STEPS[])(struct edit *, struct writer *, struct error *) = {
        [EDIT_CREATE] = create, [EDIT_REPLACE] = replace, [EDIT_PATCH] = patch,
        [EDIT_DELETE] = delete, [EDIT_MERGE] = merge,
    };
    _Static_assert(sizeof STEPS / sizeof *STEPS == EDIT_KIND_COUNT, "a step for each kind");
    struct edit *edit = (struct edit *)(void *)job;
    bool answered = false, noted = false;
    edit->faults = (struct faults){.arena = edit->arena, .limit = edit->faults.limit};
    edit->merged_into = edit->record = edit->etag = NULL;
    writer->arena = edit->arena;
    writer->by = edit->by;
    if (edit->key && !recall(edit, writer, &answered, error))
        return false;
    if (!answered &&
        (!STEPS[edit->kind](edit, writer, error) || (edit->key && !remember(edit, writer, error))))
        return false;
    if (writer->noted && strcmp(writer->noted, edit->by) == 0)
        return true;
    if (!token_touch(writer->store, edit->by, writer->now, &noted, error))
        return false;
    writer->noted = edit->by;
    writer->commits = writer->commits || noted;
    return true;
}

void edit_release(struct job *job)
{
    struct edit *edit = (struct edit *)(void *)job;
    json_decref(edit->body);
    arena_destroy(edit->arena);
}
