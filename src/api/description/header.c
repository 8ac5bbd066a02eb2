#include "header.h"

#include "bilateral/json/write.h"
#include "operation.h"

/* To declare a header field of answers: a row with the trait of those that have it. */
static const struct {
    const char *name;
    unsigned when;
    bool always;
    const char *help;
} ANSWERS[] = {
    {"X-Request-Id", EVERY | REFUSED, true, "The id of the request, as the log has it."},
    {"Cache-Control", EVERY, true, "How long the answer may be kept."},
    {"Location", CREATES, true, "The address of the record."},
    {"WWW-Authenticate", REFUSED, false, "With 401 and 403: what is wrong with the token."},
    {"ETag", TAGGED, true,
     "A strong tag of the state and its coding, for If-None-Match; the tag of another coding of "
     "the same state will do as well."},
    {"Surrogate-Key", STORED, false,
     "Names by which a cache in front can drop the answer: `TYPE/ID` of the record it is about, "
     "the collection of its rows, and `record`, which everything made from the store has."},
    {"Server-Timing", EVERY, true,
     "`total;dur=`: milliseconds from the request line to the first byte of the answer."},
    {"Last-Modified", STORED | DATED, true,
     "When the record, or for lists the store, last changed."},
    {"Link", STORED, false, "RFC 8288: next and prev of a list, and the licence of the data."},
    {"Content-Encoding", EVERY, false, "`gzip` where the client accepts it and it is worth it."},
    {"Vary", EVERY, false, "The request's fields that the answer depends on."},
    {"Preference-Applied", EVERY | DATED, false,
     "`handling=lenient` or `return=minimal`, where Prefer asked for it."},
    {"Ignored-Parameters", EVERY, false,
     "With it: the parameters, and the names in sort, facet, fields and include, that nobody knows "
     "and that were passed over, as in `oficial, fields=nmae`."},
    {"Content-Disposition", STORED, false, "The name of the file, in formats other than JSON."},
    {"Allow", REFUSED, false, "With 405: the methods that the address takes."},
    {"Retry-After", REFUSED, false, "With 503: after how many seconds to try again."},
};
enum { ANSWER_COUNT = sizeof ANSWERS / sizeof *ANSWERS };

/* Likewise of requests. Accept is left out, as the standard wants it. */
static const struct {
    const char *name;
    unsigned when;
    const char *help;
} REQUESTS[] = {
    {"If-Match", GUARDED,
     "The ETag of the record that the change is based on, or `*`. Without it a record that is "
     "there is not changed (428); when it is stale, neither (412)."},
    {"Idempotency-Key", KEYED,
     "A text of your own, new for each request: when the same request comes with it again within a "
     "day, it has no second effect and gets the same answer."},
    {"Last-Event-ID", FOLLOWED,
     "With `Accept: text/event-stream`: the id of the last event seen; those behind it follow. "
     "Without it events begin behind `since`, or now. Only `since` and `type` are taken then."},
    {"If-None-Match", TAGGED, "The ETag of the copy at hand: 304 where it is still good."},
    {"If-Modified-Since", STORED, "The Last-Modified of the copy at hand, where it has no ETag."},
    {"Prefer", EVERY | WRITES,
     "RFC 7240. `handling=lenient`: what is not known is passed over instead of refused, and "
     "Ignored-Parameters names it. `return=minimal`, of a write: the answer leaves the record "
     "out."},
};
enum { REQUEST_COUNT = sizeof REQUESTS / sizeof *REQUESTS };

void header_put_parameters(unsigned traits, struct buffer *json)
{
    for (size_t i = 0; i < REQUEST_COUNT; i++) {
        if (REQUESTS[i].when & traits)
            json_printf(json, "{'$ref':'#/components/parameters/%s'}", REQUESTS[i].name);
    }
}

void header_open_answer(const char *name, const char *help, unsigned traits, struct buffer *json)
{
    json_printf(json, "'%s':{", name);
    json_put_member(json, "description", help);
    json_printf(json, "'headers':{");
    for (size_t i = 0; i < ANSWER_COUNT; i++) {
        if (ANSWERS[i].when & traits)
            json_printf(json, "'%s':{'$ref':'#/components/headers/%s'}", ANSWERS[i].name,
                        ANSWERS[i].name);
    }
    buffer_putc(json, '}');
}

void header_put_components(struct buffer *json)
{
    json_printf(json, "'headers':{");
    for (size_t i = 0; i < ANSWER_COUNT; i++) {
        json_printf(json, "'%s':{", ANSWERS[i].name);
        json_put_member(json, "description", ANSWERS[i].help);
        json_printf(json, "'required':%s,'schema':{'type':'string'}}",
                    ANSWERS[i].always ? "true" : "false");
    }
    json_printf(json, "},'parameters':{");
    for (size_t i = 0; i < REQUEST_COUNT; i++) {
        json_printf(json, "'%s':{'name':'%s','in':'header','schema':{'type':'string'}",
                    REQUESTS[i].name, REQUESTS[i].name);
        json_put_member(json, "description", REQUESTS[i].help);
        buffer_putc(json, '}');
    }
    buffer_putc(json, '}');
}
