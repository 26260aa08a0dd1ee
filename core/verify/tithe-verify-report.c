/* SPDX-License-Identifier: MIT */
#include "tithe-verify-report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
row_clear (gpointer data)
{
  TitheVerifyRow *row = data;

  g_array_unref (row->accuracies);
}

static TitheVerifyRow
make_row (const TitheArm *arm, const TitheVerifyPlan *plan, GPtrArray *trials)
{
  TitheVerifyRow row = { .arm = *arm, .accuracies = g_array_new (FALSE, FALSE, sizeof (double)) };
  g_autofree double *finished = g_new (double, plan->n_trials);
  gsize n = 0;

  for (guint t = 0; t < plan->n_trials; t++)
    {
      double nothing = NAN;

      g_array_append_val (row.accuracies, nothing);
    }
  for (guint i = 0; i < trials->len; i++)
    {
      const TitheTrial *trial = g_ptr_array_index (trials, i);

      if (!tithe_arm_equal (&trial->arm, arm) || trial->number >= plan->n_trials)
        continue;
      row.n_running += !trial->finished;
      if (!trial->finished)
        continue;
      g_array_index (row.accuracies, double, trial->number) = trial->accuracy;
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

/* Trials of one number have the same first weights, order and augmentation: they are compared in pairs. */
static void
add_claim (TitheVerifyReport *self, const TitheVerifyRow *a, const TitheVerifyRow *b)
{
  TitheVerifyClaim claim = { .arm = a->arm, .against = b->arm };
  g_autofree double *x = g_new (double, a->accuracies->len), *y = g_new (double, a->accuracies->len);
  gsize n = 0;

  for (guint t = 0; t < a->accuracies->len; t++)
    {
      x[n] = g_array_index (a->accuracies, double, t);
      y[n] = g_array_index (b->accuracies, double, t);
      n += !isnan (x[n]) && !isnan (y[n]);
    }
  claim.comparison
      = tithe_statistics_compare (x, y, n, self->n_test > 0 ? 1.0 / (double) self->n_test : 0, self->margin);
  g_array_append_val (self->claims, claim);
}

/* How many more trials each claim takes. By Holm's method one of m that are open yet is decided at a level of one m-th. */
static void
estimate_trials (TitheVerifyReport *self, guint n_threads)
{
  guint n_open = 0;

  for (guint i = 0; i < self->claims->len; i++)
    {
      const TitheVerdict verdict = g_array_index (self->claims, TitheVerifyClaim, i).comparison.verdict;

      n_open += verdict == TITHE_VERDICT_UNDECIDED || verdict == TITHE_VERDICT_NO_WORSE;
    }
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
  for (guint i = 0; i < trials->len; i++)
    {
      const TitheTrial *trial = g_ptr_array_index (trials, i);
      gsize n_test = 0;

      for (guint c = 0; trial->finished && c < trial->n_tested->len; c++)
        n_test += g_array_index (trial->n_tested, guint32, c);
      self->n_test = MAX (self->n_test, n_test);
    }
  for (guint a = 0; a < arms->len; a++)
    {
      TitheVerifyRow row = make_row (&g_array_index (arms, TitheArm, a), plan, trials);

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
      _("Not decided yet: %s against %s, %+.2f points, between %+.2f and %+.2f. To tell %.2g points "
         "apart would take about %zu more trials of each, some %s."),
      arm, against, 100 * c->difference, 100 * c->low, 100 * c->high, 100 * margin, claim->n_more, duration);
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
  const TitheComparison *c = &claim->comparison;
  g_autofree char *arm = tithe_arm_dup_title (&claim->arm), *against = tithe_arm_dup_title (&claim->against);

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

static void
append_number (GString *out, const char *format, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, g_ascii_formatd (text, sizeof text, format, value));
}

/**
 * tithe_verify_report_to_csv:
 *
 * Returns: (transfer full): a line for each trial that is finished; accuracies are shares
 */
char *
tithe_verify_report_to_csv (const TitheVerifyReport *self)
{
  static const char *const kinds[] = { "full", "semantic", "random", "hand", "random-hand" };
  GString *out = g_string_new ("subset,ratio,budget,images,trial,accuracy,mean,sd\n");

  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);

      for (guint t = 0; t < row->accuracies->len; t++)
        {
          double accuracy = g_array_index (row->accuracies, double, t);

          if (isnan (accuracy))
            continue;
          g_string_append_printf (out, "%s,", kinds[row->arm.kind]);
          append_number (out, "%.6g", row->arm.ratio);
          g_string_append_printf (out, ",%s,%zu,%u,", row->arm.budget == TITHE_BUDGET_STEPS ? "steps" : "epochs",
                                  row->n_images, t);
          append_number (out, "%.6f,", accuracy);
          append_number (out, "%.6f,", row->summary.mean);
          append_number (out, "%.6f\n", row->summary.sd);
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
