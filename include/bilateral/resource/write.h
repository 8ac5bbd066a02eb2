/*
 * write - the one way into the store: seeds, imports and requests all write here.
 *
 *     struct writer writer;
 *     if (!writer_begin(&writer, store, &registry, arena, error))     takes the write lock
 *         return false;
 *     writer_announce(&writer, type, id, …)      every record of the batch, so that any order will do
 *     writer_put(&writer, &draft, &result, …)    each record
 *     writer_commit(&writer, error)              or writer_rollback(&writer)
 *
 * A batch is one transaction and one revision of the store; a batch that changes nothing commits
 * nothing and leaves the revision as it was. Readers see all of it or none.
 */
#ifndef BILATERAL_RESOURCE_WRITE_H
#define BILATERAL_RESOURCE_WRITE_H

#include <stdint.h>

#include "bilateral/base/date.h"
#include "bilateral/resource/record.h"
#include "bilateral/store/store.h"

/* Who writes where nobody is named. */
#define WRITER_UNNAMED "import"

/* When a record that would lie within itself, or is of the wrong kind, is a fault: circle.h, kind.h. */
enum writer_circles {
    CIRCLES_AT_ONCE,
    CIRCLES_LATER, /* a batch may yet move what is in between */
    CIRCLES_AGAIN, /* all is put, and looked at once more */
};

struct writer {
    struct store *store;
    const struct registry *registry;
    struct arena *arena;
    const char *origin; /* the data set that seeds come from; NULL for a user's own */
    const char *by;     /* who writes, for the history: a token's name, "seed ID", "import" */
    const char *noted;  /* the token that is known to have been used now; NULL: none */
    char store_id[17];
    char now[DATE_TIMESTAMP_SIZE];
    int64_t committed; /* the store revision that this batch will be */
    size_t changes;
    bool commits;      /* although nothing of the record changed */
    bool overrules;    /* a seed replaces what a user wrote */
    int64_t unsettled; /* seeds were refused earlier; see settle.h */
    enum writer_circles circles;
    int64_t walks; /* circle.c's */
    bool suspects; /* there could be such a fault when some record was put */
    bool holds; /* the seed is to be kept back as if a user had edited its record; behind: may be */
    bool collides; /* it has to be, because of what a user wrote elsewhere */
};

enum write_result {
    WRITE_UNCHANGED,
    WRITE_CREATED,
    WRITE_UPDATED,
    WRITE_KEPT, /* a user edited it since it was seeded: theirs stays, the seed is noted */
};

bool writer_begin(struct writer *writer, struct store *store, const struct registry *registry,
                  struct arena *arena, struct error *error);

/* Says that the batch will hold this record. *ret_first is false when it was announced before. */
bool writer_announce(struct writer *writer, const char *type, const char *id, bool *ret_first,
                     struct error *error);

/* Adds a fault for each reference that leads nowhere, or back to the record (error->faults must be
 * set). writer_put does so itself; this is for a draft that will not be put. */
bool writer_check_links(struct writer *writer, const struct draft *draft, struct error *error);

/* What the ledger knows of a record; its texts are in the writer's arena. */
struct stored {
    bool exists; /* or did once */
    bool live;
    bool written; /* by this batch */
    bool edited;  /* by a user, since a seed made it; or no seed did */
    int64_t revision;
    const char *created_at;
    const char *digest;      /* of the seed that made it last; NULL: none did */
    const char *merged_into; /* NULL: it was not merged */
    const char *text;        /* its canonical text, where it was read; else NULL */
    size_t size;
};

/*
 * Writes row, parts, references, texts for the search, ledger. Faults of references that lead
 * nowhere, or back, are added with their pointers (error->faults must be set), and nothing is
 * written then.
 * Sets the record as it is now, unless that is not wanted (NULL) or a user's stays (WRITE_KEPT).
 */
bool writer_put(struct writer *writer, const struct draft *draft, enum write_result *ret,
                struct stored *ret_stored, struct error *error);

/* The same for a record that was stored once, as it shall be now: it is checked first. */
bool writer_put_again(struct writer *writer, const struct resource *resource, json_t *value,
                      const char *text, size_t size, struct error *error);

/* Finds a record; then the same with its text, where it is live. */
bool writer_look(struct writer *writer, const char *type, const char *id, struct stored *ret,
                 struct error *error);
bool writer_find(struct writer *writer, const struct resource *resource, const char *id,
                 struct stored *ret, struct error *error);

/* A data set's own record, from its dataset.json. */
struct dataset {
    const char *id;
    const char *name;
    const char *description;
    const char *license;
    const char *license_url;
    const char *attribution;
};
/* What a statement changed, if it was run, is a change of the store. Returns whether it was. */
bool writer_count(struct writer *writer, bool run);

bool writer_put_dataset(struct writer *writer, const struct dataset *dataset, struct error *error);

/* True when all is on the disk. On false, all is rolled back. */
bool writer_commit(struct writer *writer, struct error *error);
void writer_rollback(struct writer *writer);

#endif
