/* SPDX-License-Identifier: MIT */
#include "tithe-job.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>

/* Microseconds until the pace of a stage tells something. */
#define SETTLING (2 * G_USEC_PER_SEC)

struct _TitheJob
{
  char *title;
  GCancellable *cancellable;
  TitheJob *whole; /* (nullable): what it is a part of */

  pthread_mutex_t mutex; /* guards what follows */
  char *stage;
  guint64 done;
  guint64 total;
  gint64 started; /* monotonic, microseconds */
};

/**
 * tithe_job_new:
 * @title: what the work is, for a person to read
 *
 * Returns: (transfer full): a job that has not started
 */
TitheJob *
tithe_job_new (const char *title)
{
  TitheJob *self = g_atomic_rc_box_new0 (TitheJob);

  self->title = g_strdup (title);
  self->cancellable = g_cancellable_new ();
  pthread_mutex_init (&self->mutex, NULL);
  self->started = g_get_monotonic_time ();
  return self;
}

/**
 * tithe_job_new_part:
 * @whole: (nullable): a job
 *
 * Work that several threads do for one job: each part has stages of its own, is cancelled with the whole, and what it
 * advances by the whole advances by, too.
 *
 * Returns: (transfer full): a job
 */
TitheJob *
tithe_job_new_part (TitheJob *whole)
{
  TitheJob *self = tithe_job_new (whole ? whole->title : NULL);

  if (whole == NULL)
    return self;
  g_set_object (&self->cancellable, whole->cancellable);
  self->whole = tithe_job_ref (whole);
  return self;
}

TitheJob *
tithe_job_ref (TitheJob *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tithe_job_clear (gpointer data)
{
  TitheJob *self = data;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->whole, tithe_job_unref);
  pthread_mutex_destroy (&self->mutex);
  g_free (self->stage);
  g_free (self->title);
}

void
tithe_job_unref (TitheJob *self)
{
  g_atomic_rc_box_release_full (self, tithe_job_clear);
}

const char *
tithe_job_get_title (TitheJob *self)
{
  return self->title;
}

GCancellable *
tithe_job_get_cancellable (TitheJob *self)
{
  return self->cancellable;
}

void
tithe_job_cancel (TitheJob *self)
{
  g_cancellable_cancel (self->cancellable);
}

/**
 * tithe_job_is_cancelled:
 * @self: (nullable): a job, or %NULL for work that nobody watches
 */
gboolean
tithe_job_is_cancelled (TitheJob *self)
{
  return self != NULL && g_cancellable_is_cancelled (self->cancellable);
}

/**
 * tithe_job_check:
 * @self: (nullable): a job
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED where the job was cancelled
 */
gboolean
tithe_job_check (TitheJob *self, GError **error)
{
  return self == NULL || !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/**
 * tithe_job_start:
 * @self: (nullable): a job
 * @stage: what is being done now, for a person to read
 * @total: how many units of work this stage has, 0 where that is not known
 *
 * Begins a stage; fraction and ETA start anew.
 */
void
tithe_job_start (TitheJob *self, const char *stage, guint64 total)
{
  if (self == NULL)
    return;
  pthread_mutex_lock (&self->mutex);
  g_free (self->stage);
  self->stage = g_strdup (stage);
  self->done = 0;
  self->total = total;
  self->started = g_get_monotonic_time ();
  pthread_mutex_unlock (&self->mutex);
}

void
tithe_job_advance (TitheJob *self, guint64 amount)
{
  if (self == NULL)
    return;
  pthread_mutex_lock (&self->mutex);
  self->done += amount;
  pthread_mutex_unlock (&self->mutex);
  tithe_job_advance (self->whole, amount);
}

char *
tithe_job_dup_stage (TitheJob *self)
{
  char *stage;

  pthread_mutex_lock (&self->mutex);
  stage = g_strdup (self->stage ? self->stage : self->title);
  pthread_mutex_unlock (&self->mutex);
  return stage;
}

/**
 * tithe_job_get_fraction:
 *
 * Returns: the share of the stage that is done, 0 to 1, or -1 where it is not known
 */
double
tithe_job_get_fraction (TitheJob *self)
{
  double fraction;

  pthread_mutex_lock (&self->mutex);
  fraction = self->total > 0 ? MIN (1.0, (double) self->done / (double) self->total) : -1.0;
  pthread_mutex_unlock (&self->mutex);
  return fraction;
}

/**
 * tithe_job_get_eta:
 *
 * Returns: seconds that the stage will still take at its pace so far, or -1 where that is not known yet
 */
double
tithe_job_get_eta (TitheJob *self)
{
  double eta = -1.0;

  pthread_mutex_lock (&self->mutex);
  if (self->total > 0 && self->done > 0)
    {
      double spent = (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;

      eta = spent * (double) (self->total - MIN (self->done, self->total)) / (double) self->done;
    }
  pthread_mutex_unlock (&self->mutex);
  return eta;
}

/**
 * tithe_job_dup_left:
 *
 * Returns: (transfer full): what the stage will still take, such as “40 s left” or “2.5 h left”; nothing where it is less
 *   than a second, or not known well yet
 */
char *
tithe_job_dup_left (TitheJob *self)
{
  const double eta = tithe_job_get_eta (self);
  gboolean early;

  pthread_mutex_lock (&self->mutex);
  early = g_get_monotonic_time () - self->started < SETTLING;
  pthread_mutex_unlock (&self->mutex);
  if (early || eta < 1)
    return g_strdup ("");
  if (eta < 99.5)
    return g_strdup_printf (_("%.0f s left"), eta);
  if (eta < 99.5 * 60)
    return g_strdup_printf (_("%.0f min left"), eta / 60);
  return g_strdup_printf (_("%.1f h left"), eta / 3600);
}
