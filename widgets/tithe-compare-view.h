/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_COMPARE_VIEW (tithe_compare_view_get_type ())

#define TITHE_COMPARE_MAX 12

/*
 * Images beside each other, zoomed and moved together; or in one place, one after the other, so that what differs
 * blinks ("blink"); or each as what differs from the first ("difference"). Signals:
 *
 *   "closed"
 *   "pointed"  with an image that a person turned to, to decide about it
 */
G_DECLARE_FINAL_TYPE (TitheCompareView, tithe_compare_view, TITHE, COMPARE_VIEW, GtkWidget)

GtkWidget *tithe_compare_view_new     (void);
void       tithe_compare_view_show    (TitheCompareView *self, TitheDataset *dataset, const guint32 *images, guint n);
gboolean   tithe_compare_view_has     (TitheCompareView *self, guint32 image);
void       tithe_compare_view_refresh (TitheCompareView *self, TitheSubset *subset, TitheEmbedding *embedding);
void       tithe_compare_view_clear   (TitheCompareView *self);

G_END_DECLS
