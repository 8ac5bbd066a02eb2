#include "operation.h"

#include <ctype.h>
#include <string.h>

#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"
#include "bilateral/format/export.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/detail.h"

static const char *const JSON[] = {"application/json", NULL};
static const char *const HTML[] = {"text/html", NULL};
static const char *const TEXT[] = {"text/plain", NULL};
static const char *const LINES[] = {"application/x-ndjson", NULL};
static const char *const PATCH[] = {"application/merge-patch+json", "application/json", NULL};
static const char *const ASSETS[] = {"text/css", "text/javascript", NULL};

/* To describe a handler: a row. Those of lists and records are told by their data. */
static const struct operation OPERATIONS[] = {
    {collection_list, "list", .traits = LIST | READS},
    {change_list, "list", LIST | READS | FOLLOWED, .offers = CHANGE_OFFERS},
    {collection_under, "list", .traits = UNDER | READS},
    {collection_detail, "get", RECORD | READS, .parameters = DETAIL_PARAMETERS},
    {collection_revisions, "list", .traits = LIST | HISTORY | READS},
    {record_create, "create", WRITES | CREATES | KEYED, .summary = "Create one", .takes = JSON,
     .body = "_body"},
    {record_replace, "replace", WRITES | CREATES | CHANGES | GUARDED,
     .summary = "Replace one, or create it under its id", .takes = JSON, .body = "_body"},
    {record_patch, "patch", WRITES | CHANGES | GUARDED, .summary = "Change some members of one",
     .takes = PATCH, .body = "_patch"},
    {record_delete, "delete", WRITES | GUARDED, .summary = "Delete one"},
    {record_merge, "post", WRITES | CHANGES | GUARDED | KEYED,
     .summary = "Merge one into another that it turned out to be", .takes = JSON, .body = "merge"},
    {import_create, "post", WRITES, .summary = "Import records of any sorts, all or nothing",
     .schema = "imported", .own = IMPORT_PARAMETERS, .takes = LINES, .body = "lines"},
    {conflict_settle, "settle", WRITES | ADMIN,
     .summary = "Take a refused seed, or the record that it would replace", .schema = "settled",
     .takes = JSON, .body = "settlement"},
    {backup_create, "post", WRITES | ADMIN | CREATES,
     .summary = "Copy the store into the daemon's folder for backups", .schema = "backup"},
    {index_page, "get_index", TAGGED | NEGOTIATED, .offers = INDEX_OFFERS,
     .summary = "Front page, or a JSON index of the API", .schema = "index"},
    {search_list, "search", FOUND | READS, .summary = "Search all records", .schema = "found",
     .own = SEARCH_PARAMETERS},
    {export_record, "get", READS, .offers = EXPORT_OFFERS, .summary = "The whole record"},
    {openapi_document, "get", TAGGED, .summary = "This description"},
    {docs_page, "get", TAGGED, .offers = HTML, .summary = "The reference as a page"},
    {problems_page, "list", TAGGED, .offers = HTML, .summary = "The types of problems as a page"},
    {problems_one, "get", TAGGED, .offers = HTML, .summary = "One type of problem as a page"},
    {page_asset, "get", TAGGED, .offers = ASSETS, .summary = "A file that the pages use"},
    {status_health, "get", 0, .summary = "Whether the daemon is alive", .schema = "status"},
    {status_ready, "get", 0, .summary = "Whether it can answer", .schema = "status"},
    {status_public_metrics, "get", 0, .offers = TEXT, .summary = "Figures for Prometheus"},
    {NULL, "undescribed", 0, .summary = "Not described yet"},
};

bool operation_segment(const char **at, char ret[static 64])
{
    if (**at != '/')
        return false;
    size_t size = strcspn(++*at, "/");
    size_t kept = size < 63 ? size : 63;
    memcpy(ret, *at, kept);
    ret[kept] = '\0';
    *at += size;
    return true;
}

const struct operation *operation_of(const struct route *route)
{
    const struct operation *row = OPERATIONS;
    while (row->handler && row->handler != route->handler)
        row++;
    return row;
}

unsigned operation_traits(const struct route *route)
{
    const struct operation *operation = operation_of(route);
    unsigned traits = EVERY | operation->traits;
    if (operation->takes)
        traits |= BODIED;
    if (strchr(route->pattern, '{'))
        traits |= CAPTURED;
    return strstr(route->pattern, "{id}") ? traits | OWNED : traits;
}

const struct resource *operation_rows(const struct route *route)
{
    const struct under *under = route->data;
    unsigned traits = operation_traits(route);
    if (traits & HISTORY)
        return &REVISION;
    return traits & UNDER ? under->rows : traits & (LIST | RECORD | FOUND) ? route->data : NULL;
}

const struct resource *operation_owner(const struct route *route)
{
    const char *pattern = route->pattern;
    char segment[64];
    const struct resource *owner = NULL;
    while (!owner && operation_segment(&pattern, segment))
        owner = registry_by_collection(&REGISTRY, segment);
    return owner;
}

/* list_official_meetings of /v1/officials/{id}/meetings: a collection with an id is singular. */
static void put_operation_id(const struct route *route, struct buffer *json)
{
    char segment[64];
    const char *at = route->pattern;
    json_printf(json, "'operationId':");
    size_t start = json->size + 1;
    buffer_put_all(json, "\"", operation_of(route)->verb, NULL);
    while (operation_segment(&at, segment)) {
        const struct resource *owner = registry_by_collection(&REGISTRY, segment);
        if (*segment && *segment != '{' && strcmp(segment, "v1") != 0)
            buffer_put_all(json, "_", owner && at[0] && at[1] == '{' ? owner->type : segment, NULL);
    }
    for (size_t i = start; i < json->size; i++) {
        if (!isalnum((unsigned char)json->data[i]))
            json->data[i] = '_';
    }
    buffer_putc(json, '"');
}

void operation_put_names(const struct route *route, struct buffer *json)
{
    const struct operation *operation = operation_of(route);
    const struct resource *owner = operation_owner(route);
    unsigned traits = operation_traits(route);
    put_operation_id(route, json);
    struct buffer text = {0};
    const char *last = strrchr(route->pattern, '/') + 1;
    if (operation->summary)
        buffer_puts(&text, operation->summary);
    else if (traits & RECORD)
        buffer_put_all(&text, "Read one ", owner->type, NULL);
    else if (traits & OWNED)
        buffer_put_all(&text, "List the ", last, " of one ", owner->type, NULL);
    else
        buffer_put_all(&text, "List ", last, NULL);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '_' || text.data[i] == '-')
            text.data[i] = ' ';
    }
    json_put_member(json, "summary", buffer_text(&text));
    buffer_finish(&text);
    if (traits & UNDER)
        json_put_member(json, "description", ((const struct under *)route->data)->help);
    else if (operation_rows(route))
        json_put_member(json, "description", operation_rows(route)->help);
}
