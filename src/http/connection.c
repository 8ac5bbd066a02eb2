#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h> /* the C library's own lacks the bytes received */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bilateral/base/arena.h"
#include "worker.h"

enum { LINGER_SECONDS = 2, SECOND = 1000000 };

const char *connection_phase_name(enum phase phase)
{
    static const char *const NAMES[] = {
        [PHASE_ARRIVED] = "arrived", [PHASE_HEAD] = "head", [PHASE_BODY] = "body",
        [PHASE_REPLY] = "reply",     [PHASE_IDLE] = "idle", [PHASE_LINGER] = "linger",
    };
    _Static_assert(sizeof NAMES / sizeof *NAMES == PHASE_COUNT, "a name for every phase");
    return NAMES[phase];
}

static void print_client(const struct sockaddr *address, char ret[static INET6_ADDRSTRLEN])
{
    const struct sockaddr_in *four = (const void *)address;
    const struct sockaddr_in6 *six = (const void *)address;
    *ret = '\0';
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &four->sin_addr, ret, INET6_ADDRSTRLEN);
    else if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, ret, INET6_ADDRSTRLEN);
    else
        inet_ntop(AF_INET6, &six->sin6_addr, ret, INET6_ADDRSTRLEN);
}

struct connection *connection_create(struct worker *worker, int socket,
                                     const struct sockaddr *address)
{
    struct connections *all = &worker->connections;
    struct connection *connection = memory_alloc(sizeof *connection);
    *connection = (struct connection){.next = all->first, .socket = socket};
    memcpy(&connection->address, address,
           address->sa_family == AF_INET ? sizeof(struct sockaddr_in)
                                         : sizeof(struct sockaddr_in6));
    print_client(address, connection->client);
    connection_enter(connection, PHASE_ARRIVED, worker);
    if (all->first)
        all->first->previous = connection;
    all->first = connection;
    all->count++;
    return connection;
}

void connection_destroy(struct connections *all, struct connection *connection)
{
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        all->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    all->count--;
    free(connection);
}

void connection_enter(struct connection *connection, enum phase phase, const struct worker *worker)
{
    const struct server_options *options = &worker->shared->options;
    const unsigned seconds[] = {
        [PHASE_ARRIVED] = options->header_seconds,
        [PHASE_HEAD] = connection->phase == PHASE_ARRIVED ? 0 : options->header_seconds,
        [PHASE_BODY] = options->request_seconds,
        [PHASE_REPLY] = 0,
        [PHASE_IDLE] = options->idle_seconds,
        [PHASE_LINGER] = LINGER_SECONDS,
    };
    _Static_assert(sizeof seconds / sizeof *seconds == PHASE_COUNT, "a time for every phase");
    connection->phase = phase;
    connection->shrunk = false;
    if (seconds[phase])
        connection->deadline = worker->now + (int64_t)seconds[phase] * SECOND;
}

void connection_shrink(struct connection *connection, size_t size)
{
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)connection->memory;
    uintptr_t first = (begin + page - 1) / page * page, end = (begin + size) / page * page;
    connection->shrunk = true;
    if (first < end && getsockopt(connection->socket, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
        info.tcpi_bytes_received == connection->taken)
        madvise((void *)first, end - first, MADV_DONTNEED);
}

bool connection_linger(struct connection *connection, const struct worker *worker)
{
    int socket = fcntl(connection->socket, F_DUPFD_CLOEXEC, 0);
    if (socket < 0)
        return false;
    connection->socket = socket;
    connection->exchange = NULL;
    connection_enter(connection, PHASE_LINGER, worker);
    return true;
}

bool connection_lingered(struct connection *connection, int64_t now)
{
    char room[32 * 1024]; /* with MSG_TRUNC the kernel drops the bytes without copying them to it */
    ssize_t size;
    do
        size = recv(connection->socket, room, sizeof room, MSG_TRUNC | MSG_DONTWAIT);
    while (size > 0 && now < connection->deadline);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR) ||
           now >= connection->deadline;
}
