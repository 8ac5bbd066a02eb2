/*
 * Fuzzes what src/http reads from the wire by itself: request_parse_target, and reply_etag_matches
 * with the input split in two at its first NUL. What is promised of a request must hold: a path
 * that begins with a slash, and names and values that are UTF-8 without NUL.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/http/reply.h"
#include "bilateral/http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool promise)
{
    if (!promise)
        abort();
}

static void parse(struct arena *arena, const char *target, const char *base_path)
{
    struct faults faults = {.arena = arena};
    struct error error = {.faults = &faults};
    struct request request = {.arena = arena};
    if (!request_parse_target(&request, target, base_path, &error)) {
        require(error.code == ERROR_BAD_REQUEST || error.code == ERROR_URI_TOO_LONG ||
                error.code == ERROR_NOT_FOUND);
        /* A detail that fills its room may end inside a character; problem.c sees to that. */
        size_t size = strlen(error.detail);
        require(size == sizeof error.detail - 1 || (size > 0 && text_valid(error.detail, size)));
        return;
    }
    require(error.code == ERROR_NONE);
    require(request.path[0] == '/' && request.target[0] == '/');
    require(text_valid(request.path, strlen(request.path)));
    require(request.parameter_count <= REQUEST_PARAMETER_LIMIT);
    for (size_t i = 0; i < request.parameter_count; i++) {
        const struct parameter *parameter = &request.parameters[i];
        require(*parameter->name && text_valid(parameter->name, strlen(parameter->name)));
        require(strlen(parameter->value) == parameter->size);
        require(text_valid(parameter->value, parameter->size));
        require(request_parameter(&request, parameter->name) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_create();
    const char *text = arena_copy(arena, (const char *)bytes, size);
    parse(arena, text, "");
    parse(arena, text, "/x");

    size_t first = strlen(text);
    const char *etag = first < size ? text + first + 1 : "\"a\"";
    bool strong = reply_etag_matches(text, etag, false);
    bool weak = reply_etag_matches(text, etag, true);
    require(!strong || weak);
    arena_destroy(arena);
    return 0;
}
