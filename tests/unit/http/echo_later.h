/*
 * echo_later - replies of the echo server that wait: made, or let go on, by a thread of its own.
 *
 * /late?ms=        answers after so long, made on the other thread; with fail= by a problem
 * /trickle?ms=&count=   a stream: a number a line, one every ms; with blind= it has no `ready`
 * /never           a stream that never has anything; /never?late= a reply that never comes
 * /waiting         how many of these have not been closed, and how many were finished twice
 */
#ifndef ECHO_LATER_H
#define ECHO_LATER_H

#include "bilateral/http/route.h"

route_handler late, trickle, never, waiting;

#endif
