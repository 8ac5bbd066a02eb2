/*
 * error - what went wrong, as a value, worded for the reader.
 *
 *     bool date_parse(const char *text, struct date *ret, struct error *error)
 *     {
 *         if (*text == '\0')
 *             return error_set(error, ERROR_INVALID, "The text is empty; give a date.");
 *
 * Every function that can fail takes a `struct error *` last, returns false, and leaves its `ret`
 * untouched. The text says what was wrong and what would be right; it never holds SQL, a path of
 * this machine or a secret, because it may be sent to a client as it is.
 *
 * A check that can find many faults (a body, a query, a seed file) collects them all before it
 * fails: give the error a `struct faults` and call error_add for each.
 *
 * A zeroed struct error is "no error". It owns nothing; faults live in their arena.
 */
#ifndef BILATERAL_BASE_ERROR_H
#define BILATERAL_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/arena.h"

/* One array in http/problem.c maps each code to a status, a title and a type URI. */
enum error_code {
    ERROR_NONE,
    ERROR_BAD_REQUEST,
    ERROR_UNAUTHORIZED,
    ERROR_FORBIDDEN,
    ERROR_NOT_FOUND,
    ERROR_METHOD_NOT_ALLOWED,
    ERROR_NOT_ACCEPTABLE,
    ERROR_REQUEST_TIMEOUT,
    ERROR_CONFLICT,
    ERROR_GONE,
    ERROR_LENGTH_REQUIRED,
    ERROR_PRECONDITION_FAILED,
    ERROR_CONTENT_TOO_LARGE,
    ERROR_URI_TOO_LONG,
    ERROR_UNSUPPORTED_MEDIA_TYPE,
    ERROR_EXPECTATION_FAILED,
    ERROR_INVALID,
    ERROR_PRECONDITION_REQUIRED,
    ERROR_TOO_MANY_REQUESTS,
    ERROR_HEADERS_TOO_LARGE,
    ERROR_INTERNAL,
    ERROR_UNAVAILABLE,
    ERROR_STORAGE_FULL,
    ERROR_CODE_COUNT
};

/* What a fault's place names. */
enum fault_kind {
    FAULT_POINTER,   /* a JSON Pointer (RFC 6901) into the body or record */
    FAULT_PARAMETER, /* a query parameter */
    FAULT_HEADER,    /* a request header field */
};

struct fault {
    enum fault_kind kind;
    const char *place;
    const char *detail;
    const char *file; /* of a seed or an import, relative to its folder; else NULL */
    size_t line;      /* counted from 1; 0 where there is none */
    struct fault *next;
};

struct faults {
    struct arena *arena;
    struct fault *first;
    struct fault *last;
    size_t count;          /* of all, those past `limit` included */
    size_t limit;          /* how many are kept; 0 keeps all */
    bool lenient;          /* error_ignore passes over what is not known */
    struct fault *ignored; /* what it passed over, last first: its place, and as detail the word */
};

struct error {
    enum error_code code;
    char detail[512];
    char cause[256];       /* the engine's own words for the operator's log; no client sees them */
    struct faults *faults; /* where error_add puts faults; the caller's, may be NULL */
};

/* Sets code and text, unless an error is set already (the first cause wins). Returns false. */
bool error_set(struct error *error, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Adds a fault to error->faults (when there is one) and sets the error if none is set, with the
 * fault's text as its detail. Returns the fault kept, or NULL where none is kept.
 */
struct fault *error_add(struct error *error, enum error_code code, enum fault_kind kind,
                        const char *place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same for whoever has no more to say of it: false. */
#define error_refuse(...) (error_add(__VA_ARGS__), false)

/*
 * Tells again what was found elsewhere: on another thread, or in an arena that goes sooner. Faults
 * are told with their lines, but without files, which are not their reader's. Returns false.
 */
bool error_pass(struct error *error, const struct error *found);

/*
 * Whether the reader is lenient (error->faults says so), so that a word nobody knows is no fault.
 * Then it is noted once.
 */
bool error_ignore(struct error *error, enum fault_kind kind, const char *place, const char *word);

#endif
