/*
 * stream - a list in a format other than JSON: all of it, however long it is, of one state.
 *
 *     const struct stream stream = {.producers = producers, .snapshot = snapshot, …};
 *     return stream_list(&stream, request, reply, error);
 *
 * It takes the filters, the order, `fields` and `q` of the list in JSON and has the same rows. With
 * `limit` it has at most so many, and with `cursor` it begins there; without them it has all.
 */
#ifndef BILATERAL_FORMAT_STREAM_H
#define BILATERAL_FORMAT_STREAM_H

#include "bilateral/format/format.h"
#include "bilateral/format/production.h"
#include "bilateral/resource/list.h"

struct stream {
    struct producers *producers;
    const char *base_path;
    const struct snapshot *snapshot; /* the request's, by which it is checked */
    const struct resource *resource; /* of the rows */
    const struct scope *scope;
    const struct format_use *use;
};

/*
 * Whatever is wrong with the request is found here and now, as for a list; then a producer makes
 * the answer (see production.h). To a HEAD, and to who has the same state already, nothing is made.
 */
bool stream_list(const struct stream *stream, const struct request *request, struct reply *reply,
                 struct error *error);

/* One record as a list of one, made at once; it takes `fields`. As detail_answer otherwise. */
bool stream_record(const struct stream *stream, const char *id, const struct request *request,
                   struct reply *reply, struct error *error);

/* Rows that are there already, as the elements of a JSON array. */
bool stream_array(const struct stream *stream, const struct buffer *array,
                  const struct request *request, struct reply *reply, struct error *error);

#endif
