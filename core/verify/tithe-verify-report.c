/* SPDX-License-Identifier: MIT */
#include "tithe-verify-report.h"
#include "io/tithe-csv.h"

#include <glib/gi18n-lib.h>
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

/* How many more trials each claim takes. By Holm's method one of m that are open yet is decided at a level of one m-th. */
static void
estimate_trials (TitheVerifyReport *self, guint n_threads)
{
  guint n_open = 0;

  for (guint i = 0; i < self->claims->len; i++)
    n_open += !tithe_statistics_is_certain (&g_array_index (self->claims, TitheVerifyClaim, i).comparison);
  for (guint i = 0; i < self->claims->len; i++)
    {
      TitheVerifyClaim *claim = &g_array_index (self->claims, TitheVerifyClaim, i);
      const gsize n = claim->comparison.n;
      gsize needed;

      if (n < 2)
        continue;
      needed = tithe_statistics_count_needed (claim->comparison.sd, self->margin,
                                              TITHE_STATISTICS_LEVEL / (double) MAX (1, n_open));
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
  tithe_statistics_judge ((TitheComparison **) comparisons->pdata, comparisons->len);
  estimate_trials (self, n_threads);
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

void
tithe_verify_report_free (TitheVerifyReport *self)
{
  g_array_unref (self->rows);
  g_array_unref (self->claims);
  g_array_unref (self->n_tested);
  g_free (self);
}

/**
 * tithe_verify_dup_duration:
 *
 * Returns: (transfer full): such as “40 seconds”, “25 minutes” or “3.5 hours”
 */
char *
tithe_verify_dup_duration (double seconds)
{
  if (seconds < 99.5)
    return g_strdup_printf (ngettext ("%.0f second", "%.0f seconds", (gulong) ceil (seconds)), ceil (seconds));
  if (seconds < 99.5 * 60)
    return g_strdup_printf (_("%.0f minutes"), ceil (seconds / 60));
  if (seconds < 99.5 * 3600)
    return g_strdup_printf (_("%.1f hours"), seconds / 3600);
  return g_strdup_printf (_("%.0f days"), ceil (seconds / 86400));
}

static char *
dup_undecided (const TitheVerifyClaim *claim, double margin, const char *arm, const char *against)
{
  const TitheComparison *c = &claim->comparison;
  g_autofree char *duration = tithe_verify_dup_duration (claim->seconds);

  if (c->n < 2)
    return g_strdup_printf (_("Not decided: %s against %s; it takes two trials of each at least."), arm, against);
  return g_strdup_printf (
      ngettext ("Not decided yet: %s against %s, %+.2f points, between %+.2f and %+.2f. To tell %.2g points "
                "apart would take about %zu more trial of each, some %s.",
                "Not decided yet: %s against %s, %+.2f points, between %+.2f and %+.2f. To tell %.2g points "
                "apart would take about %zu more trials of each, some %s.",
                claim->n_more),
      arm, against, 100 * c->difference, 100 * c->low, 100 * c->high, 100 * margin, claim->n_more, duration);
}

static char *
dup_verdict (const TitheVerifyClaim *claim, double margin, const char *arm, const char *against)
{
  const TitheComparison *c = &claim->comparison;

  switch (c->verdict)
    {
    case TITHE_VERDICT_BETTER:
      return g_strdup_printf (_("%s beats %s by %.2f points, between %+.2f and %+.2f."), arm, against,
                              100 * c->difference, 100 * c->low, 100 * c->high);
    case TITHE_VERDICT_WORSE:
      if (c->low > -margin) /* a loss is certain, and so is that it does not matter */
        return g_strdup_printf (
            _("%s loses to %s by %.2f points, between %+.2f and %+.2f: less than the %.2g points that "
               "matter."),
            arm, against, -100 * c->difference, 100 * c->low, 100 * c->high, 100 * margin);
      return g_strdup_printf (_("%s loses to %s by %.2f points, between %+.2f and %+.2f."), arm, against,
                              -100 * c->difference, 100 * c->low, 100 * c->high);
    case TITHE_VERDICT_NO_WORSE:
      return g_strdup_printf (
          _("%s does not lose to %s: %+.2f points, between %+.2f and %+.2f; a loss of %.2g points is "
             "ruled out."),
          arm, against, 100 * c->difference, 100 * c->low, 100 * c->high, 100 * margin);
    case TITHE_VERDICT_UNDECIDED:
    default:
      return dup_undecided (claim, margin, arm, against);
    }
}

/**
 * tithe_verify_claim_dup_text:
 * @margin: that the claim was judged with
 *
 * Returns: (transfer full): what can be said, in plain words, with the interval of 95 % of the true difference
 */
char *
tithe_verify_claim_dup_text (const TitheVerifyClaim *claim, double margin)
{
  g_autofree char *arm = tithe_arm_dup_phrase (&claim->arm), *against = tithe_arm_dup_phrase (&claim->against);
  g_autofree char *words = dup_verdict (claim, margin, arm, against);
  GString *sentence = g_string_new (NULL);

  g_string_append_unichar (sentence, g_unichar_toupper (g_utf8_get_char (words)));
  g_string_append (sentence, g_utf8_next_char (words));
  return g_string_free (sentence, FALSE);
}

static void
append_number (GString *out, const char *format, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, g_ascii_formatd (text, sizeof text, format, value));
}

/* The columns subset to trial. */
static void
append_trial (GString *out, const TitheVerifyRow *row, guint trial)
{
  static const char *const kinds[] = { "full", "semantic", "random", "hand", "random-hand" };

  g_string_append_printf (out, "%s,", kinds[row->arm.kind]);
  append_number (out, "%.6g", row->arm.ratio);
  g_string_append_printf (out, ",%s,%zu,%u,", row->arm.budget == TITHE_BUDGET_STEPS ? "steps" : "epochs", row->n_images,
                          trial);
}

/**
 * tithe_verify_report_to_csv:
 *
 * Returns: (transfer full): a line for each trial that is finished; accuracies are shares
 */
char *
tithe_verify_report_to_csv (const TitheVerifyReport *self)
{
  GString *out = g_string_new ("subset,ratio,budget,images,trial,accuracy,mean,sd\n");

  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);

      for (guint t = 0; t < row->accuracies->len; t++)
        {
          double accuracy = g_array_index (row->accuracies, double, t);

          if (isnan (accuracy))
            continue;
          append_trial (out, row, t);
          append_number (out, "%.6f,", accuracy);
          append_number (out, "%.6f,", row->summary.mean);
          append_number (out, "%.6f\n", row->summary.sd);
        }
    }
  return g_string_free (out, FALSE);
}

/**
 * tithe_verify_report_to_class_csv:
 * @dataset: of the session
 *
 * Returns: (transfer full): a line for each class of each trial that is finished; accuracies are shares
 */
char *
tithe_verify_report_to_class_csv (const TitheVerifyReport *self, TitheDataset *dataset)
{
  const guint n_classes = MIN (self->n_tested->len, tithe_dataset_get_n_classes (dataset));
  GString *out = g_string_new ("subset,ratio,budget,images,trial,class,tested,accuracy\n");

  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);

      for (guint i = 0; i < row->accuracies->len * n_classes; i++)
        {
          const guint c = i % n_classes, t = i / n_classes;
          const double accuracy = g_array_index (row->by_class, double, t * self->n_tested->len + c);
          g_autofree char *name = tithe_csv_quote (tithe_dataset_get_class_name (dataset, c));

          if (isnan (accuracy))
            continue;
          append_trial (out, row, t);
          g_string_append_printf (out, "%s,%u,", name, g_array_index (self->n_tested, guint32, c));
          append_number (out, "%.6f\n", accuracy);
        }
    }
  return g_string_free (out, FALSE);
}

/**
 * tithe_verify_report_to_table:
 *
 * Returns: (transfer full): a line for each arm, for a terminal
 */
char *
tithe_verify_report_to_table (const TitheVerifyReport *self)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%-32s %8s  %-15s  %s\n", _("subset"), _("images"), _("accuracy, %"), _("trials"));
  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);
      g_autofree char *title = tithe_arm_dup_title (&row->arm), *images = g_strdup_printf ("%zu", row->n_images);
      g_autofree char *accuracy = row->summary.n == 0 ? g_strdup ("-")
                                  : row->summary.n == 1
                                      ? g_strdup_printf ("%.2f", 100 * row->summary.mean)
                                      : g_strdup_printf ("%.2f ± %.2f", 100 * row->summary.mean, 100 * row->summary.sd);
      g_autoptr (GString) trials = g_string_new (NULL);

      for (guint t = 0; t < row->accuracies->len; t++)
        if (!isnan (g_array_index (row->accuracies, double, t)))
          g_string_append_printf (trials, "%s%.2f", trials->len ? ", " : "",
                                  100 * g_array_index (row->accuracies, double, t));
      g_string_append_printf (out, "%-32s %8s  %s%*s  %s\n", title, row->n_images > 0 ? images : "-", accuracy,
                              (int) MAX (0, 15 - g_utf8_strlen (accuracy, -1)), "", trials->str);
    }
  return g_string_free (out, FALSE);
}
