/* SPDX-License-Identifier: MIT */
#include "tithe-verify.h"
#include "learn/tithe-learn.h"
#include "tithe-test-set.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pthread.h>

/* Between two signs of life. */
#define BEAT_S 20

G_DEFINE_QUARK (tithe-verify-error-quark, tithe_verify_error)

/* What all trials of a run share. Nothing in it changes while they run, but for what the mutex guards. */
typedef struct
{
  TitheSession *session;
  gint64 id; /* of the plan in the session's file */
  const TitheVerifyPlan *plan;
  char *tested_on;
  TitheHierarchy *hierarchy;
  TitheDataset *dataset;
  TitheCuration *curation; /* (nullable): the plan's decisions; used under the mutex */
  TitheLearnOptions options;
  TitheNetworkShape shape;
  guint8 *allowed;   /* (nullable): for each image, whether it is not held out; NULL where all may be learned from */
  guint8 *learnable; /* (nullable): of these, what can be read; NULL before pictures are loaded */
  TithePictureSet *pictures, *test_pictures; /* the same where images are held out */
  guint32 *test;
  gsize n_test;
  TitheTrialFunc func;
  gpointer user_data;
  TitheJob *job;
  TitheJob *trials; /* a part of it for all trials together: given up when one of them fails, which the job is not */

  pthread_mutex_t mutex;
  GError *error; /* the first */
} Run;

static gboolean
uses_manual (const TitheVerifyPlan *plan)
{
  return plan->manual != NULL;
}

/* Decisions as they were when the plan was made. */
static gboolean
load_decisions (Run *run, GError **error)
{
  g_autofree char *fingerprint = NULL;

  if (!uses_manual (run->plan))
    return TRUE;
  run->curation = tithe_session_open_past_curation (run->session, run->plan->manual_rows, error);
  if (run->curation == NULL)
    return FALSE;
  fingerprint = tithe_curation_dup_fingerprint (run->curation);
  if (g_str_equal (fingerprint, run->plan->manual))
    return TRUE;
  g_set_error (error, TITHE_VERIFY_ERROR, TITHE_VERIFY_ERROR_CHANGED,
               _("the decisions that the plan in “%s” compares are not in it any more; plan again"),
               tithe_session_get_path (run->session));
  return FALSE;
}

static void
hold_out (Run *run)
{
  g_autofree guint8 *held = tithe_test_set_draw (run->hierarchy, run->plan);
  const gsize n = tithe_dataset_get_n_images (run->dataset);

  if (held == NULL)
    return;
  run->allowed = g_new (guint8, MAX (1, n));
  for (gsize i = 0; i < n; i++)
    run->allowed[i] = !held[i];
}

static gboolean
choose_options (Run *run, GError **error)
{
  if (!tithe_learn_options_init (&run->options, run->plan->preset))
    {
      g_set_error (error, TITHE_VERIFY_ERROR, TITHE_VERIFY_ERROR_CHANGED,
                   _("the plan in “%s” is about a network that is not known here, “%s”; plan again"),
                   tithe_session_get_path (run->session), run->plan->preset);
      return FALSE;
    }
  if (run->plan->width > 0)
    run->options.width = run->plan->width;
  if (run->plan->epochs > 0)
    run->options.train.epochs = run->plan->epochs;
  run->options.size = run->plan->size;
  /* A trial has one thread: as many run at once as there are processors, and the result depends on none of that. */
  run->options.train.n_threads = 1;
  run->options.train.bfloat16 = run->plan->bfloat16;
  tithe_learn_choose_shape (run->dataset, &run->options, &run->shape);
  return TRUE;
}

static void
run_clear (Run *run)
{
  if (run->test_pictures != run->pictures)
    g_clear_pointer (&run->test_pictures, tithe_picture_set_free);
  g_clear_pointer (&run->pictures, tithe_picture_set_free);
  g_clear_pointer (&run->curation, tithe_curation_free);
  g_clear_pointer (&run->allowed, g_free);
  g_clear_pointer (&run->learnable, g_free);
  g_clear_pointer (&run->test, g_free);
  g_clear_pointer (&run->tested_on, g_free);
  g_clear_pointer (&run->trials, tithe_job_unref);
  g_clear_error (&run->error);
  pthread_mutex_destroy (&run->mutex);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
run_init (Run *run, TitheSession *session, const TitheVerifyPlan *plan, TitheJob *job, GError **error)
{
  *run = (Run){ .session = session,
                .plan = plan,
                .hierarchy = tithe_session_get_hierarchy (session),
                .dataset = tithe_session_get_dataset (session),
                .job = job };
  pthread_mutex_init (&run->mutex, NULL);
  run->tested_on = tithe_test_set_dup_name (run->dataset, plan);
  if (!tithe_learn_can (run->dataset, error) || !load_decisions (run, error) || !choose_options (run, error))
    return FALSE;
  if (!tithe_verify_plan_check_floor (plan, run->hierarchy, run->curation, error))
    return FALSE;
  hold_out (run);
  return TRUE;
}

static const guint8 *
get_allowed (Run *run)
{
  return run->learnable != NULL ? run->learnable : run->allowed;
}

/* Which images a trial learns from. A random subset has as many that can be read as the other. */
static guint8 *
select_images (Run *run, const TitheTrial *trial)
{
  g_autoptr (TitheSubset) subset = NULL;
  guint8 *kept;

  pthread_mutex_lock (&run->mutex);
  subset = tithe_verify_plan_make_subset (run->plan, &trial->arm, run->hierarchy, run->curation);
  kept = tithe_arm_select (&trial->arm, subset, get_allowed (run), run->plan->seed + trial->number);
  pthread_mutex_unlock (&run->mutex);
  return kept;
}

static gsize
count_kept (Run *run, const guint8 *kept)
{
  gsize n = 0;

  for (gsize i = 0; i < tithe_dataset_get_n_images (run->dataset); i++)
    n += kept[i];
  return n;
}

/* The settings of a trial; @n_full images are in everything. */
static TitheTrainSettings
get_settings (Run *run, const TitheTrial *trial, gsize n_full)
{
  TitheTrainSettings settings = run->options.train;

  settings.seed = run->plan->seed + trial->number;
  if (trial->arm.budget == TITHE_BUDGET_STEPS)
    settings.steps = tithe_train_count_steps (&run->options.train, n_full);
  return settings;
}

static gsize
count_full (Run *run)
{
  gsize n = tithe_dataset_get_n_images (run->dataset);

  return get_allowed (run) != NULL ? count_kept (run, get_allowed (run)) : n;
}

/* --- learning --- */

static gboolean
load_pictures (Run *run, guint n_threads, GError **error)
{
  TitheDataset *test = tithe_dataset_get_test (run->dataset);
  const guint size = run->shape.size, channels = run->shape.channels;
  const gsize n = tithe_dataset_get_n_images (run->dataset);

  run->pictures = tithe_picture_set_load (run->dataset, size, channels, n_threads, run->job, error);
  if (run->pictures == NULL)
    return FALSE;
  run->learnable = g_new (guint8, MAX (1, n));
  for (gsize i = 0; i < n; i++)
    run->learnable[i] = (run->allowed == NULL || run->allowed[i]) && !tithe_picture_set_is_broken (run->pictures, i);
  if (test != NULL)
    {
      run->test_pictures = tithe_picture_set_load (test, size, channels, n_threads, run->job, error);
      if (run->test_pictures == NULL)
        return FALSE;
      run->test = tithe_picture_set_list_readable (run->test_pictures, NULL, &run->n_test);
    }
  else
    {
      g_autofree guint8 *held = g_new (guint8, MAX (1, n));

      for (gsize i = 0; i < n; i++)
        held[i] = !run->allowed[i];
      run->test_pictures = run->pictures;
      run->test = tithe_picture_set_list_readable (run->pictures, held, &run->n_test);
    }
  if (run->n_test > 0)
    return TRUE;
  g_set_error (error, TITHE_VERIFY_ERROR, TITHE_VERIFY_ERROR_TOO_FEW,
               _("“%s” has no images to test on that can be read"), tithe_dataset_get_name (run->dataset));
  return FALSE;
}

static gboolean
test_network (Run *run, TitheNetwork *network, TitheTrial *trial, GError **error)
{
  const guint k = run->shape.n_classes;

  trial->n_tested = g_array_sized_new (FALSE, TRUE, sizeof (guint32), k);
  trial->n_right = g_array_sized_new (FALSE, TRUE, sizeof (guint32), k);
  g_array_set_size (trial->n_tested, k);
  g_array_set_size (trial->n_right, k);
  return tithe_network_test (network, run->test_pictures, run->test, run->n_test, 1, run->plan->bfloat16,
                             &trial->accuracy, (guint32 *) (gpointer) trial->n_tested->data,
                             (guint32 *) (gpointer) trial->n_right->data, error);
}

typedef struct
{
  const TitheClaim *claim;
  TitheTrialStore *store;
  gint64 last;
} Heart;

/* In the thread that learns, once an epoch: epochs last seconds to minutes. */
static void
beat (const TitheEpoch *epoch, gpointer user_data)
{
  Heart *heart = user_data;

  if (g_get_monotonic_time () - heart->last < BEAT_S * G_USEC_PER_SEC)
    return;
  heart->last = g_get_monotonic_time ();
  tithe_trial_store_beat (heart->store, heart->claim);
}

static gboolean
learn_trial (Run *run, TitheTrialStore *store, TitheClaim *claim, GError **error)
{
  TitheTrial *trial = &claim->trial;
  g_autofree guint8 *kept = select_images (run, trial);
  g_autofree guint32 *images = tithe_picture_set_list_readable (run->pictures, kept, &trial->n_images);
  TitheTrainSettings settings = get_settings (run, trial, count_full (run));
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (TitheJob) part = NULL;
  Heart heart = { claim, store, g_get_monotonic_time () };
  gint64 began = g_get_monotonic_time ();

  if (trial->n_images < 2)
    {
      g_autofree char *title = tithe_arm_dup_title (&trial->arm);

      g_set_error (error, TITHE_VERIFY_ERROR, TITHE_VERIFY_ERROR_TOO_FEW,
                   ngettext ("“%s” leaves %zu image to learn from: two at least are needed; take a higher ratio",
                             "“%s” leaves %zu images to learn from: two at least are needed; take a higher ratio",
                             trial->n_images),
                   title, trial->n_images);
      return FALSE;
    }
  network = tithe_network_new (&run->shape, settings.seed);
  trial->n_steps = tithe_train_count_steps (&settings, trial->n_images);
  part = tithe_job_new_step (run->trials, trial->n_steps * MIN (settings.batch, trial->n_images));
  if (!tithe_train (network, run->pictures, images, trial->n_images, NULL, NULL, 0, &settings, NULL, beat, &heart, part,
                    error)
      || !test_network (run, network, trial, error))
    return FALSE;
  trial->seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  trial->finished = TRUE;
  return TRUE;
}

static void
tell (Run *run, const TitheTrial *trial)
{
  if (run->func == NULL)
    return;
  pthread_mutex_lock (&run->mutex);
  run->func (trial, run->user_data);
  pthread_mutex_unlock (&run->mutex);
}

/* Takes and learns trials until there are none. */
static gboolean
work (Run *run, GError **error)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (tithe_session_get_path (run->session), TRUE, error);

  while (store != NULL)
    {
      TitheClaim claim;
      gboolean claimed, ok;

      if (!tithe_job_check (run->trials, error)
          || !tithe_trial_store_claim (store, run->id, run->plan, run->tested_on, &claim, &claimed, error))
        return FALSE;
      if (!claimed)
        return TRUE;
      ok = learn_trial (run, store, &claim, error) && tithe_trial_store_finish (store, &claim, error);
      if (ok)
        tell (run, &claim.trial);
      else
        tithe_trial_store_release (store, &claim);
      tithe_claim_clear (&claim);
      if (!ok)
        return FALSE;
    }
  return FALSE;
}

static gpointer
work_in_thread (gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;

  if (work (run, &error))
    return NULL;
  pthread_mutex_lock (&run->mutex);
  if (run->error == NULL)
    run->error = g_steal_pointer (&error);
  pthread_mutex_unlock (&run->mutex);
  tithe_job_cancel (run->trials);
  return NULL;
}

/* Images that the trials which are not finished will learn from, all epochs together; and how many those are. */
static guint64
count_work (Run *run, GPtrArray *trials, gsize *n_left)
{
  g_autoptr (GArray) arms = tithe_verify_plan_list_arms (run->plan);
  const gsize n_full = count_full (run);
  guint64 images = 0;

  *n_left = 0;
  for (guint a = 0; a < arms->len; a++)
    {
      TitheTrial trial = { .arm = g_array_index (arms, TitheArm, a) };
      g_autofree guint8 *kept = select_images (run, &trial);
      TitheTrainSettings settings = get_settings (run, &trial, n_full);
      const gsize n = count_kept (run, kept), batch = MIN (settings.batch, MAX (1, n));
      guint left = run->plan->n_trials;

      for (guint i = 0; i < trials->len; i++)
        {
          const TitheTrial *known = g_ptr_array_index (trials, i);

          left -= known->finished && tithe_arm_equal (&known->arm, &trial.arm);
        }
      images += (guint64) left * tithe_train_count_steps (&settings, n) * batch;
      *n_left += left;
    }
  return images;
}

/**
 * tithe_verify_settle:
 *
 * Settles what depends on the machine, for a plan that is new.
 */
void
tithe_verify_settle (TitheVerifyPlan *plan)
{
  plan->bfloat16 = tithe_dnn_has_bfloat16 ();
}

static gboolean
check_precision (const TitheVerifyPlan *plan, GError **error)
{
  if (!plan->bfloat16 || tithe_dnn_has_bfloat16 ())
    return TRUE;
  g_set_error_literal (
      error, TITHE_VERIFY_ERROR, TITHE_VERIFY_ERROR_CHANGED,
      _("the plan was begun on a processor with bfloat16, which this one has not: its trials could not "
         "be compared; go on there, or plan again with another seed"));
  return FALSE;
}

/**
 * tithe_verify_run:
 * @id: where the plan is in the session's file
 * @plan: what is worked on, whatever is planned meanwhile
 * @n_threads: how many trials are learned at once, each on one thread
 * @func: (nullable): told of each
 * @job: progress over all trials that are left; cancelled, those in work are given up and the finished ones stay
 *
 * Learns what the plan asks for and is not there yet. Other programs may work on the same plan.
 *
 * Returns: %FALSE with an error of the store or of the trainer, a %TITHE_VERIFY_ERROR, or %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_verify_run (TitheSession *session, gint64 id, const TitheVerifyPlan *plan, guint n_threads, TitheTrialFunc func,
                  gpointer user_data, TitheJob *job, GError **error)
{
  g_auto (Run) run = { 0 };
  g_autoptr (TitheTrialStore) store = NULL;
  g_autoptr (TitheTrialList) trials = NULL;
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  guint64 images;
  gsize n_left;

  if (!run_init (&run, session, plan, job, error) || !check_precision (plan, error))
    return FALSE;
  run.id = id;
  run.func = func;
  run.user_data = user_data;
  store = tithe_trial_store_open (tithe_session_get_path (session), TRUE, error);
  if (store == NULL || (trials = tithe_trial_store_list (store, plan, run.tested_on, error)) == NULL)
    return FALSE;
  images = count_work (&run, trials->trials, &n_left);
  if (n_left == 0)
    return TRUE;
  if (!load_pictures (&run, n_threads, error))
    return FALSE;
  tithe_job_start (job, _("Retraining"), images);
  run.trials = tithe_job_new_part (job, images);
  for (guint i = 1; i < MIN (n_threads, n_left); i++)
    g_ptr_array_add (threads, g_thread_new ("tithe-trial", work_in_thread, &run));
  work_in_thread (&run);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  if (run.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&run.error));
  return FALSE;
}

/* --- what it will cost --- */

typedef struct
{
  Run *run;
  double rate;
} Meter;

static gpointer
measure_rate (gpointer data)
{
  Meter *meter = data;
  g_autoptr (TitheNetwork) network = tithe_network_new (&meter->run->shape, 1);

  meter->rate = tithe_train_measure (network, &meter->run->options.train, meter->run->job, NULL);
  return NULL;
}

/* Images a second of one thread that learned the finished trials, and tested them; 0 where there are none. */
static double
find_known_rate (Run *run, GPtrArray *trials)
{
  double images = 0, seconds = 0;

  for (guint i = 0; i < trials->len; i++)
    {
      const TitheTrial *trial = g_ptr_array_index (trials, i);

      if (trial->finished)
        {
          images += (double) trial->n_steps * MIN (run->options.train.batch, MAX (1, trial->n_images));
          seconds += trial->seconds;
        }
    }
  return seconds > 0 ? images / seconds : 0;
}

/* Images a second that all threads together learn from, by trying. */
static double
measure_rates (Run *run, guint n_threads)
{
  g_autofree Meter *meters = g_new0 (Meter, n_threads);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  double rate = 0;

  for (guint i = 0; i < n_threads; i++)
    {
      meters[i].run = run;
      g_ptr_array_add (threads, g_thread_new ("tithe-measure", measure_rate, &meters[i]));
    }
  for (guint i = 0; i < n_threads; i++)
    {
      g_thread_join (g_ptr_array_index (threads, i));
      rate += meters[i].rate;
    }
  return rate;
}

/**
 * tithe_verify_estimate:
 * @plan: need not be in the session's file yet
 * @cost: (out): what there is to do
 *
 * Takes about two seconds where no trial is finished yet, and no time otherwise. Decoding is not in it.
 */
gboolean
tithe_verify_estimate (TitheSession *session, const TitheVerifyPlan *plan, guint n_threads, TitheVerifyCost *cost,
                       TitheJob *job, GError **error)
{
  g_auto (Run) run = { 0 };
  g_autoptr (TitheTrialStore) store = NULL;
  g_autoptr (TitheTrialList) list = NULL;
  GPtrArray *trials;
  TitheDataset *test = tithe_dataset_get_test (tithe_session_get_dataset (session));
  gsize n_full;
  double known, rate;
  guint64 images;

  *cost = (TitheVerifyCost){ 0 };
  if (!run_init (&run, session, plan, job, error))
    return FALSE;
  store = tithe_trial_store_open (tithe_session_get_path (session), FALSE, error);
  if (store == NULL || (list = tithe_trial_store_list (store, plan, run.tested_on, error)) == NULL)
    return FALSE;
  trials = list->trials;
  n_full = count_full (&run);
  cost->held_out = run.allowed != NULL;
  cost->n_test = test ? tithe_dataset_get_n_images (test) : tithe_dataset_get_n_images (run.dataset) - n_full;
  known = find_known_rate (&run, trials);
  rate = known > 0 ? n_threads * known : measure_rates (&run, n_threads);
  if (!tithe_job_check (job, error))
    return FALSE;
  images = count_work (&run, trials, &cost->n_left);
  /* Testing takes a third of the work of learning; that is in the seconds of finished trials. */
  images += known > 0 ? 0 : (guint64) cost->n_left * cost->n_test / 3;
  cost->seconds = rate > 0 ? (double) images / rate : 0;
  cost->seconds_per_trial
      = rate > 0 ? (double) (n_full * run.options.train.epochs + cost->n_test / 3) * n_threads / rate : 0;
  return TRUE;
}
