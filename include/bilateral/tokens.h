/*
 * tokens - the verb `token`, and the token that a container is started with.
 *
 *     bilaterald token create --store FILE --name desk --scope write --expires 90d
 */
#ifndef BILATERAL_TOKENS_H
#define BILATERAL_TOKENS_H

#include "bilateral/base/hash.h"
#include "bilateral/config.h"

/* create, list or revoke NAME; returns an exit code. */
int verb_token(const struct config *config);

/*
 * The digest of the admin token that --token-file or BILATERAL_TOKEN gives; "" without either.
 * False after a log line where the file cannot be read or others may read it, or the token is too
 * short to be random.
 */
bool tokens_read_bootstrap(const struct config *config, char ret_digest[static HASH_HEX_SIZE]);

#endif
