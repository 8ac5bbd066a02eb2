#include "guard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_letter_or_digit(char byte)
{
    char lower = (char)(byte | 0x20);
    return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Of a token (RFC 9110, 5.6.2), which methods and field names are. */
static bool is_token(char byte)
{
    return is_letter_or_digit(byte) || byte == '-' || strchr("!#$%&'*+.^_`|~", byte);
}

static bool is_host(char byte)
{
    return is_letter_or_digit(byte) || byte == '.' || byte == ':' || strchr("-_~[]", byte);
}

static bool consists_of(const char *text, bool (*is_allowed)(char byte))
{
    const char *at = text;
    while (*at && is_allowed(*at))
        at++;
    return at > text && *at == '\0';
}

/* The value of the only field of that name; counts them all. */
static const char *only_field(const struct head *head, const char *name, size_t *ret_count)
{
    const char *value = NULL;
    *ret_count = 0;
    for (size_t i = 0; i < head->field_count; i++) {
        if (request_header_is(&head->fields[i], name)) {
            value = head->fields[i].value;
            ++*ret_count;
        }
    }
    return value;
}

/* What the section takes of the library's memory for the connection. */
static size_t section_cost(const struct head *head)
{
    size_t cost = head->section_size + head->field_count * GUARD_NOTE;
    for (size_t i = 0; i < head->field_count && i < GUARD_FIELD_LIMIT; i++) {
        const char *at = head->fields[i].value;
        if (!request_header_is(&head->fields[i], "Cookie"))
            continue;
        cost += strlen(at) + GUARD_NOTE;
        for (; (at = strchr(at, ';')); at++)
            cost += GUARD_NOTE;
    }
    return cost;
}

static bool check_size(const struct head *head, struct error *error)
{
    if (head->target_size > REQUEST_TARGET_LIMIT)
        return error_set(error, ERROR_URI_TOO_LONG,
                         "the address has %zu bytes; at most %d are read", head->target_size,
                         REQUEST_TARGET_LIMIT);
    size_t cost = section_cost(head);
    if (cost > GUARD_SECTION_LIMIT)
        return error_set(error, ERROR_HEADERS_TOO_LARGE,
                         "the header section has %zu bytes, %d for each field and cookie included; "
                         "at most %d are read",
                         cost, GUARD_NOTE, GUARD_SECTION_LIMIT);
    if (head->field_count > GUARD_FIELD_LIMIT)
        return error_set(error, ERROR_HEADERS_TOO_LARGE,
                         "there are %zu header fields; at most %d are read", head->field_count,
                         GUARD_FIELD_LIMIT);
    return true;
}

static bool check_lines(const struct head *head, struct error *error)
{
    if (!head->intact)
        return error_set(error, ERROR_BAD_REQUEST,
                         "the header section has a line that does not end in CR LF, a folded line, "
                         "a NUL or more than one space in the request line");
    return true;
}

static bool check_line(const struct head *head, struct error *error)
{
    if (!consists_of(head->method, is_token))
        return error_set(error, ERROR_BAD_REQUEST, "the method is not a word");
    if (strcmp(head->version, "HTTP/1.1") != 0 && strcmp(head->version, "HTTP/1.0") != 0)
        return error_set(error, ERROR_BAD_REQUEST, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    return true;
}

static bool check_fields(const struct head *head, struct error *error)
{
    for (size_t i = 0; i < head->field_count; i++) {
        if (!consists_of(head->fields[i].name, is_token))
            return error_set(error, ERROR_BAD_REQUEST,
                             "header field %zu has a name with a character that no name may have",
                             i + 1);
        if (!request_header_fits(head->fields[i].value))
            return error_set(error, ERROR_BAD_REQUEST,
                             "header field %.100s has a control character in its value",
                             head->fields[i].name);
    }
    return true;
}

static bool check_host(const struct head *head, struct error *error)
{
    size_t count;
    const char *host = only_field(head, "Host", &count);
    if (count > 1)
        return error_set(error, ERROR_BAD_REQUEST, "%zu Host fields; send one", count);
    if (count == 0 && strcmp(head->version, "HTTP/1.1") == 0)
        return error_set(error, ERROR_BAD_REQUEST, "an HTTP/1.1 request needs a Host field");
    if (count == 1 && !consists_of(host, is_host))
        return error_set(error, ERROR_BAD_REQUEST, "the Host field is not a host name");
    return true;
}

static bool check_framing(const struct head *head, struct error *error)
{
    size_t encodings, lengths;
    const char *encoding = only_field(head, "Transfer-Encoding", &encodings);
    const char *length = only_field(head, "Content-Length", &lengths);
    if (encodings > 0 && lengths > 0)
        return error_set(error, ERROR_BAD_REQUEST,
                         "Transfer-Encoding and Content-Length exclude each other");
    if (encodings > 1 || (encodings == 1 && strcasecmp(encoding, "chunked") != 0))
        return error_set(error, ERROR_BAD_REQUEST, "the only Transfer-Encoding read is `chunked`");
    if (encodings == 1 && strcmp(head->version, "HTTP/1.1") != 0)
        return error_set(error, ERROR_BAD_REQUEST, "HTTP/1.0 has no Transfer-Encoding");
    if (lengths > 1)
        return error_set(error, ERROR_BAD_REQUEST, "%zu Content-Length fields; send one", lengths);
    if (lengths == 1 && !consists_of(length, is_digit))
        return error_set(error, ERROR_BAD_REQUEST, "Content-Length is not a number");
    return true;
}

static bool check_body(const struct head *head, struct error *error)
{
    size_t encodings, lengths;
    only_field(head, "Transfer-Encoding", &encodings);
    const char *length = only_field(head, "Content-Length", &lengths);
    /* More than 18 digits could overflow; whatever they say, it is too much. */
    unsigned long long size = lengths ? strtoull(length, NULL, 10) : 0;
    bool too_large = lengths && (strlen(length) > 18 || size > head->body_limit);

    if (head->reads && (encodings > 0 || size > 0))
        return error_set(error, ERROR_BAD_REQUEST, "a %s request takes no body", head->method);
    if (too_large)
        return error_set(error, ERROR_CONTENT_TOO_LARGE,
                         "the body has %.20s bytes; at most %zu are read", length,
                         head->body_limit);
    return true;
}

/* Whether the field is not sent, or once and with that value. */
static bool says_at_most(const struct head *head, const char *name, const char *value)
{
    size_t count;
    const char *sent = only_field(head, name, &count);
    return count == 0 || (count == 1 && strcasecmp(sent, value) == 0);
}

static bool check_expect(const struct head *head, struct error *error)
{
    return says_at_most(head, "Expect", "100-continue") ||
           error_set(error, ERROR_EXPECTATION_FAILED, "the only expectation met is 100-continue");
}

/* A body in a coding that nobody undoes would be read as something else. */
static bool check_coding(const struct head *head, struct error *error)
{
    return says_at_most(head, "Content-Encoding", "identity") ||
           error_set(error, ERROR_UNSUPPORTED_MEDIA_TYPE,
                     "send the body without a Content-Encoding");
}

/* To add a check, add a row. Lines come first: unless they are whole, nothing else can be trusted. */
const struct guard_rule GUARD_RULES[GUARD_RULE_COUNT] = {
    {"size", check_size},     {"lines", check_lines},   {"request_line", check_line},
    {"fields", check_fields}, {"host", check_host},     {"framing", check_framing},
    {"body", check_body},     {"expect", check_expect}, {"coding", check_coding},
};

bool guard_check(const struct head *head, size_t *ret_rule, struct error *error)
{
    for (size_t i = 0; i < GUARD_RULE_COUNT; i++) {
        if (!GUARD_RULES[i].check(head, error)) {
            *ret_rule = i;
            return false;
        }
    }
    return true;
}
