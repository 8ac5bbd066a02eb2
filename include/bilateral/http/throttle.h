/*
 * throttle - slows down who sends wrong tokens, by address.
 *
 * Ten wrong tries are answered at once; from then on an address has five a second, each answered
 * later than the one before, and past five seconds of those it is told to go away. Right tokens
 * from the same address are never slowed. One for all workers.
 *
 *     int64_t wait = throttle_count(throttle, request->client);
 *     if (wait < 0)
 *         return error_set(error, ERROR_TOO_MANY_REQUESTS, "Too many wrong tokens.");
 */
#ifndef BILATERAL_HTTP_THROTTLE_H
#define BILATERAL_HTTP_THROTTLE_H

#include <stdint.h>

struct throttle;

struct throttle *throttle_create(void);
void throttle_destroy(struct throttle *throttle); /* NULL is fine */

/* Counts a wrong try. Returns for how many microseconds its answer shall wait; negative: too many. */
int64_t throttle_count(struct throttle *throttle, const char *client);

#endif
