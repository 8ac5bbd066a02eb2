/*
 * bare_mhd - what libmicrohttpd alone costs: two constant answers, nothing else.
 *
 *     bare_mhd PORT THREADS LIST_FILE DETAIL_FILE
 *
 * Every target with a query gets the bytes of LIST_FILE, every other those of DETAIL_FILE. Each
 * thread drives a library daemon of its own by its own epoll loop, on one shared listening socket:
 * the library's own loop stalls at exact multiples of 128 ready connections.
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { THREAD_LIMIT = 16, TICK = 100 /* milliseconds */ };

struct answers {
    struct MHD_Response *list;
    struct MHD_Response *detail;
};

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static struct MHD_Response *read_answer(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail(path);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(size);
    if (!text || fread(text, 1, size, file) != size)
        fail(path);
    fclose(file);
    struct MHD_Response *answer =
        MHD_create_response_from_buffer(size, text, MHD_RESPMEM_PERSISTENT);
    if (!answer || !MHD_add_response_header(answer, "Content-Type", "application/json") ||
        !MHD_add_response_header(answer, "ETag", "\"constant\"") ||
        !MHD_add_response_header(answer, "Cache-Control", "public, max-age=60"))
        fail("response");
    return answer;
}

/* The first call of a request has only its header; to answer then would close the connection. */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    const struct answers *answers = context;
    (void)url, (void)method, (void)version, (void)upload, (void)upload_size;
    if (!*state) {
        *state = context;
        return MHD_YES;
    }
    bool list = MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, NULL, NULL) > 0;
    return MHD_queue_response(connection, MHD_HTTP_OK, list ? answers->list : answers->detail);
}

static void *serve(void *context)
{
    struct MHD_Daemon *daemon = context;
    int library = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    for (;;) {
        struct pollfd ready = {.fd = library, .events = POLLIN};
        MHD_UNSIGNED_LONG_LONG wait;
        bool pending = MHD_get_timeout(daemon, &wait) == MHD_YES && wait == 0;
        poll(&ready, 1, pending ? 0 : TICK);
        MHD_run(daemon);
    }
    return NULL;
}

static int listen_on(int port)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, SOMAXCONN) != 0)
        fail("listen");
    return listener;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: bare_mhd PORT THREADS LIST_FILE DETAIL_FILE\n");
        return 2;
    }
    long threads = strtol(argv[2], NULL, 10);
    if (threads < 1 || threads > THREAD_LIMIT)
        return 2;
    struct answers answers = {read_answer(argv[3]), read_answer(argv[4])};
    int listener = listen_on((int)strtol(argv[1], NULL, 10));
    for (long i = 0; i < threads; i++) {
        struct MHD_Daemon *daemon =
            MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, &answers,
                             MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                             (size_t)8192, MHD_OPTION_CONNECTION_LIMIT, 4000U, MHD_OPTION_END);
        pthread_t thread;
        if (!daemon || (i + 1 < threads && pthread_create(&thread, NULL, serve, daemon) != 0))
            fail("start");
        if (i + 1 == threads)
            serve(daemon);
    }
}
