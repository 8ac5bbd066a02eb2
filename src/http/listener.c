#include "listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What people run into, in words; %m says the rest. */
static bool explain(const char *listen, struct error *error)
{
    if (errno == EADDRINUSE)
        return error_set(
            error, ERROR_UNAVAILABLE,
            "cannot listen on %s: another program does; stop it or choose another port", listen);
    if (errno == EACCES)
        return error_set(
            error, ERROR_UNAVAILABLE,
            "cannot listen on %s: ports below 1024 need a privilege; choose a higher one", listen);
    if (errno == EADDRNOTAVAIL)
        return error_set(error, ERROR_UNAVAILABLE,
                         "cannot listen on %s: this machine does not have that address", listen);
    return error_set(error, ERROR_UNAVAILABLE, "cannot listen on %s: %s", listen,
                     strerrordesc_np(errno));
}

/* "[::1]:80" -> "::1" and "80". An empty host stands for all addresses. */
static bool split(const char *listen, struct arena *arena, const char **ret_host,
                  const char **ret_port, struct error *error)
{
    const char *colon = strrchr(listen, ':');
    bool bracketed = listen[0] == '[' && colon && colon > listen && colon[-1] == ']';
    if (!colon || (!bracketed && memchr(listen, ':', (size_t)(colon - listen))) ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) || colon[1] == '\0' ||
        strlen(colon + 1) > 5)
        return error_set(error, ERROR_UNAVAILABLE,
                         "cannot listen on %s: write HOST:PORT, such as 127.0.0.1:8080, [::1]:8080 "
                         "or :8080",
                         listen);
    const char *start = listen + bracketed;
    *ret_host = arena_copy(arena, start, (size_t)(colon - bracketed - start));
    *ret_port = colon + 1;
    return true;
}

static int bind_one(const struct addrinfo *info)
{
    int bound = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bound < 0)
        return -1;
    const int on = 1, off = 0;
    setsockopt(bound, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* or a restart must wait */
    if (info->ai_family == AF_INET6)                             /* `:8080` means IPv4 too */
        setsockopt(bound, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(bound, info->ai_addr, info->ai_addrlen) == 0 && listen(bound, SOMAXCONN) == 0)
        return bound;
    int cause = errno;
    close(bound);
    errno = cause;
    return -1;
}

static bool describe(int bound, struct arena *arena, const char **ret_address, struct error *error)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(bound, (struct sockaddr *)&address, &size) != 0 ||
        getnameinfo((struct sockaddr *)&address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return error_set(error, ERROR_UNAVAILABLE, "cannot tell which address was bound: %s",
                         strerrordesc_np(errno));
    *ret_address = arena_printf(arena, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
    return true;
}

/* The first that can be bound, of one family or (0) of any. */
static int bind_first(const struct addrinfo *found, int family)
{
    int bound = -1;
    for (const struct addrinfo *info = found; info && bound < 0; info = info->ai_next) {
        if (!family || info->ai_family == family)
            bound = bind_one(info);
    }
    return bound;
}

bool listener_open(const char *listen, struct arena *arena, int *ret_socket,
                   const char **ret_address, struct error *error)
{
    const char *host = NULL, *port = NULL;
    if (!split(listen, arena, &host, &port, error))
        return false;
    const struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    int fault = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (fault)
        return error_set(error, ERROR_UNAVAILABLE, "cannot listen on %s: %s", listen,
                         gai_strerror(fault));

    /* For all addresses the IPv6 socket goes first, because it takes IPv4 as well. */
    int bound = *host ? -1 : bind_first(found, AF_INET6);
    if (bound < 0)
        bound = bind_first(found, 0);
    int cause = errno;
    freeaddrinfo(found);
    errno = cause;
    if (bound < 0)
        return explain(listen, error);
    if (!describe(bound, arena, ret_address, error)) {
        close(bound);
        return false;
    }
    *ret_socket = bound;
    return true;
}
