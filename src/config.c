#include "bilateral/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bilateral/base/text.h"
#include "option.h"

enum { VERB_LIMIT = 20 };

/*
 * To add an option: a member of struct config, and a row here. The environment variable is
 * BILATERAL_ and the flag's name in capitals.
 */
const struct option OPTIONS[] = {
    {"--listen", "BILATERAL_LISTEN", OPTION_TEXT, offsetof(struct config, listen), "127.0.0.1:8080",
     "HOST:PORT", "address to serve on; port 0 picks one", 0, 0},
    {NULL, "PORT", OPTION_TEXT, offsetof(struct config, port), NULL, "PORT",
     "port to serve on, where --listen is not given", 0, 0},
    {"--admin-listen", "BILATERAL_ADMIN_LISTEN", OPTION_TEXT, offsetof(struct config, admin_listen),
     NULL, "HOST:PORT", "address for /metrics, /health and /ready; /metrics is then nowhere else",
     0, 0},
    {"--store", "BILATERAL_STORE", OPTION_TEXT, offsetof(struct config, store), "bilateral.sqlite3",
     "FILE", "the store; made when missing", 0, 0},
    {"--seeds", "BILATERAL_SEEDS", OPTION_LIST, offsetof(struct config, seeds), NULL, "DIR",
     "folder of seeds to ingest at start; may be given several times", 0, 0},
    {"--no-seeds", "BILATERAL_NO_SEEDS", OPTION_FLAG, offsetof(struct config, no_seeds), NULL, NULL,
     "ingest no seeds", 0, 0},
    {"--dry-run", "BILATERAL_DRY_RUN", OPTION_FLAG, offsetof(struct config, dry_run), NULL, NULL,
     "of import: find every fault and say what would change, but store nothing", 0, 0},
    {"--backup-dir", "BILATERAL_BACKUP_DIR", OPTION_TEXT, offsetof(struct config, backup_dir), NULL,
     "DIR", "folder for the backups that POST /v1/backup makes", 0, 0},
    {"--base-path", "BILATERAL_BASE_PATH", OPTION_TEXT, offsetof(struct config, base_path), "",
     "/x", "path below which everything is served", 0, 0},
    {"--cors-origin", "BILATERAL_CORS_ORIGIN", OPTION_TEXT, offsetof(struct config, cors_origin),
     "*", "ORIGIN,…", "web origins that may read and write; * lets any read", 0, 0},
    {"--workers", "BILATERAL_WORKERS", OPTION_COUNT, offsetof(struct config, workers), "2", "N",
     "threads that answer, each with a read handle of its own", 1, 64},
    {"--connections", "BILATERAL_CONNECTIONS", OPTION_COUNT, offsetof(struct config, connections),
     "1000", "N", "connections at a time, at most", 1, 60000},
    {"--connections-per-address", "BILATERAL_CONNECTIONS_PER_ADDRESS", OPTION_COUNT,
     offsetof(struct config, connections_per_address), "0", "N",
     "of these from one address; 0 is no limit", 0, 60000},
    {"--cache-bytes", "BILATERAL_CACHE_BYTES", OPTION_COUNT, offsetof(struct config, cache_bytes),
     "67108864", "N",
     "of memory for answers that are sent again while the record stands; 0 is none", 0, UINT_MAX},
    {"--spool-megabytes", "BILATERAL_SPOOL_MEGABYTES", OPTION_COUNT,
     offsetof(struct config, spool_megabytes), "4096", "N",
     "of disk for lists and exports on their way to slow readers", 0, 1000000},
    {"--format", NULL, OPTION_TEXT, offsetof(struct config, format), "ndjson", "ndjson|sqlite",
     "of export: a record a line, or a SQLite file", 0, 0},
    {"--name", NULL, OPTION_TEXT, offsetof(struct config, name), NULL, "NAME",
     "of the token to create; it stands in the history of what is written with it", 0, 0},
    {"--scope", NULL, OPTION_TEXT, offsetof(struct config, scope), NULL, "read|write|admin",
     "what the token to create is good for", 0, 0},
    {"--expires", NULL, OPTION_TEXT, offsetof(struct config, expires), NULL, "TIME",
     "until when: a time (RFC 3339), or how long from now, such as 90d, 12h or 30m", 0, 0},
    {"--token-file", "BILATERAL_TOKEN_FILE", OPTION_TEXT, offsetof(struct config, token_file), NULL,
     "FILE", "holds a token of scope admin that is good while this daemon runs", 0, 0},
    {NULL, "BILATERAL_TOKEN", OPTION_TEXT, offsetof(struct config, token), NULL, "TOKEN",
     "such a token itself", 0, 0},
    {"--log-format", "BILATERAL_LOG_FORMAT", OPTION_FORMAT, offsetof(struct config, log_text),
     "json", "json|text", "one JSON object a line, or text for people", 0, 0},
    {"--no-access-log", "BILATERAL_NO_ACCESS_LOG", OPTION_FLAG,
     offsetof(struct config, no_access_log), NULL, NULL, "write no line for each request", 0, 0},
    {"--help", NULL, OPTION_FLAG, offsetof(struct config, help), NULL, NULL, "print this", 0, 0},
    {"--version", NULL, OPTION_FLAG, offsetof(struct config, version), NULL, NULL,
     "print the version", 0, 0},
    {0},
};

enum { OPTION_COUNT_OF_ALL = sizeof OPTIONS / sizeof OPTIONS[0] - 1 };

static bool add_to_list(struct config_list *list, const char *item, const char *name,
                        struct error *error)
{
    if (list->count == CONFIG_LIST_LIMIT)
        return error_set(error, ERROR_INVALID, "%s: more than %d values", name, CONFIG_LIST_LIMIT);
    list->items[list->count++] = item;
    return true;
}

static bool set_count(unsigned *target, const struct option *option, const char *name,
                      const char *value, struct error *error)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || number < option->least || number > option->most)
        return error_set(error, ERROR_INVALID, "%s: \"%.60s\" is not a number from %u to %u", name,
                         value, option->least, option->most);
    *target = (unsigned)number;
    return true;
}

static bool set_flag(bool *target, const char *name, const char *value, struct error *error)
{
    bool yes = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
    bool no = strcmp(value, "0") == 0 || strcmp(value, "false") == 0;
    if (!yes && !no)
        return error_set(error, ERROR_INVALID, "%s: \"%.60s\" is neither true nor false", name,
                         value);
    *target = yes;
    return true;
}

/* `name` is how the value was given: the flag or the variable. */
static bool set_option(struct config *config, const struct option *option, const char *name,
                       const char *value, struct error *error)
{
    char *member = (char *)config + option->offset;
    switch (option->type) {
    case OPTION_TEXT:
        memcpy(member, &value, sizeof value);
        return true;
    case OPTION_LIST:
        return add_to_list((struct config_list *)(void *)member, value, name, error);
    case OPTION_COUNT:
        return set_count((unsigned *)(void *)member, option, name, value, error);
    case OPTION_FLAG:
        return set_flag((bool *)member, name, value, error);
    case OPTION_FORMAT:
        *(bool *)member = strcmp(value, "text") == 0;
        return *(bool *)member || strcmp(value, "json") == 0 ||
               error_set(error, ERROR_INVALID, "%s: \"%.60s\" is neither json nor text", name,
                         value);
    }
    return false;
}

static const struct option *find_option(const char *flag, size_t size)
{
    for (size_t i = 0; i < OPTION_COUNT_OF_ALL; i++) {
        const char *known = OPTIONS[i].flag;
        if (known && strlen(known) == size && memcmp(known, flag, size) == 0)
            return &OPTIONS[i];
    }
    return NULL;
}

static bool unknown_option(const char *flag, struct error *error)
{
    const char *flags[OPTION_COUNT_OF_ALL];
    size_t count = 0;
    for (size_t i = 0; i < OPTION_COUNT_OF_ALL; i++) {
        if (OPTIONS[i].flag)
            flags[count++] = OPTIONS[i].flag;
    }
    const char *nearest = text_nearest(flag, flags, count);
    return error_set(error, ERROR_INVALID,
                     nearest ? "%.60s is not an option; did you mean %s?"
                             : "%.60s is not an option; see --help",
                     flag, nearest);
}

/* One argument that begins with `--`; the next one is its value where it has none behind `=`. */
static bool read_flag(struct config *config, char **arguments, int *index, bool *given,
                      struct error *error)
{
    const char *argument = arguments[*index];
    size_t size = strcspn(argument, "=");
    const struct option *option = find_option(argument, size);
    if (!option)
        return unknown_option(argument, error);
    const char *value = argument[size] == '=' ? argument + size + 1 : NULL;
    if (!value && option->type == OPTION_FLAG)
        value = "true";
    if (!value)
        value = arguments[++*index];
    if (!value)
        return error_set(error, ERROR_INVALID, "%s: give %s", option->flag, option->value);
    struct config_list *list = (struct config_list *)(void *)((char *)config + option->offset);
    if (option->type == OPTION_LIST && !given[option - OPTIONS])
        list->count = 0; /* flags replace what the environment listed */
    given[option - OPTIONS] = true;
    return set_option(config, option, option->flag, value, error);
}

/* The environment lists with colons, as PATH does. */
static bool set_list(struct config *config, const struct option *option, char *value,
                     struct error *error)
{
    char *rest = value;
    for (char *item = strsep(&rest, ":"); item; item = strsep(&rest, ":")) {
        if (*item && !set_option(config, option, option->environment, item, error))
            return false;
    }
    return true;
}

static bool read_environment(struct config *config, struct error *error)
{
    for (size_t i = 0; i < OPTION_COUNT_OF_ALL; i++) {
        const struct option *option = &OPTIONS[i];
        char *value = option->environment ? getenv(option->environment) : NULL;
        if (option->preset && !set_option(config, option, option->flag, option->preset, error))
            return false;
        if (!value || !*value)
            continue;
        if (option->type == OPTION_LIST
                ? !set_list(config, option, value, error)
                : !set_option(config, option, option->environment, value, error))
            return false;
    }
    return true;
}

static const struct verb *find_verb(const struct verb *verbs, const char *name)
{
    for (; verbs->name; verbs++) {
        if (strcmp(verbs->name, name) == 0)
            return verbs;
    }
    return NULL;
}

static bool unknown_verb(const struct verb *verbs, const char *name, struct error *error)
{
    const char *names[VERB_LIMIT];
    size_t count = 0;
    for (; verbs[count].name && count < VERB_LIMIT; count++)
        names[count] = verbs[count].name;
    const char *nearest = text_nearest(name, names, count);
    return error_set(error, ERROR_INVALID,
                     nearest ? "\"%.60s\" is not a verb; did you mean %s?"
                             : "\"%.60s\" is not a verb; see --help",
                     name, nearest);
}

static bool read_arguments(struct config *config, int argc, char **argv, const struct verb *verbs,
                           struct error *error)
{
    bool given[OPTION_COUNT_OF_ALL] = {false};
    bool options_end = false;
    for (int i = 1; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && strncmp(argv[i], "--", 2) == 0) {
            if (!read_flag(config, argv, &i, given, error))
                return false;
        } else if (!config->verb) {
            config->verb = find_verb(verbs, argv[i]);
            if (!config->verb)
                return unknown_verb(verbs, argv[i], error);
        } else if (!add_to_list(&config->operands, argv[i], config->verb->name, error)) {
            return false;
        }
    }
    if (given[find_option("--listen", strlen("--listen")) - OPTIONS])
        config->port = NULL;
    return true;
}

static bool is_port(const char *text)
{
    size_t size = strspn(text, "0123456789");
    return size > 0 && size <= 5 && text[size] == '\0' && strtoul(text, NULL, 10) <= 65535;
}

static bool check_address(const char *name, const char *address, struct error *error)
{
    const char *colon = address ? strrchr(address, ':') : NULL;
    return !address || (colon && is_port(colon + 1)) ||
           error_set(
               error, ERROR_INVALID,
               "%s: \"%.60s\" is no HOST:PORT such as 127.0.0.1:8080, with a port up to 65535",
               name, address);
}

static bool check(const struct config *config, struct error *error)
{
    const char *base = config->base_path;
    size_t size = strlen(base);
    if (!check_address("--listen", config->listen, error) ||
        !check_address("--admin-listen", config->admin_listen, error))
        return false;
    if (config->port && !is_port(config->port))
        return error_set(error, ERROR_INVALID, "PORT: \"%.60s\" is no port", config->port);
    if (size && (base[0] != '/' || base[size - 1] == '/' || strpbrk(base, "?#%\" <>\\")))
        return error_set(error, ERROR_INVALID,
                         "--base-path: \"%.60s\" must begin with / and not end with it", base);
    if (config->verb && !config->verb->operands && config->operands.count)
        return error_set(error, ERROR_INVALID, "%s takes no operand such as \"%.60s\"",
                         config->verb->name, config->operands.items[0]);
    if (config->verb && config->verb->operands && !config->operands.count)
        return error_set(error, ERROR_INVALID, "%s: give %s", config->verb->name,
                         config->verb->operands);
    return true;
}

bool config_read(int argc, char **argv, const struct verb *verbs, struct config *ret,
                 struct error *error)
{
    struct config config = {.verbs = verbs};
    if (!read_environment(&config, error) || !read_arguments(&config, argc, argv, verbs, error))
        return false;
    if (!config.verb)
        config.verb = verbs;
    if (!config.help && !config.version && !check(&config, error))
        return false;
    *ret = config;
    return true;
}
