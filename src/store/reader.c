#include "reader.h"

#include <string.h>

#include "bilateral/base/clock.h"

/* How many of the engine's steps, some ten microseconds' worth, pass between looks at the clock. */
enum { BUDGET_STEPS = 1000 };

/* The text index opens its table as if it made it: that much is let through. It cannot write, and
 * the schema of a defensive handle cannot be updated anyway. */
static int allow_reading(void *context, int action, const char *one, const char *two,
                         const char *database, const char *trigger)
{
    (void)context, (void)database, (void)trigger;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
        return SQLITE_OK;
    case SQLITE_UPDATE:
        return strcmp(one, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_PRAGMA: /* asked for by the text index, then by a start; none may be set */
        return !two && (strcmp(one, "data_version") == 0 || strcmp(one, "journal_mode") == 0 ||
                        strcmp(one, "application_id") == 0 || strcmp(one, "user_version") == 0)
                   ? SQLITE_OK
                   : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

void reader_guard(sqlite3 *database)
{
    sqlite3_set_authorizer(database, allow_reading, NULL);
}

static int is_late(void *context)
{
    struct reader_budget *budget = context;
    int64_t worked = budget->work || budget->trial || budget->awaited ? clock_work() : 0;
    if (budget->awaited)
        budget->trial = worked + budget->awaited;
    budget->awaited = 0;
    budget->gave_up |= budget->trial && worked >= budget->trial;
    return budget->gave_up || clock_now() > budget->deadline ||
           (budget->work && worked > budget->work);
}

void reader_set_budget(sqlite3 *database, struct reader_budget *budget, int milliseconds)
{
    *budget = (struct reader_budget){.deadline = clock_now() + milliseconds * INT64_C(1000)};
    sqlite3_progress_handler(database, milliseconds ? BUDGET_STEPS : 0, is_late, budget);
}

void reader_cut_budget(struct reader_budget *budget, int milliseconds)
{
    budget->work = clock_work() + milliseconds * INT64_C(1000);
}

void reader_try_budget(struct reader_budget *budget, int milliseconds)
{
    budget->awaited = milliseconds * INT64_C(1000);
}
