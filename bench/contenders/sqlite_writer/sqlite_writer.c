/*
 * sqlite_writer - what SQLite alone costs to write: rows that are ready made, put in, in a loop.
 *
 *     sqlite_writer STORE [MILLISECONDS] <ROWS
 *
 * ROWS is what bench/rows.py takes from a store that the daemon has filled: chunks, each behind its
 * size as 32 bits. The first is a script of settings; then come the statements, up to an empty
 * chunk; then the rows, each with the number of its statement and its values. An empty chunk
 * behind a row ends a transaction. Statements are prepared once, when they are first used; nothing
 * is checked, made or looked up. Prints the transactions, the seconds and the rows.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STATEMENT_LIMIT = 512, CHUNK_LIMIT = 64 * 1024 * 1024 };

struct chunk {
    unsigned char *data; /* ends with a NUL */
    size_t size, capacity;
};

struct statement {
    char *sql;
    sqlite3_stmt *handle; /* NULL until it is first used */
};

struct writer {
    sqlite3 *database;
    struct statement statements[STATEMENT_LIMIT];
    size_t count, rows, transactions;
};

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static int fail(const struct writer *writer, const char *what)
{
    fprintf(stderr, "sqlite_writer: %s: %s\n", what, sqlite3_errmsg(writer->database));
    return 1;
}

/* False at the end of the input. */
static bool next_chunk(struct chunk *chunk)
{
    uint32_t size;
    if (fread(&size, sizeof size, 1, stdin) != 1 || size > CHUNK_LIMIT)
        return false;
    if (size >= chunk->capacity) {
        chunk->capacity = 2 * (size_t)size + 1;
        free(chunk->data);
        chunk->data = malloc(chunk->capacity);
        if (!chunk->data)
            return false;
    }
    chunk->size = size;
    chunk->data[size] = '\0';
    return fread(chunk->data, 1, size, stdin) == size;
}

static bool read_statements(struct writer *writer, struct chunk *chunk)
{
    while (writer->count < STATEMENT_LIMIT && next_chunk(chunk)) {
        if (chunk->size == 0)
            return true;
        writer->statements[writer->count++].sql = strdup((const char *)chunk->data);
    }
    return false;
}

/* Binds one value and returns where the next one begins: a letter, then the value. */
static const unsigned char *bind(sqlite3_stmt *handle, int parameter, const unsigned char *at)
{
    int64_t integer;
    double real;
    uint32_t size;
    switch (*at++) {
    case 'i':
        memcpy(&integer, at, sizeof integer);
        sqlite3_bind_int64(handle, parameter, integer);
        return at + sizeof integer;
    case 'r':
        memcpy(&real, at, sizeof real);
        sqlite3_bind_double(handle, parameter, real);
        return at + sizeof real;
    case 't':
        memcpy(&size, at, sizeof size);
        at += sizeof size;
        sqlite3_bind_text(handle, parameter, (const char *)at, (int)size, SQLITE_STATIC);
        return at + size;
    default:
        sqlite3_bind_null(handle, parameter);
        return at;
    }
}

static bool put(struct writer *writer, const struct chunk *chunk)
{
    uint16_t number;
    memcpy(&number, chunk->data, sizeof number);
    if (number >= writer->count)
        return false;
    struct statement *statement = &writer->statements[number];
    if (!statement->handle &&
        sqlite3_prepare_v3(writer->database, statement->sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &statement->handle, NULL) != SQLITE_OK)
        return false;
    const unsigned char *at = chunk->data + sizeof number, *end = chunk->data + chunk->size;
    for (int parameter = 1; at < end; parameter++)
        at = bind(statement->handle, parameter, at);
    int code = sqlite3_step(statement->handle);
    writer->rows++;
    return (code == SQLITE_DONE || code == SQLITE_ROW) &&
           sqlite3_reset(statement->handle) == SQLITE_OK;
}

static bool run(struct writer *writer, const char *sql)
{
    return sqlite3_exec(writer->database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* All rows, or those of as many whole transactions as fit into the time. */
static bool write_rows(struct writer *writer, struct chunk *chunk, double end)
{
    sqlite3_stmt *begin, *commit;
    if (sqlite3_prepare_v2(writer->database, "BEGIN IMMEDIATE", -1, &begin, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(writer->database, "COMMIT", -1, &commit, NULL) != SQLITE_OK)
        return false;
    bool open = false, good = true;
    while (good && (open || end == 0 || now() < end) && next_chunk(chunk)) {
        if (!open)
            good = sqlite3_step(begin) == SQLITE_DONE && sqlite3_reset(begin) == SQLITE_OK;
        open = chunk->size > 0;
        if (open)
            good = good && put(writer, chunk);
        else
            good =
                good && sqlite3_step(commit) == SQLITE_DONE && sqlite3_reset(commit) == SQLITE_OK;
        writer->transactions += !open;
    }
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
    return good && !open;
}

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: sqlite_writer STORE [MILLISECONDS] <ROWS\n");
        return 2;
    }
    struct writer writer = {0};
    struct chunk chunk = {0};
    if (sqlite3_open_v2(argv[1], &writer.database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return fail(&writer, argv[1]);
    if (!next_chunk(&chunk) || !run(&writer, (const char *)chunk.data) ||
        !read_statements(&writer, &chunk))
        return fail(&writer, "the input's head");
    double begin = now();
    if (!write_rows(&writer, &chunk, argc == 3 ? begin + strtod(argv[2], NULL) / 1000 : 0))
        return fail(&writer, "writing");
    printf("%zu %.6f %zu\n", writer.transactions, now() - begin, writer.rows);
    for (size_t i = 0; i < writer.count; i++) {
        sqlite3_finalize(writer.statements[i].handle);
        free(writer.statements[i].sql);
    }
    free(chunk.data);
    return sqlite3_close(writer.database) != SQLITE_OK;
}
