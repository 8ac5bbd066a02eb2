#include "auth.h"

#include <string.h>
#include <strings.h>

#include "bilateral/base/clock.h"
#include "bilateral/http/throttle.h"

enum { TOKEN_TEXT_LIMIT = 200 };

/* The challenge of RFC 6750, section 3. */
static bool refuse(struct reply *reply, struct error *error)
{
    reply_header(reply, "WWW-Authenticate", "Bearer realm=\"bilateral\", error=\"invalid_token\"");
    return error_set(error, ERROR_UNAUTHORIZED,
                     "The token is not valid: unknown, revoked or expired, or not sent as "
                     "`Authorization: Bearer` once.");
}

/* The token of the Authorization field; NULL where it is not of that form. Two fields make no token. */
static const char *find_token(const struct request *request, bool *ret_any)
{
    static const char SCHEME[] = "Bearer ";
    const char *value = request_header(request, "Authorization");
    *ret_any = value;
    if (!value || strncasecmp(value, SCHEME, sizeof SCHEME - 1) != 0)
        return NULL;
    value += sizeof SCHEME - 1;
    value += strspn(value, " "); /* one or more: RFC 6750, section 2.1 */
    return strlen(value) <= TOKEN_TEXT_LIMIT ? value : NULL;
}

static bool is_bootstrap(const struct application *application, const char *token)
{
    char digest[HASH_HEX_SIZE];
    hash_sha256_hex(token, strlen(token), digest);
    return *application->bootstrap && hash_equal(application->bootstrap, digest, HASH_HEX_SIZE - 1);
}

/* ---- wrong tokens wait for their answer ---- */

static bool is_due(void *due)
{
    return clock_now() >= *(int64_t *)due;
}

static bool answer_late(void *due, void *worker, struct request *request, struct reply *reply,
                        struct error *error)
{
    (void)due, (void)worker, (void)request;
    return refuse(reply, error);
}

static bool refuse_slowly(struct reader *reader, const struct request *request, struct reply *reply,
                          bool *ret_later, struct error *error)
{
    struct throttle *throttle = reader->application->throttle;
    int64_t wait = throttle ? throttle_count(throttle, request->client) : 0;
    if (wait == 0)
        return refuse(reply, error);
    if (wait < 0) {
        reply_header(reply, "Retry-After", "5");
        return error_set(error, ERROR_TOO_MANY_REQUESTS,
                         "Too many wrong tokens came from this address.");
    }
    int64_t *due = arena_alloc(request->arena, sizeof *due);
    *due = clock_now() + wait;
    reply->later = (struct reply_later){.ready = is_due, .finish = answer_late, .context = due};
    *ret_later = true;
    return true;
}

bool auth_identify(struct reader *reader, const struct request *request, struct reply *reply,
                   bool *ret_later, struct error *error)
{
    bool any;
    const char *token = find_token(request, &any);
    reader->bearer = (struct grant){.scope = SCOPE_NONE};
    *ret_later = false;
    if (!any)
        return true;
    if (token && is_bootstrap(reader->application, token)) {
        reader->bearer = (struct grant){.name = "bootstrap", .scope = SCOPE_ADMIN};
        return true;
    }
    struct store *store = token ? reader_live(reader, error) : NULL;
    if (token && (!store || !token_check(store, token, &reader->bearer, error)))
        return false;
    return reader->bearer.scope != SCOPE_NONE ||
           refuse_slowly(reader, request, reply, ret_later, error);
}

bool auth_require(struct reader *reader, enum token_scope scope, struct reply *reply,
                  struct error *error)
{
    bool any = *reader->application->bootstrap != '\0';
    if (reader->bearer.scope >= scope)
        return true;
    if (reader->bearer.scope != SCOPE_NONE) {
        reply_header(reply, "WWW-Authenticate",
                     "Bearer realm=\"bilateral\", error=\"insufficient_scope\", scope=\"%s\"",
                     SCOPE_NAMES[scope]);
        return error_set(error, ERROR_FORBIDDEN, "This needs a token of scope %s; yours has %s.",
                         SCOPE_NAMES[scope], SCOPE_NAMES[reader->bearer.scope]);
    }
    struct store *store = any ? NULL : reader_live(reader, error);
    if (!any && (!store || !token_any(store, &any, error)))
        return false;
    reply_header(reply, "WWW-Authenticate", "Bearer realm=\"bilateral\"");
    return error_set(error, ERROR_UNAUTHORIZED,
                     any ? "Writing needs a token; send it as `Authorization: Bearer`."
                         : "This daemon is read-only: it has no tokens. `bilaterald token create` "
                           "makes one.");
}
