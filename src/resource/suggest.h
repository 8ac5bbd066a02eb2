/*
 * suggest - the names that a client could have meant, and the fault that offers the nearest.
 *
 * For query.c and filter.c.
 */
#ifndef RESOURCE_SUGGEST_H
#define RESOURCE_SUGGEST_H

#include "bilateral/resource/query.h"

enum { SUGGEST_LIMIT = 160 };

struct names {
    const char *names[SUGGEST_LIMIT];
    size_t count;
};

void suggest_add(struct names *names, const char *name);

/* `id` and every own and common field that is wanted. */
void suggest_add_fields(struct names *names, const struct resource *resource,
                        bool (*wanted)(const struct field *));

/* Adds the fault: "word" is not `what` ("a field") here; did you mean …? A lenient reader passes
 * over the word instead (lenient.h), so the caller goes on without it. */
void suggest_fault(struct error *error, const char *parameter, const char *what, const char *word,
                   const struct names *names);

#endif
