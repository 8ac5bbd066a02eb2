#include "openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bilateral/api/collection.h"
#include "bilateral/api/registry.h"
#include "bilateral/base/hash.h"
#include "bilateral/http/problem.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/describe.h"
#include "content.h"
#include "header.h"
#include "operation.h"
#include "schema.h"

/* To declare a problem: a row with the trait of the addresses that can answer it. */
static const struct {
    unsigned when;
    enum error_code code;
} REFUSALS[] = {
    {EVERY, ERROR_BAD_REQUEST},
    {CAPTURED, ERROR_NOT_FOUND},
    {NEGOTIATED, ERROR_NOT_ACCEPTABLE},
    {OWNED, ERROR_GONE},
    {EVERY, ERROR_URI_TOO_LONG},
    {EVERY, ERROR_HEADERS_TOO_LARGE},
    {EVERY, ERROR_INTERNAL},
    {EVERY, ERROR_UNAVAILABLE},
    {WRITES, ERROR_UNAUTHORIZED},
    {WRITES, ERROR_FORBIDDEN},
    {WRITES, ERROR_CONFLICT},
    {WRITES, ERROR_CONTENT_TOO_LARGE},
    {BODIED, ERROR_UNSUPPORTED_MEDIA_TYPE},
    {BODIED, ERROR_INVALID},
    {GUARDED, ERROR_PRECONDITION_FAILED},
    {GUARDED, ERROR_PRECONDITION_REQUIRED},
    {WRITES, ERROR_TOO_MANY_REQUESTS},
    {WRITES, ERROR_STORAGE_FULL},
};

static const char DESCRIPTION[] =
    "The record of dealings between two sides: who met whom, in which capacity, what was proposed "
    "and what became of it, and the trade figures. Every fact carries its source.\n\n"
    "A list is narrowed by `field=value`, `field__op=value` and relations such as `official=id`; "
    "filters are joined by and. A date is of the precision that is known: a filter finds whatever "
    "may lie in its range. An unknown parameter or value is refused, never ignored.\n\n"
    "Lists and records can be had in other formats, by an extension or by Accept: see their media "
    "types. There is no page then: a list is sent whole, unless `limit` is given.\n\n"
    "Every address takes HEAD and OPTIONS too. Whatever is refused is answered with a problem "
    "(RFC 9457), whose `type` is the address of a page about it.";

static void put_path_parameters(const struct route *route, struct buffer *json)
{
    char segment[64];
    const char *at = route->pattern;
    while (operation_segment(&at, segment)) {
        size_t size = strlen(segment);
        if (*segment != '{')
            continue;
        json_printf(json, "{'name':'%.*s','in':'path','required':true", (int)size - 2, segment + 1);
        json_put_member(json, "description",
                        operation_owner(route) ? "The id of the record." : "Its name.");
        json_printf(json, "'schema':{'type':'string','minLength':1}}");
    }
}

static void put_row(const char *name, const struct resource *rows, struct arena *arena,
                    struct buffer *json)
{
    const struct query_parameter *row = query_parameter(name);
    if (row)
        describe_parameter(row, rows, &REGISTRY, arena, json);
}

static void put_parameters(const struct route *route, struct arena *arena, struct buffer *json)
{
    const struct resource *rows = operation_rows(route);
    const struct under *under = route->data;
    unsigned traits = operation_traits(route);
    json_printf(json, "'parameters':[");
    put_path_parameters(route, json);
    for (const char *const *name = operation_of(route)->parameters; name && *name; name++)
        put_row(*name, rows, arena, json);
    for (const struct query_parameter *row = operation_of(route)->own; row && row->name; row++)
        describe_parameter(row, rows, &REGISTRY, arena, json);
    if (traits & (LIST | UNDER))
        describe_parameters(rows, &REGISTRY, arena, json);
    if (traits & UNDER && under->rows_at)
        put_row("at", under->rows_at, arena, json);
    header_put_parameters(traits, json);
    buffer_putc(json, ']');
}

/* Who may send it, and what. */
static void put_request(const struct route *route, struct buffer *json)
{
    const struct operation *operation = operation_of(route);
    const struct resource *resource = route->data;
    json_printf(json, "'security':[{'bearer':['%s']}]",
                operation->traits & ADMIN ? "admin" : "write");
    if (!operation->takes)
        return;
    json_printf(json, "'requestBody':{'required':true,'content':{");
    for (const char *const *type = operation->takes; *type; type++)
        json_printf(json, "'%s':{'schema':{" REF "%s%s'}}", *type,
                    *operation->body == '_' ? resource->type : "", operation->body);
    buffer_puts(json, "}}");
}

static void put_answer(const char *status, const char *help, unsigned traits, const char *schema,
                       struct buffer *json)
{
    header_open_answer(status, help, traits, json);
    json_printf(json, "'content':{'application/json':{'schema':{" REF "%s'}}}}", schema);
}

/* What it answers where it is carried out. */
static void put_answers(const struct route *route, struct buffer *json)
{
    const struct operation *operation = operation_of(route);
    const struct resource *resource = route->data;
    unsigned traits = operation_traits(route), shown = EVERY | TAGGED | DATED;
    if (operation->schema) {
        put_answer(traits & CREATES ? "201" : "200", "What was done.", EVERY, operation->schema,
                   json);
        return;
    }
    if (traits & CREATES)
        put_answer("201", "The record was created; with `Prefer: return=minimal` without a body.",
                   shown | CREATES, resource->type, json);
    if (traits & CHANGES)
        put_answer("200", "The record as it is now.", shown, resource->type, json);
    if (traits & GUARDED) {
        header_open_answer("204",
                           traits & CHANGES ? "It is done: with `Prefer: return=minimal`."
                                            : "The record is deleted; its revisions stay.",
                           EVERY, json);
        buffer_putc(json, '}');
    }
}

static void put_responses(const struct route *route, struct arena *arena, struct buffer *json)
{
    unsigned traits = operation_traits(route);
    json_printf(json, "'responses':{");
    if (traits & WRITES) {
        put_answers(route, json);
    } else {
        header_open_answer("200", "What was asked for.", traits, json);
        content_put(route, arena, json);
        buffer_putc(json, '}');
    }
    if (traits & TAGGED) {
        header_open_answer("304", "The copy at hand is still good.", traits, json);
        buffer_putc(json, '}');
    }
    if (traits & (RECORD | GUARDED))
        json_printf(json, "'308':{'$ref':'#/components/responses/moved'}");
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        const struct problem *problem = problem_of(REFUSALS[i].code);
        if (REFUSALS[i].when & traits)
            json_printf(json, "'%d':{'$ref':'#/components/responses/%s'}", problem->status,
                        problem->slug);
    }
    json_printf(json, "'default':{'$ref':'#/components/responses/problem'}}");
}

static void put_operation(const struct route *route, const char *method, struct arena *arena,
                          struct buffer *json)
{
    const struct resource *owner = operation_owner(route);
    const char *other = strncmp(route->pattern, "/v1/", 4) == 0 ? "record" : "service";
    json_printf(json, "'");
    for (; *method; method++)
        buffer_putc(json, (char)tolower((unsigned char)*method));
    buffer_puts(json, "\":{");
    json_printf(json, "'tags':['%s']", owner ? owner->collection : other);
    operation_put_names(route, json);
    put_parameters(route, arena, json);
    if (operation_traits(route) & WRITES)
        put_request(route, json);
    put_responses(route, arena, json);
    buffer_putc(json, '}');
}

/* Whether two routes show rows of one type: the same resource, or the same in another order. */
static bool same_rows(const struct route *a, const struct route *b)
{
    return operation_rows(a) && strcmp(operation_rows(a)->type, operation_rows(b)->type) == 0;
}

/* Whether a route before this one has the same pattern or, with `rows`, shows the same rows. */
static bool is_repeated(const struct route *route, bool rows)
{
    for (const struct route *each = ROUTES; each < route; each++) {
        if (rows ? same_rows(each, route) : strcmp(each->pattern, route->pattern) == 0)
            return true;
    }
    return false;
}

static void put_paths(struct arena *arena, struct buffer *json)
{
    json_printf(json, "'paths':{");
    for (const struct route *route = ROUTES; route->pattern; route++) {
        if (is_repeated(route, false))
            continue;
        json_printf(json, "'%s':{", route->pattern);
        for (const struct route *each = route; each->pattern; each++) {
            for (unsigned method = HTTP_GET; method <= HTTP_DELETE; method <<= 1) {
                if (each->methods & method && strcmp(each->pattern, route->pattern) == 0)
                    put_operation(each, request_method_name((enum http_method)method), arena, json);
            }
        }
        buffer_putc(json, '}');
    }
    buffer_putc(json, '}');
}

static void put_response(const char *name, const char *help, struct buffer *json)
{
    header_open_answer(name, help, REFUSED, json);
    json_printf(json, "'content':{'application/problem+json':{'schema':{" REF "problem'}}}}");
}

static void put_schemas(const char *base_path, struct arena *arena, struct buffer *json)
{
    json_printf(json, "'schemas':{");
    schema_put_all(base_path, json);
    for (const struct route *route = ROUTES; route->pattern; route++) {
        if (operation_rows(route) && !is_repeated(route, true))
            describe_resource(operation_rows(route), &REGISTRY, arena, json);
        if (route->handler == record_create)
            describe_body(route->data, arena, json);
    }
    buffer_putc(json, '}');
}

static void put_components(const char *base_path, struct arena *arena, struct buffer *json)
{
    json_printf(json, "'components':{");
    put_schemas(base_path, arena, json);
    header_put_components(json);
    json_printf(
        json,
        "'securitySchemes':{'bearer':{'type':'http','scheme':'bearer',"
        "'description':'A token that `bilaterald token create` made, with the scope "
        "that the operation names or a wider one: read, write, admin. Reading needs "
        "none.'}},'responses':{'moved':{'description':'The record was merged into another.',"
        "'headers':{'Location':{'description':'Where it is now.','required':true,"
        "'schema':{'type':'string'}}}}");
    put_response("problem", "Whatever else is refused.", json);
    for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
        const struct problem *problem = problem_of(REFUSALS[i].code);
        put_response(problem->slug, problem->explanation, json);
    }
    json_printf(json, "}}");
}

static void put_tags(struct buffer *json)
{
    json_printf(json, "'tags':[");
    for (size_t i = 0; i < REGISTRY.count; i++) {
        json_printf(json, "{'name':'%s'", REGISTRY.resources[i]->collection);
        json_put_member(json, "description", REGISTRY.resources[i]->help);
        buffer_putc(json, '}');
    }
    json_printf(json,
                "{'name':'record','description':'The record as a whole.'},"
                "{'name':'service','description':'The daemon itself, and its pages.'}]");
}

void document_seal(struct document *document)
{
    char digest[HASH_HEX_SIZE];
    hash_sha256_hex(document->text.data, document->text.size, digest);
    snprintf(document->etag, sizeof document->etag, "\"%.16s\"", digest);
}

void document_reply(const struct document *document, struct reply *reply)
{
    reply->shareable = true;
    reply->etag = document->etag;
    buffer_append(&reply->body, document->text.data, document->text.size);
}

const struct document *openapi_of(struct reader *reader, struct arena *arena)
{
    const char *base_path = reader->application->base_path;
    struct buffer *json = &reader->openapi.text;
    if (json->size > 0)
        return &reader->openapi;
    json_printf(json,
                "{'openapi':'3.1.1','info':{'title':'bilateral','version':'%s',"
                "'license':{'name':'MIT','identifier':'MIT'}",
                BILATERAL_VERSION);
    json_put_member(json, "description", DESCRIPTION);
    json_printf(json, "},'servers':[{");
    json_put_member(json, "url", *base_path ? base_path : "/");
    json_printf(json, "}],'security':[]");
    put_tags(json);
    put_paths(arena, json);
    put_components(base_path, arena, json);
    buffer_puts(json, "}\n");
    document_seal(&reader->openapi);
    return &reader->openapi;
}

bool openapi_document(void *worker, struct request *request, struct reply *reply,
                      struct error *error)
{
    if (!query_allow_only(request, NULL, error))
        return false;
    document_reply(openapi_of(worker, request->arena), reply);
    reply->content_type = "application/json";
    reply_header(reply, "Cache-Control", "public, max-age=60");
    return true;
}
