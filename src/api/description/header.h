/*
 * header - what the description says of header fields, of requests and of answers.
 *
 * For openapi.c: fields are declared once, in components, and referred to by each operation.
 */
#ifndef API_HEADER_H
#define API_HEADER_H

#include "bilateral/base/buffer.h"

/* The elements of `parameters` that are header fields, for an operation with these traits. */
void header_put_parameters(unsigned traits, struct buffer *json);

/* Begins the member `name` (a status) of what an operation answers: an object, which is not closed,
 * with what it means and its header fields. */
void header_open_answer(const char *name, const char *help, unsigned traits, struct buffer *json);

/* The members `headers` and `parameters` of components. */
void header_put_components(struct buffer *json);

#endif
