/*
 * auth - whether a request may do what it asks for.
 *
 * Reading needs no token; a wrong one is refused everywhere, for its sender believes in it. Tokens
 * are taken from the Authorization field only (RFC 6750, 2.1), and written nowhere.
 */
#ifndef API_AUTH_H
#define API_AUTH_H

#include "bilateral/api/service.h"

/*
 * Sets reader->bearer from the Authorization field; SCOPE_NONE without one. Where the token is wrong
 * it fails with ERROR_UNAUTHORIZED, or answers so later; *ret_later says that.
 */
bool auth_identify(struct reader *reader, const struct request *request, struct reply *reply,
                   bool *ret_later, struct error *error);

/* ERROR_UNAUTHORIZED without a token, ERROR_FORBIDDEN with one of a narrower scope. */
bool auth_require(struct reader *reader, enum token_scope scope, struct reply *reply,
                  struct error *error);

#endif
