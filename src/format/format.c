#include "bilateral/format/format.h"

#include <string.h>

#include "bilateral/http/accept.h"

enum { FORMAT_LIMIT = 16 };

static const struct format_use COMMON[] = {{.format = &FORMAT_NDJSON}, {.format = &FORMAT_CSV}};

void format_put_nothing(struct format_writing *writing, struct buffer *out)
{
    (void)writing, (void)out;
}

const struct format_use *format_use_at(const struct resource *resource, size_t index)
{
    size_t common = sizeof COMMON / sizeof *COMMON;
    if (index < common)
        return &COMMON[index];
    const struct format_use *own = resource->formats;
    for (index -= common; own && own->format && index > 0; index--)
        own++;
    return own && own->format ? own : NULL;
}

const char *format_bare_type(const struct format *format, struct arena *arena)
{
    return arena_copy(arena, format->media_type, strcspn(format->media_type, ";"));
}

const char *format_term(const struct format_word *words, const char *value)
{
    for (; value && words && words->value; words++) {
        if (strcmp(words->value, value) == 0)
            return words->term;
    }
    return NULL;
}

static const struct format_use *refuse(const struct resource *resource, struct error *error)
{
    struct buffer known = {0};
    const struct format_use *use;
    for (size_t i = 0; (use = format_use_at(resource, i)); i++)
        buffer_printf(&known, ", .%s (%.*s)", use->format->extension,
                      (int)strcspn(use->format->media_type, ";"), use->format->media_type);
    error_set(error, ERROR_NOT_ACCEPTABLE, "This address can be had as .json (application/json)%s.",
              buffer_text(&known));
    buffer_finish(&known);
    return NULL;
}

static const struct format_use *choose_by_extension(const struct resource *resource,
                                                    const char *extension, struct error *error)
{
    const struct format_use *use;
    if (strcmp(extension, "json") == 0)
        return NULL;
    for (size_t i = 0; (use = format_use_at(resource, i)); i++) {
        if (strcmp(use->format->extension, extension) == 0)
            return use;
    }
    return refuse(resource, error);
}

const struct format_use *format_choose(const struct resource *resource,
                                       const struct request *request, struct error *error)
{
    if (request->extension)
        return choose_by_extension(resource, request->extension, error);
    const char *offers[FORMAT_LIMIT + 1] = {"application/json"};
    const struct format_use *use;
    size_t count = 1;
    for (; count < FORMAT_LIMIT && (use = format_use_at(resource, count - 1)); count++)
        offers[count] = format_bare_type(use->format, request->arena);
    const char *chosen = accept_choose(request_header(request, "Accept"), offers);
    if (!chosen)
        return refuse(resource, error);
    size_t index = 0;
    while (offers[index] != chosen)
        index++;
    return index > 0 ? format_use_at(resource, index - 1) : NULL;
}
