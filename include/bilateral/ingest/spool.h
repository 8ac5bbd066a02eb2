/*
 * spool - a file for what must be read twice and can be read once only.
 *
 *     FILE *file = spool_create("/var/lib/bilateral/bilateral.sqlite3");
 */
#ifndef BILATERAL_INGEST_SPOOL_H
#define BILATERAL_INGEST_SPOOL_H

#include <stdio.h>

/* For reading and writing, empty, and without a name, so that nothing of it stays. It lies beside the
 * store, for that is where there must be room anyway. NULL with errno on failure. */
FILE *spool_create(const char *store_path);

#endif
