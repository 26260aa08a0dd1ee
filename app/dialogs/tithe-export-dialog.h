/* SPDX-License-Identifier: MIT */
#pragma once

#include "export/tithe-export.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_EXPORT_DIALOG (tithe_export_dialog_get_type ())

/*
 * What of the subset is exported, and in which form. Signals:
 *
 *   "chosen"  when a place for it is to be asked for
 */
G_DECLARE_FINAL_TYPE (TitheExportDialog, tithe_export_dialog, TITHE, EXPORT_DIALOG, AdwWindow)

GtkWidget         *tithe_export_dialog_new         (GtkWindow *parent, TitheDataset *dataset, int class_index);
TitheExportOptions tithe_export_dialog_get_options (TitheExportDialog *self);

G_END_DECLS
