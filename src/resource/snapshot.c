#include "bilateral/resource/snapshot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
    if (!statement_step(find, &row, error))
        return false;
    const char **members[] = {&snapshot->dataset, &snapshot->license, &snapshot->license_url};
    for (int i = 0; row && i < 3; i++) {
        if (!statement_is_null(find, i))
            *members[i] = arena_strdup(snapshot->arena, statement_text(find, i));
    }
    statement_reset(find);
    return true;
}

/* 0 is Sunday (the method of Tomohiko Sakamoto). */
static long weekday(long year, long month, long day)
{
    static const int SHIFTS[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    year -= month < 3;
    return (year + year / 4 - year / 100 + year / 400 + SHIFTS[month - 1] + day) % 7;
}

/* Each answer has one; the library's functions took a twentieth of a detail. */
const char *snapshot_http_date(const char *timestamp, struct arena *arena)
{
    static const char DAYS[] = "SunMonTueWedThuFriSat";
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char *at;
    long year = strtol(timestamp, &at, 10);
    long month = *at == '-' ? strtol(at + 1, &at, 10) : 0;
    long day = *at == '-' ? strtol(at + 1, &at, 10) : 0;
    if (month < 1 || month > 12 || at != timestamp + strlen("2024-11-20") || strlen(at) < 9)
        return NULL;
    char *date = arena_strdup(arena, "Sun, 06 Nov 1994 08:49:37 GMT");
    memcpy(date, DAYS + 3 * weekday(year, month, day), 3);
    memcpy(date + 5, timestamp + strlen("2024-11-"), 2);
    memcpy(date + 8, MONTHS + 3 * (month - 1), 3);
    memcpy(date + 12, timestamp, 4);
    memcpy(date + 17, at + 1, strlen("08:49:37"));
    return date;
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
    statement_bind_texts(find, type, id);
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
    struct buffer etag = {0};
    buffer_put_all(&etag, "\"", BILATERAL_VERSION, "-", store_id, "-r", NULL);
    buffer_put_number(&etag, revision);
    buffer_putc(&etag, '"');
    return buffer_keep(&etag, arena);
}
