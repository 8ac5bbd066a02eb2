/*
 * lines - the lines of a file of any size, one at a time, in memory for one of them.
 *
 *     struct lines lines = {.file = fopen(path, "re")};
 *     while (lines_next(&lines, &text, &size))
 *         ... lines.number
 *     lines_finish(&lines);
 *
 * Lines of nothing but white space are passed over; a line has no white space before it.
 */
#ifndef BILATERAL_INGEST_LINES_H
#define BILATERAL_INGEST_LINES_H

#include <stdbool.h>
#include <stdio.h>

#include "bilateral/resource/record.h"

enum { LINE_LIMIT = RECORD_SIZE_LIMIT };

struct lines {
    FILE *file; /* must be one that can be rewound */
    struct buffer window;
    size_t at;     /* in the window: where the next line begins */
    size_t number; /* of the line last given, from 1 */
    bool ended;    /* nothing is left in the file */
    bool skips;    /* the rest of a line that is too long */
    int failure;   /* errno where the file could not be read to its end, else 0 */
};

/* The text lives until the next call. Of a line of more than LINE_LIMIT bytes it is a beginning
 * that is longer than LINE_LIMIT. */
bool lines_next(struct lines *lines, const char **ret_text, size_t *ret_size);
void lines_rewind(struct lines *lines);

/* Closes the file. */
void lines_finish(struct lines *lines);

#endif
