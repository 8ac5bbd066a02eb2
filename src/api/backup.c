#include "errand.h"

#include <string.h>

#include "auth.h"
#include "bilateral/json/write.h"
#include "bilateral/store/backup.h"

struct backup {
    struct errand errand;
    const char *name; /* of the file, without its folder */
};

static bool run(struct errand *errand, const atomic_bool *stops)
{
    struct backup *backup = (struct backup *)errand;
    struct buffer path = {0};
    struct store *store = NULL;
    (void)stops;
    bool good = store_open(errand->application->store_path, STORE_READ, &store, &errand->error) &&
                store_backup(store, errand->application->backup_folder, &path, &errand->error);
    store_close(store);
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
    if (!auth_require(reader, SCOPE_ADMIN, reply, error) || !query_allow_only(request, NULL, error))
        return false;
    if (request->body_size > 0)
        return error_set(error, ERROR_BAD_REQUEST, "This address takes no body.");
    if (!reader->application->backup_folder)
        return error_set(error, ERROR_CONFLICT,
                         "The daemon has no folder for backups; start it with --backup-dir.");
    struct errand *errand = errand_create(sizeof(struct backup), reader);
    errand->lasts = true;
    errand->run = run;
    errand->answer = answer;
    return errands_start(reader->application->backups, errand, request, reply, error);
}
