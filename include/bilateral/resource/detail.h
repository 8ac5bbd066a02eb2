/*
 * detail - answers with one record: the bare object, or what became of it.
 *
 *     return detail_answer(snapshot, &MEETING, request->captures[0], request, reply, error);
 */
#ifndef BILATERAL_RESOURCE_DETAIL_H
#define BILATERAL_RESOURCE_DETAIL_H

#include "bilateral/http/reply.h"
#include "bilateral/resource/resource.h"
#include "bilateral/resource/snapshot.h"

/* The parameters that an answer with one record takes; ended by NULL. */
extern const char *const DETAIL_PARAMETERS[];

/* ERROR_NOT_FOUND names the nearest id, ERROR_GONE a tombstone; a merged record answers 308. */
bool detail_answer(const struct snapshot *snapshot, const struct resource *resource, const char *id,
                   const struct request *request, struct reply *reply, struct error *error);

/* For what hangs under a record: fails as detail_answer does where the record is not there. */
bool detail_exists(const struct snapshot *snapshot, const struct resource *resource, const char *id,
                   struct error *error);

/* The id of that type nearest to a mistyped one, in the snapshot's arena; or NULL. */
const char *detail_nearest(const struct snapshot *snapshot, const char *type, const char *id,
                           struct error *error);

#endif
