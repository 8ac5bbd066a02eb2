#include "coding.h"

#include <string.h>

#include "bilateral/http/gzip.h"

enum { LEAST = 1024 }; /* bytes of a body that is worth it: less fits one packet anyway */

/* An event stream must reach its reader piece by piece, so it is left alone. */
static bool is_text(const char *type)
{
    return type &&
           ((strncmp(type, "text/", 5) == 0 && strncmp(type, "text/event-stream", 17) != 0) ||
            strstr(type, "json") || strstr(type, "xml"));
}

bool coding_choose(const struct request *request, struct reply *reply)
{
    bool has_content = reply->status != 204 && reply->status != 206 && reply->status != 304;
    if (!has_content || !is_text(reply->content_type) ||
        reply_find_header(reply, "Content-Encoding"))
        return false;
    reply_header(reply, "Vary", "Accept-Encoding"); /* of short ones too: the next may be long */
    if (reply->stream.read || reply->body.size < LEAST ||
        !gzip_is_accepted(request_header(request, "Accept-Encoding")))
        return false;
    reply_header(reply, "Content-Encoding", "gzip");
    return true;
}

void coding_apply(struct worker *worker, struct reply *reply)
{
    struct buffer packed = {0};
    if (!worker->gzip)
        worker->gzip = gzip_create();
    gzip_put(worker->gzip, reply->body.data, reply->body.size, true, &packed);
    buffer_finish(&reply->body);
    reply->body = packed;
}
