/*
 * clock - how much time has passed; what time it is, date_now tells.
 *
 *     int64_t began = clock_now();
 *     ...
 *     log_number(&line, "us", clock_now() - began);
 */
#ifndef BILATERAL_BASE_CLOCK_H
#define BILATERAL_BASE_CLOCK_H

#include <stdint.h>

/* Microseconds of the monotonic clock, which nobody sets. */
int64_t clock_now(void);

/* The same of the processor's time that this thread has had: it stands still while others work. */
int64_t clock_work(void);

#endif
