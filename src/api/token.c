#include "bilateral/api/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bilateral/base/date.h"
#include "bilateral/base/hash.h"
#include "bilateral/base/log.h"
#include "bilateral/json/write.h"

enum { SECRET_SIZE = 32 };

const char *const SCOPE_NAMES[SCOPE_COUNT] = {
    [SCOPE_NONE] = "none", [SCOPE_READ] = "read", [SCOPE_WRITE] = "write", [SCOPE_ADMIN] = "admin"};

static const char CREATE[] =
    "INSERT INTO token (name, digest, scope, created_at, expires_at)\n"
    "VALUES (?1, ?2, ?3, ?4, ?5)\n"
    "ON CONFLICT (name) DO NOTHING";

static const char LIST[] =
    "SELECT name, scope, created_at, expires_at, used_at, revoked_at\n"
    "FROM token\n"
    "ORDER BY name";

static const char REVOKE[] =
    "UPDATE token\n"
    "SET revoked_at = ?2\n"
    "WHERE name = ?1 AND revoked_at IS NULL";

static const char FIND_GOOD[] =
    "SELECT digest, name, scope\n"
    "FROM token\n"
    "WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?1)";

/* The first sixteen characters of a time are its minute. */
static const char TOUCH[] =
    "UPDATE token\n"
    "SET used_at = ?2\n"
    "WHERE name = ?1 AND (used_at IS NULL OR SUBSTR(used_at, 1, 16) < SUBSTR(?2, 1, 16))";

/* Names stand in answers and logs: nothing that could be taken for something else there. */
static bool check_name(const char *name, struct error *error)
{
    static const char PLAIN[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._@+";
    size_t size = strlen(name);
    return (size > 0 && size <= TOKEN_NAME_LIMIT && strspn(name, PLAIN) == size) ||
           error_set(error, ERROR_INVALID,
                     "\"%.60s\" is no name for a token; use 1 to %d letters, digits and -._@+.",
                     name, TOKEN_NAME_LIMIT);
}

/* The scope of that name, or SCOPE_NONE. */
static enum token_scope scope_of(const char *name)
{
    size_t scope = SCOPE_ADMIN;
    while (scope > SCOPE_NONE && strcmp(SCOPE_NAMES[scope], name) != 0)
        scope--;
    return (enum token_scope)scope;
}

static bool check_scope(const char *scope, struct error *error)
{
    return scope_of(scope) != SCOPE_NONE ||
           error_set(error, ERROR_INVALID, "\"%.60s\" is no scope; use read, write or admin.",
                     scope);
}

/* 90d from now, say. */
static bool read_duration(const char *text, char ret[static DATE_TIMESTAMP_SIZE])
{
    static const char UNITS[] = "mhd";
    static const long SECONDS[] = {60, 60 * 60, 24 * 60 * 60};
    char *end;
    long count = strtol(text, &end, 10);
    const char *unit = *end ? strchr(UNITS, *end) : NULL;
    if (*text < '0' || *text > '9' || !unit || end[1] || count < 1 || count > 100000)
        return false;
    time_t then = time(NULL) + count * SECONDS[unit - UNITS];
    struct tm parts;
    gmtime_r(&then, &parts);
    strftime(ret, DATE_TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return true;
}

static bool read_expiry(const char *text, char ret[static DATE_TIMESTAMP_SIZE], struct error *error)
{
    struct error ignored = {0};
    if (read_duration(text, ret))
        return true;
    if (!date_parse_timestamp(text, &ignored) || strlen(text) >= DATE_TIMESTAMP_SIZE)
        return error_set(error, ERROR_INVALID,
                         "\"%.60s\" is no expiry; write a time such as 2027-01-31T00:00:00Z, or "
                         "how long from now, such as 90d, 12h or 30m.",
                         text);
    snprintf(ret, DATE_TIMESTAMP_SIZE, "%s", text);
    return true;
}

bool token_create(struct store *store, const char *name, const char *scope, const char *expires,
                  struct buffer *token, struct error *error)
{
    char now[DATE_TIMESTAMP_SIZE], expiry[DATE_TIMESTAMP_SIZE], digest[HASH_HEX_SIZE];
    unsigned char secret[SECRET_SIZE];
    if (!check_name(name, error) || !check_scope(scope, error) ||
        (expires && !read_expiry(expires, expiry, error)))
        return false;
    struct buffer text = {0};
    date_now(now);
    hash_random(secret, sizeof secret);
    buffer_puts(&text, LOG_SECRET);
    hash_base64url(secret, sizeof secret, &text);
    hash_sha256_hex(text.data, text.size, digest);
    bool good =
        store_run_texts(store, CREATE, error, name, digest, scope, now, expires ? expiry : NULL) &&
        (store_changes(store) == 1 ||
         error_set(error, ERROR_CONFLICT, "There is or was a token \"%s\"; choose a new name.",
                   name));
    if (good)
        buffer_append(token, text.data, text.size);
    buffer_finish(&text);
    return good;
}

bool token_list(struct store *store, struct buffer *lines, struct error *error)
{
    static const char *const MEMBERS[] = {"name",       "scope",   "created_at",
                                          "expires_at", "used_at", "revoked_at"};
    struct statement *list = store_prepare(store, LIST, error);
    bool row;
    while (statement_step(list, &row, error) && row) {
        buffer_putc(lines, '{');
        for (int i = 0; i < 6; i++)
            json_put_member(lines, MEMBERS[i], statement_text(list, i));
        buffer_puts(lines, "}\n");
    }
    return error->code == ERROR_NONE;
}

bool token_revoke(struct store *store, const char *name, struct error *error)
{
    char now[DATE_TIMESTAMP_SIZE];
    date_now(now);
    return store_run_texts(store, REVOKE, error, name, now) &&
           (store_changes(store) == 1 ||
            error_set(error, ERROR_NOT_FOUND, "There is no good token \"%.60s\".", name));
}

static struct statement *find_good(struct store *store, char now[static DATE_TIMESTAMP_SIZE],
                                   struct error *error)
{
    struct statement *find = store_prepare(store, FIND_GOOD, error);
    date_now(now);
    statement_bind_text(find, 1, now);
    return find;
}

bool token_check(struct store *store, const char *text, struct grant *ret, struct error *error)
{
    struct grant grant = {.scope = SCOPE_NONE};
    char digest[HASH_HEX_SIZE], now[DATE_TIMESTAMP_SIZE];
    bool row = true;
    hash_sha256_hex(text, strlen(text), digest);
    struct statement *find = find_good(store, now, error);
    while (statement_step(find, &row, error) && row) {
        if (!hash_equal(statement_text(find, 0), digest, HASH_HEX_SIZE - 1))
            continue;
        snprintf(grant.name, sizeof grant.name, "%s", statement_text(find, 1));
        grant.scope = scope_of(statement_text(find, 2));
    }
    if (error->code != ERROR_NONE)
        return false;
    *ret = grant;
    return true;
}

bool token_any(struct store *store, bool *ret, struct error *error)
{
    char now[DATE_TIMESTAMP_SIZE];
    struct statement *find = find_good(store, now, error);
    if (!statement_step(find, ret, error))
        return false;
    statement_reset(find);
    return true;
}

bool token_touch(struct store *store, const char *name, const char *now, bool *ret_noted,
                 struct error *error)
{
    if (!store_run_texts(store, TOUCH, error, name, now))
        return false;
    *ret_noted = store_changes(store) == 1;
    return true;
}
