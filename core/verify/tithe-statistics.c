/* SPDX-License-Identifier: MIT */
#include "tithe-statistics.h"

#include <math.h>
#include <stdlib.h>

/* Above this many trials nobody waits for an answer. */
#define MAX_NEEDED 100000

TitheSummary
tithe_statistics_summarise (const double *x, gsize n)
{
  TitheSummary summary = { .n = n };
  double squares = 0;

  for (gsize i = 0; i < n; i++)
    summary.mean += x[i] / (double) n;
  for (gsize i = 0; i < n; i++)
    squares += (x[i] - summary.mean) * (x[i] - summary.mean);
  summary.sd = n > 1 ? sqrt (squares / (double) (n - 1)) : 0;
  return summary;
}

/* The continued fraction of the incomplete beta function by Lentz's method: Abramowitz and Stegun 1964, 26.5.8. */
static double
beta_fraction (double a, double b, double x)
{
  const double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1), value;

  d = 1 / (fabs (d) < tiny ? tiny : d);
  value = d;
  for (int m = 1; m <= 500; m++)
    {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), step;

      d = 1 + even * d;
      c = 1 + even / c;
      d = 1 / (fabs (d) < tiny ? tiny : d);
      c = fabs (c) < tiny ? tiny : c;
      value *= d * c;
      d = 1 + odd * d;
      c = 1 + odd / c;
      d = 1 / (fabs (d) < tiny ? tiny : d);
      c = fabs (c) < tiny ? tiny : c;
      step = d * c;
      value *= step;
      if (fabs (step - 1) < 1e-15)
        break;
    }
  return value;
}

static double
incomplete_beta (double a, double b, double x)
{
  double front;

  if (x <= 0 || x >= 1)
    return x <= 0 ? 0 : 1;
  front = exp (lgamma (a + b) - lgamma (a) - lgamma (b) + a * log (x) + b * log1p (-x));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction (a, b, x) / a : 1 - front * beta_fraction (b, a, 1 - x) / b;
}

/**
 * tithe_statistics_student_tail:
 *
 * Returns: the chance that Student's t with that many degrees of freedom is above @t
 */
double
tithe_statistics_student_tail (double t, double freedom)
{
  double tail = 0.5 * incomplete_beta (freedom / 2, 0.5, freedom / (freedom + t * t));

  return t >= 0 ? tail : 1 - tail;
}

/**
 * tithe_statistics_student_point:
 * @tail: above 0 and below 1
 *
 * Returns: what Student's t is above with the chance @tail
 */
double
tithe_statistics_student_point (double tail, double freedom)
{
  double low = -1, high = 1;

  while (tithe_statistics_student_tail (high, freedom) > tail && high < 1e12)
    high *= 2;
  while (tithe_statistics_student_tail (low, freedom) < tail && low > -1e12)
    low *= 2;
  for (int i = 0; i < 200 && high - low > 1e-12 * (1 + fabs (low)); i++)
    {
      double middle = (low + high) / 2;

      if (tithe_statistics_student_tail (middle, freedom) > tail)
        low = middle;
      else
        high = middle;
    }
  return (low + high) / 2;
}

/**
 * tithe_statistics_compare:
 * @a: (array length=n): one number of each pair
 * @b: (array length=n): the other
 * @resolution: the smallest step that the numbers can differ by; differences are never taken to vary by less, for that
 *   two trials come out alike is chance, and no proof
 * @margin: above 0: a loss that does not matter
 *
 * Student's paired test.
 */
TitheComparison
tithe_statistics_compare (const double *a, const double *b, gsize n, double resolution, double margin)
{
  TitheComparison comparison = { .n = n, .low = -INFINITY, .high = INFINITY, .p = 1, .p_no_worse = 1 };
  g_autofree double *differences = g_new (double, MAX (n, 1));
  TitheSummary summary;
  double error, freedom, reach;

  for (gsize i = 0; i < n; i++)
    differences[i] = a[i] - b[i];
  summary = tithe_statistics_summarise (differences, n);
  comparison.difference = summary.mean;
  if (n < 2)
    return comparison;
  comparison.sd = MAX (summary.sd, resolution);
  error = comparison.sd / sqrt ((double) n);
  freedom = (double) n - 1;
  reach = error * tithe_statistics_student_point (TITHE_STATISTICS_LEVEL / 2, freedom);
  comparison.low = summary.mean - reach;
  comparison.high = summary.mean + reach;
  if (error > 0)
    {
      comparison.p = 2 * tithe_statistics_student_tail (fabs (summary.mean) / error, freedom);
      comparison.p_no_worse = tithe_statistics_student_tail ((summary.mean + margin) / error, freedom);
    }
  return comparison;
}

static int
compare_p (gconstpointer a, gconstpointer b)
{
  const TitheComparison *x = *(TitheComparison *const *) a, *y = *(TitheComparison *const *) b;

  return (x->p > y->p) - (x->p < y->p);
}

static int
compare_p_no_worse (gconstpointer a, gconstpointer b)
{
  const TitheComparison *x = *(TitheComparison *const *) a, *y = *(TitheComparison *const *) b;

  return (x->p_no_worse > y->p_no_worse) - (x->p_no_worse < y->p_no_worse);
}

/**
 * tithe_statistics_judge:
 * @comparisons: (array length=n): all that are looked at together; they are reordered
 *
 * Sets the verdicts. Who looks at many differences finds some by chance: the verdicts are all right together with a chance
 * of 95 %, by the method of Holm 1979, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
 * Statistics 6.
 */
void
tithe_statistics_judge (TitheComparison **comparisons, gsize n)
{
  if (n == 0)
    return;
  for (gsize i = 0; i < n; i++)
    comparisons[i]->verdict = TITHE_VERDICT_UNDECIDED;
  qsort (comparisons, n, sizeof *comparisons, compare_p_no_worse);
  for (gsize i = 0; i < n && comparisons[i]->p_no_worse < TITHE_STATISTICS_LEVEL / (double) (n - i); i++)
    comparisons[i]->verdict = TITHE_VERDICT_NO_WORSE;
  qsort (comparisons, n, sizeof *comparisons, compare_p);
  for (gsize i = 0; i < n && comparisons[i]->p < TITHE_STATISTICS_LEVEL / (double) (n - i); i++)
    comparisons[i]->verdict = comparisons[i]->difference > 0 ? TITHE_VERDICT_BETTER : TITHE_VERDICT_WORSE;
}

/**
 * tithe_statistics_is_certain:
 *
 * Returns: whether a difference was shown, by tithe_statistics_judge()
 */
gboolean
tithe_statistics_is_certain (const TitheComparison *comparison)
{
  return comparison->verdict == TITHE_VERDICT_BETTER || comparison->verdict == TITHE_VERDICT_WORSE;
}

/**
 * tithe_statistics_count_needed:
 * @sd: of the differences of pairs
 * @difference: above 0: the true one
 * @level: that the test is made at: %TITHE_STATISTICS_LEVEL, or its share where several are judged together
 *
 * Returns: how many pairs show such a difference with a chance of 80 %, by the normal approximation with Student's points;
 *   two at least, %MAX_NEEDED at most
 */
gsize
tithe_statistics_count_needed (double sd, double difference, double level)
{
  gsize low = 2, high = MAX_NEEDED;

  while (low < high)
    {
      gsize n = (low + high) / 2;
      double freedom = (double) n - 1;
      double reach = tithe_statistics_student_point (level / 2, freedom)
                     + tithe_statistics_student_point (1 - TITHE_STATISTICS_POWER, freedom);

      if (reach * sd <= difference * sqrt ((double) n))
        high = n;
      else
        low = n + 1;
    }
  return low;
}
