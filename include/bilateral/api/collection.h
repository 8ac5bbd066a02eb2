/*
 * collection - lists and details of resources, and of what hangs under a record.
 *
 *     {"/v1/officials/{id}/meetings", HTTP_GET, collection_under, &OFFICIAL_MEETINGS, true},
 *
 *     const struct under OFFICIAL_MEETINGS = {
 *         .owner = &OFFICIAL,
 *         .rows = &MEETING,
 *         .by.sets = RESOURCE_SET("participant", "meeting_id", "official_id = $", NULL),
 *     };
 */
#ifndef BILATERAL_API_COLLECTION_H
#define BILATERAL_API_COLLECTION_H

#include "bilateral/resource/resource.h"

/* An address such as /v1/officials/{id}/meetings: rows of one resource, by another's id. */
struct under {
    const struct resource *owner; /* whose {id} it is; the address fails where it is not there */
    const struct resource *rows;
    const char *help;               /* one sentence for the documentation */
    const struct resource *rows_at; /* the rows with at=; NULL: the same */
    struct relation by;             /* how the rows hang together with it: where, or sets */
};

/* What addresses show besides collections: views, and meetings in another order. */
extern const struct resource COUNTERPART, SESSION, HOLDER, HOLDER_ON_DAY, AGREEMENT_TIMELINE, FACT,
    SEARCH, CONFLICT, SERIES, TIMELINE, REVISION, CHANGE;

extern const struct under OFFICIAL_MEETINGS, OFFICIAL_COUNTERPARTS, AGREEMENT_EVENTS,
    AGREEMENT_SESSIONS, PLACE_MEETINGS, POST_HOLDERS, SOURCE_FACTS;

#endif
