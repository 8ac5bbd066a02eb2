#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/http/gzip.h"
#include "envelope.h"

/* A worker's response for one entry. */
struct response {
    struct MHD_Response *library;
    char *fields; /* all of them, in the library's memory: see replay_add_fields */
};

enum {
    WHOLE,
    UNCHANGED,
    DATE_SIZE = WORKER_DATE_SIZE - 1,
    ID_SIZE = REQUEST_ID_SIZE - 1,
    RESPONSE_SIZE = 400, /* of the library's memory and ours for one, besides its fields */
};
static const char ID_FIELD[] = "\r\nX-Request-Id: ";
_Static_assert(UNCHANGED + 1 == CACHED_RESPONSES, "a place for each kind");

/* Whoever sends a token may be shown more; who prefers something is answered otherwise; and who is
 * answered by his origin has fields of his own. */
bool replay_may(const struct exchange *exchange)
{
    const struct shared *shared = exchange->worker->shared;
    const struct request *request = &exchange->request;
    const char *origins = shared->options.cors_origins;
    return shared->cache && atomic_load(&shared->stage) < STAGE_DRAINING &&
           (request->method & (HTTP_GET | HTTP_HEAD)) && *request->target == '/' &&
           exchange->raw_size <= REQUEST_TARGET_LIMIT &&
           !request_header(request, "Authorization") && !request_header(request, "Prefer") &&
           (!*origins || strcmp(origins, "*") == 0 || !request_header(request, "Origin"));
}

/*
 * The address as it was sent, for answers repeat it; the format, by what decides it; the coding.
 * Everything likes every format that says nothing of it.
 */
static void make_key(struct exchange *exchange)
{
    const struct request *request = &exchange->request;
    const char *accept = request_header(request, "Accept");
    bool packed = gzip_is_accepted(request_header(request, "Accept-Encoding"));
    if (!accept || strcmp(accept, "*/*") == 0)
        accept = "";
    size_t target = strlen(request->target), size = strlen(accept);
    char *text = arena_alloc(request->arena, target + size + 2);
    text[0] = packed ? 'g' : 'i';
    memcpy(text + 1, request->target, target + 1);
    memcpy(text + 1 + target + 1, accept, size);
    exchange->key = (struct cache_key){.text = text, .size = target + size + 2};
    cache_hash(exchange->worker->shared->cache, &exchange->key);
}

void replay_forget(void *response)
{
    struct response *mine = response;
    MHD_destroy_response(mine->library);
    free(mine);
}

static void write_fields(const struct exchange *exchange, char *fields)
{
    memcpy(fields, worker_date(exchange->worker), DATE_SIZE);
    memcpy(fields + DATE_SIZE, ID_FIELD, strlen(ID_FIELD));
    memcpy(fields + DATE_SIZE + strlen(ID_FIELD), exchange->request.id, ID_SIZE);
}

/*
 * The library makes copies of each field and puts them together again with each reply. So it has one
 * field whose value has room for all the others, and its copy, which lasts as long as the response,
 * is written over in place. It is the date, which the library would work out each time.
 */
char *replay_add_fields(const struct exchange *exchange, const char *lines,
                        struct MHD_Response *library)
{
    size_t size = strlen(lines), first = DATE_SIZE + strlen(ID_FIELD) + ID_SIZE;
    char *room = arena_alloc(exchange->request.arena, first + size + 1);
    memset(room, '-', first + size);
    if (MHD_YES != MHD_add_response_header(library, "Date", room))
        return NULL;
    char *copy = (char *)(uintptr_t)MHD_get_response_header(library, "Date");
    if (copy) {
        write_fields(exchange, copy);
        memcpy(copy + first, lines, size);
    }
    return copy;
}

static struct response *make_response(const struct exchange *exchange, struct cached *kept,
                                      int kind)
{
    shared_bytes_hold(kept->bytes);
    struct MHD_Response *library = MHD_create_response_from_buffer_with_free_callback_cls(
        kept->size, (void *)(uintptr_t)kept->body, shared_bytes_release, kept->bytes);
    const char *lines = kept->lines + (kind == WHOLE ? 0 : kept->content_size);
    char *fields = library ? replay_add_fields(exchange, lines, library) : NULL;
    if (!fields) {
        library ? MHD_destroy_response(library) : shared_bytes_release(kept->bytes);
        return NULL;
    }
    struct response *response = memory_alloc(sizeof *response);
    *response = (struct response){.library = library, .fields = fields};
    cached_charge(kept, RESPONSE_SIZE + cache_block(strlen(fields) + 1));
    return response;
}

static struct response *find_response(const struct exchange *exchange, struct cached *kept,
                                      int kind)
{
    void **slot = &kept->responses[exchange->worker->number * CACHED_RESPONSES + (size_t)kind];
    if (!*slot)
        *slot = make_response(exchange, kept, kind);
    return *slot;
}

/* Whether the client's copy is good, and by which tag: those that a fresh reply would have. */
static int choose_kind(struct exchange *exchange, const struct cached *kept, const char **ret_etag)
{
    const struct request *request = &exchange->request;
    const char *tags = request_header(request, "If-None-Match");
    const char *own = kept->tag;
    if (!tags && !request_header(request, "If-Modified-Since"))
        return WHOLE;
    if (tags && own && strcmp(tags, own) == 0) { /* what most send who have a copy */
        *ret_etag = own;
        return UNCHANGED;
    }
    struct reply same = {
        .arena = request->arena,
        .status = 200,
        .etag = kept->etag,
        .last_modified = kept->last_modified,
    };
    if (kept->is_packed)
        same.headers[same.header_count++] = (struct request_header){"Content-Encoding", "gzip"};
    envelope_condition(request, &same);
    *ret_etag = same.etag;
    return same.status == 304 ? UNCHANGED : WHOLE;
}

static bool name_tag(struct response *response, const char *etag)
{
    const char *named = MHD_get_response_header(response->library, "ETag");
    if (!etag || (named && strcmp(named, etag) == 0))
        return true;
    if (named)
        MHD_del_response_header(response->library, "ETag", named);
    return MHD_YES == MHD_add_response_header(response->library, "ETag", etag);
}

static bool send_again(struct exchange *exchange, struct MHD_Connection *library,
                       struct cached *kept, enum MHD_Result *ret_result)
{
    const char *etag = NULL;
    int kind = choose_kind(exchange, kept, &etag);
    struct response *response = find_response(exchange, kept, kind);
    if (!response || (kind == UNCHANGED && !name_tag(response, etag)))
        return false;
    bool bare = kind == UNCHANGED || exchange->request.method == HTTP_HEAD;
    exchange->reply.status = kind == UNCHANGED ? 304 : 200;
    exchange->sent = bare ? 0 : kept->size;
    write_fields(exchange, response->fields);
    *ret_result = MHD_queue_response(library, (unsigned)exchange->reply.status, response->library);
    exchange->is_answered = *ret_result == MHD_YES;
    return true;
}

bool replay_find(struct exchange *exchange, struct MHD_Connection *library,
                 enum MHD_Result *ret_result)
{
    struct worker *worker = exchange->worker;
    const struct shared *shared = worker->shared;
    if (!exchange->may_replay)
        return false;
    make_key(exchange);
    exchange->generation = shared->service.since(worker->own, 0);
    struct cached *kept = cache_find(shared->cache, &exchange->key);
    bool good = kept && kept->generation >= shared->service.since(worker->own, kept->depends);
    bool sent = good && send_again(exchange, library, kept, ret_result);
    metrics_add(sent ? &worker->metrics.cache_hits : &worker->metrics.cache_misses, 1);
    cached_release(kept);
    return sent;
}

void replay_keep(struct exchange *exchange)
{
    const struct shared *shared = exchange->worker->shared;
    struct reply *reply = &exchange->reply;
    if (!exchange->key.size || !reply->shareable || reply->status != 200 || !reply->body.size)
        return;
    struct envelope envelope;
    struct reply whole = *reply;
    whole.etag = envelope_tag(reply);
    envelope_make(&envelope, shared->options.cors_origins, &exchange->request, &whole);
    struct buffer lines = {0};
    envelope_put_lines(&envelope, true, &lines);
    size_t content_size = lines.size;
    envelope_put_lines(&envelope, false, &lines);
    buffer_puts(&lines, "\r\nServer-Timing: total;dur=0.00, cache;desc=hit");
    const struct cached like = {
        .generation = exchange->generation,
        .depends = reply->depends,
        .etag = reply->etag,
        .last_modified = reply->last_modified,
        .tag = whole.etag,
        .lines = lines.data,
        .content_size = content_size,
        .is_packed = whole.etag != reply->etag,
        .body = reply->body.data,
        .size = reply->body.size,
    };
    exchange->kept = cached_create(shared->cache, &exchange->key, &like);
    if (exchange->kept)
        cache_keep(shared->cache, exchange->kept);
    buffer_finish(&lines);
}
