/*
 * sqlite_loop - what SQLite alone costs: the rows of an answer, read in a loop, no HTTP.
 *
 *     sqlite_loop STORE list|detail MILLISECONDS <KEYS
 *
 * KEYS has a line for each answer: `DATE ID` of the meeting behind which a page begins, or the ID
 * of a detail. It reads the stored text, as the daemon does. One open read transaction; statements
 * prepared once. Prints the operations, the seconds and the bytes read.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char LIST[] =
    "SELECT json\n"
    "FROM meeting\n"
    "WHERE (start_date_earliest, id) < (?1, ?2)\n"
    "ORDER BY start_date_earliest DESC, id DESC\n"
    "LIMIT 20";
static const char DETAIL[] =
    "SELECT json\n"
    "FROM meeting\n"
    "WHERE id = ?1";

enum { KEY_LIMIT = 4000, KEY_SIZE = 200 };

struct key {
    char first[KEY_SIZE];
    char second[KEY_SIZE];
};

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static size_t read_keys(struct key *keys)
{
    char line[2 * KEY_SIZE];
    size_t count = 0;
    while (count < KEY_LIMIT && fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%199s %199s", keys[count].first, keys[count].second) > 0)
            count++;
    }
    return count;
}

/* Bytes of the answer. */
static size_t read_rows(sqlite3_stmt *statement, const struct key *key, bool list)
{
    size_t bytes = 0;
    sqlite3_bind_text(statement, 1, key->first, -1, SQLITE_STATIC);
    if (list)
        sqlite3_bind_text(statement, 2, key->second, -1, SQLITE_STATIC);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (sqlite3_column_text(statement, 0))
            bytes += (size_t)sqlite3_column_bytes(statement, 0);
    }
    sqlite3_reset(statement);
    return bytes;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: sqlite_loop STORE list|detail MILLISECONDS <KEYS\n");
        return 2;
    }
    bool list = strcmp(argv[2], "list") == 0;
    double lasts = strtod(argv[3], NULL) / 1000;
    struct key *keys = calloc(KEY_LIMIT, sizeof *keys);
    size_t count = keys ? read_keys(keys) : 0;
    sqlite3 *db;
    sqlite3_stmt *statement;
    if (count == 0 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA mmap_size = 2147418112; BEGIN", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, list ? LIST : DETAIL, -1, &statement, NULL) != SQLITE_OK)
        return 1;
    size_t operations = 0, bytes = 0;
    double begin = now(), end = begin + lasts;
    while (now() < end) {
        bytes += read_rows(statement, &keys[operations % count], list);
        operations++;
    }
    printf("%zu %.6f %zu\n", operations, now() - begin, bytes);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    free(keys);
    return bytes == 0;
}
