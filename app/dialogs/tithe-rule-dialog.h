/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-rule.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_RULE_DIALOG (tithe_rule_dialog_get_type ())

/*
 * Where a rule is chosen, and what it would do is seen before it is done. Signals:
 *
 *   "apply"  where a person agreed to the plan that the dialog has
 */
G_DECLARE_FINAL_TYPE (TitheRuleDialog, tithe_rule_dialog, TITHE, RULE_DIALOG, AdwWindow)

GtkWidget     *tithe_rule_dialog_new      (GtkWindow *parent, TitheCuration *curation, const TitheSubsetChoice *choice,
                                           GArray *selected, GArray *shown);
TitheRulePlan *tithe_rule_dialog_get_plan (TitheRuleDialog *self);

G_END_DECLS
