/*
 * schema - the schemas of the description that no descriptor has.
 *
 * For openapi.c.
 */
#ifndef API_SCHEMA_H
#define API_SCHEMA_H

#include "bilateral/base/buffer.h"

/* A reference to one of the document's schemas: "{" REF "count'}"; ' for ". */
#define REF "'$ref':'#/components/schemas/"

/* Appends them, as members of an object. */
void schema_put_all(const char *base_path, struct buffer *json);

#endif
