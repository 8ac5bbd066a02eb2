/*
 * revision - the one counter that says how far the store has come.
 *
 * It grows by one in every write transaction that changes the record. Whoever knows the store's
 * id and its revision knows the whole record: ETags, caches and readiness are made of the two.
 *
 *     struct revision revision;
 *     if (store_begin_read(store, error) && revision_read(store, &revision, error))
 *         ... revision.number
 */
#ifndef BILATERAL_STORE_REVISION_H
#define BILATERAL_STORE_REVISION_H

#include <stdint.h>

#include "bilateral/base/date.h"
#include "bilateral/store/store.h"

struct revision {
    char store_id[17];
    char secret[65]; /* of the store: the key that seals cursors; never shown */
    int64_t number;
    char updated_at[DATE_TIMESTAMP_SIZE];
};

/* Call inside the transaction whose state it shall describe. */
bool revision_read(struct store *store, struct revision *ret, struct error *error);

/* Inside a write transaction: the next number, at `now` (RFC 3339). */
bool revision_advance(struct store *store, const char *now, int64_t *ret, struct error *error);

#endif
