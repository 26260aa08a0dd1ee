/* SPDX-License-Identifier: MIT */
#include "background/tithe-task.h"

#include <gio/gio.h>
#include <pthread.h>

/* What the thread does next is up to the test. */
typedef struct
{
  pthread_mutex_t mutex;
  pthread_cond_t cond;
  gboolean may_end, ended;
  GThread *func_thread, *news_thread, *done_thread;
  guint n_news, n_done, n_freed, freed_of_news;
  gboolean cancelled;
  TitheTask *task; /* (nullable): that done lets go of */
} Log;

static void
log_init (Log *log)
{
  *log = (Log){ 0 };
  pthread_mutex_init (&log->mutex, NULL);
  pthread_cond_init (&log->cond, NULL);
}

static void
log_clear (Log *log)
{
  pthread_mutex_destroy (&log->mutex);
  pthread_cond_destroy (&log->cond);
}

static void
let_end (Log *log)
{
  pthread_mutex_lock (&log->mutex);
  log->may_end = TRUE;
  pthread_cond_broadcast (&log->cond);
  pthread_mutex_unlock (&log->mutex);
}

static void
wait_for_end (Log *log)
{
  pthread_mutex_lock (&log->mutex);
  while (!log->ended)
    pthread_cond_wait (&log->cond, &log->mutex);
  pthread_mutex_unlock (&log->mutex);
}

static void
on_news (gpointer owner, gpointer news)
{
  Log *log = news;

  g_assert_true (G_IS_OBJECT (owner));
  log->news_thread = g_thread_self ();
  g_assert_cmpuint (log->n_done, ==, 0);
  log->n_news++;
}

static void
news_freed (gpointer news)
{
  ((Log *) news)->freed_of_news++;
}

static gboolean
work (TitheTask *task, gpointer data, GError **error)
{
  Log *log = data;
  gboolean ok;

  log->func_thread = g_thread_self ();
  tithe_task_tell (task, on_news, log, news_freed);
  pthread_mutex_lock (&log->mutex);
  while (!log->may_end)
    pthread_cond_wait (&log->cond, &log->mutex);
  pthread_mutex_unlock (&log->mutex);
  ok = tithe_job_check (tithe_task_get_job (task), error);
  tithe_task_tell (task, on_news, log, news_freed);
  pthread_mutex_lock (&log->mutex);
  log->cancelled = !ok;
  log->ended = TRUE;
  pthread_cond_broadcast (&log->cond);
  pthread_mutex_unlock (&log->mutex);
  return ok;
}

static void
on_done (gpointer owner, gpointer data, const GError *error)
{
  Log *log = data;

  log->done_thread = g_thread_self ();
  log->n_done++;
  g_assert_cmpuint (log->n_freed, ==, 0);
  g_assert_true ((error != NULL) == log->cancelled);
  if (log->task != NULL)
    tithe_task_drop (&log->task);
}

static void
work_freed (gpointer data)
{
  ((Log *) data)->n_freed++;
}

static void
iterate_until (const guint *n, guint wanted)
{
  while (*n < wanted)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_delivers_in_the_main_thread_and_in_order (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  TitheTask *task;
  Log log;

  log_init (&log);
  task = tithe_task_begin (owner, "Work", work, &log, work_freed, on_done);
  iterate_until (&log.n_news, 1);
  g_assert_false (tithe_task_is_over (task));
  let_end (&log);
  iterate_until (&log.n_freed, 1);
  g_assert_true (tithe_task_is_over (task));
  g_assert_cmpuint (log.n_news, ==, 2);
  g_assert_cmpuint (log.freed_of_news, ==, 2);
  g_assert_cmpuint (log.n_done, ==, 1);
  g_assert_true (log.news_thread == g_thread_self () && log.done_thread == g_thread_self ());
  g_assert_true (log.func_thread != g_thread_self ());
  tithe_task_drop (&task);
  g_assert_null (task);
  log_clear (&log);
}

/* g_main_context_invoke() would call in the worker: nobody runs the context while the thread ends. */
static void
test_nothing_is_delivered_while_nobody_runs_the_main_context (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  TitheTask *task;
  Log log;

  log_init (&log);
  task = tithe_task_begin (owner, "Work", work, &log, work_freed, on_done);
  let_end (&log);
  wait_for_end (&log);
  g_usleep (1000); /* the last thing that the thread does comes after its word that it ended */
  g_assert_cmpuint (log.n_news + log.n_done + log.n_freed, ==, 0);
  iterate_until (&log.n_freed, 1);
  g_assert_cmpuint (log.n_done, ==, 1);
  tithe_task_drop (&task);
  log_clear (&log);
}

static void
test_a_dropped_task_is_cancelled_and_says_nothing (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  TitheTask *task;
  Log log;

  log_init (&log);
  task = tithe_task_begin (owner, "Work", work, &log, work_freed, on_done);
  tithe_task_drop (&task);
  let_end (&log);
  iterate_until (&log.n_freed, 1);
  g_assert_true (log.cancelled);
  g_assert_cmpuint (log.n_news + log.n_done, ==, 0);
  g_assert_cmpuint (log.freed_of_news, ==, 2);
  log_clear (&log);
}

static void
test_an_owner_that_is_gone_hears_nothing (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  TitheTask *task;
  Log log;

  log_init (&log);
  task = tithe_task_begin (owner, "Work", work, &log, work_freed, on_done);
  g_object_unref (owner);
  let_end (&log);
  iterate_until (&log.n_freed, 1);
  g_assert_true (log.cancelled);
  g_assert_cmpuint (log.n_news + log.n_done, ==, 0);
  tithe_task_drop (&task);
  log_clear (&log);
}

static void
test_a_cancelled_task_says_so (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  TitheTask *task;
  Log log;

  log_init (&log);
  task = tithe_task_begin (owner, "Work", work, &log, work_freed, on_done);
  tithe_task_cancel (task);
  let_end (&log);
  iterate_until (&log.n_freed, 1);
  g_assert_true (log.cancelled);
  g_assert_cmpuint (log.n_done, ==, 1);
  tithe_task_drop (&task);
  log_clear (&log);
}

static void
test_the_end_may_let_go_of_the_task (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  Log log;

  log_init (&log);
  log.task = tithe_task_begin (owner, "Work", work, &log, work_freed, on_done);
  let_end (&log);
  iterate_until (&log.n_freed, 1);
  g_assert_null (log.task);
  g_assert_false (log.cancelled);
  log_clear (&log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/task/delivers-in-the-main-thread-and-in-order", test_delivers_in_the_main_thread_and_in_order);
  g_test_add_func ("/task/nothing-is-delivered-while-nobody-runs-the-main-context",
                   test_nothing_is_delivered_while_nobody_runs_the_main_context);
  g_test_add_func ("/task/a-dropped-task-is-cancelled-and-says-nothing",
                   test_a_dropped_task_is_cancelled_and_says_nothing);
  g_test_add_func ("/task/an-owner-that-is-gone-hears-nothing", test_an_owner_that_is_gone_hears_nothing);
  g_test_add_func ("/task/a-cancelled-task-says-so", test_a_cancelled_task_says_so);
  g_test_add_func ("/task/the-end-may-let-go-of-the-task", test_the_end_may_let_go_of_the_task);
  return g_test_run ();
}
