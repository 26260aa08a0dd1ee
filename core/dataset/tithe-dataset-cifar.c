/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "io/tithe-folder.h"

#include <inttypes.h>
#include <string.h>

/* The binary version of CIFAR (Krizhevsky 2009): records of one label byte, or two for CIFAR-100 (coarse, fine), and
 * 32 x 32 pixels, planar RGB. */
#define EDGE 32
#define PIXEL_BYTES (3 * EDGE * EDGE)
#define RECORDS_AT_ONCE G_GUINT64_CONSTANT (128)

static const char *const cifar10_train[]
    = { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", NULL };
static const char *const cifar10_test[] = { "test_batch.bin", NULL };
static const char *const cifar100_train[] = { "train.bin", NULL };
static const char *const cifar100_test[] = { "test.bin", NULL };

/* Whether one of the files lies in the folder, which holds @names. A folder of that name is a class's. */
static gboolean
holds_any (const char *folder, GPtrArray *names, const char *const *files)
{
  for (guint i = 0; i < names->len; i++)
    if (g_strv_contains (files, g_ptr_array_index (names, i)))
      {
        g_autofree char *path = g_build_filename (folder, g_ptr_array_index (names, i), NULL);

        if (!g_file_test (path, G_FILE_TEST_IS_DIR))
          return TRUE;
      }
  return FALSE;
}

static gboolean
matches (const TitheDatasetSource *source)
{
  const char *const *const files[] = { cifar10_train, cifar10_test, cifar100_train, cifar100_test };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    if (source->name ? g_strv_contains (files[i], source->name) : holds_any (source->folder, source->names, files[i]))
      return TRUE;
  return FALSE;
}

/* One class name a line; numbers where the file is missing. */
static gboolean
read_class_names (TitheDataset *self, GPtrArray *names, const char *file, guint n_default, GError **error)
{
  g_autofree char *path = g_build_filename (self->root, file, NULL), *shown = tithe_name_dup (path), *text = NULL;
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) lines = NULL;
  gsize size;

  if (!tithe_folder_holds (names, file))
    {
      for (guint i = 0; i < n_default; i++)
        g_ptr_array_add (self->class_names, g_strdup_printf ("%u", i));
      tithe_dataset_note (self, TITHE_DATASET_NOTE_NO_NAMES, 0, file, NULL);
      return TRUE;
    }
  text = tithe_record_file_read_text (path, &size, error);
  if (text == NULL)
    return FALSE;
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT, _("“%s” is not UTF-8 text"), shown);
      return FALSE;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0' && tithe_dataset_add_class (self, labels, lines[i]) + 1 < self->class_names->len)
      {
        g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT, _("“%s” names the class “%s” twice"),
                     shown, lines[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
add_label (TitheDataset *self, GArray *labels, guint32 label, const char *path, guint64 record, guint64 at,
           GError **error)
{
  if (label >= self->class_names->len)
    {
      g_autofree char *shown = tithe_name_dup (path);

      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s”: record %" PRIu64 " (byte %" PRIu64 ") has label %u, but there are only %u classes"), shown,
                   record, at, label, self->class_names->len);
      return FALSE;
    }
  g_array_append_val (labels, label);
  return TRUE;
}

/* Records are read whole, many at a time: that is quicker than one call for each label. */
static gboolean
add_labels (TitheDataset *self, GArray *labels, TitheRecordFile *records, const char *path, guint n_labels,
            GError **error)
{
  const guint64 stride = n_labels + PIXEL_BYTES, n = tithe_record_file_get_size (records) / stride;
  g_autofree guint8 *block = g_malloc (RECORDS_AT_ONCE * stride);

  for (guint64 i = 0; i < n; i++)
    {
      guint64 within = i % RECORDS_AT_ONCE, at = n_labels - 1;

      if (within == 0
          && !tithe_record_file_read (records, i * stride, block, MIN (RECORDS_AT_ONCE, n - i) * stride, error))
        return FALSE;
      if (!add_label (self, labels, block[within * stride + at], path, i, i * stride + at, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_file (TitheDataset *self, GArray *labels, const char *file, guint n_labels, GError **error)
{
  g_autofree char *path = g_build_filename (self->root, file, NULL);
  g_autoptr (TitheRecordFile) records = tithe_record_file_open (path, G_MAXUINT64, error);
  const guint64 stride = n_labels + PIXEL_BYTES;
  guint64 size;

  if (records == NULL)
    return FALSE;
  size = tithe_record_file_get_size (records);
  if (size == 0 || size % stride != 0)
    {
      g_autofree char *shown = tithe_name_dup (path);

      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” is cut short: its %" PRIu64 " bytes are no whole number of %" PRIu64
                      "-byte records (the last one is missing %" PRIu64 " bytes)"),
                   shown, size, stride, stride - size % stride);
      return FALSE;
    }
  if (!add_labels (self, labels, records, path, n_labels, error))
    return FALSE;
  tithe_dataset_add_shard (self, file, size / stride, n_labels, stride)->records = g_steal_pointer (&records);
  return TRUE;
}

static gboolean
add_split (TitheDataset *self, GPtrArray *names, const char *const *files, guint n_labels, TitheJob *job,
           GError **error)
{
  g_autoptr (GArray) labels = g_array_new (FALSE, FALSE, sizeof (guint32));

  self->width = self->height = EDGE;
  self->channels = 3;
  self->planar = TRUE;
  for (; *files != NULL; files++)
    if (!tithe_folder_holds (names, *files))
      tithe_dataset_note (self, TITHE_DATASET_NOTE_MISSING, 0, *files, NULL);
    else if (!add_file (self, labels, *files, n_labels, error) || !tithe_job_check (job, error))
      return FALSE;
  self->labels = (guint32 *) (gpointer) g_array_steal (labels, NULL);
  return TRUE;
}

/* Opens the folder of the .bin files, whether it or one of them was named. */
static TitheDataset *
open_cifar (const TitheDatasetSource *source, TitheJob *job, GError **error)
{
  const char *folder = source->folder;
  g_autoptr (GPtrArray) names
      = source->names ? g_ptr_array_ref (source->names) : tithe_dataset_list_folder (folder, error);
  g_autoptr (TitheDataset) self = NULL;
  const char *const *train, *const *test;
  gboolean ten;

  if (names == NULL)
    return NULL;
  ten = holds_any (folder, names, cifar10_train) || holds_any (folder, names, cifar10_test);
  train = ten ? cifar10_train : cifar100_train;
  test = ten ? cifar10_test : cifar100_test;
  self = tithe_dataset_new_private (ten ? TITHE_DATASET_CIFAR10 : TITHE_DATASET_CIFAR100, folder, folder);
  if (!read_class_names (self, names, ten ? "batches.meta.txt" : "fine_label_names.txt", ten ? 10 : 100, error))
    return NULL;
  if (!holds_any (folder, names, train))
    {
      tithe_dataset_note (self, TITHE_DATASET_NOTE_TEST_ONLY, 0, test[0], NULL);
      train = test;
    }
  if (!add_split (self, names, train, ten ? 1 : 2, job, error))
    return NULL;
  if (train != test && holds_any (folder, names, test)
      && !add_split (tithe_dataset_add_test (self), names, test, ten ? 1 : 2, job, error))
    return NULL;
  return tithe_dataset_seal (self, error) ? g_steal_pointer (&self) : NULL;
}

const TitheDatasetReader tithe_dataset_cifar_reader = { matches, open_cifar };
