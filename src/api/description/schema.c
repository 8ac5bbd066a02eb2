#include "schema.h"

#include "bilateral/http/problem.h"
#include "bilateral/json/write.h"

/* To declare a schema: its row; ' for ". */
static const struct {
    const char *name;
    const char *help;
    const char *rest; /* its other members */
} SCHEMAS[] = {
    {"list", "What every list answers.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'data':{'type':'array','description':'The rows of this page.'},"
     "'count':{" REF "count'},'links':{" REF "links'},'facets':{" REF "facets'},"
     "'dataset':{" REF "dataset'}},'required':['data','count','links','facets','dataset']"},
    {"found", "A list of what matches, best first, on one page.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'did_you_mean':{'type':['string','null'],"
     "'description':'A name spelt nearly so, where no name matches.'},"
     "'data':{'type':'array','items':{" REF "search_hit'}},"
     "'count':{" REF "count'},'links':{" REF "links'},'facets':{" REF "facets'},"
     "'dataset':{" REF "dataset'}},"
     "'required':['did_you_mean','data','count','links','facets','dataset']"},
    {"count", "How many rows there are on all pages; null where they were not counted.",
     "'type':['object','null'],'additionalProperties':false,'properties':{"
     "'value':{'type':'integer','minimum':0},"
     "'exact':{'type':'boolean','description':'False: there are at least so many.'}},"
     "'required':['value','exact']"},
    {"links", "Addresses of this page and its neighbours, relative to the server.",
     "'type':'object','additionalProperties':false,'properties':{'self':{'type':'string'},"
     "'next':{'type':['string','null']},'prev':{'type':['string','null']}},"
     "'required':['self','next','prev']"},
    {"facets",
     "For each field asked for, its most frequent values; null where there was no time to count "
     "them.",
     "'type':'object','additionalProperties':{'type':['array','null'],'items':{"
     "'type':'object','additionalProperties':false,'properties':{"
     "'value':{'type':['string','integer','null']},'count':{'type':'integer','minimum':1}},"
     "'required':['value','count']}}"},
    {"dataset", "Where the data comes from.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'id':{'type':['string','null']},'revision':{'type':'integer','minimum':0},"
     "'license':{'type':['string','null']}},'required':['id','revision','license']"},
    {"tombstone", "What is left of a record that was deleted, or merged into another.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'id':{'type':'string'},'type':{'type':'string'},'deleted':{'type':'boolean','const':true},"
     "'merged_into':{'description':'The id of the record it went into.',"
     "'type':['string','null']},'created_at':{'type':'string','format':'date-time'},"
     "'updated_at':{'type':'string','format':'date-time'},'revision':{'type':'integer'}},"
     "'required':['id','type','deleted']"},
    {"status", "The state of the daemon.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'status':{'type':'string','enum':['ok','ready']}},'required':['status']"},
    {"index", "What there is.",
     "'type':'object','properties':{'name':{'type':'string'},'version':{'type':'string'},"
     "'collections':{'type':'array','items':{"
     "'type':'object','additionalProperties':false,'properties':{'type':{'type':'string'},"
     "'href':{'type':'string'},'description':{'type':'string'}},"
     "'required':['type','href','description']}}},'required':['name','version','collections']"},
    {"fault", "One fault: what is wrong, and the pointer, parameter or header it is in.",
     "'type':'object','additionalProperties':false,'properties':{'detail':{'type':'string'},"
     "'pointer':{'type':'string'},'parameter':{'type':'string'},'header':{'type':'string'},"
     "'file':{'type':'string'},'line':{'type':'integer','minimum':1}},'required':['detail']"},
    {"lines", "One JSON object a line: a record with its `type`, or `type, id and deleted`.",
     "'type':'string'"},
    {"imported",
     "How many records there were, what became of them, and the revision of the store behind "
     "them.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'records':{'type':'integer','minimum':0},'created':{'type':'integer','minimum':0},"
     "'updated':{'type':'integer','minimum':0},'deleted':{'type':'integer','minimum':0},"
     "'unchanged':{'type':'integer','minimum':0},'kept':{'type':'integer','minimum':0},"
     "'revision':{'type':'integer','minimum':0},'dry_run':{'type':'boolean'}},'required':["
     "'records','created','updated','deleted','unchanged','kept','revision','dry_run']"},
    {"merge", "Into which record this one goes.",
     "'type':'object','additionalProperties':false,'properties':{'into':{'type':'string',"
     "'description':'The id of a record of the same sort.'}},'required':['into']"},
    {"settlement", "Which of the two is right.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'take':{'type':'string','enum':['seed','record']}},'required':['take']"},
    {"settled", "What was taken, of which record.",
     "'type':'object','additionalProperties':false,'properties':{"
     "'type':{'type':'string'},'id':{'type':'string'},"
     "'take':{'type':'string','enum':['seed','record']}},'required':['type','id','take']"},
    {"backup", "A copy of the store.",
     "'type':'object','additionalProperties':false,'properties':{'file':{'type':'string',"
     "'description':'Its name in the folder.'}},'required':['file']"},
};

/* Its types are pages below the base path. */
static void put_problem(const char *base_path, struct buffer *json)
{
    const struct problem *problem;
    json_printf(json,
                "'problem':{'description':'What was refused, and what would be right.',"
                "'type':'object','additionalProperties':false,'properties':{"
                "'title':{'type':'string'},'status':{'type':'integer'},"
                "'detail':{'type':'string'},'instance':{'type':'string','format':'uri'},"
                "'errors':{'type':'array','items':{" REF
                "fault'}},"
                "'error_count':{'type':'integer'},'type':{'type':'string','enum':[");
    for (size_t i = 0; (problem = problem_at(i)); i++) {
        struct buffer type = {0};
        buffer_put_all(&type, base_path, "/docs/problems/", problem->slug, NULL);
        json_put_element(json);
        json_put_text(json, buffer_text(&type));
        buffer_finish(&type);
    }
    json_printf(json, "]}},'required':['type','title','status','instance']}");
}

void schema_put_all(const char *base_path, struct buffer *json)
{
    for (size_t i = 0; i < sizeof SCHEMAS / sizeof *SCHEMAS; i++)
        json_printf(json, "'%s':{'description':'%s',%s}", SCHEMAS[i].name, SCHEMAS[i].help,
                    SCHEMAS[i].rest);
    put_problem(base_path, json);
}
