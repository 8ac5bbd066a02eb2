/*
 * snapshot - one state of the record, for as long as one request reads it.
 *
 * Everything a request reads comes from one read transaction, so that list, count, facets and
 * detail agree, whatever is written meanwhile.
 *
 *     struct snapshot snapshot;
 *     if (!snapshot_open(&snapshot, store, &registry, arena, error))
 *         return false;
 *     ...
 *     snapshot_close(&snapshot);
 */
#ifndef BILATERAL_RESOURCE_SNAPSHOT_H
#define BILATERAL_RESOURCE_SNAPSHOT_H

#include "bilateral/base/hash.h"
#include "bilateral/resource/kept.h"
#include "bilateral/resource/resource.h"
#include "bilateral/store/revision.h"

struct snapshot {
    struct store *store;
    const struct registry *registry;
    struct arena *arena;
    struct revision revision;
    struct hash_key *cursor_key;
    struct kept *kept;         /* what is known of this state; NULL: nothing is kept */
    const char *etag;          /* of everything that the whole state decides: lists */
    const char *last_modified; /* an HTTP-date */
    const char *dataset;       /* id of the data set that came first; NULL without one */
    const char *license;
    const char *license_url;
};

/* What it returns lives in the arena. */
bool snapshot_open(struct snapshot *snapshot, struct store *store, const struct registry *registry,
                   struct arena *arena, struct error *error);
void snapshot_close(struct snapshot *snapshot);

/* What people call a record, also one that was deleted, in `arena`; NULL: nobody calls it anything. */
bool snapshot_label(const struct snapshot *snapshot, const char *type, const char *id,
                    struct arena *arena, const char **ret, struct error *error);

/* The strong ETag of one record at its revision. */
const char *snapshot_record_etag(const struct snapshot *snapshot, int64_t revision);

/* The same for whoever has no snapshot: the writer. */
const char *snapshot_etag_of(const char *store_id, int64_t revision, struct arena *arena);

/* An RFC 3339 time as an HTTP-date (RFC 9110, 5.6.7), in `arena`. */
const char *snapshot_http_date(const char *timestamp, struct arena *arena);

#endif
