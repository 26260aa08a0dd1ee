/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-thumbnails.h"

static TithePixels *
load (gpointer dataset, gsize image, guint max_edge, GError **error)
{
  return tithe_dataset_read_pixels (dataset, image, max_edge, error);
}

/**
 * tithe_dataset_new_thumbnails:
 * @max_bytes: that they take
 * @edge: pixels in either direction, 0 to say it later by tithe_thumbnails_set_edge()
 * @func: (nullable): called when more of them are there
 *
 * Returns: (transfer full): thumbnails that are read when they are wanted; the dataset is kept as long as one is being read
 */
TitheThumbnails *
tithe_dataset_new_thumbnails (TitheDataset *self, gsize max_bytes, guint edge, TitheThumbnailFunc func,
                              gpointer user_data)
{
  TitheThumbnails *thumbnails
      = tithe_thumbnails_new (load, tithe_dataset_ref (self), (GDestroyNotify) tithe_dataset_unref, max_bytes);

  if (edge > 0)
    tithe_thumbnails_set_edge (thumbnails, edge);
  tithe_thumbnails_set_func (thumbnails, func, user_data);
  return thumbnails;
}
