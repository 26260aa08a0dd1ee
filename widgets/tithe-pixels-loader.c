/* SPDX-License-Identifier: MIT */
#include "tithe-pixels-loader.h"

typedef struct
{
  TitheDataset *dataset;
  guint32 image;
  guint max_edge;
  TithePixelsFunc func;
  gpointer user_data;
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

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const Request *request = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (TithePixels) pixels = g_task_propagate_pointer (G_TASK (result), &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    request->func (request->user_data, pixels, error ? error->message : NULL);
}

/**
 * tithe_pixels_loader_begin:
 * @loading: (inout): what is on its way, and is let go of
 * @max_edge: larger pictures are shrunk to it
 * @func: called in the main thread with the picture, or with why it can't be read; not after tithe_pixels_loader_stop()
 *
 * Reads one picture in a thread.
 */
void
tithe_pixels_loader_begin (GCancellable **loading, TitheDataset *dataset, guint32 image, guint max_edge,
                           TithePixelsFunc func, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request = g_new0 (Request, 1);

  tithe_pixels_loader_stop (loading);
  *loading = g_cancellable_new ();
  task = g_task_new (NULL, *loading, on_loaded, NULL);
  *request = (Request){ tithe_dataset_ref (dataset), image, max_edge, func, user_data };
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, load);
}

/* tithe_pixels_loader_stop: waits for nothing any longer; who goes away must */
void
tithe_pixels_loader_stop (GCancellable **loading)
{
  if (*loading != NULL)
    g_cancellable_cancel (*loading);
  g_clear_object (loading);
}
