#include "envelope.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "cors.h"

/* The fields of every reply, unless the handler set its own. `Server` is missing on purpose: it
 * helps nobody but who looks for a version to attack. */
static const struct request_header COMMON[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy",
     "default-src 'none'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'"},
};

void envelope_add(struct envelope *envelope, const char *name, const char *value)
{
    if (!value || envelope->count == ENVELOPE_LIMIT)
        return;
    size_t size = strlen(name) + strlen(": \r\n") + strlen(value);
    if (envelope->size + size > ENVELOPE_SECTION_LIMIT)
        return;
    envelope->fields[envelope->count++] = (struct request_header){.name = name, .value = value};
    envelope->size += size;
}

/* Whether a list of names has one, in any case. */
static bool has_name(const char *list, const char *name)
{
    size_t size = strlen(name);
    for (list += strspn(list, ", "); *list; list += strspn(list, ", ")) {
        size_t length = strcspn(list, ", ");
        if (length == size && strncasecmp(list, name, size) == 0)
            return true;
        list += length;
    }
    return false;
}

void envelope_vary(struct envelope *envelope, struct arena *arena, const char *name)
{
    size_t at = 0;
    while (at < envelope->count && strcmp(envelope->fields[at].name, "Vary") != 0)
        at++;
    if (at == envelope->count) {
        envelope_add(envelope, "Vary", name);
    } else if (!has_name(envelope->fields[at].value, name)) {
        envelope->fields[at].value =
            arena_printf(arena, "%s, %s", envelope->fields[at].value, name);
        envelope->size += strlen(name) + strlen(", ");
    }
}

/* Our own fields go first: if something does not fit, it is not one of those that protect. */
void envelope_make(struct envelope *ret, const char *cors_origins, const struct request *request,
                   const struct reply *reply)
{
    ret->count = ret->size = 0;
    for (size_t i = 0; i < sizeof COMMON / sizeof *COMMON; i++) {
        if (!reply_find_header(reply, COMMON[i].name))
            envelope_add(ret, COMMON[i].name, COMMON[i].value);
    }
    bool reads = request->method & (HTTP_GET | HTTP_HEAD);
    if (!reply_find_header(reply, "Cross-Origin-Resource-Policy"))
        envelope_add(ret, "Cross-Origin-Resource-Policy", reads ? "cross-origin" : "same-origin");
    envelope_add(ret, "X-Request-Id", request->id);
    cors_add(ret, cors_origins, request, reply);

    bool has_content = reply->status != 204 && reply->status != 304;
    envelope_add(ret, "Content-Type", has_content ? reply->content_type : NULL);
    envelope_add(ret, "ETag", reply->etag);
    envelope_add(ret, "Last-Modified", reply->last_modified);
    for (size_t i = 0; i < reply->header_count; i++) {
        if (strcasecmp(reply->headers[i].name, "Vary") == 0)
            envelope_vary(ret, request->arena, reply->headers[i].value);
        else
            envelope_add(ret, reply->headers[i].name, reply->headers[i].value);
    }
}

/* An HTTP-date as every sender has to write it today (RFC 9110, 5.6.7); -1 for anything else. */
static time_t parse_date(const char *text)
{
    struct tm date = {0};
    const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &date);
    return end && *end == '\0' ? timegm(&date) : -1;
}

bool reply_is_fresh(const struct request *request, const struct reply *reply)
{
    const char *tags = request_header(request, "If-None-Match");
    if (tags) /* where it is sent, the date does not count (RFC 9110, 13.1.3) */
        return reply->etag && reply_etag_matches(tags, reply->etag, true);
    const char *since = request_header(request, "If-Modified-Since");
    if (!since || !reply->last_modified)
        return false;
    time_t known = parse_date(since);
    time_t changed = parse_date(reply->last_modified);
    return known >= 0 && changed >= 0 && changed <= known;
}

/* Two codings of one state are not the same bytes, so they have two tags (RFC 9110, 8.8.3.3). */
static const char *compressed_tag(const char *etag, struct arena *arena)
{
    return arena_printf(arena, "%.*s" ETAG_GZIP "\"", (int)strlen(etag) - 1, etag);
}

static bool is_compressed(const struct reply *reply)
{
    const char *coding = reply_find_header(reply, "Content-Encoding");
    return coding && strcmp(coding, "gzip") == 0;
}

const char *envelope_tag(const struct reply *reply)
{
    return reply->etag && is_compressed(reply) ? compressed_tag(reply->etag, reply->arena)
                                               : reply->etag;
}

/*
 * Each tag of the state proves that the client's copy is good. A 304 repeats the one that did: by it
 * a cache knows which of its copies is meant (RFC 9111, 4.3.4).
 */
static void choose_tag(const struct request *request, struct reply *reply)
{
    const char *tags = request_header(request, "If-None-Match");
    const char *plain = reply->etag, *own = envelope_tag(reply);
    reply->etag = own;
    if (!plain || reply->status != 304 || !tags)
        return;
    const char *other = own == plain ? compressed_tag(plain, reply->arena) : plain;
    if (strstr(tags, other) && !strstr(tags, own))
        reply->etag = other;
}

void envelope_condition(const struct request *request, struct reply *reply)
{
    bool reads = request->method & (HTTP_GET | HTTP_HEAD);
    if (reads && reply->status == 200 && reply_is_fresh(request, reply))
        reply->status = 304;
    choose_tag(request, reply);
}

static bool is_of_content(const struct request_header *field)
{
    return strcmp(field->name, "Content-Type") == 0 || strcmp(field->name, "ETag") == 0;
}

void envelope_put_lines(const struct envelope *envelope, bool of_content, struct buffer *lines)
{
    for (size_t i = 0; i < envelope->count; i++) {
        const struct request_header *field = &envelope->fields[i];
        if (is_of_content(field) == of_content && strcmp(field->name, "X-Request-Id") != 0)
            buffer_put_all(lines, "\r\n", field->name, ": ", field->value, NULL);
    }
}
