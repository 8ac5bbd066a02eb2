/*
 * content - the media types in which an address answers, with their schemas.
 *
 * For openapi.c.
 */
#ifndef API_CONTENT_H
#define API_CONTENT_H

#include "bilateral/http/route.h"

/* Appends the member `content`. */
void content_put(const struct route *route, struct arena *arena, struct buffer *json);

#endif
