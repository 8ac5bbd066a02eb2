/*
 * door - how connections come in to a worker, and leave.
 *
 * We accept them ourselves and hand them to the library, so that limits hold over all workers, one
 * too many is told so with 503, and running out of descriptors does not make the loop spin.
 */
#ifndef HTTP_DOOR_H
#define HTTP_DOOR_H

#include <microhttpd.h>

#include "worker.h"

/* Whether the worker waits for the listener. */
void door_set(struct worker *worker, bool open);

/* Accepts some of those that wait; sets worker->starved where the system has no more to give. */
void door_accept(struct worker *worker);

/* For the library: a connection has started, or has been closed. */
void door_notice(void *worker, struct MHD_Connection *library, void **connection,
                 enum MHD_ConnectionNotificationCode code);

/* Closes a connection that lingered. */
void door_close(struct worker *worker, struct connection *connection);

#endif
