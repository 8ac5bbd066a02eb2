#include "bilateral/resource/generation.h"

#include <string.h>

#include "bilateral/base/hash.h"

static const char FIND_CHANGED[] =
    "SELECT record_type, record_id\n"
    "FROM change\n"
    "WHERE committed = ?1";

uint64_t generation_mark(const char *type, const char *id)
{
    uint64_t mark = hash_mix(hash_mix(0, type, strlen(type) + 1), id, strlen(id));
    return (mark ^ mark >> 32) | (uint64_t)1 << 63;
}

uint64_t generation_since(const struct generation *generation, uint64_t mark)
{
    if (!mark)
        return atomic_load(&generation->now);
    uint64_t all = atomic_load(&generation->all);
    uint64_t own = atomic_load(&generation->marks[mark % GENERATION_MARKS]);
    return own > all ? own : all;
}

/*
 * The commit comes before this, and what says which records it concerns behind it: whoever read the
 * state before had asked before, and has a lower number; whoever is given this one reads the new
 * state.
 */
static uint64_t advance(struct generation *generation)
{
    return atomic_fetch_add(&generation->now, 1) + 1;
}

void generation_raise(struct generation *generation)
{
    uint64_t now = advance(generation), all = atomic_load(&generation->all);
    while (all < now && !atomic_compare_exchange_weak(&generation->all, &all, now))
        continue;
}

void generation_notice(struct generation *generation, int64_t revision)
{
    int64_t known = atomic_load(&generation->revision);
    if (revision > known && atomic_compare_exchange_strong(&generation->revision, &known, revision))
        generation_raise(generation);
}

/* Where another process has written in between, the revision stays, so that this will be noticed. */
void generation_follow(struct generation *generation, struct store *store, int64_t revision)
{
    struct error error = {0};
    struct statement *find = store_prepare(store, FIND_CHANGED, &error);
    uint64_t now = advance(generation);
    int64_t known = revision - 1;
    bool row;
    atomic_compare_exchange_strong(&generation->revision, &known, revision);
    statement_bind_integer(find, 1, revision);
    while (statement_step(find, &row, &error) && row) {
        uint64_t mark = generation_mark(statement_text(find, 0), statement_text(find, 1));
        atomic_store(&generation->marks[mark % GENERATION_MARKS], now);
    }
    if (error.code != ERROR_NONE)
        generation_raise(generation);
}
