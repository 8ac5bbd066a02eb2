#include "bilateral/resource/lenient.h"

#include <strings.h>

#include "bilateral/base/text.h"
#include "bilateral/resource/query.h"

enum { LIST_LIMIT = 1000 }; /* bytes of Ignored-Parameters: a header section has its limit */

void lenient_begin(const struct request *request, struct error *error)
{
    const char *handling = request_preference(request, "handling");
    bool reads = request->method & (HTTP_GET | HTTP_HEAD);
    if (error->faults && reads && handling && strcasecmp(handling, "lenient") == 0)
        error->faults->lenient = true;
}

/* A name may be any text, a field value may not. */
static void put_ignored(struct buffer *list, const struct fault *ignored)
{
    for (; ignored; ignored = ignored->next) {
        size_t before = list->size;
        buffer_puts(list, before ? ", " : "");
        text_percent(ignored->place, "", list);
        if (query_parameter(ignored->place)) { /* it is a name within its value */
            buffer_putc(list, '=');
            text_percent(ignored->detail, "", list);
        }
        if (list->size > LIST_LIMIT) {
            list->size = before;
            buffer_puts(list, ", ...");
            return;
        }
    }
}

void lenient_end(const struct error *error, struct reply *reply)
{
    struct buffer list = {0};
    if (!error->faults || !error->faults->lenient)
        return;
    reply_header(reply, "Preference-Applied", "handling=lenient");
    reply_header(reply, "Vary", "Prefer");
    put_ignored(&list, error->faults->ignored);
    if (list.size)
        reply_header(reply, "Ignored-Parameters", "%s", list.data);
    buffer_finish(&list);
}
