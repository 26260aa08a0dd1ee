/* SPDX-License-Identifier: MIT */
#include "base/tithe-random.h"
#include "verify/tithe-statistics.h"

#include <math.h>

/* Values of SciPy 1.10: scipy.stats.t.sf. */
static void
test_student (void)
{
  static const struct
  {
    double t, freedom, tail;
  } values[] = {
    { 1, 1, 0.25 },
    { 12.706204736432095, 1, 0.025 },
    { 2.7764451051977987, 4, 0.025 },
    { 1, 10, 0.17044656615103004 },
    { 5, 2, 0.018874775675311862 },
    { 0, 7, 0.5 },
    { 1.96, 1e6, 0.024998033784 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      double tail = tithe_statistics_student_tail (values[i].t, values[i].freedom);

      g_assert_cmpfloat_with_epsilon (tail, values[i].tail, 1e-7);
      g_assert_cmpfloat_with_epsilon (tithe_statistics_student_tail (-values[i].t, values[i].freedom), 1 - tail, 1e-12);
      if (values[i].freedom < 100)
        g_assert_cmpfloat_with_epsilon (tithe_statistics_student_point (tail, values[i].freedom), values[i].t, 1e-6);
    }
}

/* By hand: the differences have a mean of 1.2 and a variance of 0.7, which makes t 3.207 with 4 degrees of freedom. */
static void
test_paired (void)
{
  const double a[] = { 3, 4, 5, 6, 7 }, b[] = { 2, 2, 5, 5, 5 };
  TitheComparison c = tithe_statistics_compare (a, b, 5, 0, 0.5), *all = &c;

  tithe_statistics_judge (&all, 1);
  g_assert_cmpfloat_with_epsilon (c.difference, 1.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (c.sd, sqrt (0.7), 1e-12);
  g_assert_cmpfloat_with_epsilon (c.p, 0.0327, 1e-3);
  g_assert_cmpfloat_with_epsilon ((c.high - c.low) / 2, 2.7764451051977987 * sqrt (0.7 / 5), 1e-9);
}

/* Three trials whose differences happen to be the same prove less than their spread of nothing says. */
static void
test_equal_trials_prove_nothing (void)
{
  const double a[] = { 0.7734, 0.7734, 0.7734 }, b[] = { 0.7733, 0.7733, 0.7733 };
  TitheComparison c = tithe_statistics_compare (a, b, 3, 1e-4, 0.003), *all = &c;

  tithe_statistics_judge (&all, 1);
  g_assert_cmpint (c.verdict, !=, TITHE_VERDICT_BETTER);
  g_assert_cmpfloat (c.p, >, 0.05);
  c = tithe_statistics_compare (a, b, 1, 1e-4, 0.003);
  tithe_statistics_judge (&all, 1);
  g_assert_cmpint (c.verdict, ==, TITHE_VERDICT_UNDECIDED);
}

/* --- 20,000 simulated reports --- */

#define N_REPORTS 20000
#define N_TRIALS 10
#define MARGIN 0.003
#define SD 0.002

typedef struct
{
  guint n;
  const double *truth; /* of each comparison, again and again */
  guint n_truth;
  gboolean shared; /* whether all are compared with the same numbers, as subsets are with everything */
} Simulation;

typedef struct
{
  guint n_wrong;    /* reports with a wrong verdict */
  guint n_verdicts; /* that are none but “undecided”, of all reports */
} Outcome;

static gboolean
is_wrong (const TitheComparison *c, double truth)
{
  return (c->verdict == TITHE_VERDICT_BETTER && truth <= 0) || (c->verdict == TITHE_VERDICT_WORSE && truth >= 0)
         || ((c->harmless || c->verdict == TITHE_VERDICT_NO_WORSE) && truth <= -MARGIN);
}

static Outcome
simulate (const Simulation *simulation)
{
  TitheRandom random = tithe_random_new (13, simulation->n, simulation->shared);
  Outcome outcome = { 0 };

  for (guint report = 0; report < N_REPORTS; report++)
    {
      TitheComparison comparisons[16], *list[16];
      double against[N_TRIALS], with[N_TRIALS];
      gboolean wrong = FALSE;

      for (guint t = 0; t < N_TRIALS; t++)
        against[t] = SD * tithe_random_normal (&random);
      for (guint i = 0; i < simulation->n; i++)
        {
          for (guint t = 0; t < N_TRIALS; t++)
            {
              if (!simulation->shared)
                against[t] = SD * tithe_random_normal (&random);
              with[t] = simulation->truth[i % simulation->n_truth] + SD * tithe_random_normal (&random);
            }
          comparisons[i] = tithe_statistics_compare (with, against, N_TRIALS, 1e-5, MARGIN);
          list[i] = &comparisons[i];
        }
      tithe_statistics_judge (list, simulation->n);
      for (guint i = 0; i < simulation->n; i++)
        {
          wrong |= is_wrong (&comparisons[i], simulation->truth[i % simulation->n_truth]);
          outcome.n_verdicts += comparisons[i].verdict != TITHE_VERDICT_UNDECIDED;
        }
      outcome.n_wrong += wrong;
    }
  return outcome;
}

/* Errors of a rate of 5 % come up in 20,000 reports with a standard deviation of 0.15 %. */
#define MOST_WRONG (0.05 + 3 * 0.00154)

static void
assert_promise (const double *truth, guint n_truth, gboolean shared)
{
  for (guint n = 1; n <= 16; n *= 2)
    {
      Outcome outcome = simulate (&(Simulation){ n, truth, n_truth, shared });
      double rate = (double) outcome.n_wrong / N_REPORTS;

      g_test_message ("%u comparisons: %.2f %% of the reports are wrong somewhere, %.2f verdicts in each", n,
                      100 * rate, (double) outcome.n_verdicts / N_REPORTS);
      g_assert_cmpfloat (rate, <, MOST_WRONG);
    }
}

/* Everything loses just what matters: one that is called harmless is an error. */
static void
test_losses_at_the_margin (void)
{
  assert_promise ((double[]){ -MARGIN }, 1, FALSE);
}

/* Nothing differs: one that is said to win or to lose is an error; and of those that are made none is wasted. */
static void
test_no_differences (void)
{
  const double none = 0;

  assert_promise (&none, 1, FALSE);
  for (guint n = 1; n <= 16; n *= 4)
    g_assert_cmpfloat (simulate (&(Simulation){ n, &none, 1, FALSE }).n_wrong / (double) N_REPORTS, >, 0.04);
}

/* What is found early makes the rest easier to find, and must not make it wrong; all against the same numbers. */
static void
test_mixed_differences (void)
{
  assert_promise ((double[]){ -10 * MARGIN, -MARGIN, 0, -MARGIN / 2 }, 4, TRUE);
}

/* The price of the promise: with five times as much to find as the spread of a trial, all of it is found. */
static void
test_clear_differences_are_found (void)
{
  const double truth[] = { -5 * SD, 5 * SD };
  Outcome outcome = simulate (&(Simulation){ 16, truth, 2, TRUE });

  g_assert_cmpfloat (outcome.n_verdicts / (16.0 * N_REPORTS), >, 0.99);
}

/* A verdict says what its interval shows: on which side of 0 it is, and whether it reaches down to the margin. */
static void
test_verdicts_are_read_off_intervals (void)
{
  TitheRandom random = tithe_random_new (17, 0, 0);

  for (guint report = 0; report < 500; report++)
    {
      TitheComparison comparisons[9], *list[9];

      for (guint i = 0; i < 9; i++)
        {
          const guint n = 2 + tithe_random_below (&random, 9);
          double a[10], b[10];

          for (guint t = 0; t < n; t++)
            {
              a[t] = 0.002 * (i - 4.0) + 0.002 * tithe_random_normal (&random);
              b[t] = 0.002 * tithe_random_normal (&random);
            }
          comparisons[i] = tithe_statistics_compare (a, b, n, 1e-5, MARGIN);
          list[i] = &comparisons[i];
        }
      tithe_statistics_judge (list, 9);
      for (guint i = 0; i < 9; i++)
        {
          const TitheComparison *c = &comparisons[i];

          g_assert_cmpint (c->verdict == TITHE_VERDICT_BETTER, ==, c->low > 0);
          g_assert_cmpint (c->verdict == TITHE_VERDICT_WORSE, ==, c->high < 0);
          g_assert_cmpint (c->harmless, ==, c->low > -MARGIN);
          g_assert_cmpint (c->verdict == TITHE_VERDICT_NO_WORSE, ==, c->low > -MARGIN && c->low <= 0 && c->high >= 0);
        }
    }
}

/* R's power.t.test(delta = 0.3, sd = 0.4, power = 0.8, type = "paired") asks for 16 pairs. */
static void
test_count_needed (void)
{
  gsize n = tithe_statistics_count_needed (0.4, 0.3, 0.05);

  g_assert_cmpuint (n, >=, 15);
  g_assert_cmpuint (n, <=, 18);
  g_assert_cmpuint (tithe_statistics_count_needed (0.001, 0.3, 0.05), ==, 2);
  /* The same with sig.level = 0.05 / 9 asks for 28 pairs. */
  n = tithe_statistics_count_needed (0.4, 0.3, 0.05 / 9);
  g_assert_cmpuint (n, >=, 26);
  g_assert_cmpuint (n, <=, 29);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/student", test_student);
  g_test_add_func ("/statistics/paired", test_paired);
  g_test_add_func ("/statistics/equal-trials-prove-nothing", test_equal_trials_prove_nothing);
  g_test_add_func ("/statistics/promise/losses-at-the-margin", test_losses_at_the_margin);
  g_test_add_func ("/statistics/promise/no-differences", test_no_differences);
  g_test_add_func ("/statistics/promise/mixed-differences", test_mixed_differences);
  g_test_add_func ("/statistics/promise/clear-differences-are-found", test_clear_differences_are_found);
  g_test_add_func ("/statistics/verdicts-are-read-off-intervals", test_verdicts_are_read_off_intervals);
  g_test_add_func ("/statistics/count-needed", test_count_needed);
  return g_test_run ();
}
