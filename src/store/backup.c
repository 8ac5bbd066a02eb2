#include "bilateral/store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bilateral/base/buffer.h"
#include "bilateral/store/migrate.h"
#include "bilateral/store/revision.h"
#include "handle.h"

enum { PAGES_A_STEP = 1024, PAUSE_MILLISECONDS = 10, PATIENCE = 500, DAY_SECONDS = 86400 };

static bool fail_on_disk(const char *what, struct error *error)
{
    int cause = errno;
    bool full = cause == ENOSPC || cause == EDQUOT;
    return error_set(error,
                     cause == EEXIST ? ERROR_CONFLICT
                     : full          ? ERROR_STORAGE_FULL
                                     : ERROR_UNAVAILABLE,
                     "%s: %s.", what, strerror(cause));
}

/* A transaction holds its state from its first read on. */
static bool hold_state(struct store *from, struct error *error)
{
    struct revision ignored;
    if (!store_begin_read(from, error))
        return false;
    store_extend_read(from, DAY_SECONDS);
    return revision_read(from, &ignored, error);
}

/* A state is held, so what is written meanwhile does not make it begin again. */
static bool copy_pages(struct store *from, struct store *copy, struct error *error)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy->database, "main", from->database, "main");
    if (!backup)
        return store_fail(copy, sqlite3_errcode(copy->database), error);
    int code = SQLITE_OK;
    for (int pauses = 0; pauses < PATIENCE;) {
        code = sqlite3_backup_step(backup, PAGES_A_STEP);
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
            sqlite3_sleep(PAUSE_MILLISECONDS);
            pauses++;
        } else if (code != SQLITE_OK) {
            break;
        }
    }
    sqlite3_backup_finish(backup);
    return code == SQLITE_DONE || store_fail(copy, code, error);
}

static bool answers(struct store *copy, const char *sql, const char *wanted, struct error *error)
{
    struct statement *ask = store_prepare(copy, sql, error);
    bool row;
    if (!statement_step(ask, &row, error))
        return false;
    const char *text = row ? statement_text(ask, 0) : NULL;
    bool good = text && strcmp(text, wanted) == 0;
    if (!good) {
        error_set(error, ERROR_INTERNAL, "The copy is not sound; so the store may not be.");
        snprintf(error->cause, sizeof error->cause, "%s: %s", sql, text ? text : "nothing");
    }
    statement_reset(ask);
    return good;
}

/*
 * Any schema will do that has a text index: somebody may want a copy before a newer program migrates.
 * As a file with a rollback journal it needs no other files beside it, and can be read anywhere.
 */
static bool check_copy(struct store *copy, struct error *error)
{
    char application[16];
    snprintf(application, sizeof application, "%d", (int)MIGRATE_APPLICATION_ID);
    return answers(copy, "PRAGMA journal_mode = DELETE", "delete", error) &&
           answers(copy, "PRAGMA application_id", application, error) &&
           answers(copy, "SELECT user_version > 1\nFROM pragma_user_version", "1", error) &&
           answers(copy, "PRAGMA integrity_check(1)", "ok", error) &&
           store_run_script(
               copy, "INSERT INTO search_index (search_index) VALUES ('integrity-check')", error);
}

/* Nobody knows the file yet, so it needs no journal; it is put on the disk when it is whole. */
static bool fill(struct store *from, const char *path, struct error *error)
{
    struct store *copy;
    if (!store_open(path, STORE_WRITE, &copy, error))
        return false;
    bool good =
        store_run_script(copy, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;", error);
    good = good && hold_state(from, error) && copy_pages(from, copy, error);
    store_end_read(from);
    good = good && check_copy(copy, error);
    store_close(copy);
    return good;
}

static bool sync_path(const char *path, int flags, struct error *error)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (!good)
        fail_on_disk("The backup cannot be put on the disk", error);
    if (fd >= 0)
        close(fd);
    return good;
}

static bool sync_folder(const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/');
    struct buffer folder = {0};
    if (slash)
        buffer_append(&folder, path, slash > path ? (size_t)(slash - path) : 1);
    bool good = sync_path(slash ? buffer_text(&folder) : ".", O_RDONLY | O_DIRECTORY, error);
    buffer_finish(&folder);
    return good;
}

/* A link, because it never takes the name from another file. */
static bool give_name(const char *path, const char *to, struct error *error)
{
    if (link(path, to) != 0)
        return fail_on_disk("The backup cannot get its name", error);
    if (sync_folder(to, error))
        return true;
    unlink(to);
    return false;
}

/* Where `to` is a folder: a name that tells the time. */
static void put_path(const char *to, struct buffer *path)
{
    struct stat status;
    buffer_puts(path, to);
    if (stat(to, &status) != 0 || !S_ISDIR(status.st_mode))
        return;
    struct tm utc;
    char name[40];
    time_t now = time(NULL);
    gmtime_r(&now, &utc);
    strftime(name, sizeof name, "bilateral-%Y%m%dT%H%M%SZ.sqlite3", &utc);
    buffer_put_all(path, "/", name, NULL);
}

static bool make(struct store *from, const char *to, struct error *error)
{
    struct buffer path = {0};
    buffer_put_all(&path, to, ".XXXXXX", NULL);
    int fd = mkstemp(path.data);
    bool good = fd >= 0 || fail_on_disk("The backup cannot be made there", error);
    if (fd >= 0)
        close(fd);
    good = good && fill(from, path.data, error) && sync_path(path.data, O_RDONLY, error) &&
           give_name(path.data, to, error);
    if (fd >= 0)
        unlink(path.data);
    buffer_finish(&path);
    return good;
}

bool store_backup(struct store *from, const char *to, struct buffer *ret_path, struct error *error)
{
    put_path(to, ret_path);
    errno = EEXIST;
    if (access(ret_path->data, F_OK) == 0)
        return fail_on_disk("The backup would overwrite a file", error);
    return make(from, ret_path->data, error);
}
