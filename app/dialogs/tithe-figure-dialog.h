/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FIGURE_DIALOG (tithe_figure_dialog_get_type ())

/*
 * Captions for the groups of a figure. Signals:
 *
 *   "chosen"  when a place for it is to be asked for
 */
G_DECLARE_FINAL_TYPE (TitheFigureDialog, tithe_figure_dialog, TITHE, FIGURE_DIALOG, AdwWindow)

GtkWidget *tithe_figure_dialog_new   (GtkWindow *parent, TitheDataset *dataset, GArray *groups);
gboolean   tithe_figure_dialog_write (TitheFigureDialog *self, TitheSubset *subset, const char *path, GError **error);

G_END_DECLS
