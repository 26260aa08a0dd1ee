/* SPDX-License-Identifier: MIT */
#include "tithe-task.h"

#include <gio/gio.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#define NICE 10

/* What the thread has to say, to be called with the owner. */
typedef struct
{
  TitheTaskNewsFunc func;
  gpointer data;
  GDestroyNotify free_data;
} News;

/* The thread sees its function, its work, the job and what the mutex guards; all else belongs to the main context. */
struct _TitheTask
{
  GMainContext *context;
  TitheJob *job;
  TitheTaskFunc func;
  gpointer work;
  GDestroyNotify free_work;
  GError *error; /* the thread's until it ends, then the main context's */

  pthread_mutex_t mutex; /* guards what follows, and orders what the thread did before what is done with it */
  GQueue *told;          /* of News, the oldest first: one for each source that waits in the context */

  GObject *owner; /* (not owned) (nullable): once it is gone, or dropped the task */
  TitheTaskDoneFunc done;
  gboolean over;
};

static void
news_free (gpointer data)
{
  News *news = data;

  if (news->free_data != NULL)
    news->free_data (news->data);
  g_free (news);
}

static void
tithe_task_clear (gpointer data)
{
  TitheTask *self = data;

  g_main_context_unref (self->context);
  tithe_job_unref (self->job);
  g_clear_error (&self->error);
  g_queue_free_full (self->told, news_free);
  pthread_mutex_destroy (&self->mutex);
}

static void
tithe_task_unref (TitheTask *self)
{
  g_atomic_rc_box_release_full (self, tithe_task_clear);
}

static void
on_owner_gone (gpointer data, GObject *owner)
{
  TitheTask *self = data;

  self->owner = NULL;
  tithe_job_cancel (self->job);
}

static void
forget_owner (TitheTask *self)
{
  if (self->owner != NULL)
    g_object_weak_unref (self->owner, on_owner_gone, self);
  self->owner = NULL;
}

/*
 * Has func called in the main context, after news (nullable) were put where it finds them. The mutex is held until the
 * source is attached: whoever takes it in func sees what this thread did before, and that it is done with the task.
 *
 * Not g_main_context_invoke(): that calls at once, in this thread, where nobody runs the context at the moment.
 */
static void
deliver (TitheTask *self, News *news, GSourceFunc func, GDestroyNotify notify)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, self, notify);
  g_source_set_static_name (source, "tithe-task");
  pthread_mutex_lock (&self->mutex);
  if (news != NULL)
    g_queue_push_tail (self->told, news);
  g_source_attach (source, self->context);
  pthread_mutex_unlock (&self->mutex);
}

/* The oldest news that was told, (transfer full) (nullable). */
static News *
take_news (TitheTask *self)
{
  News *news;

  pthread_mutex_lock (&self->mutex);
  news = g_queue_pop_head (self->told);
  pthread_mutex_unlock (&self->mutex);
  return news;
}

/* Waits until the thread, whose function has returned, has let go of the task. */
static void
await_thread (TitheTask *self)
{
  pthread_mutex_lock (&self->mutex);
  pthread_mutex_unlock (&self->mutex);
}

static gboolean
finish (gpointer data)
{
  TitheTask *self = data;
  g_autoptr (GObject) owner = self->owner ? g_object_ref (self->owner) : NULL;

  await_thread (self);
  self->over = TRUE;
  forget_owner (self);
  if (owner != NULL)
    self->done (owner, self->work, self->error);
  return G_SOURCE_REMOVE;
}

/* Also where the context goes before it came to finish(). */
static void
finish_free (gpointer data)
{
  TitheTask *self = data;

  await_thread (self);
  forget_owner (self);
  if (self->free_work != NULL)
    self->free_work (self->work);
  tithe_task_unref (self);
}

static gpointer
run (gpointer data)
{
  TitheTask *self = data;

  self->func (self, self->work, &self->error);
  deliver (self, NULL, finish, finish_free);
  return NULL;
}

/**
 * tithe_task_begin:
 * @owner: (type GObject): whom it is for; not kept alive
 * @title: of the job, for a person to read
 * @func: what is done in the thread
 * @work: (transfer full): for @func, and then for @done
 * @free_work: (nullable): frees it, in the main context, after @done
 * @done: called in the main context when @func has returned
 *
 * Each task has a thread of its own: some take hours, and GLib's pool, which file dialogs need, has ten.
 *
 * Returns: (transfer full): until tithe_task_drop()
 */
TitheTask *
tithe_task_begin (gpointer owner, const char *title, TitheTaskFunc func, gpointer work, GDestroyNotify free_work,
                  TitheTaskDoneFunc done)
{
  TitheTask *self;

  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);
  g_return_val_if_fail (func != NULL && done != NULL, NULL);

  self = g_atomic_rc_box_new0 (TitheTask);
  self->context = g_main_context_ref_thread_default ();
  self->job = tithe_job_new (title);
  pthread_mutex_init (&self->mutex, NULL);
  self->told = g_queue_new ();
  self->func = func;
  self->work = work;
  self->free_work = free_work;
  self->done = done;
  self->owner = owner;
  g_object_weak_ref (self->owner, on_owner_gone, self);
  g_atomic_rc_box_acquire (self); /* the thread's, given up in finish_free() */
  g_thread_unref (g_thread_new ("tithe-task", run, self));
  return self;
}

/* tithe_task_get_job: (transfer none): how far it is, and what cancels it; for any thread. */
TitheJob *
tithe_task_get_job (TitheTask *self)
{
  return self->job;
}

static gboolean
receive (gpointer data)
{
  TitheTask *self = data;
  News *news = take_news (self);

  if (self->owner != NULL)
    {
      g_autoptr (GObject) owner = g_object_ref (self->owner);

      news->func (owner, news->data);
    }
  news_free (news);
  return G_SOURCE_REMOVE;
}

static void
receive_free (gpointer data)
{
  tithe_task_unref (data);
}

/**
 * tithe_task_tell:
 * @func: called in the main context, unless the owner is gone or dropped the task by then
 * @news: (transfer full): for @func
 * @free_news: (nullable): frees it, in the main context
 *
 * Called in the thread.
 */
void
tithe_task_tell (TitheTask *self, TitheTaskNewsFunc func, gpointer news, GDestroyNotify free_news)
{
  News *told = g_new (News, 1);

  *told = (News){ func, news, free_news };
  deliver (g_atomic_rc_box_acquire (self), told, receive, receive_free);
}

/**
 * tithe_task_be_nice:
 *
 * Called in the thread, by work that takes minutes: the window comes first. Threads that it begins inherit it.
 */
void
tithe_task_be_nice (TitheTask *self)
{
  setpriority (PRIO_PROCESS, (id_t) gettid (), NICE);
}

/* tithe_task_is_over: whether @done was called, or is being called; for the main context. */
gboolean
tithe_task_is_over (TitheTask *self)
{
  return self->over;
}

/**
 * tithe_task_is_failure:
 * @error: (nullable): that a task ended with
 *
 * Returns: whether a person is to be told: not of their own cancelling
 */
gboolean
tithe_task_is_failure (const GError *error)
{
  return error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/**
 * tithe_task_cancel:
 *
 * Asks the work to end; what it came to is delivered.
 */
void
tithe_task_cancel (TitheTask *self)
{
  tithe_job_cancel (self->job);
}

/**
 * tithe_task_drop:
 * @place: (inout) (nullable): a task, %NULL afterwards
 *
 * Lets go of a task. One that is not over is cancelled, and delivers nothing any more.
 */
void
tithe_task_drop (TitheTask **place)
{
  TitheTask *self = g_steal_pointer (place);

  if (self == NULL)
    return;
  if (!self->over)
    tithe_job_cancel (self->job);
  forget_owner (self);
  tithe_task_unref (self);
}
