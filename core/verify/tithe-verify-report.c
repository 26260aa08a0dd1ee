/* SPDX-License-Identifier: MIT */
#include "tithe-verify-report.h"

#include <math.h>

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

/* What was tested on other images than the rest, as after another split of the dataset, is not told by class. */
static void
put_classes (const TitheVerifyReport *self, const TitheTrial *trial, double *accuracies)
{
  if (trial->n_tested->len != self->n_tested->len || trial->n_right->len != self->n_tested->len)
    return;
  for (guint c = 0; c < self->n_tested->len; c++)
    {
      const guint32 n = g_array_index (trial->n_tested, guint32, c);

      if (n > 0 && n == g_array_index (self->n_tested, guint32, c))
        accuracies[c] = (double) g_array_index (trial->n_right, guint32, c) / n;
    }
}

static TitheVerifyRow
make_row (const TitheVerifyReport *self, const TitheArm *arm, const TitheVerifyPlan *plan, GPtrArray *trials)
{
  const gsize n_classes = self->n_tested->len;
  TitheVerifyRow row = { .arm = *arm,
                         .accuracies = new_unknown (plan->n_trials),
                         .by_class = new_unknown (plan->n_trials * n_classes) };
  g_autofree double *finished = g_new (double, plan->n_trials);
  gsize n = 0;

  for (guint i = 0; i < trials->len; i++)
    {
      const TitheTrial *trial = g_ptr_array_index (trials, i);

      if (!tithe_arm_equal (&trial->arm, arm) || trial->number >= plan->n_trials)
        continue;
      row.n_running += !trial->finished;
      if (!trial->finished)
        continue;
      g_array_index (row.accuracies, double, trial->number) = trial->accuracy;
      put_classes (self, trial, (double *) (gpointer) row.by_class->data + trial->number * n_classes);
      finished[n++] = trial->accuracy;
      row.seconds += trial->seconds;
      row.n_images = trial->n_images;
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

/**
 * tithe_verify_report_new:
 * @trials: (element-type TitheTrial): of the plan's training
 * @margin: share; a loss below it does not matter
 * @n_threads: trials that run at once, for how long more of them would take
 *
 * Returns: (transfer full): what the trials show
 */
TitheVerifyReport *
tithe_verify_report_new (const TitheVerifyPlan *plan, GPtrArray *trials, double margin, guint n_threads)
{
  TitheVerifyReport *self = g_new0 (TitheVerifyReport, 1);
  g_autoptr (GArray) arms = tithe_verify_plan_list_arms (plan);
  g_autoptr (GPtrArray) comparisons = g_ptr_array_new ();

  self->margin = margin;
  self->rows = g_array_new (FALSE, FALSE, sizeof (TitheVerifyRow));
  g_array_set_clear_func (self->rows, row_clear);
  self->claims = g_array_new (FALSE, FALSE, sizeof (TitheVerifyClaim));
  self->n_tested = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < trials->len; i++)
    {
      const TitheTrial *trial = g_ptr_array_index (trials, i);
      gsize n_test = 0;

      for (guint c = 0; trial->finished && c < trial->n_tested->len; c++)
        n_test += g_array_index (trial->n_tested, guint32, c);
      if (n_test <= self->n_test)
        continue;
      self->n_test = n_test;
      g_array_set_size (self->n_tested, 0);
      g_array_append_vals (self->n_tested, trial->n_tested->data, trial->n_tested->len);
    }
  for (guint a = 0; a < arms->len; a++)
    {
      TitheVerifyRow row = make_row (self, &g_array_index (arms, TitheArm, a), plan, trials);

      g_array_append_val (self->rows, row);
      self->n_finished += row.summary.n;
      self->n_trials += plan->n_trials;
    }
  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);
      TitheArm random = tithe_arm_get_random (&row->arm);

      if (row->arm.kind != TITHE_ARM_SEMANTIC && row->arm.kind != TITHE_ARM_HAND)
        continue;
      add_claim (self, row, &g_array_index (self->rows, TitheVerifyRow, 0));
      add_claim (self, row, find_row (self, &random));
      add_claim (self, find_row (self, &random), &g_array_index (self->rows, TitheVerifyRow, 0));
    }
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
 * @wanted: (nullable): what is to be told of, %NULL for what was planned last
 * @plan: (out) (optional) (transfer full): what was planned last
 *
 * Returns: (transfer full): what the session's trials show, or %NULL with a %TITHE_TRIAL_STORE_ERROR
 */
TitheVerifyReport *
tithe_verify_report_read (const char *session, const TitheVerifyPlan *wanted, double margin, guint n_threads,
                          TitheVerifyPlan **plan, GError **error)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (session, FALSE, error);
  g_autoptr (TitheVerifyPlan) stored = store ? tithe_trial_store_get_plan (store, error) : NULL;
  g_autoptr (GPtrArray) trials = stored ? tithe_trial_store_list (store, stored, error) : NULL;
  TitheVerifyReport *self
      = trials ? tithe_verify_report_new (wanted ? wanted : stored, trials, margin, n_threads) : NULL;

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
  g_free (self);
}
