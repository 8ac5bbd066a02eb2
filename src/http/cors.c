#include "cors.h"

#include <string.h>

static bool is_listed(const char *origins, const char *origin)
{
    size_t size = strlen(origin);
    for (const char *at = origins + strspn(origins, ", "); *at; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ", ");
        if (length == size && memcmp(at, origin, size) == 0)
            return true;
        at += length;
    }
    return false;
}

/* The answer to the question a browser asks before it sends a write, or a read with fields of its
 * own: what the address takes is in Allow already. */
static void add_preflight(struct envelope *envelope, bool only_reads, const struct reply *reply)
{
    const char *allow = reply_find_header(reply, "Allow");
    envelope_add(envelope, "Access-Control-Allow-Methods",
                 only_reads ? "GET, HEAD, OPTIONS" : allow);
    envelope_add(
        envelope, "Access-Control-Allow-Headers",
        only_reads ? "Accept, Content-Type, If-None-Match, If-Modified-Since, Last-Event-ID, Prefer"
                   : "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, "
                     "If-None-Match, If-Modified-Since, Last-Event-ID, Prefer");
    envelope_add(envelope, "Access-Control-Max-Age", "86400");
}

void cors_add(struct envelope *envelope, const char *origins, const struct request *request,
              const struct reply *reply)
{
    bool reads = request->method & (HTTP_GET | HTTP_HEAD | HTTP_OPTIONS);
    bool any = is_listed(origins, "*");
    const char *origin = request_header(request, "Origin");
    bool named = origin && strcmp(origin, "*") != 0 && is_listed(origins, origin);
    if (*origins && strcmp(origins, "*") != 0) /* without Origin too: caches keep that answer */
        envelope_vary(envelope, request->arena, "Origin");
    if (!named && !(any && reads))
        return;
    envelope_add(envelope, "Access-Control-Allow-Origin", named ? origin : "*");
    envelope_add(envelope, "Access-Control-Expose-Headers",
                 reply_find_header(reply, "Preference-Applied")
                     ? "Link, ETag, Location, RateLimit, Retry-After, Preference-Applied, "
                       "Ignored-Parameters"
                     : "Link, ETag, Location, RateLimit, Retry-After");
    if (request->method == HTTP_OPTIONS && request_header(request, "Access-Control-Request-Method"))
        add_preflight(envelope, !named, reply);
}
