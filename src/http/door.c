#include "door.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bilateral/http/problem.h"
#include "deliver.h"

enum { ACCEPT_SERIES = 4 }; /* connections taken at a time: the others are for the other workers */

static void forget(struct worker *worker, struct connection *connection)
{
    gate_leave(worker->shared->gate, (const struct sockaddr *)&connection->address);
    connection_destroy(&worker->connections, connection);
}

void door_close(struct worker *worker, struct connection *connection)
{
    close(connection->socket);
    forget(worker, connection);
}

/* The library tells of a connection's first and last moment. */
void door_notice(void *context, struct MHD_Connection *library, void **connection,
                 enum MHD_ConnectionNotificationCode code)
{
    (void)library;
    struct worker *worker = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *connection = worker->arriving;
        worker->arriving = NULL;
        return;
    }
    struct connection *closed = *connection;
    if (closed->unread && !closed->late && connection_linger(closed, worker))
        return;
    forget(worker, closed);
}

/* Says 503 to one connection too many, in its place: there is room in a fresh socket's buffer. */
static void turn_away(struct worker *worker, int client, enum gate_answer answer)
{
    struct arena *arena = worker_take_arena(worker);
    struct request request = {.arena = arena, .method = HTTP_GET};
    struct reply reply = {.arena = arena};
    struct error error = {0};
    worker_make_id(worker, request.id);
    error_set(&error, ERROR_UNAVAILABLE,
              answer == GATE_FULL ? "too many connections are open"
                                  : "too many connections are open from this address");
    reply_header(&reply, "Retry-After", "5");
    problem_reply(&reply, &request, worker->shared->options.base_path, &error);
    deliver_raw(worker, client, &request, &reply);
    reply_drop_body(&reply);
    worker_return_arena(worker, arena);
    shutdown(client, SHUT_WR);
    close(client);
    metrics_add(&worker->metrics.turned_away, 1);
}

static void welcome(struct worker *worker, int client, const struct sockaddr *address,
                    socklen_t size)
{
    enum gate_answer answer = gate_enter(worker->shared->gate, address);
    if (answer != GATE_OPEN) {
        turn_away(worker, client, answer);
        return;
    }
    worker->arriving = connection_create(worker, client, address);
    metrics_add(&worker->metrics.accepted, 1);
    MHD_add_connection(worker->daemon, client, address, size); /* closes it when it fails */
    if (worker->arriving)
        forget(worker, worker->arriving);
    worker->arriving = NULL;
}

/*
 * In or out of the set. All workers wait for the same listener; with EPOLLEXCLUSIVE the kernel
 * wakes one of those that sleep, not all.
 */
void door_set(struct worker *worker, bool wanted)
{
    if (worker->accepts == wanted)
        return;
    int listener = worker->shared->listener;
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
    epoll_ctl(worker->poll, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, listener, &event);
    worker->accepts = wanted;
}

void door_accept(struct worker *worker)
{
    for (int i = 0; i < ACCEPT_SERIES; i++) {
        struct sockaddr_storage address;
        socklen_t size = sizeof address;
        int client = accept4(worker->shared->listener, (struct sockaddr *)&address, &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0) {
            /* Out of descriptors or memory: the listener stays ready, and to ask at once again
             * would only burn the time others need. The next tick tries anew. */
            worker->starved =
                errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
            return;
        }
        welcome(worker, client, (const struct sockaddr *)&address, size);
    }
}
