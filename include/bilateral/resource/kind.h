/*
 * kind - a reference may want more than a record of a type: the mechanism of a session is an
 * agreement whose classification is `mechanism` (field.kind). One that does not say what it is may be.
 *
 * That is looked at when the record that refers is put, and when the other is. Of a batch, which may
 * come in any order, it is noted and looked at again, as circles are; see circle.h.
 */
#ifndef BILATERAL_RESOURCE_KIND_H
#define BILATERAL_RESOURCE_KIND_H

#include "bilateral/resource/write.h"

/*
 * Adds a fault, with its pointer, for each link to a record of another kind, and one where a record
 * refers to the draft's which wants it to be of another (error->faults must be set). False only
 * where the store fails. writer_put does this itself. Behind a batch it is for records that the
 * batch wrote; a seed that is not what a user's record wants is no fault: writer->collides is set.
 */
bool kind_check(struct writer *writer, const struct draft *draft, struct error *error);

#endif
