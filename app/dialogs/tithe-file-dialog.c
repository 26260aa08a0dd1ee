/* SPDX-License-Identifier: MIT */
#include "tithe-file-dialog.h"

#include <string.h>

/**
 * tithe_file_dialog_new:
 * @on_response: the handler of "response", which gives up the dialog
 * @owner: (type GObject): the handler's last argument; nothing is called any more when it is gone
 *
 * Returns: (transfer full): a modal dialog, to be shown
 */
GtkFileChooserNative *
tithe_file_dialog_new (GtkWindow *parent, const char *title, GtkFileChooserAction action, GCallback on_response,
                       gpointer owner)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, parent, action, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", on_response, owner, 0);
  return dialog;
}

/**
 * tithe_file_dialog_dup_path:
 * @response: that the dialog gave
 *
 * Returns: (transfer full) (nullable): what was chosen; %NULL where nothing was, or what has no path on this computer
 */
char *
tithe_file_dialog_dup_path (GtkNativeDialog *dialog, int response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  return file ? g_file_get_path (file) : NULL;
}

/* tithe_file_dialog_drop: (transfer full): closes it without a response. */
void
tithe_file_dialog_drop (GtkNativeDialog *dialog)
{
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/* Returns: whether a file that is chosen for saving comes alone, out of a sandbox's portal */
gboolean
tithe_file_dialog_is_portal (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/**
 * tithe_file_dialog_dup_free_path:
 * @name: of a file or folder to be in that folder
 * @ending: (nullable): with which it ends, and other names do as well
 *
 * Returns: (transfer full): the path, with a number before the ending where there is such a name already
 */
char *
tithe_file_dialog_dup_free_path (const char *folder, const char *name, const char *ending)
{
  g_autofree char *stem = g_strdup (name);
  char *path = g_build_filename (folder, name, NULL);

  if (ending != NULL && g_str_has_suffix (name, ending))
    stem[strlen (name) - strlen (ending)] = '\0';
  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (path);
      path = g_strdup_printf ("%s/%s-%u%s", folder, stem, i, ending ? ending : "");
    }
  return path;
}
