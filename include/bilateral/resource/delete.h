/*
 * delete - a record goes, and leaves its tombstone and its history.
 *
 *     writer_delete(writer, &TOPIC, "trade", NULL, error) && writer_commit(writer, error)
 */
#ifndef BILATERAL_RESOURCE_DELETE_H
#define BILATERAL_RESOURCE_DELETE_H

#include "bilateral/resource/write.h"

/*
 * Deletes a live record: its tombstone and its history stay. ERROR_CONFLICT, with a fault for each,
 * while other records refer to it. With `merged_into` it is a merged one, which answers 308.
 */
bool writer_delete(struct writer *writer, const struct resource *resource, const char *id,
                   const char *merged_into, struct error *error);

#endif
