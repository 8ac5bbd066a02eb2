/*
 * One ranked list over all resources. It is a single page: what is not among the best is reached
 * with more words or a type, not by turning pages.
 */
#include "bilateral/api/collection.h"

#include <assert.h>
#include <stdlib.h>

#include "bilateral/api/registry.h"
#include "bilateral/api/service.h"
#include "bilateral/base/text.h"
#include "bilateral/format/stream.h"
#include "bilateral/json/write.h"
#include "bilateral/resource/list.h"
#include "bilateral/resource/search.h"

enum { LIMIT_DEFAULT = 20, LIMIT_MOST = 100, TYPE_LIMIT = 64 };

static_assert(LIMIT_DEFAULT == 20 && LIMIT_MOST == 100, "as `limit` is described below");

static const struct field FIELDS[] = {
    {"type", FIELD_LINE, .help = "The record's type.", .flags = FIELD_REQUIRED},
    {"id", FIELD_SLUG, .help = "The record's id.", .flags = FIELD_REQUIRED},
    {"name", FIELD_PROSE, .help = "What people call the record."},
    {"matched", FIELD_PROSE, .help = "The name or text that matched, as it is written.",
     .flags = FIELD_REQUIRED},
    {"matched_lang", FIELD_LANG, .help = "Its language, where the record says so."},
    {"snippet", FIELD_PROSE,
     .help = "Of that text, as HTML that is safe to show: everything is escaped, and the only tags "
             "are <mark> and </mark> about what matched. An ellipsis stands where it was cut.",
     .flags = FIELD_REQUIRED},
    {"score", FIELD_INTEGER,
     .help = "How well it matches, 0 to 99, to compare within one answer: a name has 50 or more, a "
             "text less; what is written as it was typed, marks included, has more than what only "
             "folds alike.",
     .flags = FIELD_REQUIRED},
    {0},
};

const struct resource SEARCH = {
    .type = "search_hit",
    .label = "name",
    .sort = "-score",
    .help =
        "Whatever matches, of any type, best first. All words must be found in a record; the "
        "last may be the beginning of one.",
    .fields = FIELDS,
    .view = true,
};

/* What is asked for. */
struct asked {
    const char *q;
    const char *type; /* NULL: all */
    size_t limit;
    struct search search;
};

/* What there is to answer. */
struct found {
    struct buffer hits; /* a JSON array, without its end */
    const char *meant;  /* a name spelt nearly so; NULL where names match */
    size_t count;       /* also of those beyond the limit */
    bool all;           /* whether that is of all */
};

static bool check_type(const char *type, struct error *error)
{
    const char *types[TYPE_LIMIT];
    size_t count = 0;
    if (!type || registry_by_type(&REGISTRY, type))
        return true;
    for (; count < REGISTRY.count && count < TYPE_LIMIT; count++)
        types[count] = REGISTRY.resources[count]->type;
    const char *nearest = text_nearest(type, types, count);
    return error_refuse(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "type",
                        "\"%.60s\" is not a type; write one such as \"%s\".", type,
                        nearest ? nearest : types[0]);
}

static bool check_limit(const char *text, size_t *ret, struct error *error)
{
    char *end = NULL;
    long limit = text ? strtol(text, &end, 10) : LIMIT_DEFAULT;
    *ret = (size_t)limit;
    return !text || (end != text && *end == '\0' && limit >= 1 && limit <= LIMIT_MOST) ||
           error_refuse(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, "limit",
                        "Write a whole number from 1 to %d.", LIMIT_MOST);
}

static bool put_hit(const struct snapshot *snapshot, const struct search *search,
                    const struct search_hit *hit, struct buffer *json, struct error *error)
{
    const char *name;
    struct buffer snippet = {0};
    if (!snapshot_label(snapshot, hit->type, hit->id, snapshot->arena, &name, error))
        return false;
    search_put_snippet(search, hit->matched, &snippet);
    json_put_element(json);
    buffer_putc(json, '{');
    json_put_member(json, "type", hit->type);
    json_put_member(json, "id", hit->id);
    json_put_member(json, "name", name);
    json_put_member(json, "matched", hit->matched);
    json_put_member(json, "matched_lang", hit->lang);
    json_put_member(json, "snippet", buffer_text(&snippet));
    json_put_number(json, "score", hit->score);
    buffer_putc(json, '}');
    buffer_finish(&snippet);
    return true;
}

static bool find(const struct snapshot *snapshot, const struct asked *asked, struct found *ret,
                 struct error *error)
{
    struct search_hit *hits = search_find(snapshot->store, snapshot->arena, &asked->search,
                                          asked->type, &ret->count, &ret->all, error);
    if (!hits)
        return false;
    if (ret->count == 0 || hits[0].score < SEARCH_NAME_SCORE)
        ret->meant = search_suggest(snapshot->store, snapshot->arena, asked->q, &asked->search,
                                    asked->type, error);
    buffer_putc(&ret->hits, '[');
    for (size_t i = 0; i < ret->count && i < asked->limit; i++) {
        if (!put_hit(snapshot, &asked->search, &hits[i], &ret->hits, error))
            return false;
    }
    return error->code == ERROR_NONE;
}

static bool put_answer(struct reader *reader, const struct snapshot *snapshot,
                       const struct request *request, const struct asked *asked,
                       struct reply *reply, struct error *error)
{
    const struct stream stream = {
        .base_path = reader->application->base_path,
        .snapshot = snapshot,
        .resource = &SEARCH,
        .use = format_choose(&SEARCH, request, error),
    };
    struct found found = {0};
    bool good = error->code == ERROR_NONE && find(snapshot, asked, &found, error);
    if (good && stream.use) {
        list_name_for_caches(NULL, NULL, NULL, reply);
        good = stream_array(&stream, &found.hits, request, reply, error);
    } else if (good) {
        buffer_putc(&reply->body, '{');
        json_put_member(&reply->body, "did_you_mean", found.meant);
        json_put_key(&reply->body, "data");
        buffer_append(&reply->body, found.hits.data, found.hits.size);
        list_close(snapshot, request, reply, found.count, found.all);
    }
    buffer_finish(&found.hits);
    return good;
}

static bool answer(struct reader *reader, const struct snapshot *snapshot, struct request *request,
                   struct reply *reply, struct error *error)
{
    static const char *const PARAMETERS[] = {"q", "type", "limit", NULL};
    const char *q = request_parameter(request, "q");
    struct asked asked = {.q = q ? q : "", .type = request_parameter(request, "type")};
    query_allow_only(request, PARAMETERS, error);
    check_type(asked.type, error);
    check_limit(request_parameter(request, "limit"), &asked.limit, error);
    return search_parse(asked.q, request->arena, &asked.search, error) &&
           error->code == ERROR_NONE && put_answer(reader, snapshot, request, &asked, reply, error);
}

const struct query_parameter SEARCH_PARAMETERS[] = {
    {"q",
     "Words that must all be in a record, in any spelling and order: with marks or without, a name "
     "in one word or two. The last may be a beginning; punctuation is ignored. At most 8.",
     .schema = "'type':'string','minLength':1,'maxLength':300", .flags = QUERY_REQUIRED},
    {"type", "Only records of this type, such as `official`.", .schema = "'type':'string'"},
    {"limit", "How many at most: 1 to 100, 20 without it.",
     .schema = "'type':'integer','minimum':1,'maximum':100,'default':20"},
    {0},
};

bool search_list(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    return with_snapshot(worker, answer, request, reply, error);
}
