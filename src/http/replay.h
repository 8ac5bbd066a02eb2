/*
 * replay - replies out of the cache: what may be kept, under which key, and how it is sent again.
 *
 * Each worker keeps a response of the library for each entry that it has sent, so that the next
 * costs nothing but to write its date and request id.
 */
#ifndef HTTP_REPLAY_H
#define HTTP_REPLAY_H

#include <microhttpd.h>

#include "exchange.h"

/* Whether the request may be answered so, by its header section. Then its target is not read before
 * the cache was asked: that is a third of all that is done for a hit. */
bool replay_may(const struct exchange *exchange);

/*
 * Answers from the cache; false where it cannot. Then exchange->key says under what the reply may
 * be kept: its size is 0 where it may not.
 */
bool replay_find(struct exchange *exchange, struct MHD_Connection *library,
                 enum MHD_Result *ret_result);

/* Keeps a copy of exchange->reply, whose coding is applied and which is not made a 304 yet, where
 * it may: exchange->kept, which exchange_end releases. */
void replay_keep(struct exchange *exchange);

/*
 * Gives a response of the library its fields: `lines`, as of envelope_put_lines, the date and the id
 * of the request. Returns where they stand, so that the worker that queues it again can write over
 * them, or NULL.
 */
char *replay_add_fields(const struct exchange *exchange, const char *lines,
                        struct MHD_Response *library);

/* For the cache: gives back a response. */
void replay_forget(void *response);

#endif
