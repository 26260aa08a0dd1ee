/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_PAPER_VIEW (tithe_paper_view_get_type ())

/*
 * A sheet of paper with what is drawn on it, as wide as there is room for it, and as high as that makes it. Signals:
 *
 *   "resized"  where the sheet has another width, so that what is on it can be drawn as sharp
 */
G_DECLARE_FINAL_TYPE (TithePaperView, tithe_paper_view, TITHE, PAPER_VIEW, GtkWidget)

void   tithe_paper_view_set_paper (TithePaperView *self, double width, GdkTexture *texture);
double tithe_paper_view_get_scale (TithePaperView *self);

G_END_DECLS
