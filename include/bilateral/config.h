/*
 * config - the command line and the environment, by one table of options.
 *
 *     struct config config;
 *     if (!config_read(argc, argv, &config, error))
 *         return EXIT_USAGE;
 *
 * Every option is a flag, an environment variable and a line of --help; a flag wins over the
 * environment, the environment over the default. Texts are those of argv and the environment.
 */
#ifndef BILATERAL_CONFIG_H
#define BILATERAL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "bilateral/base/error.h"

enum exit_code {
    EXIT_OK,
    EXIT_FAILED,
    EXIT_USAGE,
    EXIT_REFUSED, /* to start: the store or a seed is not valid */
    EXIT_FAULTS,  /* a check found some */
};

enum { CONFIG_LIST_LIMIT = 64 };

struct config_list {
    const char *items[CONFIG_LIST_LIMIT];
    size_t count;
};

struct config {
    const struct verb *verb;  /* NULL where only help or the version is asked for */
    const struct verb *verbs; /* all there are, for whoever tells of them */
    const char *listen;
    const char *port;         /* PORT: replaces the port of `listen` where no flag gave it */
    const char *admin_listen; /* NULL: everything is served on `listen` */
    const char *store;
    struct config_list seeds;
    bool no_seeds;
    bool dry_run;
    const char *backup_dir;
    const char *base_path;
    const char *cors_origin;
    unsigned workers;
    unsigned connections;
    unsigned connections_per_address;
    unsigned cache_bytes;
    unsigned spool_megabytes;
    const char *format; /* of an export */
    const char *name;   /* of a token, with its scope and its end */
    const char *scope;
    const char *expires;
    const char *token_file;
    const char *token; /* a secret: never printed */
    bool log_text;
    bool no_access_log;
    bool help;
    bool version;
    struct config_list operands; /* what stands behind verb and options */
};

/* A word that says what to do; `run` returns an exit code. */
struct verb {
    const char *name;
    const char *operands; /* for --help: "DIR|FILE…" */
    const char *help;
    int (*run)(const struct config *config);
};

/* The table is main's; it ends with a NULL name, and its first verb is the default. */
bool config_read(int argc, char **argv, const struct verb *verbs, struct config *ret,
                 struct error *error);

#endif
