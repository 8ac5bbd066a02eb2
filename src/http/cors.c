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
static void add_preflight(struct envelope *envelope, bool any, const struct reply *reply)
{
    const char *allow = reply_find_header(reply, "Allow");
    envelope_add(envelope, "Access-Control-Allow-Methods", any ? "GET, HEAD, OPTIONS" : allow);
    envelope_add(envelope, "Access-Control-Allow-Headers",
                 any ? "Accept, Content-Type, If-None-Match, If-Modified-Since, Last-Event-ID"
                     : "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, "
                       "If-None-Match, If-Modified-Since, Last-Event-ID, Prefer");
    envelope_add(envelope, "Access-Control-Max-Age", "86400");
}

void cors_add(struct envelope *envelope, const char *origins, const struct request *request,
              const struct reply *reply)
{
    bool any = strcmp(origins, "*") == 0;
    bool reads = request->method & (HTTP_GET | HTTP_HEAD | HTTP_OPTIONS);
    const char *origin = request_header(request, "Origin");
    if (*origins == '\0' || (any && !reads))
        return;
    if (!any) {
        envelope_vary(envelope, request->arena,
                      "Origin"); /* without Origin too: caches keep that answer */
        if (!origin || !is_listed(origins, origin))
            return;
    }
    envelope_add(envelope, "Access-Control-Allow-Origin", any ? "*" : origin);
    envelope_add(envelope, "Access-Control-Expose-Headers",
                 "Link, ETag, Location, RateLimit, Retry-After");
    if (request->method == HTTP_OPTIONS && request_header(request, "Access-Control-Request-Method"))
        add_preflight(envelope, any, reply);
}
