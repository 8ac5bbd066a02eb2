#include "echo_later.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bilateral/base/arena.h"
#include "bilateral/http/waker.h"

/* What worker and thread share; whoever lets go last frees it. */
struct task {
    atomic_int users;
    atomic_bool closed;
    struct waker *waker;
    pthread_mutex_t lock; /* of the waker: after close it is not to be touched */
    long milliseconds;
    atomic_long made;
    long wanted;
    long sent;
    bool fails;
};

static atomic_int open_tasks;
static atomic_int closed_twice;

static void let_go(struct task *task)
{
    if (atomic_fetch_sub(&task->users, 1) == 1) {
        pthread_mutex_destroy(&task->lock);
        free(task);
    }
}

static void *work(void *context)
{
    struct task *task = context;
    const struct timespec time = {task->milliseconds / 1000, task->milliseconds % 1000 * 1000000};
    while (atomic_load(&task->made) < task->wanted && !atomic_load(&task->closed)) {
        nanosleep(&time, NULL);
        atomic_fetch_add(&task->made, 1);
        pthread_mutex_lock(&task->lock);
        waker_wake(task->waker);
        pthread_mutex_unlock(&task->lock);
    }
    let_go(task);
    return NULL;
}

static void close_task(void *context)
{
    struct task *task = context;
    atomic_fetch_sub(&open_tasks, 1);
    if (atomic_exchange(&task->closed, true))
        atomic_fetch_add(&closed_twice, 1);
    pthread_mutex_lock(&task->lock);
    task->waker = NULL;
    pthread_mutex_unlock(&task->lock);
    let_go(task);
}

static long number(const struct request *request, const char *name, long otherwise)
{
    const char *value = request_parameter(request, name);
    return value ? strtol(value, NULL, 10) : otherwise;
}

/* `threads` 0: nobody will ever wake it. */
static struct task *begin(const struct request *request, int threads)
{
    struct task *task = memory_alloc(sizeof *task);
    *task = (struct task){
        .waker = request->waker,
        .milliseconds = number(request, "ms", 100),
        .wanted = number(request, "count", 1),
        .fails = request_parameter(request, "fail") != NULL,
    };
    atomic_init(&task->users, 1 + threads);
    pthread_mutex_init(&task->lock, NULL);
    atomic_fetch_add(&open_tasks, 1);
    pthread_t thread;
    if (threads && pthread_create(&thread, NULL, work, task) == 0)
        pthread_detach(thread);
    return task;
}

static bool is_made(void *context)
{
    struct task *task = context;
    return atomic_load(&task->made) > task->sent;
}

static bool finish(void *context, void *worker, struct request *request, struct reply *reply,
                   struct error *error)
{
    (void)worker;
    const struct task *task = context;
    if (task->fails)
        return error_set(error, ERROR_CONFLICT, "it went wrong later");
    reply->content_type = "text/plain";
    buffer_printf(&reply->body, "%s after %ld ms\n", request->path, task->milliseconds);
    return true;
}

bool late(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)error;
    reply->later = (struct reply_later){is_made, finish, close_task, begin(request, 1)};
    return true;
}

static ssize_t read_task(void *context, char *bytes, size_t size)
{
    struct task *task = context;
    if (task->sent == task->wanted)
        return 0;
    if (!is_made(task))
        return REPLY_LATER;
    return snprintf(bytes, size, "%ld\n", ++task->sent);
}

bool trickle(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)error;
    bool blind = request_parameter(request, "blind") != NULL;
    reply->content_type = "text/plain";
    reply->stream =
        (struct reply_stream){read_task, close_task, begin(request, 1), blind ? NULL : is_made};
    return true;
}

bool never(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)error;
    struct task *task = begin(request, 0);
    reply->content_type = "text/plain";
    if (request_parameter(request, "late"))
        reply->later = (struct reply_later){is_made, finish, close_task, task};
    else
        reply->stream = (struct reply_stream){read_task, close_task, task, is_made};
    return true;
}

bool waiting(void *worker, struct request *request, struct reply *reply, struct error *error)
{
    (void)worker, (void)request, (void)error;
    reply->content_type = "text/plain";
    buffer_printf(&reply->body, "%d %d\n", atomic_load(&open_tasks), atomic_load(&closed_twice));
    return true;
}
