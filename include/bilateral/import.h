/*
 * import - records of a user's own from files of NDJSON, or from standard input, all or nothing.
 *
 *     bilaterald import --store FILE records.ndjson
 *     other-program | bilaterald import --store FILE --dry-run -
 *
 * Prints one line about what was stored, or a line for each of the first 1,000 faults
 * (`file:line: pointer: detail`) and how many there are.
 */
#ifndef BILATERAL_IMPORT_H
#define BILATERAL_IMPORT_H

#include "bilateral/config.h"

int verb_import(const struct config *config);

#endif
