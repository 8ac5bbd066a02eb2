#include "bilateral/backup.h"

#include <stdio.h>

#include "bilateral/base/log.h"
#include "bilateral/store/backup.h"

int verb_backup(const struct config *config)
{
    struct buffer path = {0};
    struct error error = {0};
    struct store *store = NULL;
    bool good = store_open(config->store, STORE_READ, &store, &error) &&
                store_backup(store, config->operands.items[0], &path, &error);
    if (good)
        puts(buffer_text(&path));
    else
        log_message(LOG_ERROR, "backup", "%s: %s (%s)", buffer_text(&path), error.detail,
                    error.cause);
    store_close(store);
    buffer_finish(&path);
    return good ? EXIT_OK : EXIT_FAILED;
}
