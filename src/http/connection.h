/*
 * connection - one client's connection: in which phase it is, and until when it may be.
 *
 * The library's own timeout ends only silence, so one byte a second would hold a connection for
 * ever. Here each phase has a deadline that no byte moves. A worker sweeps its connections a few
 * times a second; one that is late is shut down, and the library, which sees the end of the
 * stream, cleans up.
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "bilateral/http/server.h"

enum phase {
    PHASE_ARRIVED, /* accepted; nothing of a request was seen */
    PHASE_HEAD,    /* the request line is here, the end of the header section is not */
    PHASE_BODY,
    PHASE_REPLY,
    PHASE_IDLE,   /* kept alive between two requests */
    PHASE_LINGER, /* closed by us with bytes unread; see connection_linger */
};
enum { PHASE_COUNT = PHASE_LINGER + 1 };

struct exchange;
struct worker;

struct connection {
    struct connection *next;
    struct connection *previous;
    int socket;
    enum phase phase;
    int64_t deadline;          /* as clock_now tells it */
    bool late;                 /* shut down already */
    bool unread;               /* closes although the client may still be sending */
    bool asleep;               /* its reply waits for something of ours: no deadline runs */
    bool shrunk;               /* since the last request */
    struct exchange *exchange; /* the request under way, or NULL */
    const char *memory;        /* the library's; see connection_shrink */
    uint64_t taken;            /* bytes of all requests so far, as far as we know of them */
    struct sockaddr_storage address;
    char client[INET6_ADDRSTRLEN];
};

/* The connections of one worker; zeroed it is empty. */
struct connections {
    struct connection *first;
    size_t count;
};

/* "arrived", … */
const char *connection_phase_name(enum phase phase);

/* Puts it into the worker's list. */
struct connection *connection_create(struct worker *worker, int socket,
                                     const struct sockaddr *address);

/* Takes it out of the list and frees it; does not close the socket. */
void connection_destroy(struct connections *all, struct connection *connection);

/* Enters a phase and sets its deadline, from worker->now on. The reply shares the body's, and the
 * first header section has no more time than the connection had since it was accepted. */
void connection_enter(struct connection *connection, enum phase phase, const struct worker *worker);

/*
 * The library has a piece of memory for each connection, which it clears after each request and uses
 * from its beginning on. While it holds nothing, its pages can be given back: they are clear when
 * they are touched again. It does where the system has received no more than the requests that were
 * answered: then nothing of another has come, and the last began where the memory does.
 */
void connection_shrink(struct connection *connection, size_t size);

/*
 * Closing a socket whose bytes were not all read makes the kernel send a reset, and the reset can
 * overtake our refusal: the client then never learns why. So the socket is kept open under another
 * descriptor for a moment, and what still comes is thrown away. Returns false where that cannot be
 * done; then the connection is to be destroyed.
 */
bool connection_linger(struct connection *connection, const struct worker *worker);

/* Throws away what has come; true once the client has closed or time is up. */
bool connection_lingered(struct connection *connection, int64_t now);

#endif
