/*
 * export - the whole record: as NDJSON, or as a SQLite file.
 *
 * NDJSON begins with a line about the whole, of the type "dataset": the first data set's id, name,
 * description, licence and attribution, `others` with the same of the rest, the store's revision
 * and when it was made, and `counts` by collection. A record a line follows, in the order of the
 * registry and of ids, each with its `type`. The file's manual is store/copy.h.
 *
 *     return export_answer(producers, snapshot, 0, request, reply, error);      (0: as NDJSON)
 */
#ifndef BILATERAL_FORMAT_EXPORT_H
#define BILATERAL_FORMAT_EXPORT_H

#include "bilateral/format/production.h"
#include "bilateral/resource/snapshot.h"

/* Media types in which it can be had, the first by default, ended by NULL; and their extensions. */
extern const char *const EXPORT_OFFERS[];
extern const char *const EXPORT_EXTENSIONS[];

/* Answers with that offer. The request has been checked, but for the state it has already. */
bool export_answer(struct producers *producers, const struct snapshot *snapshot, size_t offer,
                   const struct request *request, struct reply *reply, struct error *error);

#endif
