#include "bilateral/tokens.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bilateral/api/token.h"
#include "bilateral/base/log.h"
#include "bilateral/verbs.h"

enum { SECRET_LEAST = 32, SECRET_MOST = 200 };

static int create(struct store *store, const struct config *config, struct error *error)
{
    struct buffer token = {0};
    if (!config->name || !config->scope) {
        error_set(error, ERROR_INVALID, "token create: give --name and --scope");
        return EXIT_USAGE;
    }
    bool good = token_create(store, config->name, config->scope, config->expires, &token, error);
    if (good)
        puts(token.data);
    buffer_finish(&token);
    return good ? EXIT_OK : EXIT_FAILED;
}

static int list(struct store *store, struct error *error)
{
    struct buffer lines = {0};
    bool good = token_list(store, &lines, error);
    fputs(buffer_text(&lines), stdout);
    buffer_finish(&lines);
    return good ? EXIT_OK : EXIT_FAILED;
}

static int revoke_one(struct store *store, const struct config *config, struct error *error)
{
    if (config->operands.count != 2) {
        error_set(error, ERROR_INVALID, "token revoke: give the name of one token");
        return EXIT_USAGE;
    }
    return token_revoke(store, config->operands.items[1], error) ? EXIT_OK : EXIT_FAILED;
}

int verb_token(const struct config *config)
{
    const char *what = config->operands.items[0];
    struct error error = {0};
    int code = EXIT_USAGE;
    struct store *store = verb_open_store(config->store, STORE_WRITE);
    if (!store)
        return EXIT_REFUSED;
    if (strcmp(what, "create") == 0 && config->operands.count == 1)
        code = create(store, config, &error);
    else if (strcmp(what, "list") == 0 && config->operands.count == 1)
        code = list(store, &error);
    else if (strcmp(what, "revoke") == 0)
        code = revoke_one(store, config, &error);
    else
        error_set(&error, ERROR_INVALID, "token: give create, list, or revoke NAME");
    store_close(store);
    if (error.code != ERROR_NONE)
        fprintf(stderr, "bilaterald: %s\n", error.detail);
    return code;
}

/* One line, which nobody else on the machine may read. */
static bool read_file(const char *path, char text[static SECRET_MOST + 2])
{
    const char *fault = NULL;
    struct stat status;
    ssize_t size = -1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool plain = file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (plain && status.st_mode & S_IRWXO)
        fault = "everybody may read this file; chmod it to 600";
    else if (!plain || (size = read(file, text, SECRET_MOST + 1)) < 0)
        fault = "cannot be read";
    if (file >= 0)
        close(file);
    if (fault) {
        log_message(LOG_ERROR, "token", "%s: %s", path, fault);
        return false;
    }
    text[size] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    return true;
}

bool tokens_read_bootstrap(const struct config *config, char ret_digest[static HASH_HEX_SIZE])
{
    char text[SECRET_MOST + 2];
    const char *token = config->token;
    *ret_digest = '\0';
    if (config->token_file) {
        if (!read_file(config->token_file, text))
            return false;
        token = text;
    }
    if (!token)
        return true;
    size_t size = strlen(token);
    if (size < SECRET_LEAST || size > SECRET_MOST)
        log_message(LOG_ERROR, "token", "the token has %zu characters; use %d to %d random ones",
                    size, SECRET_LEAST, SECRET_MOST);
    else
        hash_sha256_hex(token, size, ret_digest);
    explicit_bzero(text, sizeof text);
    return *ret_digest != '\0';
}
