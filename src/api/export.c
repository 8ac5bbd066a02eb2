/* The whole record, in whichever form is wanted. */
#include "bilateral/api/service.h"

#include <string.h>

#include "bilateral/format/export.h"
#include "bilateral/http/accept.h"
#include "bilateral/resource/list.h"

/* Which of EXPORT_OFFERS the request wants. */
static bool choose(const struct request *request, size_t *ret, struct error *error)
{
    const char *const *names = request->extension ? EXPORT_EXTENSIONS : EXPORT_OFFERS;
    const char *wanted = request->extension
                             ? request->extension
                             : accept_choose(request_header(request, "Accept"), EXPORT_OFFERS);
    for (size_t i = 0; wanted && names[i]; i++) {
        if (strcmp(names[i], wanted) == 0) {
            *ret = i;
            return true;
        }
    }
    return error_set(error, ERROR_NOT_ACCEPTABLE,
                     "The record can be had as .ndjson (%s) or as .sqlite (%s).", EXPORT_OFFERS[0],
                     EXPORT_OFFERS[1]);
}

static bool answer(struct reader *reader, const struct snapshot *snapshot, struct request *request,
                   struct reply *reply, struct error *error)
{
    size_t offer = 0;
    if (!query_allow_only(request, NULL, error) || !choose(request, &offer, error))
        return false;
    list_name_for_caches(NULL, NULL, NULL, reply);
    return export_answer(reader->application->producers, snapshot, offer, request, reply, error);
}

bool export_record(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return with_snapshot(worker, answer, request, reply, error);
}
