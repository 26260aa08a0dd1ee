/* SPDX-License-Identifier: MIT */
#include "tithe-pixels-loader.h"

typedef struct
{
  TitheDataset *dataset;
  guint32 image;
  guint max_edge;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  tithe_dataset_unref (request->dataset);
  g_free (request);
}

static void
load (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GError *error = NULL;
  TithePixels *pixels = tithe_dataset_read_pixels (request->dataset, request->image, request->max_edge, &error);

  if (pixels != NULL)
    g_task_return_pointer (task, pixels, (GDestroyNotify) tithe_pixels_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tithe_pixels_load_async:
 * @source: that waits for the picture, and is kept while it does
 * @max_edge: larger pictures are shrunk to it
 * @callback: called in the main thread, with a cancelled result where @cancellable was by then
 *
 * Reads one picture in a thread.
 */
void
tithe_pixels_load_async (GObject *source, TitheDataset *dataset, guint32 image, guint max_edge,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  *request = (Request){ tithe_dataset_ref (dataset), image, max_edge };
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, load);
}

/**
 * tithe_pixels_load_finish:
 * @image: (out): that was asked for
 *
 * Returns: (transfer full): the picture
 */
TithePixels *
tithe_pixels_load_finish (GAsyncResult *result, guint32 *image, GError **error)
{
  *image = ((const Request *) g_task_get_task_data (G_TASK (result)))->image;
  return g_task_propagate_pointer (G_TASK (result), error);
}
