/* SPDX-License-Identifier: MIT */
#include "tithe-rule.h"

#include <glib/gi18n-lib.h>

/**
 * tithe_rule_plan_dup_reason:
 *
 * Returns: (transfer full) (nullable): a sentence that says why nothing would change; %NULL where something would
 */
char *
tithe_rule_plan_dup_reason (const TitheRulePlan *self)
{
  switch (self->reason)
    {
    case TITHE_RULE_REASON_NO_GROUPS:
      return g_strdup (_("There are no redundant groups to look at."));
    case TITHE_RULE_REASON_ONE_SIZE:
      return g_strdup_printf (_("All images are %u × %u pixels, so none is larger."), self->width, self->height);
    case TITHE_RULE_REASON_BEST_ALREADY:
      return g_strdup (self->kind == TITHE_RULE_LARGEST ? _("Each group keeps its largest image already.")
                                                        : _("Each group keeps its sharpest image already."));
    case TITHE_RULE_REASON_BY_HAND:
      return g_strdup (_("Where another image would be kept, the representative was chosen by hand."));
    case TITHE_RULE_REASON_UNREADABLE:
      return g_strdup (_("None of the pictures can be read."));
    case TITHE_RULE_REASON_DECIDED:
      return g_strdup (_("What does not represent its group is kept or discarded by hand already."));
    case TITHE_RULE_REASON_ENOUGH:
      return g_strdup (_("Each class keeps as many already, or has no more to keep."));
    case TITHE_RULE_REASON_PROTECTED:
      return g_strdup (_("All of these images are kept by hand already."));
    case TITHE_RULE_REASON_NONE:
    default:
      return NULL;
    }
}
