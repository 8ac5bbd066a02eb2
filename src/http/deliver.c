#include "deliver.h"

#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "bilateral/base/clock.h"
#include "coding.h"
#include "envelope.h"
#include "replay.h"
#include "sleep.h"

enum {
    STREAM_BLOCK = 8 * 1024,
    /* A slow reader of a long stream gets a second more for each so many bytes it has taken. */
    STREAM_BYTES_PER_SECOND = 16 * 1024,
};

static ssize_t read_stream(void *context, uint64_t position, char *bytes, size_t size)
{
    struct exchange *exchange = context;
    (void)position;
    struct reply_stream *stream = &exchange->reply.stream;
    ssize_t count = exchange->is_lost ? -1 : stream->read(stream->context, bytes, size);
    if (count == REPLY_LATER && sleep_begin(exchange, exchange->library))
        return 0;
    if (count == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (count < 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    exchange->sent += (uint64_t)count;
    exchange->connection->deadline =
        exchange->stream_deadline + (int64_t)(exchange->sent * 1000000 / STREAM_BYTES_PER_SECOND);
    return count;
}

/*
 * A stream has no known length, so the library sends it in chunks. To a HEAD or with a 304 there
 * must be none, but it sends the last, empty one even then, and those five bytes would be read as
 * the beginning of the next reply. Told to behave as for HTTP/1.0 it sends no chunk and closes.
 */
static struct MHD_Response *make_stream(struct exchange *exchange, struct MHD_Connection *library)
{
    bool bare = exchange->request.method == HTTP_HEAD || exchange->reply.status == 304;
    exchange->stream_deadline = exchange->connection->deadline;
    exchange->library = library;
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, exchange, NULL);
    if (response && bare)
        MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
    return response;
}

/* With HEAD and 304 too: the library then sends the length that the body would have, which is the
 * only length allowed there (RFC 9110, 8.6), and leaves the body out. */
static struct MHD_Response *make_plain(struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    bool bare = exchange->request.method == HTTP_HEAD || reply->status == 304;
    size_t size = reply->status == 204 ? 0 : reply->body.size;
    struct cached *kept = exchange->kept;
    exchange->sent = bare ? 0 : size;
    if (kept) { /* its copy, so that the buffer serves the next reply */
        shared_bytes_hold(kept->bytes);
        return MHD_create_response_from_buffer_with_free_callback_cls(
            size, (void *)(uintptr_t)kept->body, shared_bytes_release, kept->bytes);
    }
    return MHD_create_response_from_buffer(size, buffer_take(&reply->body), MHD_RESPMEM_MUST_FREE);
}

enum MHD_Result deliver(struct exchange *exchange, struct MHD_Connection *library)
{
    struct reply *reply = &exchange->reply;
    const struct shared *shared = exchange->worker->shared;
    if (coding_choose(&exchange->request, reply))
        coding_apply(exchange->worker, reply);
    replay_keep(exchange);
    envelope_condition(&exchange->request, reply);
    int64_t took = clock_now() - exchange->began;
    reply_header(reply, "Server-Timing", "total;dur=%" PRId64 ".%02d", took / 1000,
                 (int)(took % 1000 / 10));
    struct envelope envelope;
    envelope_make(&envelope, shared->options.cors_origins, &exchange->request, reply);

    struct MHD_Response *response =
        reply->stream.read ? make_stream(exchange, library) : make_plain(exchange);
    if (!response)
        return MHD_NO;
    struct buffer lines = {0};
    envelope_put_lines(&envelope, true, &lines);
    envelope_put_lines(&envelope, false, &lines);
    /* First: it makes the library forget that it has a date. */
    bool good = atomic_load(&shared->stage) < STAGE_DRAINING ||
                MHD_YES == MHD_add_response_header(response, "Connection", "close");
    good &= replay_add_fields(exchange, buffer_text(&lines), response) != NULL;
    buffer_finish(&lines);
    enum MHD_Result result =
        good ? MHD_queue_response(library, (unsigned)reply->status, response) : MHD_NO;
    MHD_destroy_response(response); /* the library keeps its own reference */
    exchange->is_answered = result == MHD_YES;
    return result;
}

size_t deliver_raw(struct worker *worker, int socket, const struct request *request,
                   const struct reply *reply)
{
    struct envelope envelope;
    envelope_make(&envelope, worker->shared->options.cors_origins, request, reply);
    struct buffer text = {0};
    buffer_printf(&text, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: close\r\n", reply->status,
                  MHD_get_reason_phrase_for((unsigned)reply->status), worker_date(worker));
    for (size_t i = 0; i < envelope.count; i++)
        buffer_printf(&text, "%s: %s\r\n", envelope.fields[i].name, envelope.fields[i].value);
    buffer_printf(&text, "Content-Length: %zu\r\n\r\n", reply->body.size);
    size_t head_size = text.size;
    if (request->method != HTTP_HEAD)
        buffer_append(&text, buffer_text(&reply->body), reply->body.size);
    ssize_t sent = send(socket, text.data, text.size, MSG_DONTWAIT | MSG_NOSIGNAL);
    buffer_finish(&text);
    return sent > (ssize_t)head_size ? (size_t)sent - head_size : 0;
}
