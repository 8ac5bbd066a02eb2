/*
 * problem - errors as application/problem+json (RFC 9457).
 *
 * One array maps an error code to its status, title and type. The type is a path under
 * /docs/problems/ relative to the server's root, so that it can be opened in a browser.
 *
 *     error_set(&error, ERROR_NOT_FOUND, "There is no such file.");
 *     problem_reply(reply, request, base_path, &error);        {"type":"/docs/problems/not-found",…
 */
#ifndef BILATERAL_HTTP_PROBLEM_H
#define BILATERAL_HTTP_PROBLEM_H

#include "bilateral/base/error.h"
#include "bilateral/http/reply.h"

struct problem {
    enum error_code code;
    int status;
    const char *slug;        /* of the type: /docs/problems/{slug} */
    const char *title;       /* a short summary that does not change */
    const char *explanation; /* two or three sentences for the page behind the type */
};

/* By code, and by index for whoever lists them all; NULL past the end. */
const struct problem *problem_of(enum error_code code);
const struct problem *problem_at(size_t index);

/*
 * Makes the reply: status, content type and body {type, title, status, detail, instance, errors[]}.
 * `instance` is the request's id as a urn:uuid. Keeps headers set before (Allow, Retry-After, …),
 * drops body, stream, ETag and what was said to caches: none shall keep it.
 */
void problem_reply(struct reply *reply, const struct request *request, const char *base_path,
                   const struct error *error);

#endif
