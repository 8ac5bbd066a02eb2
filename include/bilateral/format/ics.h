/*
 * ics - iCalendar (RFC 5545, with RFC 7986): one VEVENT for each record that has a date.
 *
 *     static const struct ics_map MAP = {.start = "start_date", .summary = "name"};
 *     .formats = (const struct format_use[]){{&FORMAT_ICS, .map = &MAP}, {0}},
 *
 * Events are whole days (VALUE=DATE) and take no time from anybody (TRANSP:TRANSPARENT). A date of
 * a month, season, quarter or year spans all days that it can mean, and so does one with `~`, `?`
 * or `%`: the summary then ends in "(dates not exact)", and the description begins with what is
 * known. A record without a date is left out: an event must have one. UID and RELATED-TO are the
 * records' own for ever; SEQUENCE counts revisions from 0; DTSTAMP is when the record was last
 * written, so that an unchanged record gives the same bytes.
 *
 * There is no URL (a calendar needs a whole one, and we do not know by which name we are asked) and
 * no ATTENDEE (it needs an address of each person): who takes part stands in the description.
 */
#ifndef BILATERAL_FORMAT_ICS_H
#define BILATERAL_FORMAT_ICS_H

#include "bilateral/format/format.h"

/* Lines at the description's end: one for each element of a part, or each record referred to. */
struct ics_list {
    const char *heading;
    const char *member;
    const char *names[5];   /* the first that is known, ended by NULL */
    const char *members[6]; /* what stands behind it, as far as it is known; ended by NULL */
};

/* Names of members. Only `start` must be given. */
struct ics_map {
    const char *start; /* of FIELD_DATE, and so is `end` */
    const char *end;
    const char *summary;
    const char *description;
    const char *location; /* a reference */
    const char *latitude; /* of the record that `location` refers to, and so is `longitude` */
    const char *longitude;
    const char *categories; /* references */
    const char *parent;     /* a reference to a record of the same resource */
    const char *status;
    const struct format_word *statuses; /* CONFIRMED, TENTATIVE, CANCELLED; others have no STATUS */
    const struct ics_list *lists;       /* ended by a NULL heading */
};

#endif
