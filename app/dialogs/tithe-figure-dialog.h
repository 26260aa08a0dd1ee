/* SPDX-License-Identifier: MIT */
#pragma once

#include "background/tithe-figure-choice.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FIGURE_DIALOG (tithe_figure_dialog_get_type ())

/*
 * Groups of a figure with their captions, and how it looks. Signals:
 *
 *   "chosen"  with the path that it is to be saved to, which ends in .pdf, .svg or .png
 */
G_DECLARE_FINAL_TYPE (TitheFigureDialog, tithe_figure_dialog, TITHE, FIGURE_DIALOG, AdwWindow)

GtkWidget         *tithe_figure_dialog_new        (GtkWindow *parent, TitheSubset *subset,
                                                   const TitheSubsetChoice *choice, GArray *groups,
                                                   guint room);
TitheFigureChoice *tithe_figure_dialog_dup_choice (TitheFigureDialog *self);
gboolean           tithe_figure_dialog_is_drawn   (TitheFigureDialog *self);

G_END_DECLS
