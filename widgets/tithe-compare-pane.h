/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-image-view.h"

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

#define TITHE_TYPE_COMPARE_PANE (tithe_compare_pane_get_type ())

/*
 * One of several images that are compared, with what it is below; or what differs in it from another. Signals:
 *
 *   "loaded"  its picture is there now
 *   "moved"   somebody zoomed or moved it
 */
G_DECLARE_FINAL_TYPE (TitheComparePane, tithe_compare_pane, TITHE, COMPARE_PANE, GtkWidget)

GtkWidget      *tithe_compare_pane_new        (void);
void            tithe_compare_pane_show       (TitheComparePane *self, TitheDataset *dataset, guint32 image);
void            tithe_compare_pane_clear      (TitheComparePane *self);
void            tithe_compare_pane_set_role   (TitheComparePane *self, const TitheMember *role, const char *facts);
void            tithe_compare_pane_set_place  (TitheComparePane *self, guint number, guint of);
void            tithe_compare_pane_set_base   (TitheComparePane *self, TithePixels *base, guint gain);
guint32         tithe_compare_pane_get_image  (TitheComparePane *self);
TithePixels    *tithe_compare_pane_get_pixels (TitheComparePane *self);
TitheImageView *tithe_compare_pane_get_view   (TitheComparePane *self);

G_END_DECLS
