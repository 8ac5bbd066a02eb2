/*
 * deliver - hands a finished reply to the library, or straight to a socket.
 */
#ifndef HTTP_DELIVER_H
#define HTTP_DELIVER_H

#include "exchange.h"

/* Queues exchange->reply. MHD_NO closes the connection without an answer. */
enum MHD_Result deliver(struct exchange *exchange, struct MHD_Connection *library);

/* Writes a reply with a plain body in one go, as much as the socket takes; returns what went. */
size_t deliver_raw(struct worker *worker, int socket, const struct request *request,
                   const struct reply *reply);

#endif
