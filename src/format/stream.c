#include "bilateral/format/stream.h"

#include <ctype.h>
#include <string.h>

#include "bilateral/http/gzip.h"
#include "bilateral/json/scan.h"
#include "bilateral/resource/detail.h"
#include "bilateral/resource/embed.h"
#include "bilateral/resource/list.h"
#include "bilateral/resource/members.h"
#include "bilateral/resource/rows.h"

/* Of the read transaction: a million rows take some ten seconds, a slow disk several times that. */
enum { WALK_SECONDS = 120 };

/* A list in the making; everything in the production's arena. */
struct job {
    struct request *request;
    struct resource resource; /* in the format's default order */
    struct scope scope;
    struct query query;
    struct cursor cursor;
    const struct format *format;
    struct stream_label label;
    const struct registry *registry;
    struct snapshot snapshot; /* the producer's own */
    struct format_writing writing;
};

/* The last segment of the path without an extension: "meetings" of /v1/meetings.csv. */
static const char *name_of(const struct request *request, struct arena *arena)
{
    const char *last = strrchr(request->path, '/') + 1;
    return arena_copy(arena, last, strcspn(last, "."));
}

/* For people: "Meetings of to-lam (viet-nam-guangxi)". */
static const char *title_of(const struct request *request, const struct snapshot *snapshot,
                            struct arena *arena)
{
    char *name = arena_strdup(arena, name_of(request, arena));
    const char *owner = request->captures[0], *dataset = snapshot->dataset;
    for (char *at = name; *at; at++)
        *at = *at == '-' ? ' ' : *at;
    *name = (char)toupper((unsigned char)*name);
    return arena_printf(arena, "%s%s%s%s%s%s", name, owner ? " of " : "", owner ? owner : "",
                        dataset ? " (" : "", dataset ? dataset : "", dataset ? ")" : "");
}

/* The bytes of each format are others, so its tag is. */
static const char *tag_of(const struct snapshot *snapshot, const char *extension,
                          struct arena *arena)
{
    return arena_printf(arena, "%.*s-%s\"", (int)strlen(snapshot->etag) - 1, snapshot->etag,
                        extension);
}

struct stream_label stream_label(const char *media_type, const char *extension, bool packable,
                                 const struct request *request)
{
    return (struct stream_label){
        .media_type = media_type,
        .extension = extension,
        .packable = packable,
        .packed = packable && gzip_is_accepted(request_header(request, "Accept-Encoding")),
    };
}

void stream_fill(const struct snapshot *snapshot, const struct stream_label *label,
                 const struct request *request, struct reply *reply)
{
    list_cacheable(snapshot, reply);
    reply->content_type = label->media_type;
    reply->etag = tag_of(snapshot, label->extension, reply->arena);
    reply->last_modified = arena_strdup(reply->arena, snapshot->last_modified);
    reply_header(reply, "Content-Disposition", "inline; filename=\"%s.%s\"",
                 name_of(request, reply->arena), label->extension);
    if (label->packable)
        reply_header(reply, "Vary", "Accept-Encoding");
    if (label->packed)
        reply_header(reply, "Content-Encoding", "gzip");
}

static ssize_t read_nothing(void *context, char *bytes, size_t size)
{
    (void)context, (void)bytes, (void)size;
    return 0;
}

bool stream_is_bare(const struct snapshot *snapshot, const struct stream_label *label,
                    const struct request *request, struct reply *reply)
{
    const struct reply same = {
        .etag = tag_of(snapshot, label->extension, reply->arena),
        .last_modified = snapshot->last_modified,
    };
    if (request->method != HTTP_HEAD && !reply_is_fresh(request, &same))
        return false;
    stream_fill(snapshot, label, request, reply);
    reply->stream.read = read_nothing; /* a stream, so that no length is told */
    return true;
}

/* What an envelope has and these formats have not. */
static void refuse_envelope(const struct request *request, struct error *error)
{
    static const char *const NAMES[] = {"include", "facet", "count"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (request_parameter(request, NAMES[i]))
            error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, NAMES[i],
                      "Only JSON has this; leave it out, or ask for .json.");
    }
}

static bool prepare(struct job *job, const struct stream *stream, struct arena *arena,
                    struct error *error)
{
    struct snapshot checked = *stream->snapshot;
    checked.arena = arena;
    refuse_envelope(job->request, error);
    if (!list_prepare(&checked, &job->resource, &job->scope, job->request, &job->query,
                      &job->cursor, error) ||
        error->code != ERROR_NONE)
        return false;
    if (request_parameter(job->request, "limit"))
        return true;
    job->query.limit = 0;
    if (!job->query.cursor || !job->cursor.backwards)
        return true;
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "cursor",
              "This place is for the page before it; give a limit as well.");
    return false;
}

static struct job *make_job(const struct stream *stream, const struct request *request,
                            struct arena *arena, struct error *error)
{
    struct job *job = arena_alloc(arena, sizeof *job);
    *job = (struct job){
        .request = request_copy(request, arena),
        .resource = *stream->resource,
        .scope = *stream->scope,
        .format = stream->use->format,
        .label = stream_label(stream->use->format->media_type, stream->use->format->extension, true,
                              request),
        .registry = stream->snapshot->registry,
    };
    if (stream->use->sort)
        job->resource.sort = stream->use->sort;
    if (job->scope.value)
        job->scope.value = arena_strdup(arena, job->scope.value);
    if (!prepare(job, stream, arena, error))
        return NULL;
    job->writing = (struct format_writing){
        .snapshot = &job->snapshot,
        .resource = &job->resource,
        .map = stream->use->map,
        .fields = job->query.fields,
        .field_count = job->query.field_count,
        .self = job->request->target,
        .base_path = stream->base_path,
        .title = title_of(request, stream->snapshot, arena),
    };
    return job;
}

/* The rows of the page before a place come in reverse. There are a page's at most. */
static bool put_reversed(struct job *job, struct rows *walk, struct buffer *text,
                         struct buffer *out, struct error *error)
{
    const struct query *query = &job->query;
    struct arena *arena = job->snapshot.arena;
    struct embed_row *rows = arena_alloc(arena, query->limit * sizeof *rows);
    size_t count = 0;
    bool more = true, good = true;
    while (count < query->limit && (good = rows_next(walk, &more, error)) && more) {
        buffer_reset(text);
        rows_put(walk, true, text);
        rows[count].size = text->size;
        rows[count++].text = arena_copy(arena, text->data, text->size);
    }
    while (good && count-- > 0)
        good = job->format->row(&job->writing, rows[count].text, rows[count].size, out, error);
    return good;
}

static bool put_rows(struct job *job, struct rows *walk, struct production *production,
                     struct buffer *text, struct buffer *out, struct error *error)
{
    const struct query *query = &job->query;
    bool more = true;
    if (query->cursor && job->cursor.backwards)
        return put_reversed(job, walk, text, out, error);
    for (size_t count = 0; !query->limit || count < query->limit; count++) {
        if (!rows_next(walk, &more, error))
            return false;
        if (!more)
            return true;
        buffer_reset(text);
        rows_put(walk, true, text);
        if (!job->format->row(&job->writing, text->data, text->size, out, error) ||
            !production_put_block(production, out, error))
            return false;
    }
    return true;
}

static bool put_list(struct job *job, struct production *production, struct error *error)
{
    struct buffer text = {0}, out = {0};
    struct rows walk;
    rows_begin(&walk, &job->snapshot, &job->query, job->query.cursor ? &job->cursor : NULL);
    job->format->begin(&job->writing, &out);
    bool good = put_rows(job, &walk, production, &text, &out, error);
    rows_end(&walk);
    if (good) {
        job->format->end(&job->writing, &out);
        good = production_put(production, &out, error);
    }
    buffer_finish(&text);
    buffer_finish(&out);
    return good;
}

static bool run(struct production *production, void *context, struct error *error)
{
    struct job *job = context;
    struct store *store;
    if (!production_open_store(production, &store, error) ||
        !snapshot_open(&job->snapshot, store, job->registry, job->request->arena, error))
        return false;
    store_extend_read(store, WALK_SECONDS);
    bool good = put_list(job, production, error);
    snapshot_close(&job->snapshot);
    return good;
}

static void fill(void *context, struct reply *reply)
{
    const struct job *job = context;
    stream_fill(&job->snapshot, &job->label, job->request, reply);
}

bool stream_list(const struct stream *stream, const struct request *request, struct reply *reply,
                 struct error *error)
{
    struct arena *arena = arena_create();
    struct job *job = make_job(stream, request, arena, error);
    if (!job) {
        arena_destroy(arena);
        return false;
    }
    if (stream_is_bare(stream->snapshot, &job->label, request, reply)) {
        arena_destroy(arena);
        return true;
    }
    const struct produce produce = {
        .run = run, .fill = fill, .job = job, .packed = job->label.packed, .arena = arena};
    return production_begin(stream->producers, &produce, request, reply, error);
}

/* What is there already, written and described; packed by the server where that is wanted. */
static bool put_array(const struct stream *stream, struct format_writing *writing,
                      const struct buffer *array, const struct request *request,
                      struct reply *reply, struct error *error)
{
    const struct format *format = stream->use->format;
    const struct stream_label label = {.media_type = format->media_type,
                                       .extension = format->extension};
    struct json_walk walk = json_walk(array->data, array->size);
    bool good = true;
    format->begin(writing, &reply->body);
    while (good && json_walk_next(&walk))
        good = format->row(writing, walk.value, walk.value_size, &reply->body, error);
    format->end(writing, &reply->body);
    stream_fill(stream->snapshot, &label, request, reply);
    return good;
}

bool stream_array(const struct stream *stream, const struct buffer *array,
                  const struct request *request, struct reply *reply, struct error *error)
{
    struct format_writing writing = {
        .snapshot = stream->snapshot,
        .resource = stream->resource,
        .map = stream->use->map,
        .self = request->target,
        .base_path = stream->base_path,
        .title = title_of(request, stream->snapshot, request->arena),
    };
    return put_array(stream, &writing, array, request, reply, error);
}

bool stream_record(const struct stream *stream, const char *id, const struct request *request,
                   struct reply *reply, struct error *error)
{
    static const char *const PARAMETERS[] = {"fields", NULL};
    const char *fields = request_parameter(request, "fields");
    struct request whole = *request;
    struct format_writing writing = {
        .snapshot = stream->snapshot,
        .resource = stream->resource,
        .map = stream->use->map,
        .self = request->target,
        .base_path = stream->base_path,
        .title = id,
    };
    if (!query_allow_only(request, PARAMETERS, error))
        return false;
    if (fields)
        writing.fields =
            members_parse(stream->resource, fields, request->arena, &writing.field_count, error);
    whole.parameter_count = 0;
    if (error->code != ERROR_NONE)
        return false;
    struct reply record = {.arena = reply->arena, .status = 200};
    buffer_putc(&record.body, '[');
    bool good = detail_answer(stream->snapshot, stream->resource, id, &whole, &record, error);
    if (good && record.status == 200)
        good = put_array(stream, &writing, &record.body, request, reply, error);
    else if (good) /* it is elsewhere */
        reply_redirect(reply, record.status, reply_find_header(&record, "Location"));
    reply_drop_body(&record);
    return good;
}
