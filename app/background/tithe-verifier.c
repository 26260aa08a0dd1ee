/* SPDX-License-Identifier: MIT */
#include "tithe-verifier.h"
#include "tithe-task.h"

#include "base/tithe-parallel.h"
#include "base/tithe-text.h"
#include "session/tithe-session.h"
#include "verify/tithe-verify-words.h"
#ifdef TITHE_HAVE_LEARN
#  include "verify/tithe-verify.h"
#endif

#include <glib/gi18n.h>
#include <math.h>

/* Ratios that look the same are the same to a person: what was planned to the last digit is not planned again. */
#define TOLD_APART 5e-5

struct _TitheVerifier
{
  GObject parent_instance;

  char *session; /* (nullable) */
  TitheDataset *dataset;
  TitheVerifyPlan *plan;     /* (nullable): the one that was asked for last */
  TitheVerifyReport *report; /* (nullable): of the plan */
  GPtrArray *coverage;       /* (nullable) */
  char *estimate;            /* (nullable) */
  gboolean complete;         /* whether the estimate is of a plan whose trials are all done */
  gboolean opened;
  gboolean again; /* whether to read once more when what is read now has come */

  TitheTask *reading, *estimating, *measuring, *retraining; /* (nullable) */
};

enum
{
  OPENED,
  CHANGED,
  ESTIMATE,
  COVERAGE,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheVerifier, tithe_verifier, G_TYPE_OBJECT)

/* What a thread needs, and what it finds. */
typedef struct
{
  char *session;
  TitheDataset *dataset;
  TitheVerifyPlan *plan;     /* what to do, or what was found to be planned */
  TitheVerifyReport *report; /* (nullable) */
  GPtrArray *coverage;       /* (nullable) */
  char *estimate;            /* (nullable) */
  gboolean complete;
} Work;

static Work *
work_new (TitheVerifier *self, const TitheVerifyPlan *plan)
{
  Work *work = g_new0 (Work, 1);

  work->session = g_strdup (self->session);
  work->dataset = tithe_dataset_ref (self->dataset);
  work->plan = plan ? tithe_verify_plan_copy (plan) : NULL;
  return work;
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->session);
  tithe_dataset_unref (work->dataset);
  g_clear_pointer (&work->plan, tithe_verify_plan_free);
  g_clear_pointer (&work->report, tithe_verify_report_free);
  g_clear_pointer (&work->coverage, g_ptr_array_unref);
  g_free (work->estimate);
  g_free (work);
}

static void
tell_failure (TitheVerifier *self, const GError *error)
{
  if (tithe_task_is_failure (error))
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

/* --- reading --- */

static gboolean
read_in_thread (TitheTask *task, gpointer data, GError **error)
{
  Work *work = data;

  work->report = tithe_verify_report_read (work->session, work->dataset, NULL, TITHE_VERIFY_MARGIN,
                                           tithe_parallel_resolve_threads (0), &work->plan, error);
  return work->report != NULL;
}

static guint
count_running (const TitheVerifyReport *report)
{
  guint n = 0;

  for (guint r = 0; r < report->rows->len; r++)
    n += g_array_index (report->rows, TitheVerifyRow, r).n_running;
  return n;
}

static gboolean
differs (const TitheVerifyReport *a, const TitheVerifyReport *b)
{
  return a == NULL || a->n_finished != b->n_finished || a->n_trials != b->n_trials
         || count_running (a) != count_running (b);
}

/* What was measured, or is being measured, is of other subsets than those that are planned. */
static void
measure_again (TitheVerifier *self)
{
  if (self->measuring == NULL && self->coverage == NULL)
    return;
  tithe_task_drop (&self->measuring);
  g_clear_pointer (&self->coverage, g_ptr_array_unref);
  tithe_verifier_measure (self);
}

static void
take_plan (TitheVerifier *self, TitheVerifyPlan *plan)
{
  g_autoptr (TitheVerifyPlan) before = self->plan ? g_steal_pointer (&self->plan) : tithe_verify_plan_new (FALSE);

  self->plan = plan;
  if (plan->policy != before->policy || plan->rule != before->rule || plan->seed != before->seed)
    measure_again (self);
}

/* A session in which nothing was planned has nothing to be read, and what could not be read now may be in two seconds. */
static void
on_read (gpointer owner, gpointer data, const GError *error)
{
  TitheVerifier *self = owner;
  Work *work = data;
  const gboolean first = !self->opened;
  gboolean news = FALSE;

  tithe_task_drop (&self->reading);
  self->opened = TRUE;
  if (work->report != NULL)
    {
      news = differs (self->report, work->report);
      g_clear_pointer (&self->report, tithe_verify_report_free);
      self->report = g_steal_pointer (&work->report);
      take_plan (self, g_steal_pointer (&work->plan));
    }
  if (self->again)
    tithe_verifier_refresh (self);
  if (first)
    g_signal_emit (self, signals[OPENED], 0);
  if (first || news)
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tithe_verifier_refresh:
 *
 * Looks in the background for trials that are new in the session's file.
 */
void
tithe_verifier_refresh (TitheVerifier *self)
{
  g_return_if_fail (TITHE_IS_VERIFIER (self));

  self->again = self->reading != NULL;
  if (self->session != NULL && self->reading == NULL)
    self->reading
        = tithe_task_begin (self, _("Reading trials"), read_in_thread, work_new (self, NULL), work_free, on_read);
}

/* --- retraining --- */

#ifdef TITHE_HAVE_LEARN
static gboolean
retrain_in_thread (TitheTask *task, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (TitheSession) session = tithe_session_open (work->session, error);
  g_autoptr (TitheTrialStore) store = session ? tithe_trial_store_open (work->session, TRUE, error) : NULL;
  gint64 id;

  tithe_task_be_nice (task);
  return store != NULL && tithe_trial_store_put_plan (store, work->plan, &id, error)
         && tithe_verify_run (session, id, work->plan, tithe_parallel_resolve_threads (0), NULL, NULL,
                              tithe_task_get_job (task), error);
}

static void
on_retrained (gpointer owner, gpointer data, const GError *error)
{
  TitheVerifier *self = owner;

  tithe_task_drop (&self->retraining);
  tithe_verifier_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
  tell_failure (self, error);
}

static char *
dup_estimate (const TitheVerifyCost *cost)
{
  g_autofree char *duration = tithe_verify_dup_duration (cost->seconds);
  g_autoptr (GString) text = g_string_new (NULL);

  if (cost->n_left == 0)
    return g_strdup (_("Every trial is done. Ask for more in the plan to know more."));
  g_string_printf (text,
                   ngettext ("%zu trial to be learned, about %s on this computer.",
                             "%zu trials to be learned, about %s on this computer.", cost->n_left),
                   cost->n_left, duration);
  if (cost->held_out)
    tithe_text_add_sentence (
        text, _("There is no test split: a fifth of the images, whole groups of them, is held out for testing."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
estimate_in_thread (TitheTask *task, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (TitheSession) session = tithe_session_open (work->session, error);
  TitheVerifyCost cost;

  tithe_task_be_nice (task);
  if (session == NULL
      || !tithe_verify_estimate (session, work->plan, tithe_parallel_resolve_threads (0), &cost,
                                 tithe_task_get_job (task), error))
    return FALSE;
  work->estimate = dup_estimate (&cost);
  work->complete = cost.n_left == 0;
  return TRUE;
}

static void
on_estimated (gpointer owner, gpointer data, const GError *error)
{
  TitheVerifier *self = owner;
  Work *work = data;

  tithe_task_drop (&self->estimating);
  g_free (self->estimate);
  self->estimate = tithe_task_is_failure (error) ? g_strdup (error->message) : g_steal_pointer (&work->estimate);
  self->complete = error == NULL && work->complete;
  g_signal_emit (self, signals[ESTIMATE], 0);
}
#endif

/* --- measuring --- */

static gboolean
measure_in_thread (TitheTask *task, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (TitheSession) session = tithe_session_open (work->session, error);
  g_autoptr (TitheEmbedding) embedding = session ? tithe_session_open_embedding (session, NULL, error) : NULL;

  tithe_task_be_nice (task);
  if (embedding != NULL)
    work->coverage = tithe_coverage_measure_plan (tithe_session_get_hierarchy (session), embedding, work->plan, 1,
                                                  tithe_parallel_resolve_threads (0), tithe_task_get_job (task), error);
  return work->coverage != NULL;
}

/* Without an embedding there is no coverage; everything else works. */
static void
on_measured (gpointer owner, gpointer data, const GError *error)
{
  TitheVerifier *self = owner;
  Work *work = data;

  tithe_task_drop (&self->measuring);
  g_clear_pointer (&self->coverage, g_ptr_array_unref);
  self->coverage = g_steal_pointer (&work->coverage);
  g_signal_emit (self, signals[COVERAGE], 0);
}

/* --- in the main thread --- */

static void
drop (TitheVerifier *self)
{
  tithe_task_drop (&self->reading);
  tithe_task_drop (&self->estimating);
  tithe_task_drop (&self->measuring);
  tithe_task_drop (&self->retraining);
  g_clear_pointer (&self->session, g_free);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  g_clear_pointer (&self->plan, tithe_verify_plan_free);
  g_clear_pointer (&self->report, tithe_verify_report_free);
  g_clear_pointer (&self->coverage, g_ptr_array_unref);
  g_clear_pointer (&self->estimate, g_free);
  self->complete = FALSE;
  self->opened = FALSE;
}

/**
 * tithe_verifier_set_session:
 * @session: (nullable): path of what is open now; what ran on another one is given up, its finished trials are kept
 * @dataset: (nullable): of the session
 */
void
tithe_verifier_set_session (TitheVerifier *self, const char *session, TitheDataset *dataset)
{
  g_return_if_fail (TITHE_IS_VERIFIER (self));
  g_return_if_fail ((session == NULL) == (dataset == NULL));

  drop (self);
  self->session = g_strdup (session);
  self->dataset = dataset ? tithe_dataset_ref (dataset) : NULL;
  tithe_verifier_refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tithe_verifier_can:
 *
 * Returns: whether there is a session whose trials are known, and oneDNN to retrain with
 */
gboolean
tithe_verifier_can (TitheVerifier *self)
{
#ifdef TITHE_HAVE_LEARN
  return self->opened;
#else
  return FALSE;
#endif
}

/**
 * tithe_verifier_is_settled:
 *
 * Returns: whether it is known what the session has, and what was asked for is there, or failed; trials may go on
 */
gboolean
tithe_verifier_is_settled (TitheVerifier *self)
{
  return self->opened && self->estimating == NULL && self->measuring == NULL;
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

static gboolean
has_ratio (const TitheVerifyPlan *plan, double ratio)
{
  for (guint i = 0; i < plan->n_ratios; i++)
    if (fabs (plan->ratios[i] - ratio) < TOLD_APART)
      return TRUE;
  return FALSE;
}

/**
 * tithe_verifier_dup_suggestion:
 * @choice: what is looked at now
 *
 * Returns: (transfer full): what to ask for next: whether the subset that is looked at is enough. Where something was planned
 *   in the session its ratio is added to that, otherwise it is a quick plan of that subset alone
 */
TitheVerifyPlan *
tithe_verifier_dup_suggestion (TitheVerifier *self, const TitheSubsetChoice *choice)
{
  TitheVerifyPlan *plan = tithe_verifier_dup_plan (self);

  if (self->plan == NULL)
    {
      plan->policy = choice->policy;
      plan->rule = choice->rule;
      if (choice->ratio < 1)
        plan->n_ratios = 0;
    }
  if (!has_ratio (plan, choice->ratio))
    tithe_verify_plan_add_ratio (plan, choice->ratio);
  return plan;
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
  return self->retraining ? tithe_task_get_job (self->retraining) : NULL;
}

/**
 * tithe_verifier_get_estimate:
 *
 * Returns: (nullable): a sentence on what the plan that was asked about last would take, or why it can't be learned
 */
const char *
tithe_verifier_get_estimate (TitheVerifier *self)
{
  return self->estimate;
}

/**
 * tithe_verifier_is_complete:
 *
 * Returns: whether nothing is left of the plan that was asked about last
 */
gboolean
tithe_verifier_is_complete (TitheVerifier *self)
{
  return self->complete;
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
  if (self->session == NULL || self->retraining != NULL)
    return;
  tithe_task_drop (&self->estimating);
  self->estimating
      = tithe_task_begin (self, _("Estimating"), estimate_in_thread, work_new (self, plan), work_free, on_estimated);
#endif
}

/**
 * tithe_verifier_measure:
 *
 * Measures coverage in the background, of subsets such as those that are planned, at the usual ratios.
 */
void
tithe_verifier_measure (TitheVerifier *self)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (FALSE);

  if (self->plan != NULL)
    {
      plan->policy = self->plan->policy;
      plan->rule = self->plan->rule;
      plan->seed = self->plan->seed;
    }
  if (self->session != NULL && self->measuring == NULL && self->coverage == NULL)
    self->measuring = tithe_task_begin (self, _("Measuring coverage"), measure_in_thread, work_new (self, plan),
                                        work_free, on_measured);
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
  if (self->session == NULL || self->retraining != NULL)
    return;
  tithe_task_drop (&self->estimating);
  self->retraining
      = tithe_task_begin (self, _("Retraining"), retrain_in_thread, work_new (self, plan), work_free, on_retrained);
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
  signals[OPENED] = add_signal ("opened");
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

/* tithe_verifier_new: (transfer full) one without a session */
TitheVerifier *
tithe_verifier_new (void)
{
  return g_object_new (TITHE_TYPE_VERIFIER, NULL);
}
