/*
 * guard - what is refused before anything else looks at a request.
 *
 * The library reads leniently: of two Content-Length fields it takes the first, it lets
 * Transfer-Encoding win over Content-Length, it drops what follows a NUL. A proxy in front may read
 * otherwise, and then two parties disagree where a request ends: an attacker's second request runs
 * under the next client's name. So everything that can be read in two ways is refused, and the
 * connection closed with it.
 */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/error.h"
#include "bilateral/http/request.h"

enum {
    /* Bytes of request line and header fields, with GUARD_NOTE for each field and each cookie, which
     * the library copies besides; more is 431. */
    GUARD_SECTION_LIMIT = 10 * 1024,
    GUARD_NOTE = 64,
    GUARD_FIELD_LIMIT = 64, /* header fields; more is 431 */
};

struct head {
    const char *method;
    bool reads; /* it is GET or HEAD */
    const char *version;
    size_t target_size; /* of the target as sent, however much of it was kept */
    const struct request_header *fields;
    size_t field_count;
    size_t section_size;
    bool intact; /* every line ended in CR LF and nothing lay between the lines */
    size_t body_limit;
};

/* One row of the table of checks; `name` labels its refusals in the metrics. */
struct guard_rule {
    const char *name;
    bool (*check)(const struct head *head, struct error *error);
};

enum { GUARD_RULE_COUNT = 9 };
extern const struct guard_rule GUARD_RULES[GUARD_RULE_COUNT];

/* Runs the rules in order. On false `ret_rule` is the index of the one that refused. */
bool guard_check(const struct head *head, size_t *ret_rule, struct error *error);

#endif
