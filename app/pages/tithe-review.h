/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-rule.h"
#include "tithe-group-view.h"
#include "tithe-inspector.h"

G_BEGIN_DECLS

#define TITHE_TYPE_REVIEW (tithe_review_get_type ())

/*
 * Decides about what is selected in a group view: the actions behind keys, menus and buttons. Signals:
 *
 *   "changed"  something was decided or taken back: everything that shows the subset is to follow
 *   "said"     with a message about a step, and whether undo would take back what it says
 *   "failed"   with a message: nothing was decided
 *   "hidden"   with an image that undo or redo changed and that the list does not have: it is to be listed if it can be
 */
G_DECLARE_FINAL_TYPE (TitheReview, tithe_review, TITHE, REVIEW, GObject)

TitheReview  *tithe_review_new         (TitheGroupView *view, TitheInspector *inspector);
GActionGroup *tithe_review_get_actions (TitheReview *self);
void          tithe_review_set_subset  (TitheReview *self, TitheSubset *subset, TitheGroupList *list);
GArray       *tithe_review_list_groups (TitheReview *self);
void          tithe_review_apply       (TitheReview *self, TitheRulePlan *plan);
gboolean      tithe_review_go_to_open  (TitheReview *self, gsize from, gboolean focus);
void          tithe_review_set_by_key  (TitheReview *self, gboolean by_key);
void          tithe_review_update      (TitheReview *self);
gboolean      tithe_review_set_class_ratio (TitheReview *self, guint class_index, double ratio);

G_END_DECLS
