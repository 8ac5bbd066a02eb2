/*
 * feed - the records of a file, one after the other, each with its place.
 *
 *     struct feed feed;
 *     if (!feed_open(&feed, path, "meetings.json", "meeting", error))
 *         return false;
 *     struct feed_record record;
 *     while (feed_next(&feed, &record, arena))
 *         ...
 *     feed_close(&feed);
 *
 * A file is a JSON array of objects (`.json`), which is held in memory, or one object a line
 * (`.ndjson`, `.jsonl`), which may be of any size.
 */
#ifndef BILATERAL_INGEST_FEED_H
#define BILATERAL_INGEST_FEED_H

#include "bilateral/base/buffer.h"
#include "bilateral/base/error.h"
#include "bilateral/ingest/lines.h"
#include "bilateral/json/read.h"
#include "bilateral/json/scan.h"

enum { FEED_FILE_LIMIT = 256 * 1024 * 1024, FEED_RECORD_LIMIT = LINE_LIMIT };

struct feed {
    const char *name;   /* the file, as faults name it */
    const char *type;   /* the resource that the file's name says; NULL where it says none */
    struct lines lines; /* of NDJSON; its file is NULL where the file is an array */
    char *text;         /* of an array, the whole of it */
    size_t size;
    struct json_walk walk;
    size_t line; /* of `counted` */
    const char *counted;
    size_t index;
};

struct feed_record {
    const char *text; /* of the record; lives until the next one */
    size_t size;
    size_t line;        /* on which it begins */
    const char *prefix; /* of pointers: "/3" in an array, "" on a line of its own */
};

/* The whole of a file, which must be UTF-8; *ret_line is where it is not. The caller's to finish. */
bool feed_read_file(const char *path, struct buffer *ret_text, size_t *ret_line,
                    struct error *error);

/* Whether it is a pipe: who opens one waits for somebody to write to it, perhaps for ever. */
bool feed_is_pipe(const char *path);

/*
 * Reads and, where it is one, checks the whole array. Faults get the file's name and line
 * (error->faults must be set).
 */
bool feed_open(struct feed *feed, const char *path, const char *name, const char *type,
               struct error *error);

/* The same for an open file of lines, which is the feed's to close. */
void feed_open_lines(struct feed *feed, FILE *file, const char *name);

/* `arena` holds prefixes. At the end, feed->lines.failure tells of a file that broke off. */
bool feed_next(struct feed *feed, struct feed_record *ret, struct arena *arena);
void feed_rewind(struct feed *feed);
void feed_close(struct feed *feed);

/* Whether a record is an object and, of a file of lines, fit to be read as JSON. */
bool feed_check(const struct feed *feed, const struct feed_record *record, struct error *error);

/* Gives the faults behind `last` (NULL: all) the file, the line and the pointer's prefix. */
void feed_place_faults(const struct feed *feed, const struct feed_record *record,
                       struct faults *faults, struct fault *last);

#endif
