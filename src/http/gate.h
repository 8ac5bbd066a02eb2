/*
 * gate - how much may be under way at once: connections in all and from one address, and bytes of
 * request bodies and of replies in memory.
 *
 * Shared by all workers. Connections are counted under a lock, which is taken once at the beginning
 * and once at the end of each; bytes are counted without one.
 */
#ifndef HTTP_GATE_H
#define HTTP_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct gate;

enum gate_answer { GATE_OPEN, GATE_FULL, GATE_ADDRESS_FULL };

/* What bytes are claimed for; each has a limit of its own. */
enum gate_bytes { GATE_BODIES, GATE_REPLIES, GATE_BYTES_COUNT };

/* `per_address` 0 sets no limit for one address: behind a proxy all come from there. */
struct gate *gate_create(unsigned connections, unsigned per_address, size_t body_bytes,
                         size_t reply_bytes);
void gate_destroy(struct gate *gate);

/* IPv6 addresses count by their /64, which is what one client gets. Each GATE_OPEN is answered by
 * a gate_leave with the same address. */
enum gate_answer gate_enter(struct gate *gate, const struct sockaddr *address);
void gate_leave(struct gate *gate, const struct sockaddr *address);

unsigned gate_connections(struct gate *gate);

/* Waits until nobody is inside or `seconds` have passed; returns whether it is empty. */
bool gate_wait_empty(struct gate *gate, unsigned seconds);

/* Claims room for so many bytes; false where there is none, and nothing is claimed. */
bool gate_claim(struct gate *gate, enum gate_bytes what, size_t bytes);
void gate_release(struct gate *gate, enum gate_bytes what, size_t bytes);

#endif
