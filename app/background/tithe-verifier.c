/* SPDX-License-Identifier: MIT */
#include "tithe-verifier.h"

#include "base/tithe-parallel.h"
#include "verify/tithe-verify-words.h"
#ifdef TITHE_HAVE_LEARN
#  include "verify/tithe-verify.h"
#endif
#include "session/tithe-session.h"

#include <glib/gi18n.h>
#include <sys/resource.h>
#include <unistd.h>

#define NICE 10

struct _TitheVerifier
{
  GObject parent_instance;

  char *session; /* (nullable) */
  TitheVerifyPlan *plan;
  TitheVerifyReport *report; /* (nullable): of the plan */
  GPtrArray *coverage;       /* (nullable) */
  TitheJob *job, *estimating, *measuring;
  char *estimate; /* (nullable) */
};

enum
{
  CHANGED,
  ESTIMATE,
  COVERAGE,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheVerifier, tithe_verifier, G_TYPE_OBJECT)

/* One piece of work on its way through its thread and back. */
typedef struct
{
  TitheVerifier *verifier;
  char *session;
  TitheVerifyPlan *plan;
  TitheJob *job;
  GPtrArray *coverage;
  char *estimate, *message;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->verifier);
  g_free (work->session);
  g_clear_pointer (&work->plan, tithe_verify_plan_free);
  tithe_job_unref (work->job);
  g_clear_pointer (&work->coverage, g_ptr_array_unref);
  g_free (work->estimate);
  g_free (work->message);
  g_free (work);
}

static void
keep_message (Work *work, const GError *error)
{
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && !tithe_job_is_cancelled (work->job))
    work->message = g_strdup (error->message);
}

static void
be_nice (void)
{
  setpriority (PRIO_PROCESS, (id_t) gettid (), NICE);
}

static gboolean
receive (gpointer data)
{
  Work *work = data;
  TitheVerifier *self = work->verifier;

  if (work->job == self->job)
    {
      g_clear_pointer (&self->job, tithe_job_unref);
      tithe_verifier_refresh (self);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  else if (work->job == self->estimating)
    {
      g_clear_pointer (&self->estimating, tithe_job_unref);
      g_free (self->estimate);
      self->estimate = g_steal_pointer (&work->estimate);
      g_signal_emit (self, signals[ESTIMATE], 0);
    }
  else if (work->job == self->measuring)
    {
      g_clear_pointer (&self->measuring, tithe_job_unref);
      g_clear_pointer (&self->coverage, g_ptr_array_unref);
      self->coverage = g_steal_pointer (&work->coverage);
      g_signal_emit (self, signals[COVERAGE], 0);
      return G_SOURCE_REMOVE; /* without an embedding there is no coverage; everything else works */
    }
  else
    return G_SOURCE_REMOVE;
  if (work->message != NULL)
    g_signal_emit (self, signals[FAILED], 0, work->message);
  return G_SOURCE_REMOVE;
}

static void
send_back (Work *work)
{
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, receive, work, work_free);
}

#ifdef TITHE_HAVE_LEARN
static gpointer
run (gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (work->session, &error);
  g_autoptr (TitheTrialStore) store = session ? tithe_trial_store_open (work->session, TRUE, &error) : NULL;

  be_nice ();
  if (store != NULL && tithe_trial_store_put_plan (store, work->plan, &error))
    tithe_verify_run (session, work->plan, tithe_parallel_resolve_threads (0), NULL, NULL, work->job, &error);
  keep_message (work, error);
  send_back (work);
  return NULL;
}

static gpointer
estimate (gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (work->session, &error);
  TitheVerifyCost cost;

  be_nice ();
  if (session != NULL
      && tithe_verify_estimate (session, work->plan, tithe_parallel_resolve_threads (0), &cost, work->job, &error))
    {
      g_autofree char *duration = tithe_verify_dup_duration (cost.seconds);

      if (cost.n_left == 0)
        work->estimate = g_strdup (_ ("Every trial is done. Ask for more in the plan to know more."));
      else
        work->estimate = g_strdup_printf (
            ngettext ("%zu trial to be learned, about %s on this computer.%s",
                      "%zu trials to be learned, about %s on this computer.%s", cost.n_left),
            cost.n_left, duration,
            cost.held_out
                ? _ (" There is no test split: a fifth of the images, whole groups of them, is held out for testing.")
                : "");
    }
  keep_message (work, error);
  send_back (work);
  return NULL;
}
#endif

static gpointer
measure (gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (work->session, &error);
  g_autoptr (TitheEmbedding) embedding = session ? tithe_session_open_embedding (session, NULL, &error) : NULL;

  be_nice ();
  if (embedding != NULL)
    work->coverage = tithe_coverage_measure (tithe_session_get_hierarchy (session), embedding,
                                             &(TitheCoverageOptions){ .ratios = work->plan->ratios,
                                                                      .n_ratios = work->plan->n_ratios,
                                                                      .n_draws = 1,
                                                                      .seed = 1,
                                                                      .n_threads = tithe_parallel_resolve_threads (0) },
                                             work->job, &error);
  send_back (work);
  return NULL;
}

/* --- in the main thread --- */

static void
start (TitheVerifier *self, TitheJob **place, const char *title, const TitheVerifyPlan *plan, GThreadFunc func)
{
  Work *work = g_new0 (Work, 1);

  if (*place != NULL)
    tithe_job_cancel (*place);
  g_clear_pointer (place, tithe_job_unref);
  *place = tithe_job_new (title);
  *work = (Work){ .verifier = g_object_ref (self),
                  .session = g_strdup (self->session),
                  .plan = tithe_verify_plan_copy (plan),
                  .job = tithe_job_ref (*place) };
  g_thread_unref (g_thread_new ("tithe-verify", func, work));
}

static void
drop_job (TitheJob **job)
{
  if (*job != NULL)
    tithe_job_cancel (*job);
  g_clear_pointer (job, tithe_job_unref);
}

static void
drop (TitheVerifier *self)
{
  drop_job (&self->job);
  drop_job (&self->estimating);
  drop_job (&self->measuring);
  g_clear_pointer (&self->session, g_free);
  g_clear_pointer (&self->plan, tithe_verify_plan_free);
  g_clear_pointer (&self->report, tithe_verify_report_free);
  g_clear_pointer (&self->coverage, g_ptr_array_unref);
  g_clear_pointer (&self->estimate, g_free);
}

/**
 * tithe_verifier_set_session:
 * @session: (nullable): path of what is open now; what ran on another one is given up, its finished trials are kept
 */
void
tithe_verifier_set_session (TitheVerifier *self, const char *session)
{
  g_return_if_fail (TITHE_IS_VERIFIER (self));

  drop (self);
  self->session = g_strdup (session);
  tithe_verifier_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tithe_verifier_can:
 *
 * Returns: whether there is a session, and oneDNN to retrain with
 */
gboolean
tithe_verifier_can (TitheVerifier *self)
{
#ifdef TITHE_HAVE_LEARN
  return self->session != NULL;
#else
  return FALSE;
#endif
}

/**
 * tithe_verifier_dup_plan:
 *
 * Returns: (transfer full): what was planned last in the session, or a quick plan
 */
TitheVerifyPlan *
tithe_verifier_dup_plan (TitheVerifier *self)
{
  TitheVerifyPlan *plan = self->plan ? tithe_verify_plan_copy (self->plan) : tithe_verify_plan_new (TRUE);

#ifdef TITHE_HAVE_LEARN
  if (self->plan == NULL)
    tithe_verify_settle (plan);
#endif
  return plan;
}

/**
 * tithe_verifier_refresh:
 *
 * Looks for trials that are new in the session's file.
 */
void
tithe_verifier_refresh (TitheVerifier *self)
{
  g_autoptr (TitheVerifyPlan) plan = NULL;
  TitheVerifyReport *report = self->session ? tithe_verify_report_read (self->session, NULL, TITHE_VERIFY_MARGIN,
                                                                        tithe_parallel_resolve_threads (0), &plan, NULL)
                                            : NULL;
  gsize before = self->report ? self->report->n_finished + 1 : 0, planned = self->report ? self->report->n_trials : 0;

  if (report == NULL)
    return;
  g_clear_pointer (&self->plan, tithe_verify_plan_free);
  g_clear_pointer (&self->report, tithe_verify_report_free);
  self->report = report;
  self->plan = g_steal_pointer (&plan);
  if (self->report->n_finished + 1 != before || self->report->n_trials != planned)
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tithe_verifier_get_report:
 *
 * Returns: (transfer none) (nullable): what the trials show so far
 */
TitheVerifyReport *
tithe_verifier_get_report (TitheVerifier *self)
{
  return self->report;
}

/**
 * tithe_verifier_get_coverage:
 *
 * Returns: (transfer none) (nullable) (element-type TitheCoverage): measured last
 */
GPtrArray *
tithe_verifier_get_coverage (TitheVerifier *self)
{
  return self->coverage;
}

/**
 * tithe_verifier_get_job:
 *
 * Returns: (transfer none) (nullable): the job that retrains
 */
TitheJob *
tithe_verifier_get_job (TitheVerifier *self)
{
  return self->job;
}

/**
 * tithe_verifier_get_estimate:
 *
 * Returns: (nullable): a sentence on what the plan that was asked about last would take
 */
const char *
tithe_verifier_get_estimate (TitheVerifier *self)
{
  return self->estimate;
}

/**
 * tithe_verifier_estimate:
 *
 * Finds out in the background how long a plan takes.
 */
void
tithe_verifier_estimate (TitheVerifier *self, const TitheVerifyPlan *plan)
{
#ifdef TITHE_HAVE_LEARN
  if (self->session != NULL && self->job == NULL)
    start (self, &self->estimating, _ ("Estimating"), plan, estimate);
#endif
}

/**
 * tithe_verifier_measure:
 *
 * Measures coverage in the background.
 */
void
tithe_verifier_measure (TitheVerifier *self)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (FALSE);

  if (self->session != NULL && self->measuring == NULL && self->coverage == NULL)
    start (self, &self->measuring, _ ("Measuring coverage"), plan, measure);
}

/**
 * tithe_verifier_begin:
 *
 * Retrains in the background: what the plan asks for and is not there yet.
 */
void
tithe_verifier_begin (TitheVerifier *self, const TitheVerifyPlan *plan)
{
#ifdef TITHE_HAVE_LEARN
  if (self->session == NULL || self->job != NULL)
    return;
  drop_job (&self->estimating);
  start (self, &self->job, _ ("Retraining"), plan, run);
  g_signal_emit (self, signals[CHANGED], 0);
#endif
}

static void
tithe_verifier_dispose (GObject *object)
{
  drop (TITHE_VERIFIER (object));
  G_OBJECT_CLASS (tithe_verifier_parent_class)->dispose (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, TITHE_TYPE_VERIFIER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tithe_verifier_class_init (TitheVerifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tithe_verifier_dispose;
  signals[CHANGED] = add_signal ("changed");
  signals[ESTIMATE] = add_signal ("estimate");
  signals[COVERAGE] = add_signal ("coverage");
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_VERIFIER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
tithe_verifier_init (TitheVerifier *self)
{
}

TitheVerifier *
tithe_verifier_new (void)
{
  return g_object_new (TITHE_TYPE_VERIFIER, NULL);
}
