/*
 * label - what an answer of many records is, whatever is in it: type, name, state, licence.
 *
 *     const struct label label = label_make("text/csv", "csv", true, request);
 *     if (label_suffices(&label, snapshot, request, reply))
 *         return true;                        there is no body to be made
 *     label_fill(&label, snapshot, request, reply);
 */
#ifndef BILATERAL_FORMAT_LABEL_H
#define BILATERAL_FORMAT_LABEL_H

#include "bilateral/http/reply.h"
#include "bilateral/resource/snapshot.h"

struct label {
    const char *media_type;
    const char *extension;
    bool packable; /* it is text, so that packing depends on the request alone */
    bool packed;   /* it is sent as gzip */
};

struct label label_make(const char *media_type, const char *extension, bool packable,
                        const struct request *request);

/*
 * The header fields of an answer whose bytes the snapshot's state and the label decide: its type
 * and name, its ETag, how long it may be kept, the licence. `request` gives the file's name.
 */
void label_fill(const struct label *label, const struct snapshot *snapshot,
                const struct request *request, struct reply *reply);

/* Fills it where there will be no body: for a HEAD, or where the client has this state. */
bool label_suffices(const struct label *label, const struct snapshot *snapshot,
                    const struct request *request, struct reply *reply);

/* The last segment of the path without an extension: "meetings" of /v1/meetings.csv. */
char *label_name(const struct request *request, struct arena *arena);

#endif
