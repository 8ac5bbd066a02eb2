/*
 * circle - a record does not lie within itself, nor does it follow or copy itself.
 *
 * A reference of a record to another of its sort (parent_id, broader_id, follows_id, wire_of, …) is
 * followed from record to record. It may not lead back to where it began, however far around.
 *
 *     writer->circles = CIRCLES_LATER;         while a batch is put, in any order; then,
 *     writer->circles = CIRCLES_AGAIN;         if writer->suspects, of each of its records once more
 */
#ifndef BILATERAL_RESOURCE_CIRCLE_H
#define BILATERAL_RESOURCE_CIRCLE_H

#include "bilateral/resource/write.h"

/*
 * Adds a fault, with its pointer, for each link by which the draft's record would lie within itself
 * (error->faults must be set); where that is looked at later, what could do so is noted. False only
 * where the store fails. A link that is stored already was looked at when it was put. writer_put
 * does this itself. Behind a batch it is for records that the batch wrote; a circle of seeds which a
 * user's record is part of is no fault: writer->collides is set.
 */
bool circle_check(struct writer *writer, const struct draft *draft, struct error *error);

#endif
