#include "suggest.h"

#include "bilateral/base/text.h"

void suggest_add(struct names *names, const char *name)
{
    if (names->count < SUGGEST_LIMIT)
        names->names[names->count++] = name;
}

void suggest_add_fields(struct names *names, const struct resource *resource,
                        bool (*wanted)(const struct field *))
{
    const struct field *field;
    for (size_t i = 0; (field = query_field_at(resource, i)); i++) {
        if (wanted(field))
            suggest_add(names, field->name);
    }
}

void suggest_fault(struct error *error, const char *parameter, const char *what, const char *word,
                   const struct names *names)
{
    if (error_ignore(error, FAULT_PARAMETER, parameter, word))
        return;
    const char *nearest = text_nearest(word, names->names, names->count);
    if (nearest)
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter,
                  "\"%.60s\" is not %s here; did you mean \"%s\"?", word, what, nearest);
    else
        error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, parameter, "\"%.60s\" is not %s here.",
                  word, what);
}
