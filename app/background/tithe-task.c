/* SPDX-License-Identifier: MIT */
#include "tithe-task.h"

#include <sys/resource.h>
#include <unistd.h>

#define NICE 10

/* The thread sees its function, its work, the job and the context; all else belongs to the main context. */
struct _TitheTask
{
  GMainContext *context;
  TitheJob *job;
  TitheTaskFunc func;
  gpointer work;
  GDestroyNotify free_work;
  GError *error; /* of the thread, until it ends */
  int n_told;    /* atomic: orders what the thread did before what the main context sees, also for ThreadSanitizer */

  GObject *owner; /* (not owned) (nullable): once it is gone, or dropped the task */
  TitheTaskDoneFunc done;
  gboolean over;
};

typedef struct
{
  TitheTask *task;
  TitheTaskNewsFunc func;
  gpointer data;
  GDestroyNotify free_data;
} News;

static void
tithe_task_clear (gpointer data)
{
  TitheTask *self = data;

  g_main_context_unref (self->context);
  tithe_job_unref (self->job);
  g_clear_error (&self->error);
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

/* Not g_main_context_invoke(): that calls at once, in this thread, where nobody runs the context at the moment. */
static void
deliver (TitheTask *self, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_atomic_int_inc (&self->n_told);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, notify);
  g_source_set_static_name (source, "tithe-task");
  g_source_attach (source, self->context);
}

static gboolean
finish (gpointer data)
{
  TitheTask *self = data;
  g_autoptr (GObject) owner = self->owner ? g_object_ref (self->owner) : NULL;

  g_atomic_int_get (&self->n_told);
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
  deliver (self, finish, self, finish_free);
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
  News *news = data;

  g_atomic_int_get (&news->task->n_told);
  if (news->task->owner != NULL)
    {
      g_autoptr (GObject) owner = g_object_ref (news->task->owner);

      news->func (owner, news->data);
    }
  return G_SOURCE_REMOVE;
}

static void
news_free (gpointer data)
{
  News *news = data;

  if (news->free_data != NULL)
    news->free_data (news->data);
  tithe_task_unref (news->task);
  g_free (news);
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

  *told = (News){ g_atomic_rc_box_acquire (self), func, news, free_news };
  deliver (self, receive, told, news_free);
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
