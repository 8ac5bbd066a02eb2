/*
 * live - a worker's handle that is never in a transaction: it sees each commit at once.
 *
 * For what must not be a moment old: tokens, and changes that somebody waits for.
 */
#ifndef API_LIVE_H
#define API_LIVE_H

#include "bilateral/api/service.h"

/* Opened when it is first needed; NULL on failure. */
struct store *live_store(struct reader *reader, struct error *error);

#endif
