/*
 * registry - the list of resources: adding one means adding its line in registry.c.
 *
 *     const struct resource *resource = registry_by_collection(&REGISTRY, "meetings");
 */
#ifndef BILATERAL_API_REGISTRY_H
#define BILATERAL_API_REGISTRY_H

#include "bilateral/resource/resource.h"

extern const struct resource SOURCE, TOPIC, PLACE, ORGANIZATION, POST, OFFICIAL, MEETING, AGREEMENT,
    STATEMENT, TRADE_FIGURE;

extern const struct registry REGISTRY;

/* What more than one descriptor uses. */
extern const struct relation TRADE_FIGURE_RELATIONS[];
extern const char *const AGREEMENT_STATUSES[];

/* `id IN (…)` for every place inside the place `$`, itself included. */
#define PLACES_INSIDE                                                                              \
    "(\n"                                                                                          \
    "    WITH RECURSIVE inside (id) AS (\n"                                                        \
    "        SELECT $\n"                                                                           \
    "        UNION\n"                                                                              \
    "        SELECT place.id\n"                                                                    \
    "        FROM place\n"                                                                         \
    "        JOIN inside ON place.parent_id = inside.id\n"                                         \
    "    )\n"                                                                                      \
    "    SELECT id\n"                                                                              \
    "    FROM inside\n"                                                                            \
    ")"

/* The records of a type that refer to the `$` of another type, wherever in them. */
#define REFERRING(type, target)                                                                    \
    RESOURCE_SET("reference", "from_id",                                                           \
                 "to_type = '" target "' AND to_id = $ AND from_type = '" type "'", NULL)

/* The other way: the records of `target` that the record `$` of a type refers to. */
#define REFERRED(target, type)                                                                     \
    RESOURCE_SET("reference", "to_id",                                                             \
                 "from_type = '" type "' AND from_id = $ AND to_type = '" target "'", NULL)

/* A row is looked at through the few references that it has, not through those of each place. */
#define REFERRING_TO_PLACES_INSIDE(type)                                                           \
    RESOURCE_SET("reference", "from_id",                                                           \
                 "to_type = 'place' AND to_id IN " PLACES_INSIDE " AND from_type = '" type "'",    \
                 "EXISTS (\n"                                                                      \
                 "    SELECT 1\n"                                                                  \
                 "    FROM reference\n"                                                            \
                 "    WHERE from_type = '" type                                                    \
                 "' AND from_id = id\n"                                                            \
                 "        AND +to_type = 'place' AND +to_id IN " PLACES_INSIDE ")")

#endif
