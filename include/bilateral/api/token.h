/*
 * token - who may write: tokens in the store, made on the command line.
 *
 *     bilaterald token create --store FILE --name desk --scope write --expires 90d
 *
 * A token is `bltr_` and 43 characters of base64url, 256 random bits. It is shown once; the store
 * keeps its SHA-256. What is sent is held against every token that is good, in a time that does not
 * depend on how much of it is right.
 */
#ifndef BILATERAL_API_TOKEN_H
#define BILATERAL_API_TOKEN_H

#include <stdbool.h>

#include "bilateral/base/buffer.h"
#include "bilateral/store/store.h"

enum { TOKEN_NAME_LIMIT = 60 };

/* Each covers those before it. */
enum token_scope { SCOPE_NONE, SCOPE_READ, SCOPE_WRITE, SCOPE_ADMIN };
enum { SCOPE_COUNT = SCOPE_ADMIN + 1 };
extern const char *const SCOPE_NAMES[SCOPE_COUNT];

/* What a token is good for. */
struct grant {
    char name[TOKEN_NAME_LIMIT + 1];
    enum token_scope scope;
};

/*
 * Appends the new token, which can never be read again. `expires` is a time (RFC 3339, UTC), or how
 * long from now as in 90d, 12h or 30m; NULL is never. ERROR_CONFLICT where the name is taken, be it
 * by a revoked one: the name stands in the history; ERROR_INVALID for a bad scope, name or time.
 */
bool token_create(struct store *store, const char *name, const char *scope, const char *expires,
                  struct buffer *token, struct error *error);

/* Appends a line of JSON for each, without any secret. */
bool token_list(struct store *store, struct buffer *lines, struct error *error);

/* ERROR_NOT_FOUND where there is no good one of that name. */
bool token_revoke(struct store *store, const char *name, struct error *error);

/* The good token that the text is; ret->scope is SCOPE_NONE where it is none. */
bool token_check(struct store *store, const char *text, struct grant *ret, struct error *error);

/* Whether there is any good one. */
bool token_any(struct store *store, bool *ret, struct error *error);

/* Notes that the token was used, unless it was within the last minute; *ret_noted says so. */
bool token_touch(struct store *store, const char *name, const char *now, bool *ret_noted,
                 struct error *error);

#endif
