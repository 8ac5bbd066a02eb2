/*
 * serve - the verb that the program is for: open the store, ingest the seeds, answer requests.
 *
 * SIGHUP ingests the seeds again. SIGTERM or SIGINT drains: no new connections, requests under way
 * end within ten seconds; a second signal ends the process at once.
 *
 *     bilaterald serve --store FILE --seeds DIR --listen 127.0.0.1:0
 */
#ifndef BILATERAL_SERVE_H
#define BILATERAL_SERVE_H

#include "bilateral/config.h"

/* Prints the address on standard output when ready. Returns when it has drained. */
int serve(const struct config *config);

#endif
