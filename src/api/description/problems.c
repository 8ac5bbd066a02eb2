#include "page.h"

#include <string.h>

#include "bilateral/http/problem.h"

bool problems_page(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    const struct reader *reader = worker;
    const char *base = reader->application->base_path;
    const struct problem *problem;
    struct buffer *html = &reply->body;
    if (!query_allow_only(request, NULL, error))
        return false;
    page_open(html, base, "Problems");
    page_put_element(
        html, "p",
        "Whatever is refused is answered with `application/problem+json` (RFC 9457). Its "
        "`type` is one of these, its `detail` says what was wrong and what would be "
        "right, and `errors` lists every fault with its place.");
    buffer_puts(html, "<ul>\n");
    for (size_t i = 0; (problem = problem_at(i)); i++)
        buffer_printf(html, "<li><strong>%d</strong> <a href=\"%s/docs/problems/%s\">%s</a></li>\n",
                      problem->status, base, problem->slug, problem->title);
    buffer_puts(html, "</ul>\n");
    page_close(html);
    page_set_fields(reply);
    reply_tag(reply);
    return true;
}

bool problems_one(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    const struct reader *reader = worker;
    const char *base = reader->application->base_path;
    const struct problem *problem;
    size_t index = 0;
    if (!query_allow_only(request, NULL, error))
        return false;
    while ((problem = problem_at(index)) && strcmp(problem->slug, request->captures[0]) != 0)
        index++;
    if (!problem)
        return error_set(error, ERROR_NOT_FOUND,
                         "There is no such type of problem; %s/docs/problems lists them.", base);
    page_open(&reply->body, base, problem->title);
    buffer_printf(&reply->body, "<p>Status <strong>%d</strong></p>\n", problem->status);
    page_put_element(&reply->body, "p", problem->explanation);
    buffer_printf(&reply->body,
                  "<pre tabindex=\"0\"><code>{\n  \"type\": \"%s/docs/problems/%s\",\n"
                  "  \"title\": \"%s\",\n  \"status\": %d,\n  …\n}</code></pre>\n",
                  base, problem->slug, problem->title, problem->status);
    page_close(&reply->body);
    page_set_fields(reply);
    reply_tag(reply);
    return true;
}
