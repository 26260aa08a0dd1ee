/* SPDX-License-Identifier: MIT */
#include "tithe-export-records-private.h"

typedef struct
{
  guint width, height, channels;
} Geometry;

/* All pictures must have one size; they have one channel where all are grey. Files are decoded once for that, each or one
 * of so many. */
static gboolean
find_geometry (TitheExportItems *items, gsize step, Geometry *geometry, GError **error)
{
  g_autoptr (GString) buffer = g_string_new (NULL);

  tithe_dataset_get_geometry (items->dataset, &geometry->width, &geometry->height, &geometry->channels);
  if (geometry->channels > 0)
    return TRUE;
  geometry->channels = 1;
  for (gsize i = 0; i < items->n; i += step)
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (items->dataset, items->images[i], 0, error);

      if (pixels == NULL || (i % 256 == 0 && !tithe_job_check (items->job, error)))
        return FALSE;
      if (i == 0)
        *geometry = (Geometry){ pixels->width, pixels->height, 1 };
      if (pixels->width != geometry->width || pixels->height != geometry->height)
        return tithe_export_fail (
            error, TITHE_EXPORT_ERROR_FORM,
            _("IDX files hold pictures of one size, and “%s” has %u x %u after %u x %u; take the "
               "format tree or webdataset"),
            tithe_dataset_get_display_path (items->dataset, items->images[i], buffer), pixels->width, pixels->height,
            geometry->width, geometry->height);
      if (geometry->channels == 1 && !tithe_pixels_is_grey (pixels))
        geometry->channels = 3;
    }
  return TRUE;
}

static gboolean
check_classes (TitheDataset *dataset, GError **error)
{
  const guint n_classes = tithe_dataset_get_n_classes (dataset);

  return n_classes <= 256
         || tithe_export_fail (
             error, TITHE_EXPORT_ERROR_FORM,
             _("IDX files hold up to 256 classes, and there are %u; take the format tree or webdataset"), n_classes);
}

static gboolean
put_header (TitheRecords *writer, guint n_dims, const guint32 *dims, GError **error)
{
  const guint8 magic[4] = { 0, 0, 8, (guint8) n_dims };

  if (!tithe_records_put (writer, magic, sizeof magic, error))
    return FALSE;
  for (guint d = 0; d < n_dims; d++)
    {
      guint32 dim = GUINT32_TO_BE (dims[d]);

      if (!tithe_records_put (writer, &dim, sizeof dim, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_idx_image (TitheRecords *writer, gsize i, const Geometry *geometry, guint8 *buffer, GError **error)
{
  const gsize area = (gsize) geometry->width * geometry->height;
  g_autoptr (TithePixels) pixels
      = tithe_dataset_read_pixels (writer->items->dataset, writer->items->images[i], 0, error);

  if (pixels == NULL)
    return FALSE;
  if (pixels->width != geometry->width || pixels->height != geometry->height)
    return tithe_export_fail (error, TITHE_EXPORT_ERROR_SOURCE,
                              _("the image %u changed its size while it was exported"), writer->items->images[i]);
  tithe_export_mark (writer->items, i, pixels->data, 3 * area);
  if (geometry->channels == 3)
    return tithe_records_put (writer, pixels->data, 3 * area, error);
  for (gsize p = 0; p < area; p++)
    buffer[p] = pixels->data[3 * p];
  return tithe_records_put (writer, buffer, area, error);
}

static gboolean
write_idx (TitheRecords *writer, GError **error)
{
  TitheExportItems *items = writer->items;
  g_autofree guint8 *buffer = NULL;
  Geometry geometry;
  guint32 dims[4];

  if (!check_classes (items->dataset, error) || !find_geometry (items, 1, &geometry, error))
    return FALSE;
  dims[0] = (guint32) items->n;
  dims[1] = geometry.height;
  dims[2] = geometry.width;
  dims[3] = geometry.channels;
  buffer = g_malloc ((gsize) geometry.width * geometry.height + 1);
  if (!tithe_records_make_folder (writer->folder, error) || !tithe_records_put_classes (writer, "classes.txt", error)
      || !tithe_records_begin_file (
          writer, geometry.channels == 3 ? "train-images-idx4-ubyte" : "train-images-idx3-ubyte", error)
      || !put_header (writer, geometry.channels == 3 ? 4 : 3, dims, error))
    return FALSE;
  for (gsize i = 0; i < items->n; i++)
    if (!put_idx_image (writer, i, &geometry, buffer, error) || !tithe_records_advance (writer, i, error))
      return FALSE;
  if (!tithe_records_end_file (writer, error) || !tithe_records_begin_file (writer, "train-labels-idx1-ubyte", error)
      || !put_header (writer, 1, dims, error))
    return FALSE;
  for (gsize i = 0; i < items->n; i++)
    {
      guint8 label = (guint8) tithe_dataset_get_label (items->dataset, items->images[i]);

      if (!tithe_records_put (writer, &label, 1, error))
        return FALSE;
    }
  return tithe_records_end_file (writer, error);
}

/* The files of MNIST's family: pictures and labels. */
gboolean
tithe_export_write_idx (TitheExportItems *items, const char *folder, GError **error)
{
  TitheRecords writer = { .items = items, .folder = folder };
  gboolean ok = write_idx (&writer, error);

  tithe_records_clear (&writer);
  return ok;
}

/* What they take: exact, but where all pictures that were looked at are grey and others need not be. */
gboolean
tithe_export_measure_idx (TitheExportItems *items, TitheExportSize *size, GError **error)
{
  const gsize step = tithe_export_get_step (items);
  g_autoptr (GString) names = tithe_records_list_classes (items->dataset);
  Geometry geometry;
  guint known;

  if (!check_classes (items->dataset, error) || !find_geometry (items, step, &geometry, error))
    return FALSE;
  tithe_dataset_get_geometry (items->dataset, &known, &known, &known);
  size->exact = known > 0 || geometry.channels == 3 || step == 1;
  size->n_files = 3;
  /* The pictures' file and that of the labels begin with four bytes of magic, and four for each dimension. */
  size->n_bytes = names->len + (geometry.channels == 3 ? 20 : 16) + 8
                  + items->n * ((guint64) geometry.width * geometry.height * geometry.channels + 1);
  return TRUE;
}
