/*
 * registry - the list of resources: adding one means adding its line in registry.c.
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
    "id IN (\n"                                                                                    \
    "    SELECT from_id\n"                                                                         \
    "    FROM reference\n"                                                                         \
    "    WHERE to_type = '" target "' AND to_id = $ AND from_type = '" type                        \
    "'\n"                                                                                          \
    ")"

/* The other way: the records of `target` that the record `$` of a type refers to. */
#define REFERRED(target, type)                                                                     \
    "id IN (\n"                                                                                    \
    "    SELECT to_id\n"                                                                           \
    "    FROM reference\n"                                                                         \
    "    WHERE from_type = '" type "' AND from_id = $ AND to_type = '" target                      \
    "'\n"                                                                                          \
    ")"

#define REFERRING_TO_PLACES_INSIDE(type)                                                           \
    "id IN (\n"                                                                                    \
    "    SELECT from_id\n"                                                                         \
    "    FROM reference\n"                                                                         \
    "    WHERE to_type = 'place' AND to_id IN " PLACES_INSIDE " AND from_type = '" type            \
    "'\n"                                                                                          \
    ")"

#endif
