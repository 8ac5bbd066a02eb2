/*
 * envelope - the header fields of a reply: the handler's own and those that every reply carries.
 *
 * Date, Connection, Content-Length and Transfer-Encoding are not here: who sends the reply knows
 * them best.
 */
#ifndef HTTP_ENVELOPE_H
#define HTTP_ENVELOPE_H

#include <stddef.h>

#include "bilateral/http/reply.h"
#include "bilateral/http/request.h"

enum {
    ENVELOPE_LIMIT = REPLY_HEADER_LIMIT + 20,
    ENVELOPE_SECTION_LIMIT = 4 * 1024, /* bytes of all fields together */
};

struct envelope {
    struct request_header fields[ENVELOPE_LIMIT];
    size_t count;
    size_t size; /* of all fields as they are sent */
};

/*
 * Fills `ret` with fields that live as long as request and reply. Values too long to fit the
 * section are left out: they are links whose targets repeat a long query, and the body has them.
 */
void envelope_make(struct envelope *ret, const char *cors_origins, const struct request *request,
                   const struct reply *reply);

/* For whoever adds fields; a value of NULL adds nothing. */
void envelope_add(struct envelope *envelope, const char *name, const char *value);

/* Adds the name of a request field to Vary, of which there is one, unless it is there already. */
void envelope_vary(struct envelope *envelope, struct arena *arena, const char *name);

/* Puts a line for each field, the break before it: those that a 304 out of the cache leaves out, or
 * the others, but for X-Request-Id. */
void envelope_put_lines(const struct envelope *envelope, bool of_content, struct buffer *lines);

/* The ETag in the name of the reply's coding; NULL without one. */
const char *envelope_tag(const struct reply *reply);

/* Gives the ETag the name of the reply's coding, and makes a 200 to a GET or HEAD a 304 where the
 * client's copy is still good (RFC 9110, 13.2.2). */
void envelope_condition(const struct request *request, struct reply *reply);

#endif
