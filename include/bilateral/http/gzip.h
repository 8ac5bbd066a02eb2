/*
 * gzip - the content coding of that name (RFC 9110, 8.4.1.3; RFC 1952), in one go or piece by piece.
 *
 *     if (gzip_is_accepted(request_header(request, "Accept-Encoding"))) {
 *         reply_header(reply, "Content-Encoding", "gzip");
 *         gzip_put(gzip, piece, size, false, &out);       out may stay empty: it collects
 *         gzip_put(gzip, "", 0, true, &out);              the end; ready for the next text
 *
 * The server compresses a reply's body by itself, and leaves alone what has a Content-Encoding
 * already: only who makes a stream does it here. To set one up costs more than to compress a page,
 * and it keeps some 270 KB: keep it. One thread's at a time. Equal text gives equal bytes.
 */
#ifndef BILATERAL_HTTP_GZIP_H
#define BILATERAL_HTTP_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/buffer.h"

struct gzip;

struct gzip *gzip_create(void);
void gzip_destroy(struct gzip *gzip); /* NULL is fine */

/* Appends what comes out to `out`; with `last` all of it, and the next call begins anew. */
void gzip_put(struct gzip *gzip, const void *bytes, size_t size, bool last, struct buffer *out);

/*
 * Whether a client that sends this Accept-Encoding (NULL: none) likes gzip, and no less than the
 * text as it is (RFC 9110, 12.5.3).
 */
bool gzip_is_accepted(const char *accept_encoding);

#endif
