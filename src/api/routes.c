#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"

/* To add an address: a row here. Its handler stands in service.h; a view's rows in collection.h. */
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

    {"/v1/sources", HTTP_GET, collection_list, &SOURCE, true},
    {"/v1/sources/{id}", HTTP_GET, collection_detail, &SOURCE, true},
    {"/v1/sources/{id}/facts", HTTP_GET, collection_under, &SOURCE_FACTS, true},
    {"/v1/topics", HTTP_GET, collection_list, &TOPIC, true},
    {"/v1/topics/{id}", HTTP_GET, collection_detail, &TOPIC, true},
    {"/v1/places", HTTP_GET, collection_list, &PLACE, true},
    {"/v1/places/{id}", HTTP_GET, collection_detail, &PLACE, true},
    {"/v1/places/{id}/meetings", HTTP_GET, collection_under, &PLACE_MEETINGS, true},
    {"/v1/organizations", HTTP_GET, collection_list, &ORGANIZATION, true},
    {"/v1/organizations/{id}", HTTP_GET, collection_detail, &ORGANIZATION, true},
    {"/v1/posts", HTTP_GET, collection_list, &POST, true},
    {"/v1/posts/{id}", HTTP_GET, collection_detail, &POST, true},
    {"/v1/posts/{id}/holders", HTTP_GET, collection_under, &POST_HOLDERS, true},
    {"/v1/officials", HTTP_GET, collection_list, &OFFICIAL, true},
    {"/v1/officials/{id}", HTTP_GET, collection_detail, &OFFICIAL, true},
    {"/v1/officials/{id}/meetings", HTTP_GET, collection_under, &OFFICIAL_MEETINGS, true},
    {"/v1/officials/{id}/counterparts", HTTP_GET, collection_under, &OFFICIAL_COUNTERPARTS, true},
    {"/v1/meetings", HTTP_GET, collection_list, &MEETING, true},
    {"/v1/meetings/{id}", HTTP_GET, collection_detail, &MEETING, true},
    {"/v1/agreements", HTTP_GET, collection_list, &AGREEMENT, true},
    {"/v1/agreements/{id}", HTTP_GET, collection_detail, &AGREEMENT, true},
    {"/v1/agreements/{id}/timeline", HTTP_GET, collection_under, &AGREEMENT_EVENTS, true},
    {"/v1/agreements/{id}/sessions", HTTP_GET, collection_under, &AGREEMENT_SESSIONS, true},
    {"/v1/statements", HTTP_GET, collection_list, &STATEMENT, true},
    {"/v1/statements/{id}", HTTP_GET, collection_detail, &STATEMENT, true},
    {"/v1/trade-figures", HTTP_GET, collection_list, &TRADE_FIGURE, true},
    {"/v1/trade-figures/series", HTTP_GET, collection_list, &SERIES, true},
    {"/v1/trade-figures/{id}", HTTP_GET, collection_detail, &TRADE_FIGURE, true},
    {"/v1/search", HTTP_GET, search_list, &SEARCH, false},
    {"/v1/timeline", HTTP_GET, collection_list, &TIMELINE, true},
    {0},
};

const struct route ADMIN_ROUTES[] = {
    {"/health", HTTP_GET, status_health, NULL, false},
    {"/ready", HTTP_GET, status_ready, NULL, false},
    {"/metrics", HTTP_GET, status_metrics, NULL, false},
    {0},
};
