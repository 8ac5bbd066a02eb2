/*
 * list - answers a list request: {data, count, links, facets, dataset} and the Link field.
 */
#ifndef BILATERAL_RESOURCE_LIST_H
#define BILATERAL_RESOURCE_LIST_H

#include "bilateral/http/reply.h"
#include "bilateral/resource/query.h"
#include "bilateral/resource/select.h"
#include "bilateral/resource/snapshot.h"

/* Checks the parameters, reads the page and writes the reply. `scope` narrows a sub-collection. */
bool list_answer(const struct snapshot *snapshot, const struct resource *resource,
                 const struct scope *scope, const struct request *request, struct reply *reply,
                 struct error *error);

/*
 * The envelope for an address that makes its rows itself: list_open, then rows (each behind
 * json_put_element), then list_close. There is no paging: `count` is exact.
 */
void list_open(struct reply *reply);
void list_close(const struct snapshot *snapshot, const struct request *request, struct reply *reply,
                size_t count);

/* ETag, Last-Modified, Cache-Control and licence of whatever the whole state decides. */
void list_cacheable(const struct snapshot *snapshot, struct reply *reply);

#endif
