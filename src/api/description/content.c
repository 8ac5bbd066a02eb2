#include "content.h"

#include <string.h>

#include "bilateral/format/format.h"
#include "bilateral/json/write.h"
#include "operation.h"
#include "schema.h"

/* The schema of an answer in JSON: of a record or row, whole or some members of it (`fields`). */
static void put_json_schema(const struct route *route, struct buffer *json)
{
    const struct operation *operation = operation_of(route);
    const struct resource *rows = operation_rows(route);
    bool list = !(operation_traits(route) & RECORD);
    json_printf(json, "{");
    if (operation->schema)
        json_printf(json, REF "%s'}", operation->schema);
    else if (!rows)
        json_printf(json, "'type':'object'}");
    else
        json_printf(json, "%s'anyOf':[{" REF "%s'},{" REF "%s_fields'}%s]%s",
                    list ? "'allOf':[{" REF "list'}],'properties':{'data':{'items':{" : "",
                    rows->type, rows->type, list && !rows->view ? ",{" REF "tombstone'}" : "",
                    list ? "}}}}" : "}");
}

/* RFC 6839: such a type is JSON too. */
static bool is_json(const char *type)
{
    const char *suffix = strrchr(type, '+');
    return suffix && strcmp(suffix, "+json") == 0;
}

/* The media types that are not JSON are texts. */
void content_put(const struct route *route, struct arena *arena, struct buffer *json)
{
    const struct resource *rows = operation_rows(route);
    const struct format_use *use;
    json_printf(json, "'content':{");
    const char *const *offers = operation_of(route)->offers;
    for (const char *const *type = offers ? offers : COLLECTION_OFFERS; *type; type++) {
        json_printf(json, "'%s':{'schema':", *type);
        if (strcmp(*type, "application/json") == 0)
            put_json_schema(route, json);
        else
            json_printf(json, "{'type':'string'}");
        buffer_putc(json, '}');
    }
    for (size_t i = 0; rows && route->formats && (use = format_use_at(rows, i)); i++) {
        const char *type = format_bare_type(use->format, arena);
        json_printf(json, "'%s':{'schema':{'type':'%s'", type, is_json(type) ? "object" : "string");
        struct buffer help = {0};
        buffer_put_all(&help, "Also by `.", use->format->extension, "`. ", use->format->help, NULL);
        json_put_member(json, "description", buffer_text(&help));
        buffer_finish(&help);
        json_printf(json, "}}");
    }
    buffer_putc(json, '}');
}
