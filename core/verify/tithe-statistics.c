/* SPDX-License-Identifier: MIT */
#include "tithe-statistics.h"
#include "base/tithe-words.h"

#include <math.h>

/* Above this many trials nobody waits for an answer. */
#define MAX_NEEDED 100000

static const TitheWord verdict_words[] = {
  { "undecided", TITHE_VERDICT_UNDECIDED, NULL },
  { "better", TITHE_VERDICT_BETTER, NULL },
  { "worse", TITHE_VERDICT_WORSE, NULL },
  { "no-worse", TITHE_VERDICT_NO_WORSE, NULL },
  { NULL, 0, NULL },
};

/* tithe_verdict_to_string: (transfer none) the word for it in files */
const char *
tithe_verdict_to_string (TitheVerdict verdict)
{
  return tithe_words_to_text (verdict_words, (int) verdict);
}

/**
 * tithe_statistics_summarise:
 * @x: (array length=n): numbers
 *
 * Returns: how many there are, their mean, and how far they are from it; all 0 for none
 */
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
 * Student's paired test, of one pair of samples alone.
 *
 * Returns: the comparison, about which nothing is decided before tithe_statistics_judge()
 */
TitheComparison
tithe_statistics_compare (const double *a, const double *b, gsize n, double resolution, double margin)
{
  TitheComparison comparison = { .n = n, .low = -INFINITY, .high = INFINITY, .p = 1, .p_no_worse = 1 };
  g_autofree double *differences = g_new (double, MAX (n, 1));
  TitheSummary summary;
  double error, freedom;

  for (gsize i = 0; i < n; i++)
    differences[i] = a[i] - b[i];
  summary = tithe_statistics_summarise (differences, n);
  comparison.difference = summary.mean;
  if (n < 2)
    return comparison;
  comparison.sd = MAX (summary.sd, resolution);
  error = comparison.sd / sqrt ((double) n);
  freedom = (double) n - 1;
  if (error > 0)
    {
      comparison.p = 2 * tithe_statistics_student_tail (fabs (summary.mean) / error, freedom);
      comparison.p_no_worse = tithe_statistics_student_tail ((summary.mean + margin) / error, freedom);
    }
  return comparison;
}

/* How many of the comparisons show a difference where each side of each is tested at a level. */
static gsize
count_shown (TitheComparison **comparisons, gsize n, double level)
{
  gsize n_shown = 0;

  for (gsize i = 0; i < n; i++)
    n_shown += comparisons[i]->p / 2 < level;
  return n_shown;
}

static void
read_off (TitheComparison *comparison, double level, double point)
{
  const double reach = point * comparison->sd / sqrt ((double) comparison->n);

  if (comparison->sd > 0)
    {
      comparison->low = comparison->difference - reach;
      comparison->high = comparison->difference + reach;
    }
  comparison->harmless = comparison->p_no_worse < level;
  if (comparison->p / 2 < level)
    comparison->verdict = comparison->difference > 0 ? TITHE_VERDICT_BETTER : TITHE_VERDICT_WORSE;
  else if (comparison->harmless)
    comparison->verdict = TITHE_VERDICT_NO_WORSE;
}

/**
 * tithe_statistics_judge:
 * @comparisons: (array length=n): all that are looked at together
 *
 * Sets the verdicts, and the intervals that they are read off. Who looks at many differences finds some by chance: that one
 * or more of all the verdicts is wrong, a loss called harmless that is not among them, has a chance of
 * %TITHE_STATISTICS_LEVEL at most, however the comparisons depend on each other.
 *
 * Of each comparison with the true difference D three things could be wrongly denied: D <= -margin, D <= 0, D >= 0. They
 * are tested one-sided and stepwise, each at the level divided by the number of errors that are possible yet: Shaffer 1986,
 * "Modified Sequentially Rejective Multiple Test Procedures", Journal of the American Statistical Association 81; Goeman
 * and Solari 2010, "The Sequential Rejection Principle of Familywise Error Control", Annals of Statistics 38, have the
 * proof. Two are possible of a comparison, as D may be 0 and be taken for either side; one is where a difference was shown.
 * D <= -margin adds none: where it is true D >= 0 is not, and who denies D <= 0 denied it, too, as its test is always the
 * more certain one (Bauer and Kieser 1996, "A Unifying Approach for Confidence Intervals and Testing of Equivalence and
 * Difference", Biometrika 83). So harmless losses are found at no cost to differences, where two families side by side
 * would have to share the level.
 *
 * As the last step's tests have the largest level, and deny whatever those before denied, all verdicts can be read off
 * the intervals at that level: without 0, or without -margin, on one side of them. An interval holds the true difference,
 * looked at alone, with a chance of 95 % at least.
 *
 * Returns: that level, of one side of one comparison
 */
double
tithe_statistics_judge (TitheComparison **comparisons, gsize n)
{
  double level = TITHE_STATISTICS_LEVEL / (2.0 * (double) MAX (1, n)), before, point = 0;
  gsize n_point = 0;

  do
    {
      before = level;
      level = TITHE_STATISTICS_LEVEL / (double) MAX (2, 2 * n - count_shown (comparisons, n, before));
    }
  while (level > before);
  for (gsize i = 0; i < n; i++)
    {
      comparisons[i]->verdict = TITHE_VERDICT_UNDECIDED;
      comparisons[i]->harmless = FALSE;
      if (comparisons[i]->n < 2)
        continue;
      if (comparisons[i]->n != n_point)
        point = tithe_statistics_student_point (level, (double) (n_point = comparisons[i]->n) - 1);
      read_off (comparisons[i], level, point);
    }
  return level;
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
 * @level: that the two-sided test is made at: %TITHE_STATISTICS_LEVEL, or its share where several are judged together
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
