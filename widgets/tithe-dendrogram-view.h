/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_DENDROGRAM_VIEW (tithe_dendrogram_view_get_type ())

/*
 * How a group came together, and what it would join next: the dendrogram of its parent with the group in colour, its images
 * at the leaves as far as there is room, a scale, and the cut as a dashed line. A merge is pointed at for its dissimilarity
 * and pressed to be chosen. Signals:
 *
 *   "chose"    somebody pressed a merge
 *   "pointed"  with the image of a leaf that was pressed
 */
G_DECLARE_FINAL_TYPE (TitheDendrogramView, tithe_dendrogram_view, TITHE, DENDROGRAM_VIEW, GtkWidget)

GtkWidget *tithe_dendrogram_view_new        (void);
void       tithe_dendrogram_view_set_group  (TitheDendrogramView *self, TitheSubset *subset, const TitheGroup *group,
                                             guint32 image);
guint32    tithe_dendrogram_view_get_chosen (TitheDendrogramView *self);
void       tithe_dendrogram_view_set_chosen (TitheDendrogramView *self, guint32 merge);

G_END_DECLS
