/*
 * describe - a descriptor as JSON Schema (draft 2020-12) and as parameters of OpenAPI 3.1.
 *
 *     describe_resource(&TOPIC, &REGISTRY, arena, &json);       "topic_fields":{…},"topic":{…}
 *     describe_parameters(&TOPIC, &REGISTRY, arena, &json);     {"name":"sort",…},{"name":"q",…},…
 *
 * What is written here follows from the tables that check values and read queries, so that it is
 * true whatever is added to them.
 */
#ifndef BILATERAL_RESOURCE_DESCRIBE_H
#define BILATERAL_RESOURCE_DESCRIBE_H

#include "bilateral/base/buffer.h"
#include "bilateral/resource/query.h"

/*
 * Appends two members of an object of schemas: TYPE_fields, any of a record's (or row's) members,
 * as `fields` makes them; and TYPE, the record with all of them, for every member is always
 * written.
 */
void describe_resource(const struct resource *resource, const struct registry *registry,
                       struct arena *arena, struct buffer *json);

/* Appends to an array the parameters of the resource's lists. */
void describe_parameters(const struct resource *resource, const struct registry *registry,
                         struct arena *arena, struct buffer *json);

/* The same for the parameter of that row alone. */
void describe_parameter(const struct query_parameter *row, const struct resource *resource,
                        const struct registry *registry, struct arena *arena, struct buffer *json);

/*
 * Appends the schemas TYPE_body and TYPE_patch: what may be sent as a record and as a merge patch
 * of one. What the store sets may be sent as it was served, so it is there, as read-only.
 */
void describe_body(const struct resource *resource, struct arena *arena, struct buffer *json);

#endif
