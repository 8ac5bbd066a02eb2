/*
 * record - from a body of JSON to a record that is fit to be written.
 *
 *     struct draft draft;
 *     if (!record_check(resource, body, text, size, arena, &draft, error))
 *         return false;              all faults are in error->faults, each with its pointer
 *     body_write(&draft, &json);                 see body.h
 *
 * Seeds, imports and requests all come through here.
 */
#ifndef BILATERAL_RESOURCE_RECORD_H
#define BILATERAL_RESOURCE_RECORD_H

#include "bilateral/resource/resource.h"
#include "bilateral/store/store.h"

/* Bytes of a record's text: an export's line that no import took would be no way to move it. */
enum { RECORD_SIZE_LIMIT = 1024 * 1024 };

/* One reference of a draft to another record. */
struct link {
    const char *field;   /* where in the record, without positions: "participants/official_id" */
    const char *pointer; /* where in the body: "/participants/2/official_id" */
    const char *type;
    const char *id;
    const char *kind; /* the classification that the other must have; NULL: any */
    struct link *next;
};

/* A checked body. Its texts live in the arena and in the body, which must outlive it. */
struct draft {
    const struct resource *resource;
    const char *id;
    const json_t *value;
    const char *text; /* the body's text: where decimals are read as they were written */
    size_t size;
    struct link *links; /* in the order of the body */
};

/*
 * Checks a body by its descriptor: types, vocabularies, dates, required, unknown and read-only
 * fields, order of start and end, pointers of citations, the resource's own rules. Whether
 * references exist is for the writer to see. error->faults must be set; ERROR_INVALID. A body that
 * is not fit still gives a draft, whose links can be checked too, so that all faults come at once.
 */
bool record_check(const struct resource *resource, const json_t *value, const char *text,
                  size_t size, struct arena *arena, struct draft *ret, struct error *error);

/*
 * SELECT of json, revision and updated_at of the live record with that id, bound and stepped:
 * *ret_row says whether there is one. NULL on failure. The caller resets it.
 */
struct statement *record_find(struct store *store, const struct resource *resource, const char *id,
                              bool *ret_row, struct error *error);

/*
 * Whether an object has no more members than any record. Whoever sends thousands shall hear so, not
 * keep others waiting until each is compared with every name there is.
 */
bool record_check_width(const json_t *object, const char *pointer, struct error *error);

/* Whether a body of so many bytes is fit to be kept. */
bool record_check_size(size_t size, struct error *error);

/* Takes what the store itself adds to a record out of one that was read from it. */
void record_strip(json_t *value);

#endif
