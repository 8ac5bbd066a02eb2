/*
 * coding - which replies are compressed, for whom, and how caches are told.
 */
#ifndef HTTP_CODING_H
#define HTTP_CODING_H

#include "bilateral/http/reply.h"
#include "bilateral/http/request.h"
#include "worker.h"

/*
 * Decides whether the reply's body is to be compressed for this client, and sets Content-Encoding
 * and Vary. Before the ETag is looked at, for each coding has its own.
 */
bool coding_choose(const struct request *request, struct reply *reply);

/* Compresses the body; also for HEAD and 304, which tell the length. */
void coding_apply(struct worker *worker, struct reply *reply);

#endif
