/*
 * service - the API as the server calls it: what a worker has, and the table of addresses.
 */
#ifndef BILATERAL_API_SERVICE_H
#define BILATERAL_API_SERVICE_H

#include <stdbool.h>

#include "bilateral/http/route.h"
#include "bilateral/http/server.h"
#include "bilateral/store/store.h"

/* What all workers share; constant once the server runs. */
struct application {
    const char *store_path;
    const char *base_path;
    const struct server *_Atomic server; /* for /ready and /metrics; NULL until it runs */
};

/* What one worker owns. */
struct reader {
    const struct application *application;
    struct store *store;
};

/* The callbacks for struct service; their context is the struct application. */
bool service_start(void *context, void **ret_worker, struct error *error);
void service_stop(void *worker);
bool service_answer(void *worker, struct request *request, struct reply *reply,
                    struct error *error);

/* Every address, ended by a NULL pattern; see routes.c. */
extern const struct route ROUTES[];

/* Handlers, by the file they are in. */
route_handler collection_list, collection_detail, collection_under;
route_handler index_page;
route_handler status_health, status_ready, status_metrics;

#endif
