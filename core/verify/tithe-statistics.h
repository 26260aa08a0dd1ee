/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The chance of a wrong verdict among all of one judgement that is taken, and of seeing a difference that is there. */
#define TITHE_STATISTICS_LEVEL 0.05
#define TITHE_STATISTICS_POWER 0.8

typedef enum
{
  TITHE_VERDICT_UNDECIDED, /* too little is known */
  TITHE_VERDICT_BETTER,    /* the first is larger */
  TITHE_VERDICT_WORSE,     /* the first is smaller */
  TITHE_VERDICT_NO_WORSE,  /* no difference was shown, but one beyond the margin was ruled out */
} TitheVerdict;

/**
 * TitheSummary:
 * @sd: with n - 1 below; 0 for fewer than two numbers
 */
typedef struct
{
  gsize n;
  double mean;
  double sd;
} TitheSummary;

/**
 * TitheComparison:
 * @n: pairs
 * @difference: mean of first - second
 * @sd: of the differences
 * @p: chance of a difference at least as far from 0 where there is none (Student's paired test, two-sided), looked at
 *   alone; 1 for n < 2
 * @p_no_worse: chance of a difference at least as high where the first is smaller by the margin (one-sided), looked at
 *   alone; 1 for n < 2
 * @low: @high: ends of the interval that the verdict is read off; -inf and inf for n < 2, and before
 *   tithe_statistics_judge()
 * @harmless: whether a loss of the margin or more is ruled out, whatever else the verdict is
 * @verdict: undecided before tithe_statistics_judge()
 */
typedef struct
{
  gsize n;
  double difference;
  double sd;
  double p;
  double p_no_worse;
  double low, high;
  gboolean harmless;
  TitheVerdict verdict;
} TitheComparison;

const char     *tithe_verdict_to_string        (TitheVerdict verdict);
TitheSummary    tithe_statistics_summarise     (const double *x, gsize n);
double          tithe_statistics_student_tail  (double t, double freedom);
double          tithe_statistics_student_point (double tail, double freedom);
TitheComparison tithe_statistics_compare       (const double *a, const double *b, gsize n, double resolution,
                                                double margin);
gboolean        tithe_statistics_is_certain    (const TitheComparison *comparison);
double          tithe_statistics_judge         (TitheComparison **comparisons, gsize n);
gsize           tithe_statistics_count_needed  (double sd, double difference, double level);

G_END_DECLS
