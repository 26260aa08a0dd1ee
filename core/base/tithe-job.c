/* SPDX-License-Identifier: MIT */
#include "tithe-job.h"
#include "tithe-pace.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>

/* Microseconds until the pace of a stage tells something. */
#define SETTLING (2 * G_USEC_PER_SEC)

struct _TitheJob
{
  char *title;
  GCancellable *cancellable;
  TitheJob *whole; /* (nullable): what it is a part of */
  guint64 share;   /* of the whole, in its units */
  gboolean scaled; /* whether its units are its own, of which the share is made */

  pthread_mutex_t mutex; /* guards what follows; a part's is taken before its whole's, never both at once */
  guint n_parts;         /* that are alive: while there are any, they alone count */
  guint64 passed_on;     /* to the whole, at most the share */
  char *stage;
  guint64 done;
  guint64 total;
  gint64 started; /* monotonic, microseconds */
  TithePace pace; /* of the stage */
};

/* Seconds. */
static double
get_time (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

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
  tithe_pace_begin (&self->pace, 0, get_time ());
  return self;
}

/**
 * tithe_job_new_part:
 * @whole: (nullable): a job, or %NULL for work that nobody watches
 * @share: how much of the whole it is, in units of the whole's stage
 *
 * Work that one thread or one step does for a job. It has stages of its own; what it advances by the whole advances by,
 * too, up to @share and no further. As long as a job has a part, only its parts can advance it, so that nothing is
 * counted twice. It is cancelled with the whole; cancelling it alone leaves the whole and the other parts alone.
 *
 * Returns: (transfer full): a job; the part ends with its last reference
 */
TitheJob *
tithe_job_new_part (TitheJob *whole, guint64 share)
{
  TitheJob *self = tithe_job_new (whole ? whole->title : NULL);

  if (whole == NULL)
    return self;
  self->whole = tithe_job_ref (whole);
  self->share = share;
  pthread_mutex_lock (&whole->mutex);
  whole->n_parts++;
  pthread_mutex_unlock (&whole->mutex);
  return self;
}

/**
 * tithe_job_new_step:
 * @whole: (nullable): a job, or %NULL for work that nobody watches
 * @share: how much of the whole it is, in units of the whole's stage
 *
 * As tithe_job_new_part(), of one stage that counts in units of its own: when half of them are done, half of the share is.
 * The whole says what the step does.
 *
 * Returns: (transfer full): a job; the step ends with its last reference
 */
TitheJob *
tithe_job_new_step (TitheJob *whole, guint64 share)
{
  TitheJob *self = tithe_job_new_part (whole, share);

  self->scaled = TRUE;
  return self;
}

/* tithe_job_ref: (transfer full): @self once more */
TitheJob *
tithe_job_ref (TitheJob *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tithe_job_clear (gpointer data)
{
  TitheJob *self = data;

  if (self->whole != NULL)
    {
      pthread_mutex_lock (&self->whole->mutex);
      self->whole->n_parts--;
      pthread_mutex_unlock (&self->whole->mutex);
    }
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->whole, tithe_job_unref);
  pthread_mutex_destroy (&self->mutex);
  g_free (self->stage);
  g_free (self->title);
}

/* tithe_job_unref: gives a reference up; the last one frees the job */
void
tithe_job_unref (TitheJob *self)
{
  g_atomic_rc_box_release_full (self, tithe_job_clear);
}

/* tithe_job_get_title: (transfer none) (nullable): what the work is, as it was named */
const char *
tithe_job_get_title (TitheJob *self)
{
  return self->title;
}

/* tithe_job_cancel: asks the work, and all its parts, to end; they do when they next look */
void
tithe_job_cancel (TitheJob *self)
{
  g_cancellable_cancel (self->cancellable);
}

/**
 * tithe_job_is_cancelled:
 * @self: (nullable): a job, or %NULL for work that nobody watches
 *
 * Returns: whether it or what it is a part of was cancelled
 */
gboolean
tithe_job_is_cancelled (TitheJob *self)
{
  return self != NULL && (g_cancellable_is_cancelled (self->cancellable) || tithe_job_is_cancelled (self->whole));
}

/**
 * tithe_job_check:
 * @self: (nullable): a job
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED where the job, or what it is a part of, was cancelled
 */
gboolean
tithe_job_check (TitheJob *self, GError **error)
{
  return self == NULL
         || (!g_cancellable_set_error_if_cancelled (self->cancellable, error) && tithe_job_check (self->whole, error));
}

static void
name_stage (TitheJob *self, const char *stage)
{
  pthread_mutex_lock (&self->mutex);
  g_free (self->stage);
  self->stage = g_strdup (stage);
  pthread_mutex_unlock (&self->mutex);
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
  tithe_pace_begin (&self->pace, (double) total, get_time ());
  pthread_mutex_unlock (&self->mutex);
  if (self->scaled && self->whole != NULL)
    name_stage (self->whole, stage);
}

/**
 * tithe_job_expect:
 * @self: (nullable): a job
 * @seconds: that the stage takes, as far as that is known before
 *
 * To be called when the stage has begun. The time left is told from that until the stage's own pace is known better.
 */
void
tithe_job_expect (TitheJob *self, double seconds)
{
  if (self == NULL)
    return;
  pthread_mutex_lock (&self->mutex);
  tithe_pace_expect (&self->pace, seconds);
  pthread_mutex_unlock (&self->mutex);
}

/* What of the whole is to be passed on for @amount more. The mutex is held. */
static guint64
get_worth (TitheJob *self, guint64 amount)
{
  guint64 worth = self->passed_on + amount;

  if (self->whole == NULL)
    return 0;
  if (self->scaled)
    worth = self->total > 0 ? (guint64) ((double) self->share * ((double) self->done / (double) self->total)) : 0;
  worth = MIN (worth, self->share);
  return worth > self->passed_on ? worth - self->passed_on : 0;
}

static void
count (TitheJob *self, guint64 amount, gboolean before)
{
  guint64 passed_on;

  pthread_mutex_lock (&self->mutex);
  self->done += amount;
  if (before)
    tithe_pace_skip (&self->pace, (double) amount);
  else
    tithe_pace_advance (&self->pace, (double) amount, get_time ());
  passed_on = get_worth (self, amount);
  self->passed_on += passed_on;
  pthread_mutex_unlock (&self->mutex);
  if (passed_on > 0)
    count (self->whole, passed_on, before);
}

static gboolean
has_parts (TitheJob *self)
{
  gboolean has;

  pthread_mutex_lock (&self->mutex);
  has = self->n_parts > 0;
  pthread_mutex_unlock (&self->mutex);
  return has;
}

/**
 * tithe_job_advance:
 * @self: (nullable): a job
 * @amount: units of work that were done
 *
 * Counts work of the stage, and where the job is a part of another one of that, too. A job that has parts is advanced by
 * them: calling this on it, too, is a mistake of the program, which is said and counts for nothing.
 */
void
tithe_job_advance (TitheJob *self, guint64 amount)
{
  if (self == NULL)
    return;
  g_return_if_fail (!has_parts (self));

  count (self, amount, FALSE);
}

/**
 * tithe_job_resume:
 * @self: (nullable): a job
 * @amount: units of the stage that an earlier run has done
 *
 * As tithe_job_advance(), for what took none of this run's time: the fraction has it, the ETA's pace does not.
 */
void
tithe_job_resume (TitheJob *self, guint64 amount)
{
  if (self == NULL)
    return;
  g_return_if_fail (!has_parts (self));

  count (self, amount, TRUE);
}

/**
 * tithe_job_dup_stage:
 *
 * Returns: (transfer full): what is being done now, or the title before the first stage
 */
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
 * Returns: seconds that the stage will still take, by its pace and what was expected, or -1 where that is not known yet
 */
double
tithe_job_get_eta (TitheJob *self)
{
  double eta;

  pthread_mutex_lock (&self->mutex);
  eta = tithe_pace_get_left (&self->pace, get_time ());
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
  early = self->pace.expected <= 0 && g_get_monotonic_time () - self->started < SETTLING;
  pthread_mutex_unlock (&self->mutex);
  if (early || eta < 1)
    return g_strdup ("");
  if (eta < 99.5)
    /* TRANSLATORS: seconds, minutes and hours that a job still takes, as short as in a progress bar */
    return g_strdup_printf (_("%.0f s left"), eta);
  if (eta < 99.5 * 60)
    return g_strdup_printf (_("%.0f min left"), eta / 60);
  return g_strdup_printf (_("%.1f h left"), eta / 3600);
}
