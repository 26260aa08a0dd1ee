/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-group-list.h"
#include "image/tithe-thumbnails.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_GROUP_VIEW (tithe_group_view_get_type ())

#define TITHE_GROUP_VIEW_MIN_EDGE 32
#define TITHE_GROUP_VIEW_MAX_EDGE 256

/*
 * The groups of a list as cards that flow side by side, each a heading and a grid of thumbnails. Heights are plain arithmetic, so the
 * scrollbar is exact for any number of groups; only what is in view has widgets, and only what is near it is decoded.
 * Images are selected as files are in a file manager. Properties:
 *
 *   "edge"     of a thumbnail, in pixels
 *   "dimming"  whether discarded images step back
 *   "menu"     what can be done with the selection
 *
 * Signals:
 *
 *   "selection-changed"
 *   "activated"  the image with the cursor was pressed twice
 */
G_DECLARE_FINAL_TYPE (TitheGroupView, tithe_group_view, TITHE, GROUP_VIEW, GtkWidget)

GtkWidget *tithe_group_view_new           (void);
void       tithe_group_view_set_model     (TitheGroupView *self, TitheGroupList *list, TitheThumbnails *thumbnails);
void       tithe_group_view_refresh       (TitheGroupView *self, gboolean keep_place);
void       tithe_group_view_hold_place    (TitheGroupView *self);
void       tithe_group_view_set_edge      (TitheGroupView *self, int edge);
void       tithe_group_view_set_dimming   (TitheGroupView *self, gboolean dimming);
void       tithe_group_view_set_menu      (TitheGroupView *self, GMenuModel *model);
GArray    *tithe_group_view_list_selected (TitheGroupView *self);
gboolean   tithe_group_view_get_cursor    (TitheGroupView *self, guint32 *image, gsize *index);
void       tithe_group_view_set_cursor    (TitheGroupView *self, gsize index, guint32 member);
void       tithe_group_view_take_up       (TitheGroupView *self, gsize index, gboolean focus);
void       tithe_group_view_bring_up      (TitheGroupView *self, gboolean always);
void       tithe_group_view_focus         (TitheGroupView *self);
gboolean   tithe_group_view_select_image  (TitheGroupView *self, guint32 image);
void       tithe_group_view_select_group  (TitheGroupView *self);
GArray    *tithe_group_view_list_in_view  (TitheGroupView *self);
gboolean   tithe_group_view_get_place     (TitheGroupView *self, guint32 image, double *below_top);
gboolean   tithe_group_view_go_to         (TitheGroupView *self, guint32 image, double below_top);
void       tithe_group_view_set_selected  (TitheGroupView *self, const guint32 *images, gsize n, guint32 cursor);
guint      tithe_group_view_count         (TitheGroupView *self, guint *n_kept);
gboolean   tithe_group_view_is_settled    (TitheGroupView *self);

G_END_DECLS
