#include "sleep.h"

#include <poll.h>

#include "bilateral/base/clock.h"

bool sleep_begin(struct exchange *exchange, struct MHD_Connection *library)
{
    struct worker *worker = exchange->worker;
    if (atomic_load(&worker->shared->stage) >= STAGE_STOPPING)
        return false;
    MHD_suspend_connection(library);
    exchange->library = library;
    exchange->slept_since = clock_now();
    exchange->connection->asleep = true;
    exchange->previous_sleeper = NULL;
    exchange->next_sleeper = worker->sleepers;
    if (worker->sleepers)
        worker->sleepers->previous_sleeper = exchange;
    worker->sleepers = exchange;
    metrics_add(&worker->metrics.waiting, 1);
    return true;
}

/* The time it slept was ours, so the client has that much longer. */
static void resume(struct exchange *exchange)
{
    struct worker *worker = exchange->worker;
    int64_t slept = clock_now() - exchange->slept_since;
    exchange->connection->deadline += slept;
    exchange->stream_deadline += slept;
    exchange->connection->asleep = false;
    if (exchange->previous_sleeper)
        exchange->previous_sleeper->next_sleeper = exchange->next_sleeper;
    else
        worker->sleepers = exchange->next_sleeper;
    if (exchange->next_sleeper)
        exchange->next_sleeper->previous_sleeper = exchange->previous_sleeper;
    metrics_add(&worker->metrics.waiting, (uint64_t)-1);
    MHD_resume_connection(exchange->library);
}

static bool is_ready(const struct exchange *exchange)
{
    const struct reply *reply = &exchange->reply;
    if (reply->later.ready)
        return reply->later.ready(reply->later.context);
    return !reply->stream.ready || reply->stream.ready(reply->stream.context);
}

void sleep_look(struct worker *worker)
{
    struct exchange *next;
    for (struct exchange *each = worker->sleepers; each; each = next) {
        next = each->next_sleeper;
        if (is_ready(each))
            resume(each);
    }
}

/* Who has sent all and only ended his sending side looks like one who left. A reply that is still
 * to come has a limit and may be that of a write, so he is given it, unless it is fleeting; a stream
 * may go on for ever. */
static bool has_lost_client(const struct exchange *exchange)
{
    struct pollfd client = {.fd = exchange->connection->socket, .events = POLLRDHUP};
    if (poll(&client, 1, 0) <= 0)
        return false;
    return (client.revents & ~POLLRDHUP) || !exchange->reply.later.ready ||
           exchange->reply.later_is_fleeting;
}

/* Whether a reply that is still to come has been that for too long. */
static bool is_late(const struct exchange *exchange, int64_t now)
{
    const struct reply *reply = &exchange->reply;
    const struct server_options *options = &exchange->worker->shared->options;
    int64_t seconds = reply->later_seconds ? reply->later_seconds : options->later_seconds;
    return reply->later.ready && now - exchange->slept_since >= seconds * 1000000 &&
           !is_ready(exchange);
}

void sleep_tick(struct worker *worker, int64_t now)
{
    struct exchange *next;
    for (struct exchange *each = worker->sleepers; each; each = next) {
        next = each->next_sleeper;
        each->is_lost = has_lost_client(each);
        each->is_overdue = is_late(each, now);
        if (each->is_lost || each->is_overdue)
            resume(each);
    }
    sleep_look(worker);
}

void sleep_end(struct worker *worker)
{
    while (worker->sleepers) {
        worker->sleepers->is_lost = true;
        resume(worker->sleepers);
    }
}
