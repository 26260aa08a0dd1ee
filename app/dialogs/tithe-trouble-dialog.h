/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_TROUBLE_DIALOG (tithe_trouble_dialog_get_type ())

/* What of a dataset can't be used as it is: a sentence for each thing, and a way to take them along as text. */
G_DECLARE_FINAL_TYPE (TitheTroubleDialog, tithe_trouble_dialog, TITHE, TROUBLE_DIALOG, AdwWindow)

GtkWidget *tithe_trouble_dialog_new (GtkWindow *parent, GPtrArray *notes, GPtrArray *broken);

G_END_DECLS
