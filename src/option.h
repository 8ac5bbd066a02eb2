/*
 * option - the table of options: what the command line and the environment may say.
 *
 * For config.c, which reads them and has the table, and manual.c, which tells of them.
 */
#ifndef OPTION_H
#define OPTION_H

#include <stddef.h>

enum option_type { OPTION_TEXT, OPTION_LIST, OPTION_COUNT, OPTION_FLAG, OPTION_FORMAT };

struct option {
    const char *flag;        /* "--listen"; NULL where only the environment may say it */
    const char *environment; /* "BILATERAL_LISTEN"; NULL where only a flag may */
    enum option_type type;
    size_t offset;        /* in struct config */
    const char *preset;   /* the default, as text; NULL: none */
    const char *value;    /* what stands behind the flag, for people: "HOST:PORT" */
    const char *help;     /* a phrase without a full stop */
    unsigned least, most; /* of a count */
};

/* Ended by a row of zeroes. */
extern const struct option OPTIONS[];

#endif
