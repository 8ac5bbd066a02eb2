#include "bilateral/resource/snapshot.h"

#include <inttypes.h>
#include <time.h>

#include "bilateral/resource/cursor.h"
#include "bilateral/resource/history.h"
#include "bilateral/resource/sql.h"

static const char FIND_DATASET[] =
    "SELECT id, license, license_url\n"
    "FROM dataset\n"
    "ORDER BY position\n"
    "LIMIT 1";

static const char FIND_LABEL[] =
    "SELECT label\n"
    "FROM record\n"
    "WHERE type = ?1 AND id = ?2";

static bool read_dataset(struct snapshot *snapshot, struct error *error)
{
    struct statement *find = store_prepare(snapshot->store, FIND_DATASET, error);
    bool row;
    if (!find || !statement_step(find, &row, error))
        return false;
    const char **members[] = {&snapshot->dataset, &snapshot->license, &snapshot->license_url};
    for (int i = 0; row && i < 3; i++) {
        if (!statement_is_null(find, i))
            *members[i] = arena_strdup(snapshot->arena, statement_text(find, i));
    }
    statement_reset(find);
    return true;
}

const char *snapshot_http_date(const char *timestamp, struct arena *arena)
{
    static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm time = {0};
    if (!strptime(timestamp, "%Y-%m-%dT%H:%M:%S", &time))
        return NULL;
    timegm(&time); /* fills in the day of the week */
    return arena_printf(arena, "%s, %02d %s %04d %02d:%02d:%02d GMT", DAYS[time.tm_wday],
                        time.tm_mday, MONTHS[time.tm_mon], time.tm_year + 1900, time.tm_hour,
                        time.tm_min, time.tm_sec);
}

bool snapshot_open(struct snapshot *snapshot, struct store *store, const struct registry *registry,
                   struct arena *arena, struct error *error)
{
    *snapshot = (struct snapshot){.store = store, .registry = registry, .arena = arena};
    if (!history_define(store, error) || !store_begin_read(store, error))
        return false;
    if (!revision_read(store, &snapshot->revision, error) || !read_dataset(snapshot, error)) {
        snapshot_close(snapshot);
        return false;
    }
    snapshot->cursor_key = cursor_key(snapshot->revision.secret, arena);
    snapshot->etag = arena_printf(arena, "\"%s-%s-%" PRId64 "\"", BILATERAL_VERSION,
                                  snapshot->revision.store_id, snapshot->revision.number);
    snapshot->last_modified = snapshot_http_date(snapshot->revision.updated_at, arena);
    return true;
}

void snapshot_close(struct snapshot *snapshot)
{
    store_end_read(snapshot->store);
}

bool snapshot_label(const struct snapshot *snapshot, const char *type, const char *id,
                    struct arena *arena, const char **ret, struct error *error)
{
    bool row;
    struct statement *find = store_prepare(snapshot->store, FIND_LABEL, error);
    if (!find)
        return false;
    statement_bind_text(find, 1, type);
    statement_bind_text(find, 2, id);
    if (!statement_step(find, &row, error))
        return false;
    *ret = row ? sql_column(find, 0, arena).text : NULL;
    statement_reset(find);
    return true;
}

const char *snapshot_record_etag(const struct snapshot *snapshot, int64_t revision)
{
    return snapshot_etag_of(snapshot->revision.store_id, revision, snapshot->arena);
}

const char *snapshot_etag_of(const char *store_id, int64_t revision, struct arena *arena)
{
    /* The program's version is in it, and above, because a newer one may write a state otherwise. */
    return arena_printf(arena, "\"%s-%s-r%" PRId64 "\"", BILATERAL_VERSION, store_id, revision);
}
