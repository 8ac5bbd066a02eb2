#include "writing.h"

#include "bilateral/json/write.h"
#include "bilateral/resource/describe.h"
#include "header.h"
#include "operation.h"
#include "schema.h"

/* A body that is sent as one of these media types, by the schema of that name. */
static void put_body(const char *const *media_types, const char *schema, const char *suffix,
                     struct buffer *json)
{
    json_printf(json, "'requestBody':{'required':true,'content':{");
    for (; *media_types; media_types++)
        json_printf(json, "'%s':{'schema':{" REF "%s%s'}}", *media_types, schema, suffix);
    buffer_puts(json, "}}");
}

void writing_put_request(const struct route *route, struct buffer *json)
{
    static const char *const JSON[] = {"application/json", NULL};
    static const char *const LINES[] = {"application/x-ndjson", NULL};
    static const char *const PATCH[] = {"application/merge-patch+json", "application/json", NULL};
    const struct resource *resource = route->data;
    unsigned traits = operation_traits(route);
    json_printf(json, "'security':[{'bearer':['%s']}]", traits & ADMIN ? "admin" : "write");
    if (traits & BODIED)
        put_body(JSON, resource->type, "_body", json);
    else if (traits & PATCHED)
        put_body(PATCH, resource->type, "_patch", json);
    else if (traits & MERGED)
        put_body(JSON, "merge", "", json);
    else if (traits & SETTLES)
        put_body(JSON, "settlement", "", json);
    else if (traits & LINED)
        put_body(LINES, "lines", "", json);
}

static void put_answer(const char *status, const char *help, unsigned traits, const char *schema,
                       struct buffer *json)
{
    header_open_answer(status, help, traits, json);
    json_printf(json, "'content':{'application/json':{'schema':{" REF "%s'}}}}", schema);
}

void writing_put_answers(const struct route *route, struct buffer *json)
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

void writing_put_security(struct buffer *json)
{
    json_printf(json,
                "'securitySchemes':{'bearer':{'type':'http','scheme':'bearer',"
                "'description':'A token that `bilaterald token create` made, with the scope "
                "that the operation names or a wider one: read, write, admin. Reading needs "
                "none.'}}");
}
