/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* CIFAR's binary version and IDX: files of records of one size. */

#define CIFAR_EDGE 32
#define CIFAR_BATCH 10000
#define CIFAR_N_BATCHES 5

typedef struct
{
  TitheExportItems *items;
  const char *folder;
  FILE *file;
  char *path;
} Writer;

static gboolean
begin_file (Writer *writer, const char *name, GError **error)
{
  g_free (writer->path);
  writer->path = g_build_filename (writer->folder, name, NULL);
  writer->file = g_fopen (writer->path, "wbe");
  return writer->file != NULL || tithe_export_fail_at (writer->path, error);
}

static gboolean
put (Writer *writer, gconstpointer data, gsize size, GError **error)
{
  g_checksum_update (writer->items->sum, data, (gssize) size);
  return fwrite (data, 1, size, writer->file) == size || tithe_export_fail_at (writer->path, error);
}

static gboolean
end_file (Writer *writer, GError **error)
{
  FILE *file = g_steal_pointer (&writer->file);

  return file == NULL || fclose (file) == 0 || tithe_export_fail_at (writer->path, error);
}

static gboolean
advance (Writer *writer, gsize i, GError **error)
{
  tithe_job_advance (writer->items->job, 1);
  return i % 256 != 0 || tithe_job_check (writer->items->job, error);
}

static gboolean
put_text (Writer *writer, const char *name, GError **error)
{
  TitheDataset *dataset = writer->items->dataset;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      g_autofree char *line = g_strdelimit (g_strdup (tithe_dataset_get_class_name (dataset, c)), "\n\r", ' ');

      g_string_append_printf (text, "%s\n", line);
    }
  return begin_file (writer, name, error) && put (writer, text->str, text->len, error) && end_file (writer, error);
}

static gboolean
make_folder (const char *folder, GError **error)
{
  return g_mkdir (folder, 0777) == 0 || tithe_export_fail_at (folder, error);
}

/* --- CIFAR --- */

/* Label bytes and red, green and blue planes; of a CIFAR dataset the record as it is, CIFAR-100's coarse label included. */
static gboolean
put_cifar_record (Writer *writer, gsize i, gboolean ten, GError **error)
{
  TitheDataset *dataset = writer->items->dataset;
  guint8 record[2 + 3 * CIFAR_EDGE * CIFAR_EDGE] = { 0 };
  const gsize labels = ten ? 1 : 2, area = CIFAR_EDGE * CIFAR_EDGE;
  const guint32 image = writer->items->images[i];
  g_autoptr (TithePixels) pixels = NULL;

  if (tithe_dataset_get_format (dataset) == (ten ? TITHE_DATASET_CIFAR10 : TITHE_DATASET_CIFAR100))
    {
      g_autoptr (GBytes) bytes = tithe_dataset_read_record (dataset, image, error);

      if (bytes == NULL)
        return FALSE;
      tithe_export_mark (writer->items, i, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      return put (writer, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
    }
  pixels = tithe_dataset_read_pixels (dataset, image, 0, error);
  if (pixels == NULL)
    return FALSE;
  if (pixels->width != CIFAR_EDGE || pixels->height != CIFAR_EDGE)
    {
      g_autoptr (GString) buffer = g_string_new (NULL);

      return tithe_export_fail (
          error, TITHE_EXPORT_ERROR_FORM,
          _("CIFAR's files hold pictures of 32 x 32, and “%s” has %u x %u; take the format tree or "
             "webdataset"),
          tithe_dataset_get_path (dataset, image, buffer), pixels->width, pixels->height);
    }
  record[labels - 1] = (guint8) tithe_dataset_get_label (dataset, image);
  for (gsize p = 0; p < area; p++)
    for (gsize c = 0; c < 3; c++)
      record[labels + c * area + p] = pixels->data[3 * p + c];
  tithe_export_mark (writer->items, i, record, labels + 3 * area);
  return put (writer, record, labels + 3 * area, error);
}

static gboolean
write_cifar (Writer *writer, GError **error)
{
  TitheExportItems *items = writer->items;
  const guint n_classes = tithe_dataset_get_n_classes (items->dataset);
  const gboolean ten = n_classes <= 10 && tithe_dataset_get_format (items->dataset) != TITHE_DATASET_CIFAR100;
  const gsize of_file = ten ? MAX (CIFAR_BATCH, (items->n + CIFAR_N_BATCHES - 1) / CIFAR_N_BATCHES) : G_MAXSIZE;

  if (n_classes > 100)
    return tithe_export_fail (
        error, TITHE_EXPORT_ERROR_FORM,
        _("CIFAR's files hold up to 100 classes, and there are %u; take the format tree or webdataset"), n_classes);
  if (!make_folder (writer->folder, error)
      || !put_text (writer, ten ? "batches.meta.txt" : "fine_label_names.txt", error))
    return FALSE;
  for (gsize i = 0; i < items->n; i++)
    {
      g_autofree char *name = ten ? g_strdup_printf ("data_batch_%zu.bin", i / of_file + 1) : g_strdup ("train.bin");

      if ((i % of_file == 0 && (!end_file (writer, error) || !begin_file (writer, name, error)))
          || !put_cifar_record (writer, i, ten, error) || !advance (writer, i, error))
        return FALSE;
    }
  return end_file (writer, error);
}

/* --- IDX --- */

typedef struct
{
  guint width, height, channels;
} Geometry;

/* All pictures must have one size; they have one channel where all are grey. Files are decoded once for that. */
static gboolean
find_geometry (TitheExportItems *items, Geometry *geometry, GError **error)
{
  g_autoptr (GString) buffer = g_string_new (NULL);

  tithe_dataset_get_geometry (items->dataset, &geometry->width, &geometry->height, &geometry->channels);
  if (geometry->channels > 0)
    return TRUE;
  geometry->channels = 1;
  for (gsize i = 0; i < items->n; i++)
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
            tithe_dataset_get_path (items->dataset, items->images[i], buffer), pixels->width, pixels->height,
            geometry->width, geometry->height);
      if (geometry->channels == 1 && !tithe_pixels_is_grey (pixels))
        geometry->channels = 3;
    }
  return TRUE;
}

static gboolean
put_header (Writer *writer, guint n_dims, const guint32 *dims, GError **error)
{
  const guint8 magic[4] = { 0, 0, 8, (guint8) n_dims };

  if (!put (writer, magic, sizeof magic, error))
    return FALSE;
  for (guint d = 0; d < n_dims; d++)
    {
      guint32 dim = GUINT32_TO_BE (dims[d]);

      if (!put (writer, &dim, sizeof dim, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_idx_image (Writer *writer, gsize i, const Geometry *geometry, guint8 *buffer, GError **error)
{
  const gsize area = (gsize) geometry->width * geometry->height;
  g_autoptr (TithePixels) pixels
      = tithe_dataset_read_pixels (writer->items->dataset, writer->items->images[i], 0, error);

  if (pixels == NULL)
    return FALSE;
  tithe_export_mark (writer->items, i, pixels->data, 3 * area);
  if (geometry->channels == 3)
    return put (writer, pixels->data, 3 * area, error);
  for (gsize p = 0; p < area; p++)
    buffer[p] = pixels->data[3 * p];
  return put (writer, buffer, area, error);
}

static gboolean
write_idx (Writer *writer, GError **error)
{
  TitheExportItems *items = writer->items;
  g_autofree guint8 *buffer = NULL;
  Geometry geometry;
  guint32 dims[4];

  if (tithe_dataset_get_n_classes (items->dataset) > 256)
    return tithe_export_fail (
        error, TITHE_EXPORT_ERROR_FORM,
        _("IDX files hold up to 256 classes, and there are %u; take the format tree or webdataset"),
        tithe_dataset_get_n_classes (items->dataset));
  if (!find_geometry (items, &geometry, error))
    return FALSE;
  dims[0] = (guint32) items->n;
  dims[1] = geometry.height;
  dims[2] = geometry.width;
  dims[3] = geometry.channels;
  buffer = g_malloc ((gsize) geometry.width * geometry.height + 1);
  if (!make_folder (writer->folder, error) || !put_text (writer, "classes.txt", error)
      || !begin_file (writer, geometry.channels == 3 ? "train-images-idx4-ubyte" : "train-images-idx3-ubyte", error)
      || !put_header (writer, geometry.channels == 3 ? 4 : 3, dims, error))
    return FALSE;
  for (gsize i = 0; i < items->n; i++)
    if (!put_idx_image (writer, i, &geometry, buffer, error) || !advance (writer, i, error))
      return FALSE;
  if (!end_file (writer, error) || !begin_file (writer, "train-labels-idx1-ubyte", error)
      || !put_header (writer, 1, dims, error))
    return FALSE;
  for (gsize i = 0; i < items->n; i++)
    {
      guint8 label = (guint8) tithe_dataset_get_label (items->dataset, items->images[i]);

      if (!put (writer, &label, 1, error))
        return FALSE;
    }
  return end_file (writer, error);
}

gboolean
tithe_export_write_records (TitheExportItems *items, const char *folder, GError **error)
{
  Writer writer = { items, folder, NULL, NULL };
  gboolean ok
      = items->options->format == TITHE_EXPORT_CIFAR ? write_cifar (&writer, error) : write_idx (&writer, error);

  if (writer.file != NULL)
    fclose (writer.file);
  g_free (writer.path);
  return ok;
}
