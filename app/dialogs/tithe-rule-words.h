/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-rule.h"

G_BEGIN_DECLS

/* What a person reads of the plan of a rule. */

const char *tithe_rule_words_explain      (TitheRuleKind kind);
char       *tithe_rule_words_dup_looked   (const TitheRulePlan *plan, TitheDataset *dataset);
char       *tithe_rule_words_dup_outcome  (const TitheRulePlan *plan);
char       *tithe_rule_words_dup_evidence (const TitheRuleChange *change, TitheRuleKind kind);
char       *tithe_rule_words_dup_relation (const TitheRuleChange *change, TitheDataset *dataset);

G_END_DECLS
