/*
 * waker - makes a worker of the server look again at what its replies wait for.
 *
 *     context->done = true;                     on any thread, behind a lock or an atomic
 *     waker_wake(context->waker);               kept from request->waker
 *
 * What was written before the call is seen by whatever the worker then asks. Waking is cheap, and
 * many calls in a row are one. A waker lives as long as its server: who keeps one must let go of it
 * when the reply's context is closed, for which the reply gives a callback.
 */
#ifndef BILATERAL_HTTP_WAKER_H
#define BILATERAL_HTTP_WAKER_H

struct waker;

/* NULL where there is no descriptor left for it. */
struct waker *waker_create(void);
void waker_destroy(struct waker *waker); /* NULL is fine */

/* Any thread; NULL does nothing, for without a server nobody sleeps. */
void waker_wake(struct waker *waker);

/* For the one who sleeps: a descriptor that is readable once it was woken, and what makes it wait
 * for the next time. */
int waker_descriptor(const struct waker *waker);
void waker_clear(struct waker *waker);

#endif
