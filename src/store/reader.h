/*
 * reader - what a handle may do while it reads: look, and not for ever.
 *
 * For store.c.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* From here on nothing but reading is let through, whatever text should reach the handle. */
void reader_guard(sqlite3 *database);

/* When a handle's time is over, by the monotonic clock. It must live as long as the handle. */
struct reader_budget {
    int64_t deadline; /* as clock_now tells it */
    int64_t work;     /* as clock_work tells it; 0: no bound */
    int64_t trial;    /* likewise, of all that is tried */
    int64_t awaited;  /* how long a trial lasts that begins with the first look at the clock */
    bool gave_up;     /* the trial ended something */
};

/* So many milliseconds from now on, or (0) no bound; past them statements end, interrupted. */
void reader_set_budget(sqlite3 *database, struct reader_budget *budget, int milliseconds);

/*
 * From now on also so many milliseconds of the thread's processor time, so that what is answered
 * does not hang on how busy the machine is.
 */
void reader_cut_budget(struct reader_budget *budget, int milliseconds);

/*
 * The same as a bound that reader_cut_budget does not move; whether it was reached stays known. What
 * is read at once never asks for the time, which is a system call.
 */
void reader_try_budget(struct reader_budget *budget, int milliseconds);

#endif
