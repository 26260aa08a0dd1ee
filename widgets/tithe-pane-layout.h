/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_PANE_LAYOUT (tithe_pane_layout_get_type ())

/* Pictures with captions in one to four columns of equal cells: as many as make the pictures largest, in lines that are
 * centred. */
G_DECLARE_FINAL_TYPE (TithePaneLayout, tithe_pane_layout, TITHE, PANE_LAYOUT, GtkLayoutManager)

guint tithe_pane_layout_choose_columns (guint n, double width, double height, double around, double caption,
                                        double aspect);
void  tithe_pane_layout_set_aspect     (TithePaneLayout *self, double aspect);
void  tithe_pane_layout_set_stacked    (TithePaneLayout *self, gboolean stacked);
guint tithe_pane_layout_get_columns    (TithePaneLayout *self);

G_END_DECLS
