/* SPDX-License-Identifier: MIT */
#include "tithe-export-records-private.h"

#define CIFAR_EDGE 32
#define CIFAR_BATCH 10000
#define CIFAR_N_BATCHES 5

/* The records of CIFAR-10, or of CIFAR-100. */
static gboolean
is_ten (TitheDataset *dataset)
{
  return tithe_dataset_get_n_classes (dataset) <= 10 && tithe_dataset_get_format (dataset) != TITHE_DATASET_CIFAR100;
}

/* Of one file: CIFAR-10 has five at most. */
static gsize
count_records (TitheExportItems *items)
{
  return is_ten (items->dataset) ? MAX (CIFAR_BATCH, (items->n + CIFAR_N_BATCHES - 1) / CIFAR_N_BATCHES) : G_MAXSIZE;
}

static gboolean
check_classes (TitheDataset *dataset, GError **error)
{
  const guint n_classes = tithe_dataset_get_n_classes (dataset);

  return n_classes <= 100
         || tithe_export_fail (
             error, TITHE_EXPORT_ERROR_FORM,
             _("CIFAR's files hold up to 100 classes, and there are %u; take the format tree or webdataset"),
             n_classes);
}

static gboolean
check_geometry (TitheDataset *dataset, guint32 image, const TithePixels *pixels, GError **error)
{
  g_autoptr (GString) buffer = g_string_new (NULL);

  return (pixels->width == CIFAR_EDGE && pixels->height == CIFAR_EDGE)
         || tithe_export_fail (
             error, TITHE_EXPORT_ERROR_FORM,
             _("CIFAR's files hold pictures of 32 x 32, and “%s” has %u x %u; take the format tree or "
                "webdataset"),
             tithe_dataset_get_display_path (dataset, image, buffer), pixels->width, pixels->height);
}

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
  if (pixels == NULL || !check_geometry (dataset, image, pixels, error))
    return FALSE;
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
  const gboolean ten = is_ten (items->dataset);
  const gsize of_file = count_records (items);

  if (!check_classes (items->dataset, error) || !tithe_records_make_folder (writer->folder, error)
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

/* What they take: exact, where the pictures are of their size; some of them are looked at. */
gboolean
tithe_export_measure_cifar (TitheExportItems *items, TitheExportSize *size, GError **error)
{
  const gboolean records = tithe_dataset_get_format (items->dataset) == TITHE_DATASET_CIFAR10
                           || tithe_dataset_get_format (items->dataset) == TITHE_DATASET_CIFAR100;
  const gsize of_file = count_records (items), step = tithe_export_get_step (items);
  g_autoptr (GString) names = tithe_records_list_classes (items->dataset);

  if (!check_classes (items->dataset, error))
    return FALSE;
  for (gsize i = 0; !records && i < items->n; i += step)
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (items->dataset, items->images[i], 0, error);

      if (pixels == NULL || !check_geometry (items->dataset, items->images[i], pixels, error)
          || !tithe_job_check (items->job, error))
        return FALSE;
    }
  size->n_files = 1 + (items->n == 0 ? 0 : (items->n - 1) / of_file + 1);
  size->n_bytes
      = names->len + items->n * ((is_ten (items->dataset) ? 1 : 2) + G_GUINT64_CONSTANT (3) * CIFAR_EDGE * CIFAR_EDGE);
  return TRUE;
}
