#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"

/* What every collection takes, and every record in it. */
/* clang-format off */
#define COLLECTION(path, resource)                                                                 \
    {"/v1/" path, HTTP_GET, collection_list, resource, true},                                      \
    {"/v1/" path, HTTP_POST, record_create, resource, false},                                      \
    {"/v1/" path "/{id}", HTTP_GET, collection_detail, resource, true},                            \
    {"/v1/" path "/{id}", HTTP_PUT, record_replace, resource, false},                              \
    {"/v1/" path "/{id}", HTTP_PATCH, record_patch, resource, false},                              \
    {"/v1/" path "/{id}", HTTP_DELETE, record_delete, resource, false},                            \
    {"/v1/" path "/{id}/merge", HTTP_POST, record_merge, resource, false},                         \
    {"/v1/" path "/{id}/revisions", HTTP_GET, collection_revisions, resource, true}
/* clang-format on */

/*
 * To add an address: a row here. Its handler stands in service.h; a view's rows in collection.h.
 * To add a resource: a line of COLLECTION.
 */
const struct route ROUTES[] = {
    {"/", HTTP_GET, index_page, NULL, false},
    {"/openapi.json", HTTP_GET, openapi_document, NULL, false},
    {"/docs", HTTP_GET, docs_page, NULL, false},
    {"/docs/problems", HTTP_GET, problems_page, NULL, false},
    {"/docs/problems/{slug}", HTTP_GET, problems_one, NULL, false},
    {"/assets/{file}", HTTP_GET, page_asset, NULL, false},
    {"/health", HTTP_GET, status_health, NULL, false},
    {"/ready", HTTP_GET, status_ready, NULL, false},
    {"/metrics", HTTP_GET, status_public_metrics, NULL, false},

    COLLECTION("sources", &SOURCE),
    {"/v1/sources/{id}/facts", HTTP_GET, collection_under, &SOURCE_FACTS, true},
    COLLECTION("topics", &TOPIC),
    COLLECTION("places", &PLACE),
    {"/v1/places/{id}/meetings", HTTP_GET, collection_under, &PLACE_MEETINGS, true},
    COLLECTION("organizations", &ORGANIZATION),
    COLLECTION("posts", &POST),
    {"/v1/posts/{id}/holders", HTTP_GET, collection_under, &POST_HOLDERS, true},
    COLLECTION("officials", &OFFICIAL),
    {"/v1/officials/{id}/meetings", HTTP_GET, collection_under, &OFFICIAL_MEETINGS, true},
    {"/v1/officials/{id}/counterparts", HTTP_GET, collection_under, &OFFICIAL_COUNTERPARTS, true},
    COLLECTION("meetings", &MEETING),
    COLLECTION("agreements", &AGREEMENT),
    {"/v1/agreements/{id}/timeline", HTTP_GET, collection_under, &AGREEMENT_EVENTS, true},
    {"/v1/agreements/{id}/sessions", HTTP_GET, collection_under, &AGREEMENT_SESSIONS, true},
    COLLECTION("statements", &STATEMENT),
    COLLECTION("trade-figures", &TRADE_FIGURE),
    {"/v1/trade-figures/series", HTTP_GET, collection_list, &SERIES, true},

    {"/v1/search", HTTP_GET, search_list, &SEARCH, true},
    {"/v1/timeline", HTTP_GET, collection_list, &TIMELINE, true},
    {"/v1/changes", HTTP_GET, change_list, &CHANGE, true},
    {"/v1/conflicts", HTTP_GET, collection_list, &CONFLICT, true},
    {"/v1/conflicts/{id}", HTTP_POST, conflict_settle, NULL, false},
    {"/v1/import", HTTP_POST, import_create, NULL, false},
    {"/v1/export", HTTP_GET, export_record, NULL, true},
    {"/v1/backup", HTTP_POST, backup_create, NULL, false},
    {0},
};

const struct route ADMIN_ROUTES[] = {
    {"/health", HTTP_GET, status_health, NULL, false},
    {"/ready", HTTP_GET, status_ready, NULL, false},
    {"/metrics", HTTP_GET, status_metrics, NULL, false},
    {0},
};
