/*
 * generation - since when the record, and each record in it, is as it is: a number that grows.
 *
 *     uint64_t made = generation_since(generation, 0);       asked before the state is read
 *     ...                                                    an answer is made of that state
 *     if (made >= generation_since(generation, mark))        it still is what a new one would be
 *
 * Whoever commits raises it before he tells anybody. A write of requests changes a record or two,
 * and leaves what was made of others good; after all else, and after what other processes wrote,
 * anything may have changed.
 *
 * Records may share a mark by chance; they are then taken for changed together. Any thread.
 */
#ifndef BILATERAL_RESOURCE_GENERATION_H
#define BILATERAL_RESOURCE_GENERATION_H

#include <stdatomic.h>
#include <stdint.h>

#include "bilateral/store/store.h"

enum { GENERATION_MARKS = 1 << 13 };

/* Zeroed it is new. */
struct generation {
    _Atomic uint64_t now;                     /* grows with each change */
    _Atomic uint64_t all;                     /* what it was when anything may have changed */
    _Atomic uint64_t marks[GENERATION_MARKS]; /* when those records did */
    _Atomic int64_t revision;                 /* of the store, as far as it was followed */
};

/* By what a record is known here; never 0. */
uint64_t generation_mark(const char *type, const char *id);

/* Since when the record of that mark is as it is; with 0, the whole record. */
uint64_t generation_since(const struct generation *generation, uint64_t mark);

/* Anything may have changed. */
void generation_raise(struct generation *generation);

/* The same if the store has come further than was followed. */
void generation_notice(struct generation *generation, int64_t revision);

/* What was committed as this revision of the store has changed. For one thread only. */
void generation_follow(struct generation *generation, struct store *store, int64_t revision);

#endif
