/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include "dialogs/tithe-file-dialog.h"

#include <glib/gi18n.h>

static void
on_dataset_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  g_autofree char *path = tithe_file_dialog_dup_path (dialog, response);

  if (path != NULL)
    tithe_project_open (self->project, path, NULL);
  g_object_unref (dialog);
}

static void
on_embeddings_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  TitheDataset *dataset = tithe_project_get_dataset (self->project);
  g_autofree char *path = tithe_file_dialog_dup_path (dialog, response);

  if (path != NULL && dataset != NULL)
    tithe_project_open (self->project, tithe_dataset_get_locator (dataset), path);
  g_object_unref (dialog);
}

static void
add_filter (GtkFileChooserNative *dialog, const char *name, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *patterns != NULL; patterns++)
    gtk_file_filter_add_pattern (filter, *patterns);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
}

static void
on_open_folder (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (tithe_file_dialog_new (user_data, _("Open a Dataset Folder"),
                                                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                                    G_CALLBACK (on_dataset_chosen), user_data)));
}

static void
on_open_file (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkFileChooserNative *dialog
      = tithe_file_dialog_new (user_data, _("Open a Session, Manifest or Data File"), GTK_FILE_CHOOSER_ACTION_OPEN,
                               G_CALLBACK (on_dataset_chosen), user_data);

  add_filter (dialog, _("Sessions, manifests, CIFAR and IDX files"),
              (const char *const[]){ "*.tithe", "*.csv", "*.jsonl", "*.bin", "*ubyte", "*ubyte.gz", NULL });
  add_filter (dialog, _("All files"), (const char *const[]){ "*", NULL });
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_use_embeddings (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkFileChooserNative *dialog
      = tithe_file_dialog_new (user_data, _("Use an Embedding File"), GTK_FILE_CHOOSER_ACTION_OPEN,
                               G_CALLBACK (on_embeddings_chosen), user_data);

  add_filter (dialog, _("Embeddings (.npy, .npz, .safetensors)"),
              (const char *const[]){ "*.npy", "*.npz", "*.safetensors", NULL });
  add_filter (dialog, _("All files"), (const char *const[]){ "*", NULL });
  tithe_window_show_file_dialog (user_data, dialog);
}

static void
on_try_demo (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_project_open_demo (TITHE_WINDOW (user_data)->project);
}

static void
on_cancel (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_project_cancel (TITHE_WINDOW (user_data)->project);
}

static const GActionEntry actions[] = {
  { .name = "open-folder", .activate = on_open_folder },
  { .name = "open-file", .activate = on_open_file },
  { .name = "use-embeddings", .activate = on_use_embeddings },
  { .name = "try-demo", .activate = on_try_demo },
  { .name = "cancel", .activate = on_cancel },
};

/* tithe_window_init_open: adds the actions that open something. */
void
tithe_window_init_open (TitheWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  tithe_window_set_action_enabled (self, "use-embeddings", FALSE);
}
