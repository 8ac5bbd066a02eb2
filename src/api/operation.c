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
static const char *const ASSETS[] = {"text/css", "text/javascript", NULL};

/* To describe a handler: a row. Those of lists and records are told by their data. */
static const struct operation OPERATIONS[] = {
    {collection_list, "list", NULL, COLLECTION_OFFERS, NULL, NULL, NULL,
     LIST | STORED | TAGGED | NEGOTIATED},
    {change_list, "list", NULL, CHANGE_OFFERS, NULL, NULL, NULL,
     LIST | STORED | TAGGED | NEGOTIATED | FOLLOWED},
    {collection_under, "list", NULL, COLLECTION_OFFERS, NULL, NULL, NULL,
     UNDER | STORED | TAGGED | NEGOTIATED},
    {collection_detail, "get", NULL, COLLECTION_OFFERS, NULL, DETAIL_PARAMETERS, NULL,
     RECORD | STORED | TAGGED | NEGOTIATED},
    {collection_revisions, "list", NULL, COLLECTION_OFFERS, NULL, NULL, NULL,
     LIST | HISTORY | STORED | TAGGED | NEGOTIATED},
    {record_create, "create", "Create one", JSON, NULL, NULL, NULL,
     WRITES | BODIED | CREATES | KEYED},
    {record_replace, "replace", "Replace one, or create it under its id", JSON, NULL, NULL, NULL,
     WRITES | BODIED | CREATES | CHANGES | GUARDED},
    {record_patch, "patch", "Change some members of one", JSON, NULL, NULL, NULL,
     WRITES | PATCHED | CHANGES | GUARDED},
    {record_delete, "delete", "Delete one", JSON, NULL, NULL, NULL, WRITES | GUARDED},
    {record_merge, "post", "Merge one into another that it turned out to be", JSON, NULL, NULL,
     NULL, WRITES | MERGED | CHANGES | GUARDED | KEYED},
    {import_create, "post", "Import records of any sorts, all or nothing", JSON, "imported", NULL,
     IMPORT_PARAMETERS, WRITES | LINED},
    {conflict_settle, "settle", "Take a refused seed, or the record that it would replace", JSON,
     "settled", NULL, NULL, WRITES | ADMIN | SETTLES},
    {backup_create, "post", "Copy the store into the daemon's folder for backups", JSON, "backup",
     NULL, NULL, WRITES | ADMIN | CREATES},
    {index_page, "get_index", "Front page, or a JSON index of the API", INDEX_OFFERS, "index", NULL,
     NULL, NEGOTIATED},
    {search_list, "search", "Search all records", COLLECTION_OFFERS, "found", NULL,
     SEARCH_PARAMETERS, FOUND | STORED | TAGGED | NEGOTIATED},
    {export_record, "get", "The whole record", EXPORT_OFFERS, NULL, NULL, NULL,
     STORED | TAGGED | NEGOTIATED},
    {openapi_document, "get", "This description", JSON, NULL, NULL, NULL, TAGGED},
    {docs_page, "get", "The reference as a page", HTML, NULL, NULL, NULL, TAGGED},
    {problems_page, "list", "The types of problems as a page", HTML, NULL, NULL, NULL, 0},
    {problems_one, "get", "One type of problem as a page", HTML, NULL, NULL, NULL, 0},
    {page_asset, "get", "A file that the pages use", ASSETS, NULL, NULL, NULL, TAGGED},
    {status_health, "get", "Whether the daemon is alive", JSON, "status", NULL, NULL, 0},
    {status_ready, "get", "Whether it can answer", JSON, "status", NULL, NULL, 0},
    {status_public_metrics, "get", "Figures for Prometheus", TEXT, NULL, NULL, NULL, 0},
    {NULL, "undescribed", "Not described yet", JSON, NULL, NULL, NULL, 0},
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
    unsigned traits = EVERY | operation_of(route)->traits;
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
