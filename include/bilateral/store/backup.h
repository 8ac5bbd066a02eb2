/*
 * backup - a copy of a store that is being written to, and that a power cut cannot take back.
 *
 *     struct buffer path = {0};
 *     if (!store_backup(store, "/backup/monday.sqlite3", &path, error))
 *         ...
 *     buffer_finish(&path);
 *
 * The copy is one state of the store, whatever is written meanwhile; neither readers nor writers
 * wait for it. It is made under another name in the same folder, checked whole (every page, every
 * index, the text index, our marks), put on the disk together with its folder, and only then gets
 * its name: what bears the name is sound. To restore, stop the daemon, remove the files FILE-wal and
 * FILE-shm of the store, and copy the file back.
 */
#ifndef BILATERAL_STORE_BACKUP_H
#define BILATERAL_STORE_BACKUP_H

#include "bilateral/base/buffer.h"
#include "bilateral/store/store.h"

/*
 * `to` is a name, or a folder in which the file is named by the time; *ret_path tells its name.
 * `from` is any handle without a transaction. ERROR_CONFLICT where there is a file of that name:
 * it is never overwritten. ERROR_STORAGE_FULL; ERROR_UNAVAILABLE where the folder cannot be written;
 * ERROR_INTERNAL where the copy is not sound, which then is the store's own damage.
 */
bool store_backup(struct store *from, const char *to, struct buffer *ret_path, struct error *error);

#endif
