/*
 * bulk - filling an empty store: its indexes are made when all rows are there.
 *
 *     struct bulk bulk;
 *     if (!bulk_prepare(&bulk, store, error))          before the transaction
 *         return false;
 *     if (!store_begin_write(store, error) || !bulk_begin(&bulk, error)) …
 *     … rows …
 *     if (!bulk_end(&bulk, error) || !store_commit(store, error)) …
 *     bulk_finish(&bulk);                              behind the transaction, whatever became of it
 *
 * Kept in order row by row, a hundred indexes change a page each for every row; sorted at the end,
 * each is written once, which for a million records takes a tenth of the time. All is within the
 * one transaction: nobody sees a store without its indexes. References are not checked by the
 * engine meanwhile; the writer has looked at each. In a store that has records nothing is done.
 */
#ifndef BILATERAL_STORE_BULK_H
#define BILATERAL_STORE_BULK_H

#include "bilateral/base/buffer.h"
#include "bilateral/store/store.h"

struct bulk {
    struct store *store;
    bool empty;            /* the store, before */
    struct buffer indexes; /* what makes them */
};

bool bulk_prepare(struct bulk *bulk, struct store *store, struct error *error);
bool bulk_begin(struct bulk *bulk, struct error *error);
bool bulk_end(struct bulk *bulk, struct error *error);
void bulk_finish(struct bulk *bulk);

#endif
