/* SPDX-License-Identifier: MIT */
#pragma once

#include "figure/tithe-figure.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FIGURE_VIEW (tithe_figure_view_get_type ())

/*
 * A chart of the subset that follows it. What the pointer is at is named and stands out; a press emits
 *
 *   "chosen"  with the class, or -1 for all, and the smallest and largest size of groups, or 0
 */
G_DECLARE_FINAL_TYPE (TitheFigureView, tithe_figure_view, TITHE, FIGURE_VIEW, GtkWidget)

GtkWidget *tithe_figure_view_new         (TitheFigureKind kind);
void       tithe_figure_view_set_kind    (TitheFigureView *self, TitheFigureKind kind);
void       tithe_figure_view_show        (TitheFigureView *self, TitheSubset *subset, int class_index);
void       tithe_figure_view_take_figure (TitheFigureView *self, TitheFigure *figure);

G_END_DECLS
