#include "bilateral/http/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bilateral/base/hash.h"
#include "bilateral/base/log.h"

void reply_header(struct reply *reply, const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *value = arena_vprintf(reply->arena, format, arguments);
    va_end(arguments);
    if (reply->header_count == REPLY_HEADER_LIMIT || !*value || !request_header_fits(value))
        log_message(LOG_ERROR, "http", "header field %s left out: %s", name,
                    reply->header_count == REPLY_HEADER_LIMIT ? "too many fields" : "bad value");
    else
        reply->headers[reply->header_count++] =
            (struct request_header){.name = name, .value = value};
}

void reply_tag(struct reply *reply)
{
    char digest[HASH_HEX_SIZE];
    hash_sha256_hex(reply->body.data, reply->body.size, digest);
    reply->etag = arena_printf(reply->arena, "\"%.16s\"", digest);
}

const char *reply_find_header(const struct reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        if (request_header_is(&reply->headers[i], name))
            return reply->headers[i].value;
    }
    return NULL;
}

void reply_drop_header(struct reply *reply, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < reply->header_count; i++) {
        if (!request_header_is(&reply->headers[i], name))
            reply->headers[kept++] = reply->headers[i];
    }
    reply->header_count = kept;
}

void reply_redirect(struct reply *reply, int status, const char *location)
{
    reply->status = status;
    reply_header(reply, "Location", "%s", location);
}

/* One entity-tag of a list: W/ before it is the weak mark. */
static bool tag_matches(const char *tag, size_t size, const char *etag, bool weak)
{
    size_t etag_size = strlen(etag);
    bool tag_is_weak = size > 2 && strncmp(tag, "W/", 2) == 0;
    bool etag_is_weak = etag_size > 2 && strncmp(etag, "W/", 2) == 0;
    if (!weak && (tag_is_weak || etag_is_weak))
        return false;
    if (tag_is_weak) {
        tag += 2;
        size -= 2;
    }
    if (etag_is_weak) {
        etag += 2;
        etag_size -= 2;
    }
    static const char GZIP[] = ETAG_GZIP "\"";
    if (etag_size > 0 && size == etag_size + strlen(ETAG_GZIP) &&
        memcmp(tag, etag, etag_size - 1) == 0)
        return memcmp(tag + etag_size - 1, GZIP, strlen(GZIP)) == 0;
    return size == etag_size && memcmp(tag, etag, size) == 0;
}

/* How long the entity-tag at `tag` is: up to the closing quote, for a comma may stand inside. */
static size_t tag_size(const char *tag)
{
    size_t start = strncmp(tag, "W/", 2) == 0 ? 2 : 0;
    if (tag[start] != '"')
        return strcspn(tag, ", \t");
    const char *end = strchr(tag + start + 1, '"');
    return end ? (size_t)(end + 1 - tag) : strlen(tag);
}

bool reply_etag_matches(const char *field, const char *etag, bool weak)
{
    if (strcmp(field, "*") == 0)
        return true;
    for (const char *at = field + strspn(field, ", \t"); *at; at += strspn(at, ", \t")) {
        size_t size = tag_size(at);
        if (tag_matches(at, size, etag, weak))
            return true;
        at += size;
    }
    return false;
}

void reply_drop_body(struct reply *reply)
{
    buffer_finish(&reply->body);
    if (reply->stream.close)
        reply->stream.close(reply->stream.context);
    if (reply->later.close)
        reply->later.close(reply->later.context);
    reply->stream = (struct reply_stream){0};
    reply->later = (struct reply_later){0};
}

bool reply_finish_later(struct reply *reply, void *worker, struct request *request,
                        struct error *error)
{
    struct reply_later later = reply->later;
    reply->later = (struct reply_later){0};
    bool good = later.finish(later.context, worker, request, reply, error);
    if (later.close)
        later.close(later.context);
    return good;
}
