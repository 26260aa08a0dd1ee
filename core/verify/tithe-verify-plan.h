/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-arm.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define TITHE_VERIFY_MAX_RATIOS 32
#define TITHE_VERIFY_MAX_TRIALS 1000
#define TITHE_VERIFY_MIN_RATIO 0.0001

/**
 * TitheVerifyPlan:
 * @preset: of the network, as tithe_learn_options_init() knows it
 * @width: channels of its first stage, 0 for what the preset has
 * @size: of the pictures' side, 0 to choose by them
 * @epochs: that everything is learned from; 0 for what the preset has
 * @bfloat16: whether layers hand on bfloat16
 * @policy: of the semantic subsets
 * @rule: of the semantic subsets
 * @seed: of trial 0
 * @ratios: what is compared, from the largest
 * @budgets: which of #TitheBudget are, a bit each
 * @n_trials: of each arm
 * @manual: (nullable): fingerprint of the manual decisions whose subset is compared, too
 * @manual_rows: of the journal, when it was
 * @manual_ratio: that they came on top of
 * @manual_exact: whether the cut gives way to them
 *
 * What is to be learned to see whether a subset is enough. A plan grows: trials of one training are found again whatever
 * ratios and however many trials it asks for, as far as they were tested on what it tests on.
 */
typedef struct
{
  char *preset;
  guint width;
  guint size;
  guint epochs;
  gboolean bfloat16;
  TithePolicy policy;
  TitheRepresentative rule;
  guint64 seed;

  double ratios[TITHE_VERIFY_MAX_RATIOS];
  guint n_ratios;
  guint budgets;
  guint n_trials;
  char *manual;
  gint64 manual_rows;
  double manual_ratio;
  gboolean manual_exact;
} TitheVerifyPlan;

TitheVerifyPlan *tithe_verify_plan_new           (gboolean quick);
TitheVerifyPlan *tithe_verify_plan_copy          (const TitheVerifyPlan *self);
void             tithe_verify_plan_free          (TitheVerifyPlan *self);
gboolean         tithe_verify_plan_set_ratios    (TitheVerifyPlan *self, const char *text);
gboolean         tithe_verify_plan_set_percent   (TitheVerifyPlan *self, const char *text);
char            *tithe_verify_plan_dup_ratios    (const TitheVerifyPlan *self);
char            *tithe_verify_plan_dup_percent   (const TitheVerifyPlan *self);
void             tithe_verify_plan_add_ratio     (TitheVerifyPlan *self, double ratio);
void             tithe_verify_plan_set_manual      (TitheVerifyPlan *self, TitheCuration *curation, double ratio,
                                                  gboolean exact);
char            *tithe_verify_plan_dup_training  (const TitheVerifyPlan *self);
char            *tithe_verify_plan_to_json       (const TitheVerifyPlan *self);
TitheVerifyPlan *tithe_verify_plan_new_from_json (const char *json);
GArray          *tithe_verify_plan_list_arms     (const TitheVerifyPlan *self);
double           tithe_verify_plan_get_lowest    (const TitheVerifyPlan *self);
gboolean         tithe_verify_plan_check_floor  (const TitheVerifyPlan *self, TitheHierarchy *hierarchy,
                                                 TitheCuration *curation, GError **error);
TitheSubset     *tithe_verify_plan_make_subset   (const TitheVerifyPlan *self, const TitheArm *arm,
                                                  TitheHierarchy *hierarchy, TitheCuration *curation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheVerifyPlan, tithe_verify_plan_free)

G_END_DECLS
