/*
 * format - writes the rows of a list in a format that another tool reads.
 *
 *     const struct format *csv = &FORMAT_CSV;
 *     csv->begin(&writing, &out);
 *     for each row
 *         csv->row(&writing, text, size, &out, error)
 *     csv->end(&writing, &out);
 *
 * A writer is a row of functions that append to a buffer; whoever calls it sends the buffer on and
 * empties it, so a list of any length takes the memory of one record. A writer knows no resource by
 * name: what is particular to one (which member is the summary of a calendar's entry) stands in the
 * map that the resource's descriptor gives with the format.
 */
#ifndef BILATERAL_FORMAT_FORMAT_H
#define BILATERAL_FORMAT_FORMAT_H

#include "bilateral/base/buffer.h"
#include "bilateral/http/request.h"
#include "bilateral/resource/resource.h"
#include "bilateral/resource/snapshot.h"

/* A list that is being written. One thread's. */
struct format_writing {
    const struct snapshot *snapshot; /* the one state that all rows are of */
    const struct resource *resource;
    const void *map;           /* of the resource, see struct format_use */
    const char *const *fields; /* the members wanted; NULL: all */
    size_t field_count;
    const char *title;     /* of the list, for people */
    const char *self;      /* the request's target, base path included: "/x/v1/meetings.ics?q=a" */
    const char *base_path; /* "" or "/x" */
    size_t count;          /* the writer's own: of what it has written */
    void *state;           /* its own, too, in the snapshot's arena; NULL at the beginning */
};

struct format {
    const char *extension; /* "csv": of addresses */
    const char
        *media_type;  /* "text/csv; charset=utf-8; header=present": of Content-Type and Accept */
    const char *help; /* one sentence for the documentation */
    void (*begin)(struct format_writing *writing, struct buffer *out);
    /* `text` is the record's stored text. False where the store fails, never for what is in it. */
    bool (*row)(struct format_writing *writing, const char *text, size_t size, struct buffer *out,
                struct error *error);
    void (*end)(struct format_writing *writing, struct buffer *out);
};

/* The `begin` or `end` of a format that has nothing there. */
void format_put_nothing(struct format_writing *writing, struct buffer *out);

/* That a resource's lists can be had in a format. A descriptor has an array of these, ended by a
 * NULL format. */
struct format_use {
    const struct format *format;
    const void *map;  /* what the format needs to know of this resource; its type is the format's */
    const char *sort; /* the default order of lists in it: "-updated_at"; NULL: the resource's */
};

/* What a word of the record's vocabulary is called in another one. Arrays end with a NULL value. */
struct format_word {
    const char *value;
    const char *term;
};

/* The term for a value; NULL where there is none. Both may be NULL. */
const char *format_term(const struct format_word *words, const char *value);

/*
 * The formats of a resource's lists and records besides JSON, counted from 0: those that every list
 * has, then its own. NULL past the last.
 */
const struct format_use *format_use_at(const struct resource *resource, size_t index);

/* The media type without its parameters, as Accept names it: "text/csv". */
const char *format_bare_type(const struct format *format, struct arena *arena);

/*
 * Which format the request wants, by its extension or else by Accept: NULL for JSON, which is also
 * what somebody gets who wants nothing in particular, and where the error is set:
 * ERROR_NOT_ACCEPTABLE names all there are.
 */
const struct format_use *format_choose(const struct resource *resource,
                                       const struct request *request, struct error *error);

extern const struct format FORMAT_NDJSON;
extern const struct format FORMAT_CSV;
extern const struct format FORMAT_ICS;     /* map: struct ics_map */
extern const struct format FORMAT_ATOM;    /* map: struct atom_map */
extern const struct format FORMAT_GEOJSON; /* map: struct geojson_map */
extern const struct format FORMAT_JSONLD;  /* map: struct jsonld_map */

#endif
