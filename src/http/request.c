#include "bilateral/http/request.h"

#include <string.h>
#include <strings.h>

#include "bilateral/base/text.h"

/* To add a method, add its bit to enum http_method and a row. */
static const struct {
    enum http_method method;
    const char *name;
} METHODS[] = {
    {HTTP_GET, "GET"}, {HTTP_HEAD, "HEAD"},   {HTTP_OPTIONS, "OPTIONS"}, {HTTP_POST, "POST"},
    {HTTP_PUT, "PUT"}, {HTTP_PATCH, "PATCH"}, {HTTP_DELETE, "DELETE"},
};

enum { METHOD_COUNT = sizeof METHODS / sizeof *METHODS };

const char *request_method_name(enum http_method method)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (METHODS[i].method == method)
            return METHODS[i].name;
    }
    return "other";
}

enum http_method request_method_of(const char *name)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(METHODS[i].name, name) == 0)
            return METHODS[i].method;
    }
    return HTTP_OTHER;
}

const char *request_header(const struct request *request, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < request->header_count; i++) {
        const char *each = request->headers[i].value;
        if (request_header_is(&request->headers[i], name))
            value = value ? arena_printf(request->arena, "%s, %s", value, each) : each;
    }
    return value;
}

/* To the end, whatever it meets: so the compiler looks at sixteen bytes in one. */
bool request_header_fits(const char *value)
{
    const unsigned char *bytes = (const void *)value;
    unsigned char bad = 0;
    for (size_t i = 0, size = strlen(value); i < size; i++)
        bad |= ((bytes[i] < ' ') & (bytes[i] != '\t')) | (bytes[i] == 127);
    return !bad;
}

bool request_has_type(const struct request *request, const char *media_type)
{
    const char *sent = request_header(request, "Content-Type");
    size_t size = strlen(media_type);
    return sent && strncasecmp(sent, media_type, size) == 0 && strchr("; \t", sent[size]);
}

/* The length of a token or quoted string. */
static size_t word_size(const char *text)
{
    if (*text != '"')
        return strcspn(text, "=;, \t");
    size_t size = 1;
    while (text[size] && text[size] != '"')
        size += text[size] == '\\' && text[size + 1] ? 2 : 1;
    return size + (text[size] == '"');
}

/* Moves behind one element of the list; its value where it has the name, else NULL. */
static const char *read_preference(const struct request *request, const char **at, const char *name)
{
    const char *found = NULL;
    size_t size = word_size(*at);
    bool named = size == strlen(name) && strncasecmp(*at, name, size) == 0;
    *at += size;
    const char *equals = *at + strspn(*at, " \t");
    if (named)
        found = "";
    if (*equals == '=') {
        *at = equals + 1 + strspn(equals + 1, " \t");
        size = word_size(*at);
        bool quoted = size >= 2 && **at == '"';
        if (named)
            found = arena_copy(request->arena, *at + quoted, quoted ? size - 2 : size);
        *at += size;
    }
    while (**at && **at != ',') /* parameters of the preference; none has any that we know */
        *at += **at == '"' ? word_size(*at) : 1;
    return found;
}

const char *request_preference(const struct request *request, const char *name)
{
    const char *sent = request_header(request, "Prefer"), *at = sent ? sent : "", *value = NULL;
    for (at += strspn(at, ", \t"); *at && !value; at += strspn(at, ", \t"))
        value = read_preference(request, &at, name);
    return value;
}

const char *request_parameter(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (strcmp(request->parameters[i].name, name) == 0)
            return request->parameters[i].value;
    }
    return NULL;
}

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/* The byte that the escape at `raw` stands for, or -1. */
static int escape_value(const char *raw, size_t size)
{
    int high = size > 2 ? digit_value(raw[1]) : -1;
    int low = high >= 0 ? digit_value(raw[2]) : -1;
    return low >= 0 ? high * 16 + low : -1;
}

/* Shows what was sent, but never bytes that could break a line or a JSON text. */
static void quote_escape(const char *raw, size_t size, char ret[static 4])
{
    size_t length = size < 3 ? size : 3;
    for (size_t i = 0; i < length; i++)
        ret[i] = raw[i] > ' ' && raw[i] <= '~' ? raw[i] : '?';
    ret[length] = '\0';
}

/*
 * Percent-decoding into the arena. What a path may not hold although it can be escaped: a slash,
 * which a proxy would not take for a separator, and control characters.
 */
static const char *decode(struct arena *arena, const char *raw, size_t size, bool query,
                          size_t *ret_size, struct error *error)
{
    char *text = arena_copy(arena, raw, size); /* mostly that is all */
    size_t length = memchr(raw, '%', size) || memchr(raw, '+', size) ? 0 : size;
    for (size_t i = length; i < size; i++) {
        int byte = (unsigned char)raw[i];
        if (byte == '+' && query)
            byte = ' ';
        if (byte == '%') {
            char escape[4];
            quote_escape(raw + i, size - i, escape);
            byte = escape_value(raw + i, size - i);
            bool banned = byte == 0 || (!query && (byte == '/' || byte < ' ' || byte == 127));
            if (byte < 0)
                error_set(
                    error, ERROR_BAD_REQUEST,
                    "`%s` is not an escape; write %% and two hexadecimal digits, and %%25 for "
                    "a percent sign",
                    escape);
            else if (banned)
                error_set(error, ERROR_BAD_REQUEST, "the escape `%s` is not allowed here", escape);
            if (byte < 0 || banned)
                return NULL;
            i += 2;
        }
        text[length++] = (char)byte;
    }
    text[length] = '\0';
    if (!text_valid(text, length)) {
        error_set(error, ERROR_BAD_REQUEST, "the decoded bytes are not UTF-8");
        return NULL;
    }
    *ret_size = length;
    return text;
}

/* No proxy passes these on unescaped, so whoever sends them means to be read in two ways. */
static bool check_bytes(const char *target, struct error *error)
{
    for (const char *at = target; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte <= ' ' || byte == 127 || byte == '"' || byte == '#' || byte == '<' || byte == '>')
            return error_set(error, ERROR_BAD_REQUEST,
                             "byte %zu of the address must be percent-encoded (as %%%02X)",
                             (size_t)(at - target) + 1, byte);
    }
    return true;
}

/* Servers must take the absolute form too (RFC 9112, 3.2.2); the authority in it means nothing
 * here, for this server has one name only. */
static const char *origin_form(const char *target)
{
    if (strncasecmp(target, "http://", 7) == 0)
        target += 7;
    else if (strncasecmp(target, "https://", 8) == 0)
        target += 8;
    else
        return target;
    return target + strcspn(target, "/?");
}

static bool parse_path(struct request *request, const char *raw, size_t size, const char *base_path,
                       struct error *error)
{
    const char *path = decode(request->arena, raw, size, false, &size, error);
    if (!path)
        return false;
    size_t base_size = strlen(base_path);
    if (strncmp(path, base_path, base_size) != 0 ||
        (path[base_size] != '/' && path[base_size] != '\0'))
        return error_set(error, ERROR_NOT_FOUND,
                         "no such address; every address here begins with %s/", base_path);
    request->path = path[base_size] == '\0' ? "/" : path + base_size;
    return true;
}

static bool parse_parameter(struct request *request, const char *raw, size_t size,
                            struct parameter *ret, struct error *error)
{
    const char *equals = memchr(raw, '=', size);
    size_t name_size = equals ? (size_t)(equals - raw) : size;
    const char *name = decode(request->arena, raw, name_size, true, &name_size, error);
    if (!name)
        return false;
    if (name_size == 0)
        return error_set(error, ERROR_BAD_REQUEST, "a query parameter has no name before its `=`");

    const char *value = "";
    size_t value_size = 0;
    if (equals) {
        struct error why = {0};
        value_size = size - (size_t)(equals + 1 - raw);
        value = decode(request->arena, equals + 1, value_size, true, &value_size, &why);
        if (!value) {
            error_add(error, ERROR_BAD_REQUEST, FAULT_PARAMETER, name, "parameter %s: %s", name,
                      why.detail);
            return false;
        }
    }
    *ret = (struct parameter){.name = name, .value = value, .size = value_size};
    return true;
}

static size_t count_pieces(const char *query)
{
    size_t count = 1;
    for (const char *at = strchr(query, '&'); at; at = strchr(at + 1, '&'))
        count++;
    return count;
}

static bool parse_query(struct request *request, const char *query, struct error *error)
{
    size_t pieces = count_pieces(query);
    if (pieces > REQUEST_PARAMETER_LIMIT)
        return error_set(error, ERROR_BAD_REQUEST, "%zu query parameters; at most %d are read",
                         pieces, REQUEST_PARAMETER_LIMIT);

    struct parameter *parameters = arena_alloc(request->arena, pieces * sizeof *parameters);
    size_t count = 0;
    for (const char *at = query; *at; at += *at == '&') {
        size_t size = strcspn(at, "&");
        if (size > 0 && !parse_parameter(request, at, size, &parameters[count++], error))
            return false;
        at += size;
    }
    request->parameters = parameters;
    request->parameter_count = count;
    return true;
}

bool request_parse_target(struct request *request, const char *target, const char *base_path,
                          struct error *error)
{
    if (strlen(target) > REQUEST_TARGET_LIMIT)
        return error_set(error, ERROR_URI_TOO_LONG, "the address is longer than %d bytes",
                         REQUEST_TARGET_LIMIT);
    if (!check_bytes(target, error))
        return false;

    const char *origin = origin_form(target);
    size_t path_size = strcspn(origin, "?");
    if (path_size == 0 && origin != target) {
        origin = arena_printf(request->arena, "/%s", origin);
        path_size = 1;
    }
    if (origin[0] != '/')
        return error_set(error, ERROR_BAD_REQUEST, "the address must begin with a slash");

    request->target = origin;
    const char *query = origin + path_size;
    return parse_path(request, origin, path_size, base_path, error) &&
           parse_query(request, *query == '?' ? query + 1 : query, error);
}

struct request *request_copy(const struct request *request, struct arena *arena)
{
    struct request *copy = arena_alloc(arena, sizeof *copy);
    struct parameter *parameters =
        arena_alloc(arena, request->parameter_count * sizeof *parameters);
    for (size_t i = 0; i < request->parameter_count; i++) {
        const struct parameter *each = &request->parameters[i];
        parameters[i] = (struct parameter){
            .name = arena_strdup(arena, each->name),
            .value = arena_copy(arena, each->value, each->size),
            .size = each->size,
        };
    }
    struct request_header *headers = arena_alloc(arena, request->header_count * sizeof *headers);
    for (size_t i = 0; i < request->header_count; i++)
        headers[i] = (struct request_header){arena_strdup(arena, request->headers[i].name),
                                             arena_strdup(arena, request->headers[i].value)};
    *copy = (struct request){
        .arena = arena,
        .method = request->method,
        .target = arena_strdup(arena, request->target),
        .path = arena_strdup(arena, request->path),
        .extension = request->extension ? arena_strdup(arena, request->extension) : NULL,
        .parameters = parameters,
        .parameter_count = request->parameter_count,
        .headers = headers,
        .header_count = request->header_count,
        .client = arena_strdup(arena, request->client),
    };
    return copy;
}
