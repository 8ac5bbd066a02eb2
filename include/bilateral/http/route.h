/*
 * route - which handler answers a path.
 *
 *     static const struct route ROUTES[] = {
 *         {"/v1/meetings/{id}", HTTP_GET, meeting_detail, &MEETING},
 *         {"/v1/meetings", HTTP_GET, list, &MEETING, .formats = true},
 *     };
 *
 * To add an address, add a row; 404, 405 with Allow, HEAD and OPTIONS follow from the table.
 * HEAD is answered by the GET handler, OPTIONS by route_dispatch. A segment written {name} matches
 * any one non-empty segment and is captured. Literal segments win over {…}, whatever the order.
 */
#ifndef BILATERAL_HTTP_ROUTE_H
#define BILATERAL_HTTP_ROUTE_H

#include "bilateral/http/reply.h"
#include "bilateral/http/request.h"

/*
 * A handler takes its input from `request`, fetches through `worker` (what service.worker_start
 * made for this thread) and fills `reply`; on false, `error` becomes a problem reply.
 */
typedef bool route_handler(void *worker, struct request *request, struct reply *reply,
                           struct error *error);

struct route {
    const char *pattern;
    unsigned methods; /* enum http_method, or-ed */
    route_handler *handler;
    const void *data; /* the handler's own: the resource it serves */
    bool formats;     /* whether the last segment may carry an extension (.csv) */
};

/*
 * Finds the route for request->path and calls its handler: the most literal one; a GET or HEAD sees
 * others than GET only where no GET matches. Several rows may have one pattern with other methods. Sets captures, extension and, for the handler, request->route.
 */
bool route_dispatch(const struct route *routes, size_t count, void *worker, struct request *request,
                    struct reply *reply, struct error *error);

#endif
