/*
 * list - answers a list request: {data, count, links, facets, dataset} and the Link field.
 *
 *     return list_answer(snapshot, &MEETING, &(struct scope){0}, request, reply, error);
 */
#ifndef BILATERAL_RESOURCE_LIST_H
#define BILATERAL_RESOURCE_LIST_H

#include "bilateral/http/reply.h"
#include "bilateral/resource/query.h"
#include "bilateral/resource/select.h"
#include "bilateral/resource/snapshot.h"

/* What an address adds: rows that are so related to `value`. */
struct scope {
    const struct relation *relation; /* NULL: none */
    const char *value;
    const char *owner; /* the type of the record whose id `value` is; for caches in front */
};

/* Checks the parameters, reads the page and writes the reply. `scope` narrows a sub-collection. */
bool list_answer(const struct snapshot *snapshot, const struct resource *resource,
                 const struct scope *scope, const struct request *request, struct reply *reply,
                 struct error *error);

/*
 * Checks all parameters, as the snapshot is: what a list is made from, whatever its format.
 * `*ret_cursor` is set where ret->cursor is. The scope must live as long as the query.
 */
bool list_prepare(const struct snapshot *snapshot, const struct resource *resource,
                  const struct scope *scope, const struct request *request, struct query *ret,
                  struct cursor *ret_cursor, struct error *error);

/*
 * Ends the envelope of an address that made its rows itself, behind the last element of `data`.
 * There is no paging: `exact` says whether `count` is of all.
 */
void list_close(const struct snapshot *snapshot, const struct request *request, struct reply *reply,
                size_t count, bool exact);

/* ETag, Last-Modified, Cache-Control and licence of whatever the whole state decides. */
void list_cacheable(const struct snapshot *snapshot, struct reply *reply);

/*
 * Names for the caches in front, by which they drop what a write has made old: "meetings record" of
 * a list, "place/guangxi meetings record" of what is listed under a record, likewise of a record.
 * `record` is on everything made from the store: what is embedded, and filters by relation, reach
 * further than the other names say. All but the reply may be NULL.
 */
void list_name_for_caches(const char *type, const char *id, const struct resource *rows,
                          struct reply *reply);

#endif
