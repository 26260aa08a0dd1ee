/* SPDX-License-Identifier: MIT */
#pragma once

#include "background/tithe-project.h"
#include "export/tithe-export.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_EXPORT_DIALOG (tithe_export_dialog_get_type ())

/*
 * What of the subset is exported, for what, and how much that will be. It stays until there is a place to which it can be
 * written. Signals:
 *
 *   "place-wanted"  when a place is to be asked for, which goes to tithe_export_dialog_set_place()
 *   "export"        with the path to export to: it may be written there, and there is room; the dialog is closed
 */
G_DECLARE_FINAL_TYPE (TitheExportDialog, tithe_export_dialog, TITHE, EXPORT_DIALOG, AdwWindow)

GtkWidget         *tithe_export_dialog_new         (GtkWindow *parent, TitheProject *project,
                                                    const TitheSubsetChoice *choice, int class_index);
TitheExportOptions tithe_export_dialog_get_options (TitheExportDialog *self);
void               tithe_export_dialog_set_place   (TitheExportDialog *self, const char *path);
const char        *tithe_export_dialog_get_outcome (TitheExportDialog *self);

G_END_DECLS
