/*
 * lane - the slow lane: where an answer is made that takes longer than the others can wait for it.
 *
 *     if (lane_knows(lane, request))
 *         return lane_take(reader, request, reply, error);
 *     ...                                          try it here, for LANE_TRIAL_MILLISECONDS
 *     if (store_gave_up(reader->store))
 *         return lane_take(reader, request, reply, error);
 *
 * A worker serves many connections, so it only tries a read. What is not done by then is begun anew
 * on one thread of the lowest priority, with the whole time that a read may have, while the
 * connection sleeps. The answer is the same. Nobody answers whose client has gone; clients take
 * turns; past LANE_WAITING_LIMIT the client is told 503 (see errand.h).
 */
#ifndef API_LANE_H
#define API_LANE_H

#include "bilateral/api/service.h"

enum {
    LANE_TRIAL_MILLISECONDS = 20, /* of a worker's processor time */
    LANE_WAITING_LIMIT = 32,      /* half of them may be of one address */
};

/* Whether such a request was too slow for a worker of late: then it is not even tried. */
bool lane_knows(const struct lane *lane, const struct request *request);

/* Begins the reply anew and puts it off. ERROR_UNAVAILABLE where too many wait. */
bool lane_take(struct reader *reader, const struct request *request, struct reply *reply,
               struct error *error);

/* On the lane's thread: what is read has the time of a whole read, counted as processor time, for
 * at this priority the clock on the wall tells nothing. */
void lane_set_budget(struct reader *reader);

/* Appends its figures as Prometheus text. */
void lane_metrics(struct lane *lane, struct buffer *text);

#endif
