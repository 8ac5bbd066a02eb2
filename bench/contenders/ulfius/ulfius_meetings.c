/*
 * ulfius_meetings - the list and the detail as a C developer would write them with ulfius, jansson
 * and SQLite.
 *
 *     ulfius_meetings PORT STORE
 *
 * GET /v1/meetings?limit=20[&before_date=DATE&before_id=ID] is a page of meetings by keyset, newest
 * first: the columns of `meeting`. GET /v1/meetings/ID is one with its participants, topics and
 * citations. Columns become a jansson tree, the tree becomes the body. Read-only handles with
 * prepared statements, mapped; the framework's threads, one a connection, take them from a pool.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ulfius.h>
#include <unistd.h>

static const char PAGE[] =
    "SELECT id, name, classification, status, start_date, start_date_precision, end_date,\n"
    "  end_date_precision, place_id, parent_id, mechanism_id, session_number, description,\n"
    "  created_at, updated_at, revision, source_ids\n"
    "FROM meeting\n"
    "WHERE (start_date_earliest, id) < (?2, ?3)\n"
    "ORDER BY start_date_earliest DESC, id DESC\n"
    "LIMIT ?1";
static const char MEETING[] =
    "SELECT id, name, classification, status, start_date, start_date_precision, end_date,\n"
    "  end_date_precision, place_id, parent_id, mechanism_id, session_number, description,\n"
    "  created_at, updated_at, revision, source_ids\n"
    "FROM meeting\n"
    "WHERE id = ?1";
static const char PARTICIPANTS[] =
    "SELECT official_id, organization_id, place_id, name, side, role, attendance, post_id,\n"
    "  post_label, on_behalf_of_id\n"
    "FROM participant\n"
    "WHERE meeting_id = ?1\n"
    "ORDER BY position";
static const char TOPICS[] =
    "SELECT to_id\n"
    "FROM reference\n"
    "WHERE from_type = 'meeting' AND from_id = ?1 AND field = 'topic_ids'";
static const char CITATIONS[] =
    "SELECT pointer, source_id, locator, quote, note\n"
    "FROM citation\n"
    "WHERE record_type = 'meeting' AND record_id = ?1\n"
    "ORDER BY position";

enum { LIMIT_MOST = 1000 };

struct handle {
    struct handle *next;
    sqlite3 *db;
    sqlite3_stmt *page, *meeting, *participants, *topics, *citations;
};

struct pool {
    pthread_mutex_t lock;
    struct handle *free;
    const char *store;
};

/* ---- handles ---- */

static struct handle *open_handle(const char *store)
{
    struct handle *handle = calloc(1, sizeof *handle);
    if (!handle || sqlite3_open_v2(store, &handle->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                                   NULL) != SQLITE_OK)
        return NULL;
    sqlite3_busy_timeout(handle->db, 1000);
    sqlite3_exec(handle->db, "PRAGMA mmap_size = 2147418112", NULL, NULL, NULL);
    sqlite3_prepare_v2(handle->db, PAGE, -1, &handle->page, NULL);
    sqlite3_prepare_v2(handle->db, MEETING, -1, &handle->meeting, NULL);
    sqlite3_prepare_v2(handle->db, PARTICIPANTS, -1, &handle->participants, NULL);
    sqlite3_prepare_v2(handle->db, TOPICS, -1, &handle->topics, NULL);
    sqlite3_prepare_v2(handle->db, CITATIONS, -1, &handle->citations, NULL);
    return handle->page && handle->meeting && handle->participants && handle->topics &&
                   handle->citations
               ? handle
               : NULL;
}

static struct handle *take(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct handle *handle = pool->free;
    if (handle)
        pool->free = handle->next;
    pthread_mutex_unlock(&pool->lock);
    return handle ? handle : open_handle(pool->store);
}

static void give(struct pool *pool, struct handle *handle)
{
    pthread_mutex_lock(&pool->lock);
    handle->next = pool->free;
    pool->free = handle;
    pthread_mutex_unlock(&pool->lock);
}

/* ---- rows to JSON ---- */

static json_t *cell(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    size_t size = (size_t)sqlite3_column_bytes(row, column);
    if (!text)
        return json_null();
    if (sqlite3_column_type(row, column) == SQLITE_INTEGER)
        return json_integer(sqlite3_column_int64(row, column));
    if (strcmp(sqlite3_column_name(row, column), "source_ids") == 0)
        return json_loadb(text, size, 0, NULL);
    return json_stringn(text, size);
}

static json_t *object(sqlite3_stmt *row)
{
    json_t *made = json_object();
    for (int i = 0; i < sqlite3_column_count(row); i++)
        json_object_set_new(made, sqlite3_column_name(row, i), cell(row, i));
    return made;
}

static json_t *objects(sqlite3_stmt *rows)
{
    json_t *made = json_array();
    while (sqlite3_step(rows) == SQLITE_ROW)
        json_array_append_new(made, object(rows));
    sqlite3_reset(rows);
    return made;
}

static json_t *words(sqlite3_stmt *rows)
{
    json_t *made = json_array();
    while (sqlite3_step(rows) == SQLITE_ROW)
        json_array_append_new(made, cell(rows, 0));
    sqlite3_reset(rows);
    return made;
}

static int answer(struct _u_response *response, unsigned status, json_t *body)
{
    ulfius_set_json_body_response(response, status, body);
    json_decref(body);
    return U_CALLBACK_CONTINUE;
}

static int answer_fault(struct _u_response *response, unsigned status, const char *title)
{
    return answer(response, status, json_pack("{ss}", "title", title));
}

/* ---- handlers ---- */

static int list(const struct _u_request *request, struct _u_response *response, void *context)
{
    const char *limit = u_map_get(request->map_url, "limit");
    const char *date = u_map_get(request->map_url, "before_date");
    const char *id = u_map_get(request->map_url, "before_id");
    long count = limit ? strtol(limit, NULL, 10) : 50;
    if (count < 1 || count > LIMIT_MOST)
        return answer_fault(response, 400, "limit is from 1 to 1000");
    struct handle *handle = take(context);
    if (!handle)
        return answer_fault(response, 503, "no store");
    sqlite3_bind_int64(handle->page, 1, count);
    sqlite3_bind_text(handle->page, 2, date ? date : "9999", -1, SQLITE_STATIC);
    sqlite3_bind_text(handle->page, 3, id ? id : "", -1, SQLITE_STATIC);
    json_t *body = json_pack("{so}", "data", objects(handle->page));
    give(context, handle);
    return answer(response, 200, body);
}

static int detail(const struct _u_request *request, struct _u_response *response, void *context)
{
    const char *id = u_map_get(request->map_url, "id");
    struct handle *handle = take(context);
    if (!handle)
        return answer_fault(response, 503, "no store");
    sqlite3_bind_text(handle->meeting, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(handle->participants, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(handle->topics, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(handle->citations, 1, id, -1, SQLITE_STATIC);
    json_t *found = sqlite3_step(handle->meeting) == SQLITE_ROW ? object(handle->meeting) : NULL;
    sqlite3_reset(handle->meeting);
    if (found) {
        json_object_set_new(found, "topic_ids", words(handle->topics));
        json_object_set_new(found, "participants", objects(handle->participants));
        json_object_set_new(found, "citations", objects(handle->citations));
    }
    give(context, handle);
    return found ? answer(response, 200, found)
                 : answer_fault(response, 404, "there is no such meeting");
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: ulfius_meetings PORT STORE\n");
        return 2;
    }
    struct pool pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .store = argv[2]};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)strtol(argv[1], NULL, 10)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct _u_instance instance;
    if (ulfius_init_instance(&instance, ntohs(address.sin_port), &address, NULL) != U_OK)
        return 1;
    ulfius_add_endpoint_by_val(&instance, "GET", "/v1/meetings", NULL, 0, list, &pool);
    ulfius_add_endpoint_by_val(&instance, "GET", "/v1/meetings", "/:id", 0, detail, &pool);
    if (ulfius_start_framework(&instance) != U_OK)
        return 1;
    pause(); /* until a signal ends the process */
}
