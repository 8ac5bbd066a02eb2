#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/api/collection.h"
#include "bilateral/api/service.h"
#include "bilateral/base/clock.h"
#include "bilateral/http/accept.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/field.h"
#include "bilateral/resource/history.h"

/* Server-sent events (the HTML standard, section 9.2): the changes as they are committed. */

enum {
    FOLLOWER_LIMIT = 200, /* at a time; each costs a connection and a look a second */
    LOOK = 1000 * 1000,   /* microseconds: for what other processes write, nobody tells us */
    HEARTBEAT = 15 * 1000 * 1000,
    CHUNK = 100, /* changes that are read at once */
};

static const char FIND[] =
    "SELECT number, revision, at, action, type, id, by\n"
    "FROM record_change\n"
    "WHERE number > ?1 AND number <= ?4 AND (?2 IS NULL OR type = ?2)\n"
    "ORDER BY number\n"
    "LIMIT ?3";

static const char FIND_LAST[] =
    "SELECT COALESCE(MAX(number), 0)\n"
    "FROM change";

static const char FIND_REVISION[] =
    "SELECT number\n"
    "FROM change\n"
    "WHERE committed <= ?1\n"
    "ORDER BY committed DESC, number DESC\n"
    "LIMIT 1";

static const char FIND_TIME[] =
    "SELECT number\n"
    "FROM change\n"
    "WHERE at < ?1\n"
    "ORDER BY number DESC\n"
    "LIMIT 1";

struct follower {
    struct reader *reader;
    const char *type; /* NULL: all */
    int64_t number;   /* of the last change that was read */
    struct buffer text;
    size_t sent;         /* of the text */
    uint64_t generation; /* when it was looked last */
    int64_t looked_at, beat_at;
};

static bool ends(const struct follower *follower)
{
    const struct server *server = follower->reader->application->server;
    return server && server_draining(server);
}

static bool is_ready(void *context)
{
    const struct follower *follower = context;
    int64_t now = clock_now();
    return follower->generation != service_since(follower->reader, 0) ||
           now - follower->looked_at >= LOOK || now - follower->beat_at >= HEARTBEAT ||
           ends(follower);
}

static void put_event(struct statement *row, struct buffer *text)
{
    static const char *const MEMBERS[] = {"at", "action", "type", "id", "by"};
    buffer_printf(text, "id: %" PRId64 "\ndata: {", statement_integer(row, 0));
    json_put_number(text, "revision", statement_integer(row, 1));
    for (int i = 0; i < 5; i++)
        json_put_member(text, MEMBERS[i], statement_text(row, 2 + i));
    buffer_puts(text, "}\n\n");
}

/* What was committed since the last look; whatever fails is tried again at the next. */
static void look(struct follower *follower)
{
    struct error error = {0};
    int64_t last;
    size_t count = 0;
    bool row;
    follower->generation = service_since(follower->reader, 0);
    follower->looked_at = clock_now();
    struct store *store = reader_live(follower->reader, &error);
    if (!store || !statement_number(store_prepare(store, FIND_LAST, &error), &last, &error))
        return;
    struct statement *find = store_prepare(store, FIND, &error);
    statement_bind_integer(find, 1, follower->number);
    statement_bind_text(find, 2, follower->type);
    statement_bind_integer(find, 3, CHUNK);
    statement_bind_integer(find, 4, last);
    for (; statement_step(find, &row, &error) && row; count++) {
        put_event(find, &follower->text);
        follower->number = statement_integer(find, 0);
    }
    if (error.code == ERROR_NONE && count < CHUNK)
        follower->number = last; /* what is of other types is not looked at again */
    else
        follower->looked_at = 0; /* there is more */
}

static ssize_t read_events(void *context, char *bytes, size_t size)
{
    struct follower *follower = context;
    if (follower->sent == follower->text.size) {
        buffer_reset(&follower->text);
        follower->sent = 0;
        look(follower);
        if (follower->text.size == 0 && ends(follower))
            return 0;
        if (follower->text.size == 0 && clock_now() - follower->beat_at >= HEARTBEAT)
            buffer_puts(&follower->text, ":\n\n");
    }
    size_t left = follower->text.size - follower->sent;
    if (left == 0)
        return REPLY_LATER;
    follower->beat_at = clock_now();
    size = left < size ? left : size;
    memcpy(bytes, follower->text.data + follower->sent, size);
    follower->sent += size;
    return (ssize_t)size;
}

static void leave(void *context)
{
    struct follower *follower = context;
    atomic_fetch_sub(follower->reader->application->followers, 1);
    buffer_finish(&follower->text);
}

/* ---- where to begin ---- */

static bool find_start(struct follower *follower, const struct moment *since, struct error *error)
{
    const char *sql = !since ? FIND_LAST : *since->time ? FIND_TIME : FIND_REVISION;
    struct store *store = reader_live(follower->reader, error);
    struct statement *find = store ? store_prepare(store, sql, error) : NULL;
    if (find && since && *since->time)
        statement_bind_text(find, 1, since->time);
    else if (find && since)
        statement_bind_integer(find, 1, since->revision);
    return statement_number(find, &follower->number, error);
}

/* Behind the event that a client has seen last; else behind `since`; else now. */
static bool start(struct follower *follower, const struct request *request, struct error *error)
{
    const char *last = request_header(request, "Last-Event-ID");
    const char *since = request_parameter(request, "since");
    struct moment moment;
    char *end;
    if (last && *last) { /* an empty one is that of a client that has seen none */
        follower->number = strtoll(last, &end, 10);
        return (*last >= '0' && *last <= '9' && *end == '\0') ||
               error_refuse(error, ERROR_BAD_REQUEST, FAULT_HEADER, "Last-Event-ID",
                            "Send the id of an event that came from here.");
    }
    return (!since || moment_parse("since", since, &moment, error)) &&
           find_start(follower, since ? &moment : NULL, error);
}

static bool read_type(struct follower *follower, const struct request *request, struct error *error)
{
    const struct field *field = resource_field(&CHANGE, "type");
    struct error found = {0};
    follower->type = request_parameter(request, "type");
    return !follower->type || field_check_text(field, follower->type, &found) ||
           error_refuse(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "type", "%s", found.detail);
}

static bool follow(struct reader *reader, const struct request *request, struct reply *reply,
                   struct error *error)
{
    static const char *const PARAMETERS[] = {"since", "type", NULL};
    struct follower *follower = arena_alloc(request->arena, sizeof *follower);
    *follower = (struct follower){.reader = reader, .beat_at = clock_now()};
    if (!query_allow_only(request, PARAMETERS, error) || !read_type(follower, request, error) ||
        !start(follower, request, error))
        return false;
    atomic_uint *followers = reader->application->followers;
    if (atomic_fetch_add(followers, 1) >= FOLLOWER_LIMIT) {
        atomic_fetch_sub(followers, 1);
        reply_header(reply, "Retry-After", "30");
        return error_set(error, ERROR_UNAVAILABLE, "Too many clients follow the changes already.");
    }
    buffer_puts(&follower->text, "retry: 3000\n\n");
    reply->content_type = "text/event-stream";
    reply_header(reply, "Cache-Control", "no-store");
    reply_header(reply, "X-Accel-Buffering", "no"); /* nginx would keep the events to itself */
    reply->stream = (struct reply_stream){read_events, leave, follower, is_ready};
    return true;
}

bool change_list(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    const char *accept = request_header(request, "Accept");
    const char *chosen = accept ? accept_choose(accept, CHANGE_OFFERS) : NULL;
    if (request->extension || !chosen || chosen == CHANGE_OFFERS[0])
        return collection_list(worker, request, reply, error);
    reply_header(reply, "Vary", "Accept");
    return follow(worker, request, reply, error);
}

const char *const CHANGE_OFFERS[] = {"application/json", "text/event-stream", NULL};
