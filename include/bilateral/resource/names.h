/*
 * names - the field `other_names`, which several resources have.
 *
 *     {"other_names", FIELD_PART, .help = "Other names.", .part = &NAMES_PART},
 */
#ifndef BILATERAL_RESOURCE_NAMES_H
#define BILATERAL_RESOURCE_NAMES_H

#include "bilateral/resource/resource.h"

extern const struct part NAMES_PART;

#endif
