/* SPDX-License-Identifier: MIT */
#include "tithe-rule-private.h"

#include "base/tithe-parallel.h"
#include "image/tithe-sharpness.h"

#include <glib/gi18n-lib.h>

/* Sharpness is compared at this size at most: blur that matters shows in it, and reading it is quick. */
#define MAX_EDGE 512
#define CHUNK 16

/* Of a picture; 0 where it can't be read. */
typedef struct
{
  guint width, height; /* as it is in its file */
  double score;        /* what is compared, -1 where that is not known */
} Measure;

/* What was found in a group. */
typedef struct
{
  guint32 now, best; /* images, or TITHE_IMAGE_NONE */
  Measure of_now, of_best;
  guint width, height; /* of all its pictures that can be read; 0 where they are of several sizes, or none can be */
  guint n_unreadable;
} Finding;

typedef struct
{
  TitheRulePlanner *planner;
  Finding *findings; /* one for each group */
} Search;

/* Of the picture as it is in its file, of which the readers decode no more than they must. */
static Measure
measure_size (TitheRulePlanner *planner, guint32 image)
{
  g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (planner->dataset, image, 1, NULL);

  if (pixels == NULL)
    return (Measure){ 0, 0, -1 };
  return (Measure){ pixels->original_width, pixels->original_height,
                    (double) pixels->original_width * pixels->original_height };
}

static double
measure_sharpness (TitheRulePlanner *planner, guint32 image, guint edge)
{
  g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (planner->dataset, image, edge, NULL);

  return pixels ? tithe_sharpness_measure (pixels) : -1;
}

/* Returns: (transfer full): the sizes of a group's pictures */
static Measure *
measure_sizes (TitheRulePlanner *planner, const TitheGroup *group, Finding *finding)
{
  Measure *measures = g_new (Measure, group->size);
  gboolean same = TRUE;

  for (guint32 m = 0; m < group->size; m++)
    {
      measures[m] = measure_size (planner, tithe_rule_planner_get_member (planner, group, m));
      if (measures[m].width == 0)
        {
          finding->n_unreadable++;
          continue;
        }
      if (finding->width == 0)
        {
          finding->width = measures[m].width;
          finding->height = measures[m].height;
        }
      same &= finding->width == measures[m].width && finding->height == measures[m].height;
    }
  if (!same)
    finding->width = finding->height = 0;
  return measures;
}

/* The longer edge of the smallest picture: at that size all of them can be seen alike. */
static guint
find_common_edge (const Measure *measures, guint32 n)
{
  guint edge = MAX_EDGE;

  for (guint32 m = 0; m < n; m++)
    if (measures[m].width > 0)
      edge = MIN (edge, MAX (measures[m].width, measures[m].height));
  return edge;
}

/* Of equals what stands for the group stays, else the first in leaf order is taken. */
static void
find_best (TitheRulePlanner *planner, const TitheGroup *group, Finding *finding)
{
  g_autofree Measure *measures = measure_sizes (planner, group, finding);
  const gboolean sharpest = planner->rule->kind == TITHE_RULE_SHARPEST;
  const guint edge = sharpest ? find_common_edge (measures, group->size) : 0;

  finding->now = tithe_subset_get_representative (planner->subset, group);
  finding->best = TITHE_IMAGE_NONE;
  finding->of_best.score = finding->of_now.score = -1;
  for (guint32 m = 0; m < group->size && !tithe_job_is_cancelled (planner->job); m++)
    {
      const guint32 image = tithe_rule_planner_get_member (planner, group, m);

      if (measures[m].width == 0 || tithe_curation_get_decision (planner->curation, image) == TITHE_DECISION_DISCARD)
        continue;
      if (sharpest)
        measures[m].score = measure_sharpness (planner, image, edge);
      if (image == finding->now)
        finding->of_now = measures[m];
      if (measures[m].score > finding->of_best.score
          || (measures[m].score >= 0 && measures[m].score == finding->of_best.score && image == finding->now))
        {
          finding->of_best = measures[m];
          finding->best = image;
        }
    }
}

static void
find_best_of_range (gsize begin, gsize end, gpointer user_data)
{
  Search *search = user_data;

  for (gsize g = begin; g < end; g++)
    find_best (search->planner, &search->planner->groups[g], &search->findings[g]);
}

static gboolean
is_chosen_manually (TitheRulePlanner *planner, const TitheGroup *group)
{
  for (guint32 m = 0; m < group->size; m++)
    if (tithe_curation_get_decision (planner->curation, tithe_rule_planner_get_member (planner, group, m))
        == TITHE_DECISION_REPRESENTATIVE)
      return TRUE;
  return FALSE;
}

/* Why nothing would change. */
static void
find_reason (TitheRulePlanner *planner, const Finding *findings, gboolean by_hand)
{
  TitheRulePlan *plan = planner->plan;
  gboolean same = TRUE, any = FALSE;

  for (gsize g = 0; g < planner->n_groups; g++)
    {
      any |= findings[g].best != TITHE_IMAGE_NONE;
      same &= findings[g].width > 0 && findings[g].width == findings[0].width
              && findings[g].height == findings[0].height;
    }
  if (by_hand)
    plan->reason = TITHE_RULE_REASON_BY_HAND;
  else if (!any && plan->n_unreadable > 0)
    plan->reason = TITHE_RULE_REASON_UNREADABLE;
  else if (same && planner->rule->kind == TITHE_RULE_LARGEST)
    {
      plan->reason = TITHE_RULE_REASON_ONE_SIZE;
      plan->width = findings[0].width;
      plan->height = findings[0].height;
    }
  else
    plan->reason = TITHE_RULE_REASON_BEST_ALREADY;
}

/**
 * tithe_rule_planner_find_best:
 *
 * Plans that the largest or the sharpest image stands for each group. Reads their pictures, the groups shared among threads.
 */
gboolean
tithe_rule_planner_find_best (TitheRulePlanner *self, GError **error)
{
  g_autofree Finding *findings = g_new0 (Finding, MAX (1, self->n_groups));
  Search search = { self, findings };
  gboolean by_hand = FALSE;

  tithe_job_start (self->job, _("Comparing images"), self->n_groups);
  if (!tithe_parallel_for (tithe_parallel_resolve_threads (0), self->n_groups, CHUNK, find_best_of_range, &search,
                           self->job))
    return tithe_job_check (self->job, error);
  for (gsize g = 0; g < self->n_groups; g++)
    {
      const Finding *finding = &findings[g];
      TitheRuleChange entry = { .image = finding->best,
                                .to = TITHE_DECISION_REPRESENTATIVE,
                                .other = finding->now,
                                .width = finding->of_best.width,
                                .height = finding->of_best.height,
                                .other_width = finding->of_now.width,
                                .other_height = finding->of_now.height,
                                .value = finding->of_best.score,
                                .other_value = finding->of_now.score };

      self->plan->n_unreadable += finding->n_unreadable;
      if (finding->best == TITHE_IMAGE_NONE || finding->best == finding->now)
        continue;
      if (is_chosen_manually (self, &self->groups[g]))
        by_hand = TRUE;
      else
        self->plan->n_changed += tithe_rule_planner_change (self, &entry);
    }
  if (self->plan->changes->len == 0)
    find_reason (self, findings, by_hand);
  return TRUE;
}
