/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"
#include "image/tithe-thumbnails.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FIGURE_ROW (tithe_figure_row_get_type ())
/* Of its pictures, in pixels of the window, and how many there are at most. */
#define TITHE_FIGURE_ROW_EDGE 40
#define TITHE_FIGURE_ROW_IMAGES 3

/*
 * A group of a figure: some of its pictures, its caption, and buttons to move and remove it. Signals:
 *
 *   "changed"  where the caption is another
 *   "moved"    with -1 for up and 1 for down
 *   "removed"
 */
G_DECLARE_FINAL_TYPE (TitheFigureRow, tithe_figure_row, TITHE, FIGURE_ROW, GtkListBoxRow)

GtkWidget        *tithe_figure_row_new           (TitheDataset *dataset, const TitheGroup *group,
                                                  const guint32 *images, guint n, guint n_kept);
const TitheGroup *tithe_figure_row_get_group     (TitheFigureRow *self);
const char       *tithe_figure_row_get_caption   (TitheFigureRow *self);
void              tithe_figure_row_set_place     (TitheFigureRow *self, gboolean first, gboolean last);
void              tithe_figure_row_focus         (TitheFigureRow *self, int direction);
void              tithe_figure_row_add_images    (TitheFigureRow *self, GArray *images);
void              tithe_figure_row_show_pictures (TitheFigureRow *self, TitheThumbnails *thumbnails);

G_END_DECLS
