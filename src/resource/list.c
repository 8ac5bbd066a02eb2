#include "bilateral/resource/list.h"

#include "bilateral/json/write.h"
#include "bilateral/resource/detail.h"
#include "page.h"
#include "plan.h"

/* For so many mistyped ids the nearest is looked for: each is held against thousands. */
enum { SUGGESTION_LIMIT = 10 };

static const char FIND_TARGET[] =
    "SELECT 1\n"
    "FROM record\n"
    "WHERE type = ?1 AND id = ?2 AND state = 'live'";

static void put_license(const struct snapshot *snapshot, struct reply *reply)
{
    if (snapshot->license_url)
        reply_header(reply, "Link", "<%s>; rel=\"license\"", snapshot->license_url);
}

void list_cacheable(const struct snapshot *snapshot, struct reply *reply)
{
    reply->shareable = true;
    reply->etag = arena_strdup(reply->arena, snapshot->etag);
    reply->last_modified =
        snapshot->last_modified ? arena_strdup(reply->arena, snapshot->last_modified) : NULL;
    reply_header(reply, "Cache-Control",
                 "public, max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=86400");
    put_license(snapshot, reply);
}

/* Another time the same list may have its counts. */
static void make_perishable(const struct snapshot *snapshot, struct reply *reply)
{
    reply_header(reply, "Cache-Control", "no-store");
    put_license(snapshot, reply);
}

void list_name_for_caches(const char *type, const char *id, const struct resource *rows,
                          struct reply *reply)
{
    const char *name = !rows ? "" : rows->collection ? rows->collection : rows->type;
    if (id)
        reply_header(reply, "Surrogate-Key", "%s/%s %s record", type, id, name);
    else
        reply_header(reply, "Surrogate-Key", "%s%srecord", name, *name ? " " : "");
}

static void write_links(const struct request *request, const char *next, const char *prev,
                        struct reply *reply)
{
    struct buffer *json = &reply->body;
    json_put_key(json, "links");
    buffer_putc(json, '{');
    json_put_member(json, "self", request->target);
    json_put_member(json, "next", next);
    json_put_member(json, "prev", prev);
    buffer_putc(json, '}');
    if (next)
        reply_header(reply, "Link", "<%s>; rel=\"next\"", next);
    if (prev)
        reply_header(reply, "Link", "<%s>; rel=\"prev\"", prev);
}

static void write_dataset(const struct snapshot *snapshot, struct buffer *json)
{
    json_put_key(json, "dataset");
    buffer_putc(json, '{');
    json_put_member(json, "id", snapshot->dataset);
    json_put_number(json, "revision", snapshot->revision.number);
    json_put_member(json, "license", snapshot->license);
    buffer_puts(json, "}}\n");
}

void list_close(const struct snapshot *snapshot, const struct request *request, struct reply *reply,
                size_t count, bool exact)
{
    buffer_putc(&reply->body, ']');
    json_put_key(&reply->body, "count");
    page_put_count_value(&reply->body, (int64_t)count, exact);
    write_links(request, NULL, NULL, reply);
    json_put_key(&reply->body, "facets");
    buffer_puts(&reply->body, "{}");
    write_dataset(snapshot, &reply->body);
    reply->content_type = "application/json";
    list_cacheable(snapshot, reply);
    list_name_for_caches(NULL, NULL, NULL, reply);
}

/* A relation's id must name a record that is there: a mistyped one would quietly find nothing. */
static bool check_target(const struct snapshot *snapshot, const struct relation *relation,
                         const char *id, struct error *error)
{
    int64_t found;
    if (!statement_number(
            store_prepare_texts(snapshot->store, FIND_TARGET, error, relation->target, id), &found,
            error))
        return false;
    if (found)
        return true;
    const char *nearest = error->faults->count < SUGGESTION_LIMIT
                              ? detail_nearest(snapshot, relation->target, id, error)
                              : NULL;
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, relation->name,
              nearest ? "There is no %s with the id \"%s\"; did you mean \"%s\"?"
                      : "There is no %s with the id \"%s\".",
              relation->target, id, nearest ? nearest : "");
    return false;
}

static bool check_targets(const struct snapshot *snapshot, const struct query *query,
                          struct error *error)
{
    bool good = true;
    for (size_t i = 0; i < query->filter_count; i++) {
        const struct filter *filter = &query->filters[i];
        bool targets = filter->relation && filter->relation->target;
        for (size_t v = 0; targets && v < filter->count; v++)
            good = check_target(snapshot, filter->relation, filter->values[v], error) && good;
    }
    return good;
}

bool list_prepare(const struct snapshot *snapshot, const struct resource *resource,
                  const struct scope *scope, const struct request *request, struct query *ret,
                  struct cursor *ret_cursor, struct error *error)
{
    if (!query_parse(resource, snapshot->registry, request, ret, error) ||
        !check_targets(snapshot, ret, error))
        return false;
    if (scope->relation)
        ret->filters[ret->filter_count++] =
            (struct filter){.relation = scope->relation, .values = &scope->value, .count = 1};
    return plan_make(ret, snapshot, error) &&
           (!ret->cursor || cursor_read(ret->cursor, snapshot->cursor_key, ret, snapshot->arena,
                                        ret_cursor, error));
}

bool list_answer(const struct snapshot *snapshot, const struct resource *resource,
                 const struct scope *scope, const struct request *request, struct reply *reply,
                 struct error *error)
{
    struct query query;
    struct page page = {
        .snapshot = snapshot,
        .query = &query,
        .request = request,
        .reply = reply,
    };
    if (!list_prepare(snapshot, resource, scope, request, &query, &page.cursor, error))
        return false;
    page.continued = query.cursor;
    if (!page_put_rows(&page, error) || !page_put_count(&page, error))
        return false;
    page_find_neighbours(&page);
    write_links(request, page.next, page.prev, reply);
    if (!page_put_facets(&page, error))
        return false;
    write_dataset(snapshot, &reply->body);
    reply->content_type = "application/json";
    if (page.late)
        make_perishable(snapshot, reply);
    else
        list_cacheable(snapshot, reply);
    return true;
}
