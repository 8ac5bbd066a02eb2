#include "bilateral/resource/detail.h"

#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/resource/embed.h"
#include "bilateral/resource/history.h"
#include "bilateral/resource/list.h"
#include "bilateral/resource/members.h"

enum { NEAREST_LIMIT = 2000 };

static const char FIND_ENTRY[] =
    "SELECT state, merged_into\n"
    "FROM record\n"
    "WHERE type = ?1 AND id = ?2";

/* A typing error seldom is in the first letter; so a few thousand ids are looked at, not all. */
static const char FIND_NEIGHBOURS[] =
    "SELECT id\n"
    "FROM record\n"
    "WHERE type = ?1 AND state = 'live'\n"
    "    AND id >= ?2 AND id < ?3\n"
    "ORDER BY id\n"
    "LIMIT ?4";

const char *detail_nearest(const struct snapshot *snapshot, const char *type, const char *id,
                           struct error *error)
{
    struct statement *find = store_prepare(snapshot->store, FIND_NEIGHBOURS, error);
    char first[2] = {id[0], '\0'}, behind[2] = {(char)(id[0] + 1), '\0'};
    statement_bind_texts(find, type, first, behind);
    statement_bind_integer(find, 4, NEAREST_LIMIT);
    const char **ids = arena_alloc(snapshot->arena, NEAREST_LIMIT * sizeof *ids);
    size_t count = 0;
    bool row;
    while (statement_step(find, &row, error) && row)
        ids[count++] = arena_strdup(snapshot->arena, statement_text(find, 0));
    return text_nearest(id, ids, count);
}

/* Why a record is not there, as an error; *ret_merged is the record it went into, or NULL. */
static bool explain(const struct snapshot *snapshot, const struct resource *resource,
                    const char *id, const char **ret_merged, struct error *error)
{
    bool row;
    struct statement *find =
        store_prepare_texts(snapshot->store, FIND_ENTRY, error, resource->type, id);
    if (!statement_step(find, &row, error))
        return false;
    const char *merged = row && !statement_is_null(find, 1)
                             ? arena_strdup(snapshot->arena, statement_text(find, 1))
                             : NULL;
    statement_reset(find);
    *ret_merged = merged;
    if (row)
        return error_set(error, ERROR_GONE, "The %s \"%.100s\" was %s.", resource->type, id,
                         merged ? "merged into another" : "deleted");
    const char *nearest = detail_nearest(snapshot, resource->type, id, error);
    return error_set(error, ERROR_NOT_FOUND,
                     nearest ? "There is no %s with the id \"%.100s\"; did you mean \"%s\"?"
                             : "There is no %s with the id \"%.100s\".",
                     resource->type, id, nearest);
}

bool detail_exists(const struct snapshot *snapshot, const struct resource *resource, const char *id,
                   struct error *error)
{
    bool row;
    const char *merged;
    struct statement *find = record_find(snapshot->store, resource, id, &row, error);
    if (!find)
        return false;
    statement_reset(find);
    return row || explain(snapshot, resource, id, &merged, error);
}

static bool redirect(const struct resource *resource, const char *merged,
                     const struct request *request, struct reply *reply, struct error *error)
{
    size_t base = strlen(request->target) - strlen(strstr(request->target, "/v1/"));
    const char *extension = request->extension;
    *error = (struct error){.faults = error->faults};
    reply_redirect(reply, 308,
                   arena_printf(request->arena, "%.*s/v1/%s/%s%s%s", (int)base, request->target,
                                resource->collection, merged, extension ? "." : "",
                                extension ? extension : ""));
    return true;
}

const char *const DETAIL_PARAMETERS[] = {"fields", "include", "as_of", NULL};

/* Which members of the record are wanted, and what shall be embedded in it. */
struct wish {
    const char **fields;
    size_t field_count;
    struct includes includes;
    const char *as_of; /* NULL: as it is */
};

static bool read_wish(const struct snapshot *snapshot, const struct resource *resource,
                      const struct request *request, struct wish *ret, struct error *error)
{
    const char *fields = request_parameter(request, "fields");
    const char *include = request_parameter(request, "include");
    *ret = (struct wish){0};
    if (!query_allow_only(request, DETAIL_PARAMETERS, error))
        return false;
    ret->as_of = request_parameter(request, "as_of");
    if (ret->as_of && include)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "include",
                  "What a record embeds is known as it is now only; leave it out, or as_of.");
    if (fields)
        ret->fields = members_parse(resource, fields, snapshot->arena, &ret->field_count, error);
    if (include)
        include_parse(resource, snapshot->registry, include, snapshot->arena, &ret->includes,
                      error);
    return error->code == ERROR_NONE;
}

static bool put_record(const struct snapshot *snapshot, const struct resource *resource,
                       const char *id, const struct wish *wish, struct statement *find,
                       struct buffer *json, struct error *error)
{
    struct embed_set *set;
    const struct embed_row row = {
        .id = id,
        .text = statement_bytes(find, 0),
        .size = statement_size(find, 0),
    };
    if (wish->includes.count == 0) {
        members_put(wish->fields, wish->field_count, row.text, row.size, json);
        return true;
    }
    if (!embed_load(snapshot, resource, &wish->includes, &row, 1, &set, error))
        return false;
    embed_put(set, &row, wish->fields, wish->field_count, json);
    return true;
}

/* A record as it was. What it is now, or whether it is at all, does not matter. */
static bool answer_as_of(const struct snapshot *snapshot, const struct resource *resource,
                         const char *id, const struct wish *wish, struct reply *reply,
                         struct error *error)
{
    struct moment moment;
    struct history_state state;
    if (!moment_parse("as_of", wish->as_of, &moment, error) ||
        !history_find(snapshot->store, resource, id, &moment, snapshot->arena, &state, error))
        return false;
    if (!state.text)
        return error_set(error, ERROR_GONE, "The %s \"%.100s\" was deleted by then.",
                         resource->type, id);
    members_put(wish->fields, wish->field_count, state.text, state.size, &reply->body);
    buffer_putc(&reply->body, '\n');
    list_cacheable(snapshot, reply);
    reply->content_type = "application/json";
    reply->etag = snapshot_record_etag(snapshot, state.revision);
    reply->last_modified = snapshot_http_date(state.at, snapshot->arena);
    return true;
}

bool detail_answer(const struct snapshot *snapshot, const struct resource *resource, const char *id,
                   const struct request *request, struct reply *reply, struct error *error)
{
    struct wish wish;
    if (!read_wish(snapshot, resource, request, &wish, error))
        return false;
    bool row;
    const char *merged = NULL;
    if (wish.as_of)
        return answer_as_of(snapshot, resource, id, &wish, reply, error);
    struct statement *find = record_find(snapshot->store, resource, id, &row, error);
    if (!find)
        return false;
    if (!row) {
        explain(snapshot, resource, id, &merged, error);
        return merged && redirect(resource, merged, request, reply, error);
    }
    if (!put_record(snapshot, resource, id, &wish, find, &reply->body, error))
        return false;
    buffer_putc(&reply->body, '\n');
    list_cacheable(snapshot, reply);
    reply->content_type = "application/json";
    if (wish.includes.count == 0) { /* else other records decide it too */
        reply->etag = snapshot_record_etag(snapshot, statement_integer(find, 1));
        reply->last_modified = snapshot_http_date(statement_text(find, 2), snapshot->arena);
    }
    statement_reset(find);
    return true;
}
