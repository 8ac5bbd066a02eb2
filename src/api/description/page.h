/*
 * page - what the HTML pages share: head, foot, header fields and text.
 *
 *     page_open(&reply->body, base_path, "Problems");
 *     page_put_element(&reply->body, "p", "Where `detail` says what would be right.");
 *     page_close(&reply->body);
 *     page_set_fields(reply);
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "bilateral/api/service.h"

/* Everything up to the first heading, which is the title, and from behind the last text on. */
void page_open(struct buffer *html, const char *base_path, const char *title);
void page_close(struct buffer *html);

/* Text as HTML: what stands in `back quotes` becomes code, an empty line a paragraph. */
void page_put_text(struct buffer *html, const char *text);

/* The same inside an element. */
void page_put_element(struct buffer *html, const char *name, const char *text);

/* Content type, and a policy that lets nothing in but our own files. */
void page_set_fields(struct reply *reply);

#endif
