/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_COMPARE_VIEW (tithe_compare_view_get_type ())

#define TITHE_COMPARE_MAX 6
#define TITHE_COMPARE_MAX_GAIN 16

/*
 * Up to six images beside each other, as large as there is room for, zoomed and moved together, and all of those that can be
 * exchanged for them in a strip below. One of the six is the current one, which decisions are about; it is another one only
 * when a person turns to it. Properties:
 *
 *   "blink"       whether they are in one place, one after the other, so that what differs blinks
 *   "difference"  whether each is seen as what differs from the kept image of the group
 *   "gain"        how many times as bright a difference is as it is
 *
 * Signals:
 *
 *   "closed"
 *   "pointed"  with the image that is the current one now
 */
G_DECLARE_FINAL_TYPE (TitheCompareView, tithe_compare_view, TITHE, COMPARE_VIEW, GtkWidget)

GtkWidget *tithe_compare_view_new         (void);
void       tithe_compare_view_show        (TitheCompareView *self, TitheSubset *subset, TitheEmbedding *embedding,
                                           const guint32 *images, guint n, gboolean is_group);
void       tithe_compare_view_choose      (TitheCompareView *self, const guint32 *images, guint n, guint32 current);
void       tithe_compare_view_set_title   (TitheCompareView *self, const char *title);
void       tithe_compare_view_refresh     (TitheCompareView *self);
void       tithe_compare_view_clear       (TitheCompareView *self);
gboolean   tithe_compare_view_is_group    (TitheCompareView *self);
gboolean   tithe_compare_view_has         (TitheCompareView *self, guint32 image);
gboolean   tithe_compare_view_is_shown    (TitheCompareView *self, guint32 image);
guint32    tithe_compare_view_get_current (TitheCompareView *self);
void       tithe_compare_view_point       (TitheCompareView *self, guint32 image);
void       tithe_compare_view_zoom        (TitheCompareView *self, double factor);

G_END_DECLS
