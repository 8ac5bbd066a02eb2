/*
 * Any bytes as a request target: refused with a reason, or split into a path that begins with `/`
 * and parameters without NUL in their names.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/arena.h"
#include "bilateral/base/text.h"
#include "bilateral/http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void expect(bool promise)
{
    if (!promise)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_create();
    const char *target = arena_copy(arena, (const char *)bytes, size);
    for (int base = 0; base < 2; base++) {
        struct request request = {.arena = arena};
        struct error error = {0};
        bool read = request_parse_target(&request, target, base ? "/x" : "", &error);
        expect(read == (error.code == ERROR_NONE));
        if (!read)
            continue;
        expect(request.path[0] == '/');
        expect(text_valid(request.path, strlen(request.path)));
        expect(request.parameter_count <= REQUEST_PARAMETER_LIMIT);
        for (size_t i = 0; i < request.parameter_count; i++) {
            const struct parameter *parameter = &request.parameters[i];
            expect(strlen(parameter->value) == parameter->size);
            expect(text_valid(parameter->name, strlen(parameter->name)));
            expect(text_valid(parameter->value, parameter->size));
        }
    }
    arena_destroy(arena);
    return 0;
}
