/*
 * openapi - the API described as OpenAPI 3.1, from the tables that make it.
 *
 * For openapi.c's own address and for the reference page, which is made of the same document.
 */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "bilateral/api/service.h"

/* The document, made where it is not there yet; the arena is for what the making needs. */
const struct document *openapi_of(struct reader *reader, struct arena *arena);

/* Sets the tag of a text that is complete. */
void document_seal(struct document *document);

/* Puts text and tag into a reply. */
void document_reply(const struct document *document, struct reply *reply);

#endif
