/* SPDX-License-Identifier: MIT */
#include "tithe-export-records-private.h"

#include <glib/gstdio.h>

/* Begins a file in the folder; the one before must have ended. */
gboolean
tithe_records_begin_file (TitheRecords *writer, const char *name, GError **error)
{
  g_free (writer->path);
  writer->path = g_build_filename (writer->folder, name, NULL);
  writer->file = g_fopen (writer->path, "wbe");
  return writer->file != NULL || tithe_export_fail_at (writer->path, error);
}

/* Writes into the file that was begun, and adds it to the sum of the export. */
gboolean
tithe_records_put (TitheRecords *writer, gconstpointer data, gsize size, GError **error)
{
  g_checksum_update (writer->items->sum, data, (gssize) size);
  return fwrite (data, 1, size, writer->file) == size || tithe_export_fail_at (writer->path, error);
}

/* Ends the file, where one was begun. */
gboolean
tithe_records_end_file (TitheRecords *writer, GError **error)
{
  FILE *file = g_steal_pointer (&writer->file);

  return file == NULL || fclose (file) == 0 || tithe_export_fail_at (writer->path, error);
}

/* To be called for each picture; FALSE with an error where the job was cancelled. */
gboolean
tithe_records_advance (TitheRecords *writer, gsize i, GError **error)
{
  tithe_job_advance (writer->items->job, 1);
  return i % 256 != 0 || tithe_job_check (writer->items->job, error);
}

/* The name of a class a line. */
GString *
tithe_records_list_classes (TitheDataset *dataset)
{
  GString *text = g_string_new (NULL);

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      g_autofree char *line = g_strdelimit (g_strdup (tithe_dataset_get_class_name (dataset, c)), "\n\r", ' ');

      g_string_append_printf (text, "%s\n", line);
    }
  return text;
}

/* A file of them. */
gboolean
tithe_records_put_classes (TitheRecords *writer, const char *name, GError **error)
{
  g_autoptr (GString) text = tithe_records_list_classes (writer->items->dataset);

  return tithe_records_begin_file (writer, name, error) && tithe_records_put (writer, text->str, text->len, error)
         && tithe_records_end_file (writer, error);
}

/* The folder that all files are in. */
gboolean
tithe_records_make_folder (const char *folder, GError **error)
{
  return g_mkdir (folder, 0777) == 0 || tithe_export_fail_at (folder, error);
}

/* Of a writer that is done or has failed. */
void
tithe_records_clear (TitheRecords *writer)
{
  if (writer->file != NULL)
    fclose (writer->file);
  g_free (writer->path);
}
