/*
 * copy - the store as a file of its own, to be given away.
 *
 *     if (!copy_write(store, "/tmp/export", error))
 *         return false;
 *
 * The copy is of one state, while writers go on. It is one file without a log beside it, so that it
 * opens anywhere, on a disk that cannot be written to as well. What is nobody else's business is not
 * in it, nor in its unused pages: the secret, tokens, and answers kept for their repetition. Equal
 * states give equal copies. Who opens one as a store gets a secret of his own.
 */
#ifndef BILATERAL_STORE_COPY_H
#define BILATERAL_STORE_COPY_H

#include "bilateral/store/store.h"

/*
 * `store` is open for reading, outside a transaction; store_interrupt ends it early. `path` is an
 * empty file, or none. What is there after a failure is the caller's to remove.
 */
bool copy_write(struct store *store, const char *path, struct error *error);

#endif
