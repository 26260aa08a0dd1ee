/* SPDX-License-Identifier: MIT */
#include "tithe-export-records-private.h"

#define CIFAR_EDGE 32
#define CIFAR_BATCH 10000
#define CIFAR_N_BATCHES 5

/* Label bytes and red, green and blue planes; of a CIFAR dataset the record as it is, CIFAR-100's coarse label included. */
static gboolean
put_cifar_record (TitheRecords *writer, gsize i, gboolean ten, GError **error)
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
      return tithe_records_put (writer, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
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
          tithe_dataset_get_display_path (dataset, image, buffer), pixels->width, pixels->height);
    }
  record[labels - 1] = (guint8) tithe_dataset_get_label (dataset, image);
  for (gsize p = 0; p < area; p++)
    for (gsize c = 0; c < 3; c++)
      record[labels + c * area + p] = pixels->data[3 * p + c];
  tithe_export_mark (writer->items, i, record, labels + 3 * area);
  return tithe_records_put (writer, record, labels + 3 * area, error);
}

static gboolean
write_cifar (TitheRecords *writer, GError **error)
{
  TitheExportItems *items = writer->items;
  const guint n_classes = tithe_dataset_get_n_classes (items->dataset);
  const gboolean ten = n_classes <= 10 && tithe_dataset_get_format (items->dataset) != TITHE_DATASET_CIFAR100;
  const gsize of_file = ten ? MAX (CIFAR_BATCH, (items->n + CIFAR_N_BATCHES - 1) / CIFAR_N_BATCHES) : G_MAXSIZE;

  if (n_classes > 100)
    return tithe_export_fail (
        error, TITHE_EXPORT_ERROR_FORM,
        _("CIFAR's files hold up to 100 classes, and there are %u; take the format tree or webdataset"), n_classes);
  if (!tithe_records_make_folder (writer->folder, error)
      || !tithe_records_put_classes (writer, ten ? "batches.meta.txt" : "fine_label_names.txt", error))
    return FALSE;
  for (gsize i = 0; i < items->n; i++)
    {
      g_autofree char *name = ten ? g_strdup_printf ("data_batch_%zu.bin", i / of_file + 1) : g_strdup ("train.bin");

      if ((i % of_file == 0
           && (!tithe_records_end_file (writer, error) || !tithe_records_begin_file (writer, name, error)))
          || !put_cifar_record (writer, i, ten, error) || !tithe_records_advance (writer, i, error))
        return FALSE;
    }
  return tithe_records_end_file (writer, error);
}

/* CIFAR-10's files of 10,000 records, or above ten classes CIFAR-100's one. */
gboolean
tithe_export_write_cifar (TitheExportItems *items, const char *folder, GError **error)
{
  TitheRecords writer = { .items = items, .folder = folder };
  gboolean ok = write_cifar (&writer, error);

  tithe_records_clear (&writer);
  return ok;
}
