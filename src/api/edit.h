/*
 * edit - one write request, from its checked frame to what came of it.
 *
 * Made on a worker (write.c), run on the committer's thread (edit.c), answered on the worker again.
 * Everything it points to is in its own arena, for the request may be gone before it is done.
 */
#ifndef API_EDIT_H
#define API_EDIT_H

#include "bilateral/api/service.h"
#include "bilateral/json/read.h"

enum edit_kind { EDIT_CREATE, EDIT_REPLACE, EDIT_PATCH, EDIT_DELETE, EDIT_MERGE, EDIT_KIND_COUNT };

struct edit {
    struct job job;
    struct committer *committer;
    struct arena *arena;
    struct faults faults;
    enum edit_kind kind;
    const struct resource *resource;
    const char *id;   /* of the address; NULL: the record is new, and may have no id yet */
    const char *text; /* the body; NULL without one */
    size_t size;
    json_t *body;
    const char *if_match, *if_none_match; /* the fields' values, or NULL */
    const char *by;                       /* the token's name */
    const char *key;                      /* Idempotency-Key, or NULL */
    char digest[HASH_HEX_SIZE];           /* of the request that goes with it */
    /* What came of it: */
    int status;
    const char *record_id;
    const char *etag;
    const char *merged_into; /* with 308 */
    const char *record;      /* its text; NULL where there is none to show */
    size_t record_size;
};

/* The job's two callbacks. */
bool edit_run(struct job *job, struct writer *writer, struct error *error);
void edit_release(struct job *job);

#endif
