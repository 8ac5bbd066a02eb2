#include "bilateral/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bilateral/base/text.h"

/* A precision such as %.60s cuts a character in two: what is left of it goes. */
static void format_text(char *text, size_t room, const char *format, va_list arguments)
{
    vsnprintf(text, room, format, arguments);
    size_t size = strlen(text), kept = 0;
    for (size_t at = 0; at < size; at++) {
        size_t valid = text_valid_size(text + at, size - at);
        memmove(text + kept, text + at, valid);
        kept += valid;
        at += valid;
    }
    text[kept] = '\0';
}

static void set(struct error *error, enum error_code code, const char *text)
{
    if (error->code != ERROR_NONE)
        return;
    error->code = code;
    snprintf(error->detail, sizeof error->detail, "%s", text);
}

bool error_set(struct error *error, enum error_code code, const char *format, ...)
{
    char text[sizeof error->detail];
    va_list arguments;
    va_start(arguments, format);
    format_text(text, sizeof text, format, arguments);
    va_end(arguments);
    set(error, code, text);
    return false;
}

static struct fault *make_fault(struct faults *faults, enum fault_kind kind, const char *place,
                                const char *detail)
{
    struct fault *fault = arena_alloc(faults->arena, sizeof *fault);
    fault->kind = kind;
    fault->place = arena_strdup(faults->arena, place);
    fault->detail = arena_strdup(faults->arena, detail);
    return fault;
}

struct fault *error_add(struct error *error, enum error_code code, enum fault_kind kind,
                        const char *place, const char *format, ...)
{
    char text[sizeof error->detail];
    va_list arguments;
    va_start(arguments, format);
    format_text(text, sizeof text, format, arguments);
    va_end(arguments);
    set(error, code, text);

    struct faults *faults = error->faults;
    if (!faults)
        return NULL;
    faults->count++;
    if (faults->limit && faults->count > faults->limit)
        return NULL;
    struct fault *fault = make_fault(faults, kind, place, text);
    if (faults->last)
        faults->last->next = fault;
    else
        faults->first = fault;
    faults->last = fault;
    return fault;
}

bool error_pass(struct error *error, const struct error *found)
{
    const struct faults *faults = found->faults;
    size_t told = 0;
    if (error->code == ERROR_NONE) {
        error->code = found->code;
        memcpy(error->detail, found->detail, sizeof error->detail);
        memcpy(error->cause, found->cause, sizeof error->cause);
    }
    for (const struct fault *each = faults ? faults->first : NULL; each; each = each->next) {
        struct fault *fault =
            error_add(error, found->code, each->kind, each->place, "%s", each->detail);
        if (fault)
            fault->line = each->line;
        told++;
    }
    if (faults && error->faults)
        error->faults->count += faults->count - told;
    return false;
}

bool error_ignore(struct error *error, enum fault_kind kind, const char *place, const char *word)
{
    struct faults *faults = error->faults;
    if (!faults || !faults->lenient)
        return false;
    for (const struct fault *each = faults->ignored; each; each = each->next) {
        if (strcmp(each->place, place) == 0 && strcmp(each->detail, word) == 0)
            return true;
    }
    struct fault *fault = make_fault(faults, kind, place, word);
    fault->next = faults->ignored;
    faults->ignored = fault;
    return true;
}
