#include "bilateral/format/label.h"

#include <string.h>

#include "bilateral/http/gzip.h"
#include "bilateral/resource/list.h"

char *label_name(const struct request *request, struct arena *arena)
{
    const char *last = strrchr(request->path, '/') + 1;
    return arena_copy(arena, last, strcspn(last, "."));
}

/* The bytes of each format are others, so its tag is. */
static const char *tag_of(const struct label *label, const struct snapshot *snapshot,
                          struct arena *arena)
{
    return arena_printf(arena, "%.*s-%s\"", (int)strlen(snapshot->etag) - 1, snapshot->etag,
                        label->extension);
}

struct label label_make(const char *media_type, const char *extension, bool packable,
                        const struct request *request)
{
    return (struct label){
        .media_type = media_type,
        .extension = extension,
        .packable = packable,
        .packed = packable && gzip_is_accepted(request_header(request, "Accept-Encoding")),
    };
}

void label_fill(const struct label *label, const struct snapshot *snapshot,
                const struct request *request, struct reply *reply)
{
    list_cacheable(snapshot, reply);
    reply->content_type = label->media_type;
    reply->etag = tag_of(label, snapshot, reply->arena);
    reply->last_modified = arena_strdup(reply->arena, snapshot->last_modified);
    reply_header(reply, "Content-Disposition", "inline; filename=\"%s.%s\"",
                 label_name(request, reply->arena), label->extension);
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

bool label_suffices(const struct label *label, const struct snapshot *snapshot,
                    const struct request *request, struct reply *reply)
{
    const struct reply same = {
        .etag = tag_of(label, snapshot, reply->arena),
        .last_modified = snapshot->last_modified,
    };
    if (request->method != HTTP_HEAD && !reply_is_fresh(request, &same))
        return false;
    label_fill(label, snapshot, request, reply);
    reply->stream.read = read_nothing; /* a stream, so that no length is told */
    return true;
}
