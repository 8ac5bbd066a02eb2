/*
 * writing - what the description says of operations that write: who may, what to send, what comes.
 *
 * For openapi.c.
 */
#ifndef API_WRITING_H
#define API_WRITING_H

#include "bilateral/base/buffer.h"
#include "bilateral/http/route.h"

/* The members `security` and `requestBody`. */
void writing_put_request(const struct route *route, struct buffer *json);

/* The members 200, 201 and 204 of `responses`. */
void writing_put_answers(const struct route *route, struct buffer *json);

/* The member `securitySchemes` of components. */
void writing_put_security(struct buffer *json);

#endif
