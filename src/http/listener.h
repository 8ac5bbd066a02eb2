/*
 * listener - the socket that clients connect to.
 */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include "bilateral/base/arena.h"
#include "bilateral/base/error.h"

/*
 * Binds "127.0.0.1:8080", "[::1]:0", "localhost:8080" or ":8080" (all addresses) and listens.
 * `ret_address` is what was bound, the port resolved. ERROR_UNAVAILABLE says why it cannot be had.
 */
bool listener_open(const char *listen, struct arena *arena, int *ret_socket,
                   const char **ret_address, struct error *error);

#endif
