#include <signal.h>
#include <stdio.h>

#include "bilateral/base/log.h"
#include "bilateral/config.h"
#include "bilateral/import.h"
#include "bilateral/json/read.h"
#include "bilateral/manual.h"
#include "bilateral/serve.h"
#include "bilateral/tokens.h"
#include "bilateral/verbs.h"

/* To add a verb: a function in verbs.h, and a row here. The first is the default. */
static const struct verb VERBS[] = {
    {"serve", NULL, "open, migrate, ingest the seeds and serve until SIGTERM", serve},
    {"check", "DIR|FILE…", "validate seeds or records without a store", verb_check},
    {"import", "FILE…|-", "store records from NDJSON, all or nothing; - is standard input",
     verb_import},
    {"backup", "FILE|DIR", "copy the store, checked and safe, while it may be in use", verb_backup},
    {"migrate", NULL, "bring the store to this program's schema", verb_migrate},
    {"token", "create|list|revoke [NAME]",
     "make, list and revoke tokens, without which nothing is "
     "written",
     verb_token},
    {"get", "/v1/…", "answer one request on standard output, without a socket", verb_get},
    {"export", NULL, "write the whole record to standard output", verb_export},
    {"probe", NULL, "ask a running daemon whether it is ready, for HEALTHCHECK", verb_probe},
    {"manual", NULL, "print the man page", manual_page},
    {"completions", "bash|zsh", "print what the shell needs to complete a command line",
     manual_completions},
    {0},
};

int main(int argc, char **argv)
{
    struct config config;
    struct error error = {0};
    if (!config_read(argc, argv, VERBS, &config, &error)) {
        fprintf(stderr, "bilaterald: %s\n", error.detail);
        return EXIT_USAGE;
    }
    if (config.help) {
        manual_help(VERBS, stdout);
        return EXIT_OK;
    }
    if (config.version) {
        puts("bilaterald " BILATERAL_VERSION);
        return EXIT_OK;
    }
    json_start();
    signal(SIGPIPE, SIG_IGN); /* a client that goes away is an error of write(2), not our end */
    log_configure(config.log_text ? LOG_FORMAT_TEXT : LOG_FORMAT_JSON, LOG_INFO);
    return config.verb->run(&config);
}
