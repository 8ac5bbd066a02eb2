/*
 * service - the API as the server calls it: what a worker has, and the table of addresses.
 *
 *     static bool answer(struct reader *reader, const struct snapshot *snapshot,
 *                        struct request *request, struct reply *reply, struct error *error);
 *
 *     bool export_record(void *worker, struct request *request, struct reply *reply,
 *                        struct error *error)
 *     {
 *         return with_snapshot(worker, answer, request, reply, error);
 *     }
 */
#ifndef BILATERAL_API_SERVICE_H
#define BILATERAL_API_SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "bilateral/api/token.h"
#include "bilateral/base/hash.h"
#include "bilateral/format/production.h"
#include "bilateral/http/route.h"
#include "bilateral/http/server.h"
#include "bilateral/resource/committer.h"
#include "bilateral/resource/query.h"
#include "bilateral/resource/snapshot.h"

struct errands;
struct lane;

/* What all workers share; constant once the server runs. */
struct application {
    const char *store_path;
    struct store *_Atomic *opened; /* a reader that knows the schema, for who is first; or NULL */
    const char *base_path;
    struct producers *producers;         /* of whole lists and exports */
    bool metrics_apart;                  /* they are served by service_answer_admin alone */
    const struct server *_Atomic server; /* for /ready and /metrics; NULL until it runs */
    struct committer *committer;         /* NULL where nothing is written */
    struct errands *imports;             /* one at a time; NULL where nothing is written */
    struct errands *backups;
    struct lane *lane;         /* of slow answers; NULL: whoever is asked takes his time */
    struct kept *kept;         /* what is known of the newest state of the store; NULL: nothing */
    const char *backup_folder; /* NULL: there are none on request */
    struct throttle *throttle; /* of wrong tokens; NULL: none */
    char bootstrap[HASH_HEX_SIZE]; /* digest of the token given at start; "" without one */
    atomic_uint *followers;        /* of changes, as events; the program's to make */
    struct generation generation;  /* grows with each commit, before it is answered */
};

/* A text that is the same for every request: made when it is first asked for, then kept. */
struct document {
    struct buffer text; /* empty: not made yet */
    char etag[20];
};

/* What one worker owns. */
struct reader {
    struct application *application;
    struct store *store;
    struct store *live;  /* see reader_live; NULL until it is needed */
    struct grant bearer; /* of the request under way */
    bool is_slow;        /* the slow lane's */
    struct document openapi;
    struct document docs;
    /* A read transaction that outlives its request, and what it is of. */
    bool holds;
    uint64_t generation;
    struct snapshot held;
    struct arena *arena; /* of `held` */
};

/* The callbacks for struct service; their context is the struct application. */
bool service_start(void *context, void **ret_worker, struct error *error);
void service_stop(void *worker);
uint64_t service_since(void *worker, uint64_t depends);
void service_idle(void *worker);
bool service_answer(void *worker, struct request *request, struct reply *reply,
                    struct error *error);

/* Where the body of a request goes that may be large: into a file beside the store, once it is
 * known that its sender may import. */
bool service_spool(void *worker, const struct request *request, FILE **ret, struct reply *reply,
                   struct error *error);

/* See src/api/lane.h. NULL is fine. */
struct lane *lane_create(void);
void lane_destroy(struct lane *lane);

/* The same for a server that watches: health, readiness and metrics only. */
bool service_answer_admin(void *worker, struct request *request, struct reply *reply,
                          struct error *error);

/*
 * The state of the record for one request, whose arena it takes; after it, reader_close. The
 * transaction goes on with the next request, while the generation stands, and ends at the next tick
 * of the server, so that it never holds up the store's upkeep for long.
 */
bool reader_open(struct reader *reader, struct arena *arena, struct snapshot *ret,
                 struct error *error);
void reader_close(struct reader *reader);

/*
 * A handle that is never in a transaction, so that it sees each commit at once: for what must not
 * be a moment old, which are tokens, and changes that somebody waits for. NULL on failure.
 */
struct store *reader_live(struct reader *reader, struct error *error);

/* Ends the transaction, if there is one. */
void reader_release(struct reader *reader);

/* Opens a snapshot, and answers from it. */
typedef bool snapshot_answer(struct reader *reader, const struct snapshot *snapshot,
                             struct request *request, struct reply *reply, struct error *error);
bool with_snapshot(struct reader *reader, snapshot_answer *answer, struct request *request,
                   struct reply *reply, struct error *error);

/* Every address, ended by a NULL pattern, and those of a server that watches; see routes.c. */
extern const struct route ROUTES[], ADMIN_ROUTES[];

/* What handlers offer and take beyond their tables, for them and for the documentation. */
extern const char *const COLLECTION_OFFERS[], *const INDEX_OFFERS[], *const CHANGE_OFFERS[];
extern const struct query_parameter SEARCH_PARAMETERS[], IMPORT_PARAMETERS[];

/* Handlers, by the file they are in. */
route_handler change_list;
route_handler collection_list, collection_detail, collection_under, collection_revisions;
route_handler backup_create, import_create, conflict_settle;
route_handler index_page;
route_handler openapi_document, docs_page, page_asset;
route_handler problems_page, problems_one;
route_handler search_list;
route_handler export_record;
route_handler record_create, record_replace, record_patch, record_delete, record_merge;
route_handler status_health, status_ready, status_metrics, status_public_metrics;

#endif
