/*
 * backup - the verb: a sound copy of a store that may be in use; see store/backup.h.
 *
 *     bilaterald backup --store FILE /backup/monday.sqlite3
 *     bilaterald backup --store FILE /backup         under a name made of the time, which is printed
 */
#ifndef BILATERAL_BACKUP_H
#define BILATERAL_BACKUP_H

#include "bilateral/config.h"

int verb_backup(const struct config *config);

#endif
