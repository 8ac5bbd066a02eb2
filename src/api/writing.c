#include "writing.h"

#include "bilateral/json/write.h"
#include "bilateral/resource/describe.h"
#include "content.h"
#include "header.h"
#include "operation.h"

/* A body that is sent as one of these media types, by the schema of that name. */
static void put_body(const char *const *media_types, const char *schema, const char *suffix,
                     struct buffer *json)
{
    json_printf(json, "'requestBody':{'required':true,'content':{");
    for (; *media_types; media_types++)
        json_printf(json, "'%s':{'schema':{'$ref':'#/components/schemas/%s%s'}}", *media_types,
                    schema, suffix);
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
    json_printf(json, "'%s':{'description':'%s'", status, help);
    header_put_answers(traits, json);
    json_printf(json, "'content':{'application/json':{'schema':" REF("%s") "}}}", schema);
}

static void put_record(const char *status, const char *help, const struct route *route,
                       unsigned traits, struct buffer *json)
{
    const struct resource *resource = route->data;
    put_answer(status, help, traits, resource->type, json);
}

void writing_put_answers(const struct route *route, struct buffer *json)
{
    const struct operation *operation = operation_of(route);
    unsigned traits = operation_traits(route), shown = EVERY | TAGGED | DATED;
    if (operation->schema) {
        put_answer(traits & CREATES ? "201" : "200", "What was done.", EVERY, operation->schema,
                   json);
        return;
    }
    if (traits & CREATES)
        put_record("201", "The record was created; with `Prefer: return=minimal` without a body.",
                   route, shown | CREATES, json);
    if (traits & CHANGES)
        put_record("200", "The record as it is now.", route, shown, json);
    if (traits & GUARDED) {
        json_printf(json, "'204':{'description':'%s'",
                    traits & CHANGES ? "It is done: with `Prefer: return=minimal`."
                                     : "The record is deleted; its revisions stay.");
        header_put_answers(EVERY, json);
        buffer_putc(json, '}');
    }
}

/* What came of an import: numbers of records, but for the last two. */
static void put_imported(struct buffer *json)
{
    static const char *const NUMBERS[] = {"records",   "created", "updated",  "deleted",
                                          "unchanged", "kept",    "revision", NULL};
    json_printf(json,
                "'lines':{'description':'One JSON object a line: a record with its `type`, or "
                "`type, id and deleted`.','type':'string'}");
    json_printf(json,
                "'backup':{'description':'A copy of the store.','type':'object','properties':"
                "{'file':{'description':'Its name in the folder.','type':'string'}},"
                "'additionalProperties':false,'required':['file']}");
    json_printf(json,
                "'imported':{'description':'How many records there were, what became of them, "
                "and the revision of the store behind them.','type':'object','properties':{");
    for (const char *const *name = NUMBERS; *name; name++)
        json_printf(json, "'%s':{'type':'integer','minimum':0}", *name);
    json_printf(json, "'dry_run':{'type':'boolean'}},'additionalProperties':false,'required':[");
    for (const char *const *name = NUMBERS; *name; name++)
        json_printf(json, "'%s'", *name);
    json_printf(json, "'dry_run']}");
}

static void put_settlement(struct buffer *json)
{
    static const char TAKE[] = "'take':{'type':'string','enum':['seed','record']}";
    json_printf(json,
                "'settlement':{'description':'Which of the two is right.','type':'object',"
                "'properties':{");
    json_printf(json, TAKE);
    json_printf(json, "},'additionalProperties':false,'required':['take']}");
    json_printf(json,
                "'settled':{'description':'What was taken, of which record.',"
                "'type':'object','properties':{'type':{'type':'string'},"
                "'id':{'type':'string'}");
    json_printf(json, TAKE);
    json_printf(json, "},'additionalProperties':false,'required':['type','id','take']}");
}

void writing_put_schemas(struct buffer *json)
{
    put_settlement(json);
    put_imported(json);
    json_printf(json,
                "'merge':{'description':'Into which record this one goes.','type':'object',"
                "'properties':{'into':{'description':'The id of a record of the same sort.',"
                "'type':'string'}},'additionalProperties':false,'required':['into']}");
    json_printf(json,
                "'tombstone':{'description':'What is left of a record that was deleted, or merged "
                "into another.','type':'object','properties':{'id':{'type':'string'},"
                "'type':{'type':'string'},'deleted':{'type':'boolean','const':true},"
                "'merged_into':{'description':'The id of the record it went into.',"
                "'type':['string','null']},'created_at':{'type':'string','format':'date-time'},"
                "'updated_at':{'type':'string','format':'date-time'},"
                "'revision':{'type':'integer'}},'additionalProperties':false,"
                "'required':['id','type','deleted']}");
}

void writing_put_security(struct buffer *json)
{
    json_printf(json,
                "'securitySchemes':{'bearer':{'type':'http','scheme':'bearer',"
                "'description':'A token that `bilaterald token create` made, with the scope "
                "that the operation names or a wider one: read, write, admin. Reading needs "
                "none.'}}");
}
