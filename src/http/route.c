#include "bilateral/http/route.h"

#include <limits.h>
#include <string.h>

#include "bilateral/base/text.h"

enum { ALL_METHODS = (HTTP_DELETE << 1) - 1 };

/* A path seen segment by segment; a segment ends at a slash or at `end`. */
struct segment {
    const char *start;
    size_t size;
};

struct match {
    struct segment captures[REQUEST_CAPTURE_LIMIT];
    size_t capture_count;
    unsigned rank; /* a bit for each capture, the first segment's highest: less is more literal */
};

static struct segment next_segment(const char **at, const char *end)
{
    const char *start = *at + 1;
    const char *slash = memchr(start, '/', (size_t)(end - start));
    *at = slash ? slash : end;
    return (struct segment){.start = start, .size = (size_t)(*at - start)};
}

static bool is_capture(struct segment segment)
{
    return segment.size > 1 && segment.start[0] == '{';
}

static bool match_pattern(const char *pattern, const char *path, size_t size, struct match *ret)
{
    struct match match = {0};
    const char *pattern_end = pattern + strlen(pattern);
    const char *path_end = path + size;
    unsigned bit = 1U << (sizeof bit * CHAR_BIT - 1);
    while (pattern < pattern_end && path < path_end) {
        struct segment wanted = next_segment(&pattern, pattern_end);
        struct segment given = next_segment(&path, path_end);
        if (is_capture(wanted)) {
            if (given.size == 0 || match.capture_count == REQUEST_CAPTURE_LIMIT)
                return false;
            match.captures[match.capture_count++] = given;
            match.rank |= bit;
        } else if (wanted.size != given.size ||
                   memcmp(wanted.start, given.start, wanted.size) != 0) {
            return false;
        }
        bit >>= 1;
    }
    if (pattern != pattern_end || path != path_end)
        return false;
    *ret = match;
    return true;
}

/* A quick look before the match: most patterns differ in what stands before their first {…}. */
static bool begin_alike(const char *pattern, const char *path)
{
    while (*pattern == *path && *pattern) {
        pattern++;
        path++;
    }
    return *pattern == '{' || !*pattern;
}

/* The most literal match of all rows that take one of the methods, or of those with formats. */
static const struct route *find(const struct route *routes, size_t count, unsigned methods,
                                const char *path, size_t size, bool formats_only, struct match *ret)
{
    const struct route *found = NULL;
    for (size_t i = 0; i < count; i++) {
        struct match match;
        if (!(routes[i].methods & methods) || (formats_only && !routes[i].formats) ||
            !begin_alike(routes[i].pattern, path) ||
            !match_pattern(routes[i].pattern, path, size, &match))
            continue;
        if (!found || match.rank < ret->rank) {
            found = &routes[i];
            *ret = match;
        }
    }
    return found;
}

static const char *find_extension(const char *path)
{
    const char *dot = strrchr(strrchr(path, '/'), '.');
    return dot && dot[-1] != '/' && dot[1] != '\0' ? dot : NULL;
}

/* Whether the last segment of the path was taken by a {…} that could go without its extension. */
static bool swallowed_extension(const struct route *route, const struct match *match,
                                const char *extension)
{
    if (!route->formats || match->capture_count == 0)
        return false;
    struct segment last = match->captures[match->capture_count - 1];
    return extension >= last.start && extension < last.start + last.size;
}

/* Finds the row among those that take one of the methods, and sets captures and extension. */
static const struct route *resolve(const struct route *routes, size_t count, unsigned methods,
                                   struct request *request)
{
    const char *path = request->path;
    struct match match;
    const struct route *route = find(routes, count, methods, path, strlen(path), false, &match);
    const char *extension = find_extension(path);
    if (extension && (!route || swallowed_extension(route, &match, extension))) {
        struct match plain;
        const struct route *other =
            find(routes, count, methods, path, (size_t)(extension - path), true, &plain);
        if (other) {
            route = other;
            match = plain;
            request->extension = extension + 1;
        }
    }
    for (size_t i = 0; route && i < match.capture_count; i++)
        request->captures[i] =
            arena_copy(request->arena, match.captures[i].start, match.captures[i].size);
    return route;
}

/* The row of the same pattern that takes the method. HEAD is a GET whose body is not sent. */
static const struct route *with_method(const struct route *routes, size_t count,
                                       const char *pattern, unsigned method)
{
    for (size_t i = 0; i < count; i++) {
        if ((routes[i].methods & method) && strcmp(routes[i].pattern, pattern) == 0)
            return &routes[i];
    }
    return method == HTTP_HEAD ? with_method(routes, count, pattern, HTTP_GET) : NULL;
}

static void put_allow(const struct route *routes, size_t count, const char *pattern,
                      struct reply *reply)
{
    struct buffer allow = {0};
    for (unsigned method = 1; method < ALL_METHODS; method <<= 1) {
        if (method != HTTP_OPTIONS && !with_method(routes, count, pattern, method))
            continue;
        buffer_printf(&allow, "%s%s", allow.size ? ", " : "",
                      request_method_name((enum http_method)method));
    }
    reply_header(reply, "Allow", "%s", allow.data);
    buffer_finish(&allow);
}

/* The literal path nearest to what was asked for, or to the beginning of it. */
static const char *nearest(const struct route *routes, size_t count, const struct request *request)
{
    const char **literals = arena_alloc(request->arena, count * sizeof *literals);
    size_t literal_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!strchr(routes[i].pattern, '{'))
            literals[literal_count++] = routes[i].pattern;
    }
    char *path = arena_strdup(request->arena, request->path);
    for (char *end = path + strlen(path); end > path + 1; end = strrchr(path, '/')) {
        *end = '\0';
        const char *found = text_nearest(path, literals, literal_count);
        if (found)
            return found;
    }
    return NULL;
}

/* /v1/meetings/ -> /v1/meetings, where only the second exists. The target is used as it was sent,
 * still encoded and with its base path. */
static bool redirect_slash(const struct route *routes, size_t count, struct request *request,
                           struct reply *reply)
{
    size_t size = strlen(request->path);
    size_t target_size = strcspn(request->target, "?");
    if (size < 2 || request->path[size - 1] != '/' || request->target[target_size - 1] != '/')
        return false;
    struct request without = *request;
    without.path = arena_copy(request->arena, request->path, size - 1);
    if (!resolve(routes, count, ALL_METHODS, &without))
        return false;
    reply_redirect(reply, 308,
                   arena_printf(request->arena, "%.*s%s", (int)target_size - 1, request->target,
                                request->target + target_size));
    return true;
}

bool route_dispatch(const struct route *routes, size_t count, void *worker, struct request *request,
                    struct reply *reply, struct error *error)
{
    /* Most requests read, and most rows write: so a read looks among its own rows first. */
    bool reads = request->method & (HTTP_GET | HTTP_HEAD);
    const struct route *found = reads ? resolve(routes, count, HTTP_GET, request) : NULL;
    if (!found)
        found = resolve(routes, count, ALL_METHODS, request);
    if (!found && redirect_slash(routes, count, request, reply))
        return true;
    if (!found) {
        const char *near = nearest(routes, count, request);
        return error_set(error, ERROR_NOT_FOUND, "no such address%s%s%s",
                         near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }

    const struct route *route = found->methods & request->method
                                    ? found
                                    : with_method(routes, count, found->pattern, request->method);
    if (route) {
        request->route = route;
        return route->handler(worker, request, reply, error);
    }
    put_allow(routes, count, found->pattern, reply);
    if (request->method == HTTP_OPTIONS) {
        reply->status = 204;
        return true;
    }
    return error_set(error, ERROR_METHOD_NOT_ALLOWED, "this address takes %s only",
                     reply_find_header(reply, "Allow"));
}
