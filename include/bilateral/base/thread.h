/*
 * thread - starts threads that leave the signals to the main thread, which waits for them.
 *
 *     int fault = thread_start(&worker->thread, run, worker);
 *     if (fault)
 *         ... strerror(fault)
 */
#ifndef BILATERAL_BASE_THREAD_H
#define BILATERAL_BASE_THREAD_H

#include <pthread.h>

/* All signals are blocked in it. Returns 0, or the errno with which there is no thread. */
int thread_start(pthread_t *ret, void *(*run)(void *context), void *context);

#endif
