/*
 * The reference as a page, rendered from the OpenAPI document, so that the two never differ.
 * Everything can be read without a script; docs.js lets it be tried.
 */
#include "openapi.h"

#include <string.h>

#include "bilateral/json/read.h"
#include "page.h"

/* Where the examples ask when no script puts the page's own address there. */
static const char HERE[] = "http://127.0.0.1:8080";

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static void put_words(struct buffer *html, const json_t *words)
{
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        buffer_printf(html, "%s<code>%s</code>", i ? " " : "", word ? word : "null");
    }
}

/* The name behind the last slash of a reference. */
static const char *name_of(const char *reference)
{
    return strrchr(reference, '/') + 1;
}

/* A schema in a few words. */
static void put_type(struct buffer *html, const json_t *schema)
{
    const char *reference = json_string_value(json_object_get(schema, "$ref"));
    const json_t *type = json_object_get(schema, "type"), *words = json_object_get(schema, "enum");
    const json_t *any = json_object_get(schema, "anyOf"), *all = json_object_get(schema, "allOf");
    const json_t *rows = json_object_get(json_object_get(schema, "properties"), "data");
    bool nullable = json_is_array(type);
    const char *example = json_string_value(json_array_get(json_object_get(schema, "examples"), 0));
    const char *name = json_string_value(nullable ? json_array_get(type, 0) : type);
    if (reference)
        buffer_printf(html, "<a href=\"#schema-%s\">%s</a>", name_of(reference),
                      name_of(reference));
    for (size_t i = 0; i < json_array_size(any); i++) {
        buffer_puts(html, i ? " or " : "");
        put_type(html, json_array_get(any, i));
    }
    if (all)
        put_type(html, json_array_get(all, 0));
    if (words) {
        put_words(html, words);
    } else if (name && strcmp(name, "array") == 0) {
        buffer_puts(html, "array of ");
        put_type(html, json_object_get(schema, "items"));
    } else if (name) {
        buffer_puts(html, *text_of(schema, "format") ? text_of(schema, "format") : name);
        buffer_puts(html, nullable ? " or null" : "");
        if (example)
            buffer_printf(html, ", such as <code>%s</code>", example);
    }
    if (rows) {
        buffer_puts(html, " of ");
        put_type(html, json_object_get(rows, "items"));
    }
}

static void open_table(struct buffer *html, const char *caption, const char *first)
{
    buffer_printf(html,
                  "<table>\n<caption>%s</caption>\n<thead><tr><th scope=\"col\">%s</th>"
                  "<th scope=\"col\">Value</th><th scope=\"col\">Meaning</th></tr></thead>\n"
                  "<tbody>\n",
                  caption, first);
}

static void put_cells(struct buffer *html, const json_t *schema, const json_t *described)
{
    buffer_puts(html, "</th><td>");
    put_type(html, schema);
    buffer_puts(html, "</td><td>");
    page_put_text(html, text_of(described, "description"));
    buffer_puts(html, "</td></tr>\n");
}

/* The parameter itself, where it is one of the components. */
static const json_t *resolve(const json_t *document, const json_t *parameter)
{
    const char *reference = json_string_value(json_object_get(parameter, "$ref"));
    const json_t *components = json_object_get(document, "components");
    return reference
               ? json_object_get(json_object_get(components, "parameters"), name_of(reference))
               : parameter;
}

/* A row for each parameter; those of one field, which differ in their operator, share one. */
static void put_parameters(struct buffer *html, const json_t *document, const json_t *operation)
{
    const json_t *all = json_object_get(operation, "parameters");
    size_t count = json_array_size(all);
    if (count == 0)
        return;
    buffer_printf(html, "<details%s>\n<summary>Parameters</summary>\n", count < 10 ? " open" : "");
    open_table(html, "Parameters, and behind a field the operators it takes", "Name");
    for (size_t i = 0; i < count; i++) {
        const json_t *first = resolve(document, json_array_get(all, i));
        const char *name = text_of(first, "name"), *where = text_of(first, "in");
        const char *op = strstr(name, "__");
        size_t stem = op ? (size_t)(op - name) : strlen(name);
        buffer_printf(html, "<tr><th scope=\"row\" data-in=\"%s\"><code>%s</code>", where, name);
        if (strcmp(where, "query") != 0)
            buffer_printf(html, " (%s)", where);
        for (; i + 1 < count; i++) {
            const char *next = text_of(json_array_get(all, i + 1), "name");
            if (strncmp(next, name, stem) != 0 || strncmp(next + stem, "__", 2) != 0)
                break;
            buffer_printf(html, " <code>%s</code>", next + stem);
        }
        put_cells(html, json_object_get(first, "schema"), first);
    }
    buffer_puts(html, "</tbody>\n</table>\n</details>\n");
}

/* A problem is explained on its own page. */
static void put_response(struct buffer *html, const char *base, const char *status,
                         const json_t *response)
{
    const char *type, *reference = json_string_value(json_object_get(response, "$ref"));
    json_t *content;
    buffer_printf(html, "<li><strong>%s</strong> ", status);
    if (*status == '4' || *status == '5')
        buffer_printf(html, "<a href=\"%s/docs/problems/%s\">%s</a>", base, name_of(reference),
                      name_of(reference));
    else
        page_put_text(html, reference ? name_of(reference) : text_of(response, "description"));
    json_object_foreach(json_object_get(response, "content"), type, content)
    {
        buffer_printf(html, " <code>%s</code>: ", type);
        put_type(html, json_object_get(content, "schema"));
    }
    buffer_puts(html, "</li>\n");
}

static void put_body(struct buffer *html, const json_t *body)
{
    const char *type;
    json_t *content;
    json_object_foreach(json_object_get(body, "content"), type, content)
    {
        buffer_printf(html, "<p>Body: <code>%s</code> ", type);
        put_type(html, json_object_get(content, "schema"));
        buffer_puts(html, "</p>\n");
    }
}

static void put_operation(struct buffer *html, const json_t *document, const char *base,
                          const char *path, const char *method, const json_t *operation)
{
    const char *status;
    json_t *response;
    buffer_printf(html, "<article id=\"%s\" data-method=\"%s\" data-path=\"%s%s\">\n",
                  text_of(operation, "operationId"), method, base, path);
    page_put_element(html, "h3", text_of(operation, "summary"));
    buffer_printf(html, "<p><code><span class=\"method\">%s</span> %s%s</code></p>\n", method, base,
                  path);
    if (*text_of(operation, "description"))
        page_put_element(html, "p", text_of(operation, "description"));
    put_parameters(html, document, operation);
    put_body(html, json_object_get(operation, "requestBody"));
    buffer_puts(html, "<p>Answers:</p>\n<ul>\n");
    json_object_foreach(json_object_get(operation, "responses"), status, response)
    {
        put_response(html, base, status, response);
    }
    buffer_printf(html,
                  "</ul>\n<pre class=\"curl\" tabindex=\"0\"><code>curl --globoff '%s%s%s'"
                  "</code></pre>\n</article>\n",
                  HERE, base, path);
}

/* The operations of one tag; without `whole`, as links. */
static void put_tag(struct buffer *html, const json_t *document, const char *base,
                    const json_t *tag, bool whole)
{
    const char *path, *method, *name = text_of(tag, "name");
    json_t *methods, *operation;
    json_object_foreach(json_object_get(document, "paths"), path, methods)
    {
        json_object_foreach(methods, method, operation)
        {
            const json_t *own = json_array_get(json_object_get(operation, "tags"), 0);
            if (strcmp(json_string_value(own), name) != 0)
                continue;
            if (whole)
                put_operation(html, document, base, path, method, operation);
            else
                buffer_printf(html, "<li><a href=\"#%s\">%s</a></li>\n",
                              text_of(operation, "operationId"), text_of(operation, "summary"));
        }
    }
}

/* A row for each member; those of a part follow it. */
static void put_members(struct buffer *html, const char *prefix, const json_t *schema)
{
    const char *name;
    json_t *member;
    json_object_foreach(json_object_get(schema, "properties"), name, member)
    {
        struct buffer path = {0};
        const json_t *items = json_object_get(member, "items");
        buffer_printf(&path, "%s%s", prefix, name);
        buffer_printf(html, "<tr><th scope=\"row\"><code>%s</code>", path.data);
        put_cells(html, member, member);
        buffer_puts(&path, "[].");
        put_members(html, path.data, items);
        buffer_finish(&path);
    }
}

static void put_schemas(struct buffer *html, const json_t *document)
{
    const char *name;
    json_t *schema;
    const json_t *components = json_object_get(document, "components");
    buffer_puts(html, "<h2 id=\"schemas\">Schemas</h2>\n");
    json_object_foreach(json_object_get(components, "schemas"), name, schema)
    {
        buffer_printf(html, "<section id=\"schema-%s\">\n<h3>%s</h3>\n", name, name);
        page_put_element(html, "p", text_of(schema, "description"));
        if (json_object_get(schema, "allOf")) {
            buffer_puts(html, "<p>Every member of ");
            put_type(html, schema);
            buffer_puts(html, ", none left out.</p>\n");
        } else if (json_object_get(schema, "properties")) {
            open_table(html, "Members", "Member");
            put_members(html, "", schema);
            buffer_puts(html, "</tbody>\n</table>\n");
        }
        buffer_puts(html, "</section>\n");
    }
}

static void put_reference(struct buffer *html, const json_t *document, const char *base)
{
    const json_t *tags = json_object_get(document, "tags");
    page_open(html, base, "Reference");
    page_put_element(html, "p", text_of(json_object_get(document, "info"), "description"));
    buffer_puts(html, "<nav aria-label=\"Operations\">\n");
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const char *name = text_of(json_array_get(tags, i), "name");
        buffer_printf(html, "<p><a href=\"#tag-%s\">%s</a></p>\n<ul>\n", name, name);
        put_tag(html, document, base, json_array_get(tags, i), false);
        buffer_puts(html, "</ul>\n");
    }
    buffer_puts(html, "<p><a href=\"#schemas\">schemas</a></p>\n</nav>\n");
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const json_t *tag = json_array_get(tags, i);
        buffer_printf(html, "<section>\n<h2 id=\"tag-%s\">%s</h2>\n", text_of(tag, "name"),
                      text_of(tag, "name"));
        page_put_element(html, "p", text_of(tag, "description"));
        put_tag(html, document, base, tag, true);
        buffer_puts(html, "</section>\n");
    }
    put_schemas(html, document);
    page_close(html);
}

bool docs_page(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    struct reader *reader = worker;
    if (!query_allow_only(request, NULL, error))
        return false;
    if (reader->docs.text.size == 0) {
        const struct buffer *text = &openapi_of(reader, request->arena)->text;
        json_t *document = json_read(text->data, text->size, NULL, error);
        if (!document)
            return false;
        put_reference(&reader->docs.text, document, reader->application->base_path);
        json_decref(document);
        document_seal(&reader->docs);
    }
    document_reply(&reader->docs, reply);
    page_set_fields(reply);
    return true;
}
