/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-rule.h"

G_BEGIN_DECLS

/**
 * TitheRulePlanner:
 *
 * What a plan is worked out on: copies of its own, so that a window may go on deciding.
 */
typedef struct
{
  const TitheRule *rule;
  TitheRulePlan *plan;
  TitheSubset *subset;
  TitheCuration *curation;
  TitheDataset *dataset;
  const TitheGroup *groups;
  gsize n_groups;
  TitheJob *job;
} TitheRulePlanner;

gboolean tithe_rule_planner_change     (TitheRulePlanner *self, TitheRuleChange *entry);
guint32  tithe_rule_planner_get_member (TitheRulePlanner *self, const TitheGroup *group, guint32 m);
gboolean tithe_rule_planner_find_best  (TitheRulePlanner *self, GError **error);

G_END_DECLS
