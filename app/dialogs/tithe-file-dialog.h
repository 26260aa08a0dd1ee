/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A dialog of the system for a file or a folder. Whoever makes one holds it until its "response", and gives it up there.
 */

GtkFileChooserNative *tithe_file_dialog_new      (GtkWindow *parent, const char *title, GtkFileChooserAction action,
                                                  GCallback on_response, gpointer owner);
char                 *tithe_file_dialog_dup_path (GtkNativeDialog *dialog, int response);
void                  tithe_file_dialog_drop     (GtkNativeDialog *dialog);

gboolean              tithe_file_dialog_is_portal     (void);
char                 *tithe_file_dialog_dup_free_path (const char *folder, const char *name, const char *ending);

G_END_DECLS
