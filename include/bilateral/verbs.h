/*
 * verbs - what the program does, by the word behind its name. Each returns an exit code.
 *
 *     {"check", "DIR|FILE…", "validate seeds or records without a store", verb_check}, (main.c)
 *
 * serve, import and token are large enough to have files of their own.
 */
#ifndef BILATERAL_VERBS_H
#define BILATERAL_VERBS_H

#include "bilateral/config.h"
#include "bilateral/format/production.h"
#include "bilateral/ingest/ingest.h"
#include "bilateral/resource/generation.h"
#include "bilateral/store/store.h"

int verb_check(const struct config *config);
int verb_backup(const struct config *config);
int verb_migrate(const struct config *config);
int verb_get(const struct config *config);
int verb_export(const struct config *config);
int verb_probe(const struct config *config);

/* Opens the store for writing and brings it to this program's schema; NULL after a log line. For
 * reading, it must lack nothing; NULL, and nothing is said, where it does. */
struct store *verb_open_store(const char *path, enum store_mode mode);

/* Ingests, with progress and log lines: what was done, what was kept, or every fault.
 * `generation` grows before the outcome is told; NULL where nobody serves yet. */
bool verb_ingest(struct store *store, const char *const *paths, size_t count,
                 struct generation *generation);

/* Each fault on a line of standard output: `file:line: pointer: detail`. Then how many there are,
 * or what else went wrong, and what follows from it: "; nothing was stored". */
void verb_print_faults(const struct error *error, const char *consequence);

/* Producers of whole lists on the configured store. */
struct producers *verb_producers(const struct config *config);

/* The address to listen on: --listen, or its host with PORT, made in the caller's `text`. */
const char *verb_listen_address(const struct config *config, char *text, size_t size);

#endif
