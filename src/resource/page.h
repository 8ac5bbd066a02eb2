/*
 * page - the rows of one page of a list, its count, its facets and its neighbours.
 *
 * For list.c.
 */
#ifndef RESOURCE_PAGE_H
#define RESOURCE_PAGE_H

#include "bilateral/resource/list.h"

/* What a page needs while it is made. */
struct page {
    const struct snapshot *snapshot;
    const struct query *query;
    const struct request *request;
    struct reply *reply;
    struct cursor cursor;      /* where the page begins */
    bool continued;            /* whether there is a cursor */
    bool more;                 /* whether there are rows behind the page, in its direction */
    struct cursor first, last; /* rows; the last one of a full page only */
    size_t count;
    bool late;                 /* whether there was no time for some of what is counted */
    struct select_known known; /* of what is being counted, from some state of the store */
    const char *next;
    const char *prev;
};

/* `{"data":[…]`. */
bool page_put_rows(struct page *page, struct error *error);

/* The member `count`, as the query asks for it. */
bool page_put_count(struct page *page, struct error *error);

/* The member `facets`. */
bool page_put_facets(struct page *page, struct error *error);

/* Sets next and prev, once the rows are there. */
void page_find_neighbours(struct page *page);

/* `{"value":…,"exact":…}`. */
void page_put_count_value(struct buffer *json, int64_t value, bool exact);

#endif
