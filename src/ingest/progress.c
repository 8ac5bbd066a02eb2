#include "bilateral/ingest/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "bilateral/base/clock.h"
#include "bilateral/base/log.h"

enum {
    QUIET = 500 * 1000, /* microseconds, as the next two */
    REDRAW = 100 * 1000,
    LOG_EVERY = 5 * 1000 * 1000,
    WIDTH = 40,
};

void progress_begin(struct progress *progress)
{
    int64_t start = clock_now();
    *progress = (struct progress){
        .terminal = isatty(STDERR_FILENO),
        .started = start,
        .last = start,
    };
}

static void draw(size_t done, size_t total)
{
    char bar[WIDTH + 1];
    size_t full = total ? done * WIDTH / total : 0;
    for (size_t i = 0; i < WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\rIngesting [%s] %zu of %zu", bar, done, total);
    fflush(stderr);
}

void progress_show(void *context, size_t done, size_t total)
{
    struct progress *progress = context;
    int64_t time = clock_now();
    bool due = time - progress->started > QUIET &&
               time - progress->last > (progress->terminal ? REDRAW : LOG_EVERY);
    if (!due)
        return;
    progress->last = time;
    progress->shown = true;
    if (progress->terminal)
        draw(done, total);
    else
        log_message(LOG_INFO, "ingesting", "%zu of %zu records", done, total);
}

void progress_end(struct progress *progress)
{
    if (progress->terminal && progress->shown)
        fputs("\r\033[K", stderr);
}
