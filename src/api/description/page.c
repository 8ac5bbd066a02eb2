#include "page.h"

#include "bilateral/resource/query.h"
#include "bilateral/web/asset.h"

static const char POLICY[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

void page_put_text(struct buffer *html, const char *text)
{
    bool code = false;
    for (; *text; text++) {
        if (*text == '`')
            buffer_puts(html, (code = !code) ? "<code>" : "</code>");
        else if (*text == '\n' && text[1] == '\n')
            buffer_puts(html, "</p>\n<p>");
        else if (*text == '&')
            buffer_puts(html, "&amp;");
        else if (*text == '<')
            buffer_puts(html, "&lt;");
        else if (*text == '"')
            buffer_puts(html, "&quot;");
        else
            buffer_putc(html, *text);
    }
}

void page_put_element(struct buffer *html, const char *name, const char *text)
{
    buffer_printf(html, "<%s>", name);
    page_put_text(html, text);
    buffer_printf(html, "</%s>\n", name);
}

void page_open(struct buffer *html, const char *base, const char *title)
{
    buffer_puts(html,
                "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page_put_element(html, "title", title);
    buffer_printf(html,
                  "<link rel=\"icon\" href=\"data:,\">\n"
                  "<link rel=\"stylesheet\" href=\"%s/assets/docs.css\">\n"
                  "<script type=\"module\" src=\"%s/assets/docs.js\"></script>\n</head>\n<body>\n"
                  "<a class=\"skip\" href=\"#main\">Skip to the text</a>\n<header>\n"
                  "<nav aria-label=\"Pages\">\n<a href=\"%s/\">bilateral</a>\n"
                  "<a href=\"%s/docs\">Reference</a>\n<a href=\"%s/docs/problems\">Problems</a>\n"
                  "<a href=\"%s/openapi.json\">OpenAPI</a>\n</nav>\n</header>\n"
                  "<main id=\"main\" tabindex=\"-1\">\n",
                  base, base, base, base, base, base);
    page_put_element(html, "h1", title);
}

void page_close(struct buffer *html)
{
    buffer_puts(html, "</main>\n</body>\n</html>\n");
}

void page_set_fields(struct reply *reply)
{
    reply->content_type = "text/html; charset=utf-8";
    reply_header(reply, "Cache-Control", "public, max-age=60");
    reply_header(reply, "Content-Security-Policy", "%s", POLICY);
}

bool page_asset(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    const struct asset *asset = asset_find(request->captures[0]);
    (void)worker;
    if (!query_allow_only(request, NULL, error))
        return false;
    if (!asset)
        return error_set(error, ERROR_NOT_FOUND, "There is no such file.");
    reply->content_type = asset->content_type;
    reply->shareable = true;
    reply->etag = asset->etag;
    reply_header(reply, "Cache-Control", "public, max-age=60");
    buffer_append(&reply->body, asset->text, asset->size);
    return true;
}
