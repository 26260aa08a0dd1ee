/* SPDX-License-Identifier: MIT */
#include "tithe-verify-report.h"
#include "tithe-test-set.h"

#include <math.h>
#include <string.h>

static void
row_clear (gpointer data)
{
  TitheVerifyRow *row = data;

  g_array_unref (row->accuracies);
  g_array_unref (row->by_class);
}

static GArray *
new_unknown (gsize n)
{
  GArray *array = g_array_sized_new (FALSE, FALSE, sizeof (double), (guint) n);
  const double nothing = NAN;

  for (gsize i = 0; i < n; i++)
    g_array_append_val (array, nothing);
  return array;
}

/* Whether a trial was tested on as many images of each class as those that are compared. */
static gboolean
is_comparable (const TitheVerifyReport *self, const TitheTrial *trial)
{
  const gsize size = self->n_tested->len * sizeof (guint32);

  return trial->n_tested->len == self->n_tested->len && trial->n_right->len == self->n_tested->len
         && (size == 0 || memcmp (trial->n_tested->data, self->n_tested->data, size) == 0);
}

static void
put_trial (const TitheVerifyReport *self, const TitheTrial *trial, TitheVerifyRow *row)
{
  const guint n_classes = self->n_tested->len;

  g_array_index (row->accuracies, double, trial->number) = trial->accuracy;
  for (guint c = 0; c < n_classes; c++)
    {
      const guint32 n = g_array_index (self->n_tested, guint32, c);

      if (n > 0)
        g_array_index (row->by_class, double, trial->number *n_classes + c)
            = (double) g_array_index (trial->n_right, guint32, c) / n;
    }
  row->seconds += trial->seconds;
  row->n_images = trial->n_images;
}

static TitheVerifyRow
make_row (TitheVerifyReport *self, const TitheArm *arm, const TitheVerifyPlan *plan, GPtrArray *trials)
{
  TitheVerifyRow row = { .arm = *arm,
                         .accuracies = new_unknown (plan->n_trials),
                         .by_class = new_unknown ((gsize) plan->n_trials * self->n_tested->len) };
  g_autofree double *finished = g_new (double, plan->n_trials);
  gsize n = 0;

  for (guint i = 0; i < trials->len; i++)
    {
      const TitheTrial *trial = g_ptr_array_index (trials, i);

      if (!tithe_arm_equal (&trial->arm, arm) || trial->number >= plan->n_trials)
        continue;
      if (!trial->finished)
        row.n_running++;
      else if (!is_comparable (self, trial))
        self->n_left_out[TITHE_LEFT_OUT_COUNTS]++;
      else if (isnan (g_array_index (row.accuracies, double, trial->number)))
        {
          put_trial (self, trial, &row);
          finished[n++] = trial->accuracy;
        }
    }
  row.summary = tithe_statistics_summarise (finished, n);
  row.seconds /= (double) MAX (1, n);
  return row;
}

static const TitheVerifyRow *
find_row (const TitheVerifyReport *self, const TitheArm *arm)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (tithe_arm_equal (&g_array_index (self->rows, TitheVerifyRow, i).arm, arm))
      return &g_array_index (self->rows, TitheVerifyRow, i);
  return NULL;
}

/* Trials of one number have the same first weights, order and augmentation: they are compared in pairs. @a and @b have a
 * number for each trial, @stride apart, or NaN. */
static TitheComparison
compare_pairs (const TitheVerifyReport *self, const double *a, const double *b, gsize n_trials, gsize stride,
               gsize n_test)
{
  g_autofree double *x = g_new (double, n_trials), *y = g_new (double, n_trials);
  gsize n = 0;

  for (gsize t = 0; t < n_trials; t++)
    {
      x[n] = a[t * stride];
      y[n] = b[t * stride];
      n += !isnan (x[n]) && !isnan (y[n]);
    }
  return tithe_statistics_compare (x, y, n, n_test > 0 ? 1.0 / (double) n_test : 0, self->margin);
}

static void
add_claim (TitheVerifyReport *self, const TitheVerifyRow *a, const TitheVerifyRow *b)
{
  TitheVerifyClaim claim = { .arm = a->arm, .against = b->arm };

  claim.comparison = compare_pairs (self, (double *) (gpointer) a->accuracies->data,
                                    (double *) (gpointer) b->accuracies->data, a->accuracies->len, 1, self->n_test);
  g_array_append_val (self->claims, claim);
}

/* How many more trials each claim takes, where it is decided at the level that all were judged at. */
static void
estimate_trials (TitheVerifyReport *self, double level, guint n_threads)
{
  for (guint i = 0; i < self->claims->len; i++)
    {
      TitheVerifyClaim *claim = &g_array_index (self->claims, TitheVerifyClaim, i);
      const gsize n = claim->comparison.n;
      gsize needed;

      if (n < 2)
        continue;
      needed = tithe_statistics_count_needed (claim->comparison.sd, self->margin, 2 * level);
      claim->n_more = needed > n ? needed - n : 1;
      claim->seconds = (double) claim->n_more
                       * (find_row (self, &claim->arm)->seconds + find_row (self, &claim->against)->seconds)
                       / MAX (1, n_threads);
    }
}

/* The numbers of test images that most trials have, and of as many the larger. */
static void
choose_test (TitheVerifyReport *self, GPtrArray *trials)
{
  g_autoptr (GHashTable) counts
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  guint most = 0;

  for (guint i = 0; i < trials->len; i++)
    {
      const TitheTrial *trial = g_ptr_array_index (trials, i);
      GBytes *key;
      guint n;

      if (!trial->finished)
        continue;
      key = g_bytes_new (trial->n_tested->data, trial->n_tested->len * sizeof (guint32));
      n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;
      g_hash_table_replace (counts, key, GUINT_TO_POINTER (n));
      if (n < most || (n == most && tithe_trial_count_tested (trial) <= self->n_test))
        continue;
      most = n;
      self->n_test = tithe_trial_count_tested (trial);
      g_array_set_size (self->n_tested, 0);
      g_array_append_vals (self->n_tested, trial->n_tested->data, trial->n_tested->len);
    }
}

static void
add_rows (TitheVerifyReport *self, const TitheVerifyPlan *plan, GPtrArray *trials)
{
  g_autoptr (GArray) arms = tithe_verify_plan_list_arms (plan);

  for (guint a = 0; a < arms->len; a++)
    {
      TitheVerifyRow row = make_row (self, &g_array_index (arms, TitheArm, a), plan, trials);

      g_array_append_val (self->rows, row);
      self->n_finished += row.summary.n;
      self->n_trials += plan->n_trials;
    }
}

/* A subset against everything and against chance, and chance against everything. */
static void
add_claims (TitheVerifyReport *self)
{
  const TitheVerifyRow *full = &g_array_index (self->rows, TitheVerifyRow, 0);

  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);
      const TitheArm random = tithe_arm_get_random (&row->arm);

      if (row->arm.kind == TITHE_ARM_FULL || tithe_arm_is_random (&row->arm))
        continue;
      add_claim (self, row, full);
      add_claim (self, row, find_row (self, &random));
      add_claim (self, find_row (self, &random), full);
    }
}

/**
 * tithe_verify_report_new:
 * @trials: of the plan
 * @margin: share; a loss below it does not matter
 * @n_threads: trials that run at once, for how long more of them would take
 *
 * Returns: (transfer full): what the trials show
 */
TitheVerifyReport *
tithe_verify_report_new (const TitheVerifyPlan *plan, const TitheTrialList *trials, double margin, guint n_threads)
{
  TitheVerifyReport *self = g_new0 (TitheVerifyReport, 1);
  g_autoptr (GPtrArray) comparisons = g_ptr_array_new ();

  self->margin = margin;
  self->rows = g_array_new (FALSE, FALSE, sizeof (TitheVerifyRow));
  g_array_set_clear_func (self->rows, row_clear);
  self->claims = g_array_new (FALSE, FALSE, sizeof (TitheVerifyClaim));
  self->n_tested = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->damaged = g_ptr_array_ref (trials->damaged);
  memcpy (self->n_left_out, trials->n_left_out, sizeof self->n_left_out);
  choose_test (self, trials->trials);
  add_rows (self, plan, trials->trials);
  add_claims (self);
  for (guint i = 0; i < self->claims->len; i++)
    g_ptr_array_add (comparisons, &g_array_index (self->claims, TitheVerifyClaim, i).comparison);
  estimate_trials (self, tithe_statistics_judge ((TitheComparison **) comparisons->pdata, comparisons->len), n_threads);
  return self;
}

static double
average (const double *x, gsize n, gsize stride)
{
  double sum = 0;
  gsize n_known = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (x[i * stride]))
      {
        sum += x[i * stride];
        n_known++;
      }
  return n_known > 0 ? sum / (double) n_known : NAN;
}

static int
compare_differences (gconstpointer a, gconstpointer b)
{
  const TitheVerifyClass *x = a, *y = b;

  if (x->comparison.difference != y->comparison.difference)
    return x->comparison.difference < y->comparison.difference ? -1 : 1;
  return (x->class_index > y->class_index) - (x->class_index < y->class_index);
}

/**
 * tithe_verify_report_list_classes:
 * @arm: one of the report's
 * @dataset: of the session
 *
 * Which classes lose and which win by a subset, against everything. The verdicts on all classes are judged together.
 *
 * Returns: (transfer full) (element-type TitheVerifyClass): the classes with test images for which trials of both are
 *   finished, the largest loss first
 */
GArray *
tithe_verify_report_list_classes (const TitheVerifyReport *self, const TitheArm *arm, TitheDataset *dataset)
{
  const TitheVerifyRow *row = find_row (self, arm), *full = &g_array_index (self->rows, TitheVerifyRow, 0);
  const gsize n_classes = self->n_tested->len, n_trials = full->accuracies->len;
  GArray *classes = g_array_new (FALSE, TRUE, sizeof (TitheVerifyClass));
  g_autoptr (GPtrArray) comparisons = g_ptr_array_new ();

  g_return_val_if_fail (row != NULL, classes);

  for (guint c = 0; c < MIN (n_classes, tithe_dataset_get_n_classes (dataset)); c++)
    {
      const double *a = (double *) (gpointer) row->by_class->data + c,
                   *b = (double *) (gpointer) full->by_class->data + c;
      TitheVerifyClass class = { c, average (a, n_trials, n_classes), average (b, n_trials, n_classes),
                                 compare_pairs (self, a, b, n_trials, n_classes,
                                                g_array_index (self->n_tested, guint32, c)) };

      if (class.comparison.n > 0)
        g_array_append_val (classes, class);
    }
  g_array_sort (classes, compare_differences);
  for (guint i = 0; i < classes->len; i++)
    g_ptr_array_add (comparisons, &g_array_index (classes, TitheVerifyClass, i).comparison);
  tithe_statistics_judge ((TitheComparison **) comparisons->pdata, comparisons->len);
  return classes;
}

/**
 * tithe_verify_report_read:
 * @session: path of a session
 * @dataset: of the session
 * @wanted: (nullable): what is to be told of, %NULL for what was planned last
 * @plan: (out) (optional) (transfer full): what was planned last
 *
 * Returns: (transfer full): what the session's trials show, or %NULL with an error of the store
 */
TitheVerifyReport *
tithe_verify_report_read (const char *session, TitheDataset *dataset, const TitheVerifyPlan *wanted, double margin,
                          guint n_threads, TitheVerifyPlan **plan, GError **error)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (session, FALSE, error);
  g_autoptr (TitheVerifyPlan) stored = store ? tithe_trial_store_get_plan (store, NULL, error) : NULL;
  const TitheVerifyPlan *told = wanted ? wanted : stored;
  g_autofree char *tested_on = stored ? tithe_test_set_dup_name (dataset, told) : NULL;
  g_autoptr (TitheTrialList) trials = stored ? tithe_trial_store_list (store, told, tested_on, error) : NULL;
  TitheVerifyReport *self = trials ? tithe_verify_report_new (told, trials, margin, n_threads) : NULL;

  if (self != NULL && plan != NULL)
    *plan = g_steal_pointer (&stored);
  return self;
}

/* tithe_verify_report_free: (transfer full) @self */
void
tithe_verify_report_free (TitheVerifyReport *self)
{
  g_array_unref (self->rows);
  g_array_unref (self->claims);
  g_array_unref (self->n_tested);
  g_ptr_array_unref (self->damaged);
  g_free (self);
}
