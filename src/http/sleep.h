/*
 * sleep - connections whose reply waits for something of our own: for a stream's next bytes, or for
 * what it will be made of (see reply.h).
 *
 * The library suspends such a connection and forgets it until it is resumed: it has no time-out,
 * does not see the client go, and to stop with one suspended ends the process. So all that is seen
 * to here. A worker keeps its own sleepers and looks at them when it was woken, and at each tick.
 */
#ifndef HTTP_SLEEP_H
#define HTTP_SLEEP_H

#include <microhttpd.h>

#include "exchange.h"

/* Within a call of the library for this exchange. False where the server stops: then it is to be
 * broken off. */
bool sleep_begin(struct exchange *exchange, struct MHD_Connection *library);

/* Lets go on who has what he waits for. */
void sleep_look(struct worker *worker);

/* Also who waited too long, with exchange->is_overdue set, and who lost his client, is_lost. */
void sleep_tick(struct worker *worker, int64_t now);

/* All, as if lost; the stage must be STAGE_STOPPING, so that nobody falls asleep any more. The
 * next MHD_run ends them. */
void sleep_end(struct worker *worker);

#endif
