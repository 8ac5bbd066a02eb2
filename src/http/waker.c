#include "bilateral/http/waker.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bilateral/base/arena.h"

struct waker {
    int descriptor;
    atomic_bool rung; /* the descriptor was written to, or is about to be */
};

struct waker *waker_create(void)
{
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptor < 0)
        return NULL;
    struct waker *waker = memory_alloc(sizeof *waker);
    waker->descriptor = descriptor;
    atomic_init(&waker->rung, false);
    return waker;
}

void waker_destroy(struct waker *waker)
{
    if (!waker)
        return;
    close(waker->descriptor);
    free(waker);
}

void waker_wake(struct waker *waker)
{
    const uint64_t one = 1;
    if (waker && !atomic_exchange(&waker->rung, true))
        (void)!write(waker->descriptor, &one, sizeof one);
}

int waker_descriptor(const struct waker *waker)
{
    return waker->descriptor;
}

/* In this order: who rings in between finds the flag set and does not write, but the exchange
 * makes what he did visible to what we look at next. */
void waker_clear(struct waker *waker)
{
    uint64_t ignored;
    (void)!read(waker->descriptor, &ignored, sizeof ignored);
    atomic_exchange(&waker->rung, false);
}
