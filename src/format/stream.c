#include "bilateral/format/stream.h"

#include <ctype.h>
#include <string.h>

#include "bilateral/json/scan.h"
#include "bilateral/resource/detail.h"
#include "bilateral/resource/embed.h"
#include "bilateral/resource/list.h"
#include "bilateral/resource/members.h"
#include "bilateral/resource/rows.h"

/* A list in the making; everything in the production's arena. */
struct job {
    struct production production;
    struct resource resource; /* in the format's default order */
    struct scope scope;
    struct query query;
    struct cursor cursor;
    const struct format *format;
    struct format_writing writing;
};

/* For people: "Meetings of to-lam (viet-nam-guangxi)". */
static const char *title_of(const struct request *request, const struct snapshot *snapshot,
                            struct arena *arena)
{
    char *name = label_name(request, arena);
    const char *owner = request->captures[0], *dataset = snapshot->dataset;
    for (char *at = name; *at; at++)
        *at = *at == '-' ? ' ' : *at;
    *name = (char)toupper((unsigned char)*name);
    return arena_printf(arena, "%s%s%s%s%s%s", name, owner ? " of " : "", owner ? owner : "",
                        dataset ? " (" : "", dataset ? dataset : "", dataset ? ")" : "");
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

static bool prepare_query(struct job *job, const struct snapshot *snapshot, struct error *error)
{
    const struct request *request = job->production.request;
    struct snapshot checked = *snapshot;
    checked.arena = job->production.errand.arena;
    refuse_envelope(request, error);
    if (!list_prepare(&checked, &job->resource, &job->scope, request, &job->query, &job->cursor,
                      error) ||
        error->code != ERROR_NONE)
        return false;
    if (request_parameter(request, "limit"))
        return true;
    job->query.limit = 0;
    return !job->query.cursor || !job->cursor.backwards ||
           error_refuse(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "cursor",
                        "This place is for the page before it; give a limit as well.");
}

static struct format_writing writing_of(const struct stream *stream,
                                        const struct snapshot *snapshot,
                                        const struct request *request, const char *title)
{
    return (struct format_writing){
        .snapshot = snapshot,
        .resource = stream->resource,
        .map = stream->use->map,
        .self = request->target,
        .base_path = stream->base_path,
        .title = title,
    };
}

static bool prepare(struct job *job, const struct stream *stream, struct error *error)
{
    struct production *production = &job->production;
    const struct request *request = production->request;
    struct arena *arena = production->errand.arena;
    const struct format *format = stream->use->format;
    job->format = format;
    job->resource = *stream->resource;
    job->scope = *stream->scope;
    if (stream->use->sort)
        job->resource.sort = stream->use->sort;
    job->scope.value = arena_strdup(arena, job->scope.value);
    if (!prepare_query(job, stream->snapshot, error))
        return false;
    production->label = label_make(format->media_type, format->extension, true, request);
    job->writing = writing_of(stream, &production->snapshot, request,
                              title_of(request, stream->snapshot, arena));
    job->writing.resource = &job->resource;
    job->writing.fields = job->query.fields;
    job->writing.field_count = job->query.field_count;
    return true;
}

/* The rows of the page before a place come in reverse. There are a page's at most. */
static bool put_reversed(struct job *job, struct rows *walk, struct buffer *text,
                         struct buffer *out, struct error *error)
{
    const struct query *query = &job->query;
    struct arena *arena = job->production.errand.arena;
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

static bool put_rows(struct job *job, struct rows *walk, struct buffer *text, struct buffer *out,
                     struct error *error)
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
            !production_put_block(&job->production, out, error))
            return false;
    }
    return true;
}

static bool make(struct production *production, struct error *error)
{
    struct job *job = (struct job *)production;
    struct buffer text = {0}, out = {0};
    struct rows walk;
    if (!production_open(production, error))
        return false;
    rows_begin(&walk, &production->snapshot, &job->query, job->query.cursor ? &job->cursor : NULL);
    job->format->begin(&job->writing, &out);
    bool good = put_rows(job, &walk, &text, &out, error);
    rows_end(&walk);
    if (good) {
        job->format->end(&job->writing, &out);
        good = production_put(production, &out, error);
    }
    buffer_finish(&text);
    buffer_finish(&out);
    return good;
}

bool stream_list(const struct stream *stream, const struct request *request, struct reply *reply,
                 struct error *error)
{
    struct job *job = production_create(sizeof *job, stream->snapshot, request);
    bool good = prepare(job, stream, error);
    if (good && !label_suffices(&job->production.label, stream->snapshot, request, reply)) {
        job->production.make = make;
        return production_begin(stream->producers, &job->production, request, reply, error);
    }
    errand_drop(&job->production.errand);
    return good;
}

/* What is there already, written and described; packed by the server where that is wanted. */
static bool put_array(const struct stream *stream, struct format_writing *writing,
                      const struct buffer *array, const struct request *request,
                      struct reply *reply, struct error *error)
{
    const struct format *format = stream->use->format;
    const struct label label = {.media_type = format->media_type, .extension = format->extension};
    struct json_walk walk = json_walk(array->data, array->size);
    bool good = true;
    format->begin(writing, &reply->body);
    while (good && json_walk_next(&walk))
        good = format->row(writing, walk.value, walk.value_size, &reply->body, error);
    format->end(writing, &reply->body);
    label_fill(&label, stream->snapshot, request, reply);
    return good;
}

bool stream_array(const struct stream *stream, const struct buffer *array,
                  const struct request *request, struct reply *reply, struct error *error)
{
    struct format_writing writing = writing_of(stream, stream->snapshot, request,
                                               title_of(request, stream->snapshot, request->arena));
    return put_array(stream, &writing, array, request, reply, error);
}

bool stream_record(const struct stream *stream, const char *id, const struct request *request,
                   struct reply *reply, struct error *error)
{
    static const char *const PARAMETERS[] = {"fields", NULL};
    const char *fields = request_parameter(request, "fields");
    struct request whole = *request;
    struct format_writing writing = writing_of(stream, stream->snapshot, request, id);
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
