/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"

#include <string.h>

/* Bytes of a record's pixels. */
static gsize
get_area (TitheDataset *self)
{
  return (gsize) self->width * self->height * self->channels;
}

/* The byte in the shard's file at which the record begins, CIFAR's labels included. */
static guint64
find_record (TitheDataset *self, TitheShard *shard, gsize image)
{
  return shard->offset + (image - shard->first) * shard->stride - (shard->stride - get_area (self));
}

static guint8 *
allocate (gsize size, GError **error)
{
  guint8 *data = g_try_malloc (size);

  if (data == NULL)
    g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_LIMIT,
                 _("there is no memory for a picture of %zu bytes"), size);
  return data;
}

/**
 * tithe_dataset_read_record:
 * @image: of a dataset without files of its own
 *
 * Returns: (transfer full): the image as it lies in its file: CIFAR's label bytes, then pixels; %NULL with an error
 */
GBytes *
tithe_dataset_read_record (TitheDataset *self, gsize image, GError **error)
{
  g_autofree guint8 *data = NULL;
  TitheShard *shard;

  g_return_val_if_fail (self->shards != NULL && image < self->n_images, NULL);

  shard = tithe_dataset_find_shard (self, image);
  data = allocate (shard->stride, error);
  if (data == NULL
      || !tithe_shard_read (shard, self->root, find_record (self, shard, image), data, shard->stride, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), shard->stride);
}

/* Where records are small and lie in one file, one call for many is several times quicker than one for each. */
#define SMALL_READ ((gsize) 4 << 20)

/**
 * tithe_dataset_has_records:
 * @begin: image of a dataset without files of its own
 * @end: the image after the last one
 *
 * Returns: %TRUE where all of them can be read; %FALSE where some may not be, or where they are too large to be read at
 *   once: each has to be tried then
 */
gboolean
tithe_dataset_has_records (TitheDataset *self, gsize begin, gsize end)
{
  TitheShard *shard = tithe_dataset_find_shard (self, begin);
  const gsize n_bytes = end - begin <= SMALL_READ / shard->stride ? (end - begin) * shard->stride : 0;
  g_autofree guint8 *block = n_bytes > 0 ? g_try_malloc (n_bytes) : NULL;

  return block != NULL && shard == tithe_dataset_find_shard (self, end - 1)
         && tithe_shard_read (shard, self->root, find_record (self, shard, begin), block, n_bytes, NULL);
}

static void
to_rgb (TitheDataset *self, const guint8 *data, guint8 *out)
{
  const gsize area = (gsize) self->width * self->height;

  for (gsize p = 0; p < area; p++)
    for (guint c = 0; c < 3; c++)
      {
        guint source = self->channels == 3 ? c : 0;

        out[p * 3 + c] = self->planar ? data[source * area + p] : data[p * self->channels + source];
      }
}

static TithePixels *
read_record (TitheDataset *self, gsize image, GError **error)
{
  TitheShard *shard = tithe_dataset_find_shard (self, image);
  g_autofree guint8 *data = allocate (get_area (self), error);
  TithePixels *pixels;

  if (data == NULL
      || !tithe_shard_read (shard, self->root, shard->offset + (image - shard->first) * shard->stride, data,
                            get_area (self), error))
    return NULL;
  pixels = tithe_pixels_try_new (self->width, self->height, error);
  if (pixels == NULL)
    {
      g_autofree char *shown = tithe_name_dup (shard->file);

      g_prefix_error (error, _("cannot read “%s”: "), shown);
    }
  else
    to_rgb (self, data, pixels->data);
  return pixels;
}

/**
 * tithe_dataset_read_pixels:
 * @image: below n_images
 * @max_edge: the longer edge wanted at most, in pixels, or 0 for the whole picture; pictures are never enlarged
 *
 * Returns: (transfer full): the picture as 8-bit RGB, upright, or %NULL with an error that names it
 */
TithePixels *
tithe_dataset_read_pixels (TitheDataset *self, gsize image, guint max_edge, GError **error)
{
  g_autoptr (TithePixels) pixels = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (image < self->n_images, NULL);

  if (self->shards != NULL)
    {
      pixels = read_record (self, image, error);
      return pixels ? tithe_pixels_shrink (pixels, max_edge) : NULL;
    }
  file = tithe_dataset_dup_file (self, image);
  return tithe_image_decode_file (file, max_edge, error);
}
