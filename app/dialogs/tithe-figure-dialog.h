/* SPDX-License-Identifier: MIT */
#pragma once

#include "background/tithe-exporting.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FIGURE_DIALOG (tithe_figure_dialog_get_type ())

/*
 * Captions for the groups of a figure. Signals:
 *
 *   "chosen"  when a place for it is to be asked for
 */
G_DECLARE_FINAL_TYPE (TitheFigureDialog, tithe_figure_dialog, TITHE, FIGURE_DIALOG, AdwWindow)

GtkWidget         *tithe_figure_dialog_new        (GtkWindow *parent, TitheDataset *dataset, GArray *groups);
TitheFigureChoice *tithe_figure_dialog_dup_choice (TitheFigureDialog *self);

G_END_DECLS
