/*
 * dataset - a data set's own file: what it is called and under which licence it stands.
 *
 *     {"id": "viet-nam-guangxi", "name": "Viet Nam - Guangxi", "license": "CC-BY-4.0"}
 *
 * Members: id and name, which it must have; description, license (SPDX), license_url, attribution.
 */
#ifndef BILATERAL_INGEST_DATASET_H
#define BILATERAL_INGEST_DATASET_H

#include "bilateral/resource/write.h"

/*
 * Reads the file; what it says lives in the arena of error->faults, which must be set. Faults have
 * the file as `name`, their line and pointer. None of the others, which were read before, may have the
 * same id.
 */
void dataset_read(const char *path, const char *name, const struct dataset *others, size_t count,
                  struct dataset *ret, struct error *error);

#endif
