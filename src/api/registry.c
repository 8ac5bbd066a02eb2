#include "bilateral/api/registry.h"

/* To add a resource: a line here, and what else the README names. */
static const struct resource *const RESOURCES[] = {
    &SOURCE,   &TOPIC,   &PLACE,     &ORGANIZATION, &POST,
    &OFFICIAL, &MEETING, &AGREEMENT, &STATEMENT,    &TRADE_FIGURE,
};

const struct registry REGISTRY = {
    .resources = RESOURCES,
    .count = sizeof RESOURCES / sizeof RESOURCES[0],
};
