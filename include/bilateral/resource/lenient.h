/*
 * lenient - Prefer: handling=lenient (RFC 7240, 4.4): names that are not known are passed over.
 *
 *     lenient_begin(request, error);
 *     bool good = …                  what reads parameters; unknown names go into error->faults
 *     lenient_end(error, reply);
 *
 * It is for clients that outlive the server's version, or the other way round. Parameters that are
 * not known, and names that are not in sort, facet, fields and include, are left out of account; a
 * bad value of a known parameter is still refused. The answer says so: Preference-Applied, and in
 * Ignored-Parameters what was passed over, as in `oficial, fields=nmae`, percent-encoded.
 */
#ifndef BILATERAL_RESOURCE_LENIENT_H
#define BILATERAL_RESOURCE_LENIENT_H

#include "bilateral/http/reply.h"
#include "bilateral/http/request.h"

/* Makes the error take note of unknown names where the client asks for it; reads only. */
void lenient_begin(const struct request *request, struct error *error);

/* Sets the fields that say so; nothing where lenient_begin did nothing. */
void lenient_end(const struct error *error, struct reply *reply);

#endif
