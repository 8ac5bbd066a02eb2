/*
 * merge - two records that turned out to be one.
 *
 *     writer_merge(writer, &OFFICIAL, "vi-thao", "wei-tao", error) && writer_commit(writer, error)
 */
#ifndef BILATERAL_RESOURCE_MERGE_H
#define BILATERAL_RESOURCE_MERGE_H

#include "bilateral/resource/write.h"

/*
 * Joins a live record into another live one of its resource: names, sources and citations move
 * over, whatever refers to it refers to the other from now on, and it is deleted as merged.
 * ERROR_CONFLICT where the two refer to each other in a way that would become a circle.
 */
bool writer_merge(struct writer *writer, const struct resource *resource, const char *id,
                  const char *into, struct error *error);

#endif
