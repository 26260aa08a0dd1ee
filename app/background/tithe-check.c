/* SPDX-License-Identifier: MIT */
#include "tithe-check.h"
#include "state/tithe-places.h"

#include "base/tithe-parallel.h"
#include "io/tithe-output.h"

#include <glib/gi18n.h>

struct _TitheCheck
{
  TitheDataset *dataset;
  GPtrArray *broken; /* (element-type utf8) */
};

static void
tithe_check_free (gpointer data)
{
  TitheCheck *self = data;

  tithe_dataset_unref (self->dataset);
  g_clear_pointer (&self->broken, g_ptr_array_unref);
  g_free (self);
}

/* One line a picture, as it was found the last time. */
static GPtrArray *
read_found (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GPtrArray *broken;

  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    return NULL;
  broken = g_ptr_array_new_with_free_func (g_free);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_ptr_array_add (broken, g_strdup (lines[i]));
  return broken;
}

/* It only spares another look. */
static void
write_found (const char *path, GPtrArray *broken)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < broken->len; i++)
    {
      g_autofree char *line = g_strdelimit (g_strdup (g_ptr_array_index (broken, i)), "\n", ' ');

      g_string_append_printf (text, "%s\n", line);
    }
  if (!tithe_places_make_folder (folder, &error) || !tithe_output_write (path, text->str, text->len, &error))
    g_debug ("%s", error->message);
}

static gboolean
check (TitheTask *task, gpointer work, GError **error)
{
  TitheCheck *self = work;
  TitheJob *job = tithe_task_get_job (task);
  g_autofree char *path = tithe_places_dup_file (self->dataset, "broken-1", ".broken");

  tithe_task_be_nice (task);
  self->broken = read_found (path);
  if (self->broken != NULL)
    return TRUE;
  self->broken = tithe_dataset_find_broken (self->dataset, tithe_parallel_resolve_threads (0), job);
  if (!tithe_job_check (job, error))
    return FALSE;
  write_found (path, self->broken);
  return TRUE;
}

/**
 * tithe_check_begin:
 * @done: gets an error where it was cancelled
 *
 * Returns: (transfer full): the task, for tithe_task_drop()
 */
TitheTask *
tithe_check_begin (gpointer owner, TitheDataset *dataset, TitheTaskDoneFunc done)
{
  TitheCheck *self = g_new0 (TitheCheck, 1);

  self->dataset = tithe_dataset_ref (dataset);
  return tithe_task_begin (owner, _("Checking pictures"), check, self, tithe_check_free, done);
}

/* tithe_check_get_broken: (transfer none) (element-type utf8): a sentence for each broken picture, in the images' order. */
GPtrArray *
tithe_check_get_broken (TitheCheck *self)
{
  return self->broken;
}
