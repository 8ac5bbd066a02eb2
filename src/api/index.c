#include <stdio.h>
#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/http/accept.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/query.h"

const char *const INDEX_OFFERS[] = {"text/html", "application/json", NULL};

/* What the front page shows besides the collections: addresses worth trying. */
static const struct {
    const char *address;
    const char *help;
} EXAMPLES[] = {
    {"v1/search?q=bui+thanh+son", "Whatever names Bùi Thanh Sơn, however it is typed."},
    {"v1/timeline", "Everything that has a date, oldest first."},
    {"v1/trade-figures/series", "Trade figures as flat series."},
    {"v1/meetings?sort=start_date", "Meetings, oldest first."},
    {"v1/statements?act=proposed", "What was proposed."},
    {"v1/agreements?classification=mechanism", "Mechanisms that meet again and again."},
    {"v1/officials?facet=country", "Officials, counted by country."},
    {"docs", "The reference: every address, parameter and member."},
    {"openapi.json", "The same for programs, as OpenAPI 3.1."},
    {"health", "Whether the daemon is alive."},
    {"ready", "Whether it can answer."},
    {"metrics", "Figures for Prometheus."},
};

/* `address` is relative to the front page, so that any base path will do. */
static void put_link(struct buffer *html, const char *folder, const char *name, const char *help)
{
    buffer_put_all(html, "<li><a href=\"", folder, name, "\"><code>/", folder, name, "</code></a> ",
                   help, "</li>\n", NULL);
}

static void put_page(struct buffer *html)
{
    buffer_puts(html,
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<title>bilateral</title>\n</head>\n<body>\n<main>\n<h1>bilateral</h1>\n"
                "<p>The record of dealings between two sides: who met whom, in which "
                "capacity, what was proposed and what became of it, and the trade figures. "
                "Every fact carries its source.</p>\n<h2>Collections</h2>\n<ul>\n");
    for (size_t i = 0; i < REGISTRY.count; i++)
        put_link(html, "v1/", REGISTRY.resources[i]->collection, REGISTRY.resources[i]->help);
    buffer_puts(html, "</ul>\n<h2>To try</h2>\n<ul>\n");
    for (size_t i = 0; i < sizeof EXAMPLES / sizeof EXAMPLES[0]; i++)
        put_link(html, "", EXAMPLES[i].address, EXAMPLES[i].help);
    buffer_puts(html,
                "</ul>\n<p>A list is narrowed by <code>field=value</code>, "
                "<code>field__op=value</code> and relations such as "
                "<code>official=chen-gang</code>; it is ordered by <code>sort</code> and "
                "walked by <code>limit</code> and <code>cursor</code>.</p>\n"
                "</main>\n</body>\n</html>\n");
}

static void put_index(struct buffer *json, const char *base_path)
{
    json_printf(json, "{'name':'bilateral','version':'%s','collections':[", BILATERAL_VERSION);
    for (size_t i = 0; i < REGISTRY.count; i++) {
        const struct resource *resource = REGISTRY.resources[i];
        char address[512];
        snprintf(address, sizeof address, "%s/v1/%s", base_path, resource->collection);
        json_put_element(json);
        buffer_putc(json, '{');
        json_put_member(json, "type", resource->type);
        json_put_member(json, "href", address);
        json_put_member(json, "description", resource->help);
        buffer_putc(json, '}');
    }
    buffer_puts(json, "]}\n");
}

bool index_page(void *context, struct request *request, struct reply *reply, struct error *error)
{
    const struct reader *reader = context;
    const char *chosen = accept_choose(request_header(request, "Accept"), INDEX_OFFERS);
    if (!query_allow_only(request, NULL, error))
        return false;
    if (!chosen)
        return error_set(error, ERROR_NOT_ACCEPTABLE,
                         "This address can be had as text/html or application/json.");
    reply_header(reply, "Vary", "Accept");
    reply_header(reply, "Cache-Control", "public, max-age=60");
    if (strcmp(chosen, "text/html") == 0) {
        reply->content_type = "text/html; charset=utf-8";
        put_page(&reply->body);
    } else {
        reply->content_type = "application/json";
        put_index(&reply->body, reader->application->base_path);
    }
    reply_tag(reply);
    return true;
}
