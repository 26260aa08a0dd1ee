/* SPDX-License-Identifier: MIT */
#pragma once

#include "figure/tithe-figure.h"
#include "state/tithe-bookmark.h"
#include "tithe-group-view.h"
#include "tithe-ratio-bar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_REVIEW_PAGE (tithe_review_page_get_type ())

/*
 * Where a hierarchy is looked at and decided about: classes, ratio, filters, groups, inspector. Signals:
 *
 *   "said"    with a message for a toast, and whether undo would take back what it says
 *   "failed"  with a heading and a message
 *   "emptied" when something else stands where the groups are, or they again
 */
G_DECLARE_FINAL_TYPE (TitheReviewPage, tithe_review_page, TITHE, REVIEW_PAGE, AdwBin)

GtkWidget         *tithe_review_page_new            (void);
void               tithe_review_page_add_actions    (TitheReviewPage *self, AdwApplicationWindow *window);
void               tithe_review_page_set_hierarchy  (TitheReviewPage *self, TitheHierarchy *hierarchy);
void               tithe_review_page_class_finished (TitheReviewPage *self);
void               tithe_review_page_set_session    (TitheReviewPage *self, const char *session,
                                                     TitheCuration *curation, TitheEmbedding *embedding);
void               tithe_review_page_set_bookmark   (TitheReviewPage *self, TitheBookmark *bookmark);
TitheBookmark     *tithe_review_page_dup_bookmark   (TitheReviewPage *self);
TitheSubsetChoice  tithe_review_page_get_choice     (TitheReviewPage *self);
void               tithe_review_page_set_ratio      (TitheReviewPage *self, double ratio);
void               tithe_review_page_add_overlay    (TitheReviewPage *self, GtkWidget *widget);
void               tithe_review_page_show_opening   (TitheReviewPage *self, const char *name, const char *path,
                                                     TitheJob *job);
gboolean           tithe_review_page_shows_opening  (TitheReviewPage *self);
TitheGroupView    *tithe_review_page_get_group_view (TitheReviewPage *self);
TitheRatioBar     *tithe_review_page_get_ratio_bar  (TitheReviewPage *self);
TitheCuration     *tithe_review_page_get_curation   (TitheReviewPage *self);
TitheSubset       *tithe_review_page_get_subset     (TitheReviewPage *self);
TitheFigure       *tithe_review_page_dup_figure     (TitheReviewPage *self, TitheFigureKind kind);
int                tithe_review_page_get_class      (TitheReviewPage *self);
GArray            *tithe_review_page_list_groups    (TitheReviewPage *self, guint n);
void               tithe_review_page_show_class     (TitheReviewPage *self, guint class_index,
                                                     const TitheSubsetChoice *choice);
void               tithe_review_page_show_singles   (TitheReviewPage *self, gboolean show);

G_END_DECLS
