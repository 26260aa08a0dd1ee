/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"
#include "tithe-verify-plan.h"

G_BEGIN_DECLS

/**
 * TitheSpan:
 * @n: images that are discarded
 * @mean: of their dissimilarities to the nearest kept image of their class
 * @p95: 95 % of them are no larger
 * @worst: the largest
 *
 * How far discarded images are from what is kept in their place. All 0 where nothing is discarded.
 */
typedef struct
{
  gsize n;
  double mean;
  double p95;
  double worst;
} TitheSpan;

/**
 * TitheCoverage:
 * @ratio: of images kept
 * @semantic: of the subset by clustering
 * @random: of random subsets with as many of each class: means over the draws
 * @semantic_by_class: (array): a span for each class
 * @random_by_class: (array): of random subsets, a span for each class
 */
typedef struct
{
  double ratio;
  TitheSpan semantic;
  TitheSpan random;
  TitheSpan *semantic_by_class;
  TitheSpan *random_by_class;
} TitheCoverage;

/**
 * TitheCoverageOptions:
 * @n_draws: random subsets for each ratio
 * @seed: of the draws
 */
typedef struct
{
  const double *ratios;
  gsize n_ratios;
  TithePolicy policy;
  TitheRepresentative rule;
  guint n_draws;
  guint64 seed;
  guint n_threads;
} TitheCoverageOptions;

void       tithe_coverage_free        (gpointer coverage);
GPtrArray *tithe_coverage_measure     (TitheHierarchy *hierarchy, TitheEmbedding *embedding,
                                       const TitheCoverageOptions *options, TitheJob *job, GError **error);
GPtrArray *tithe_coverage_measure_plan (TitheHierarchy *hierarchy, TitheEmbedding *embedding,
                                       const TitheVerifyPlan *plan, guint n_draws, guint n_threads, TitheJob *job,
                                       GError **error);
TitheSpan  tithe_coverage_of_subset   (TitheSubset *subset, TitheEmbedding *embedding, guint n_threads, TitheJob *job,
                                       GError **error);

G_END_DECLS
