/*
 * cors - which web pages of other origins may read the answers (Fetch standard, 3.2).
 *
 * With `*` in the list any page may read. A write needs an origin that is listed by name.
 * Credentials are never allowed; the token is sent by the page itself.
 */
#ifndef HTTP_CORS_H
#define HTTP_CORS_H

#include "envelope.h"

/* `origins` is a comma-separated list, with or without "*" in it, or "" for none. */
void cors_add(struct envelope *envelope, const char *origins, const struct request *request,
              const struct reply *reply);

#endif
