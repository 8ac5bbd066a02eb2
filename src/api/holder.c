/*
 * Who held a post. Without `at`, one row for each tenure that is known. With `at`, only whoever a
 * source states in the post that day (attested) or who may be inferred (see the view held_span);
 * when nobody is, the list is empty: never a guess.
 */
#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/base/date.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/detail.h"
#include "bilateral/resource/list.h"

static const char FIND_TENURES[] =
    "SELECT official_id, label, start_date, end_date, position,\n"
    "    CASE\n"
    "        WHEN EXISTS (\n"
    "            SELECT 1\n"
    "            FROM attestation\n"
    "            WHERE attestation.official_id = tenure.official_id\n"
    "                AND tenure_position = tenure.position\n"
    "        ) THEN 'attested'\n"
    "        WHEN start_date IS NOT NULL OR end_date IS NOT NULL THEN 'inferred'\n"
    "        ELSE 'unknown'\n"
    "    END,\n"
    "    COALESCE(start_date_earliest, (\n"
    "        SELECT MIN(date_earliest)\n"
    "        FROM attestation\n"
    "        WHERE attestation.official_id = tenure.official_id\n"
    "            AND tenure_position = tenure.position\n"
    "    ), end_date_earliest) AS known_from\n"
    "FROM tenure\n"
    "WHERE post_id = ?1\n"
    "ORDER BY known_from, official_id, position";

static const char FIND_TENURES_AT[] =
    "SELECT official_id, label, start_date, end_date, position,\n"
    "    CASE\n"
    "        WHEN EXISTS (\n"
    "            SELECT 1\n"
    "            FROM attestation\n"
    "            WHERE attestation.official_id = tenure.official_id\n"
    "                AND tenure_position = tenure.position\n"
    "                AND date_earliest = ?2\n"
    "                AND date_latest = ?2\n"
    "        ) THEN 'attested'\n"
    "        ELSE 'inferred'\n"
    "    END\n"
    "FROM tenure\n"
    "WHERE post_id = ?1\n"
    "    AND EXISTS (\n"
    "        SELECT 1\n"
    "        FROM held_span\n"
    "        WHERE held_span.official_id = tenure.official_id\n"
    "            AND held_span.position = tenure.position\n"
    "            AND ?2 BETWEEN first_day AND last_day\n"
    "    )\n"
    "ORDER BY official_id, position";

static const char FIND_ATTESTATIONS[] =
    "SELECT date, source_id\n"
    "FROM attestation\n"
    "WHERE official_id = ?1 AND tenure_position = ?2\n"
    "ORDER BY date_earliest, position";

static bool put_attestations(struct store *store, struct statement *tenure, struct buffer *json,
                             struct error *error)
{
    struct statement *find = store_prepare(store, FIND_ATTESTATIONS, error);
    bool row;
    if (!find)
        return false;
    statement_bind_text(find, 1, statement_text(tenure, 0));
    statement_bind_integer(find, 2, statement_integer(tenure, 4));
    json_put_key(json, "attested");
    buffer_putc(json, '[');
    while (statement_step(find, &row, error) && row) {
        json_put_element(json);
        buffer_putc(json, '{');
        json_put_member(json, "date", statement_text(find, 0));
        json_put_member(json, "source_id", statement_text(find, 1));
        buffer_putc(json, '}');
    }
    buffer_putc(json, ']');
    return error->code == ERROR_NONE;
}

static bool put_holder(struct store *store, struct statement *tenure, struct buffer *json,
                       struct error *error)
{
    json_put_element(json);
    buffer_putc(json, '{');
    json_put_member(json, "official_id", statement_text(tenure, 0));
    json_put_member(json, "label", statement_text(tenure, 1));
    json_put_member(json, "start_date", statement_text(tenure, 2));
    json_put_member(json, "end_date", statement_text(tenure, 3));
    json_put_member(json, "held", statement_text(tenure, 5));
    bool good = put_attestations(store, tenure, json, error);
    buffer_putc(json, '}');
    return good;
}

static bool put_holders(const struct snapshot *snapshot, const char *post_id, const char *at,
                        const struct request *request, struct reply *reply, struct error *error)
{
    struct statement *tenure =
        store_prepare(snapshot->store, at ? FIND_TENURES_AT : FIND_TENURES, error);
    bool row;
    size_t count = 0;
    if (!tenure)
        return false;
    statement_bind_text(tenure, 1, post_id);
    if (at)
        statement_bind_text(tenure, 2, at);
    list_open(reply);
    while (statement_step(tenure, &row, error) && row) {
        if (!put_holder(snapshot->store, tenure, &reply->body, error))
            return false;
        count++;
    }
    list_close(snapshot, request, reply, count);
    return error->code == ERROR_NONE;
}

static bool check_at(const char *at, struct error *error)
{
    struct error found = {0};
    if (!at || date_parse_day(at, &found))
        return true;
    error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "at", "%s", found.detail);
    return false;
}

bool holder_list(void *context, struct request *request, struct reply *reply, struct error *error)
{
    static const char *const PARAMETERS[] = {"at", NULL};
    struct reader *reader = context;
    const char *at = request_parameter(request, "at");
    struct snapshot snapshot;
    if (!query_allow_only(request, PARAMETERS, error) || !check_at(at, error) ||
        !snapshot_open(&snapshot, reader->store, request->arena, error))
        return false;
    bool good = detail_exists(&snapshot, &POST, request->captures[0], error) &&
                put_holders(&snapshot, request->captures[0], at, request, reply, error);
    snapshot_close(&snapshot);
    return good;
}
