/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include <glib/gi18n.h>

static gboolean
is_embedding (const char *path)
{
  return g_str_has_suffix (path, ".npy") || g_str_has_suffix (path, ".npz") || g_str_has_suffix (path, ".safetensors");
}

/*
 * A dataset, a session, an embedding for what is open, or a dataset and its embedding together. What has no path on this
 * computer is left out.
 */
static gboolean
on_drop (TitheWindow *self, const GValue *value)
{
  g_autofree char *dataset = NULL, *embeddings = NULL;
  TitheDataset *open = tithe_project_get_dataset (self->project);

  for (GSList *files = g_value_get_boxed (value); files != NULL; files = files->next)
    {
      g_autofree char *path = g_file_get_path (files->data);
      char **place;

      if (path == NULL)
        continue;
      place = is_embedding (path) ? &embeddings : &dataset;
      g_free (*place);
      *place = g_steal_pointer (&path);
    }
  if (dataset == NULL && embeddings == NULL)
    return FALSE;
  if (dataset == NULL && open != NULL)
    dataset = g_strdup (tithe_dataset_get_locator (open));
  if (dataset == NULL)
    {
      tithe_window_say (self, _("Open a dataset first, then drop its embedding"), FALSE);
      return FALSE;
    }
  tithe_project_open (self->project, dataset, embeddings);
  return TRUE;
}

/* tithe_window_init_drop: takes files that are dropped anywhere on the window. */
void
tithe_window_init_drop (TitheWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
}
