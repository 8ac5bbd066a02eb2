#include "auth.h"

#include <string.h>

#include "bilateral/json/write.h"
#include "bilateral/resource/errand.h"
#include "bilateral/store/backup.h"

struct backup {
    struct errand errand;
    const char *folder;
    const char *name; /* of the file, without its folder */
};

static bool run(struct errand *errand)
{
    struct backup *backup = (struct backup *)errand;
    struct buffer path = {0};
    struct store *store = errand_open_store(errand, STORE_READ);
    bool good = store && store_backup(store, backup->folder, &path, &errand->error);
    if (good)
        backup->name = arena_strdup(errand->arena, strrchr(path.data, '/') + 1);
    buffer_finish(&path);
    return good;
}

static bool answer(struct errand *errand, struct reply *reply)
{
    const struct backup *backup = (const struct backup *)errand;
    reply->status = 201;
    reply->content_type = "application/json";
    buffer_putc(&reply->body, '{');
    json_put_member(&reply->body, "file", backup->name);
    buffer_puts(&reply->body, "}\n");
    return true;
}

bool backup_create(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    struct reader *reader = worker;
    const struct application *application = reader->application;
    if (!auth_require(reader, SCOPE_ADMIN, reply, error) || !query_allow_only(request, NULL, error))
        return false;
    if (request->body_size > 0)
        return error_set(error, ERROR_BAD_REQUEST, "This address takes no body.");
    if (!application->backup_folder)
        return error_set(error, ERROR_CONFLICT,
                         "The daemon has no folder for backups; start it with --backup-dir.");
    struct backup *backup = errand_create(sizeof *backup);
    backup->folder = application->backup_folder;
    backup->errand.lasts = true;
    backup->errand.run = run;
    backup->errand.answer = answer;
    return errands_start(application->backups, &backup->errand, request, reply, error);
}
