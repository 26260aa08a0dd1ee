/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"

#include <inttypes.h>
#include <string.h>

/* The binary version of CIFAR (Krizhevsky 2009): records of one label byte, or two for CIFAR-100 (coarse, fine), and
 * 32 x 32 pixels, planar RGB. */
#define EDGE 32
#define PIXEL_BYTES (3 * EDGE * EDGE)

static const char *const cifar10_train[]
    = { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", NULL };
static const char *const cifar10_test[] = { "test_batch.bin", NULL };
static const char *const cifar100_train[] = { "train.bin", NULL };
static const char *const cifar100_test[] = { "test.bin", NULL };

static gboolean
holds_any (const char *folder, const char *const *names)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *path = g_build_filename (folder, *names, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return TRUE;
    }
  return FALSE;
}

/* The folder of the files, whether it or one of them was named. */
static char *
dup_folder (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) ? g_strdup (path) : g_path_get_dirname (path);
}

static gboolean
is_cifar_file (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);

  return g_strv_contains (cifar10_train, base) || g_strv_contains (cifar10_test, base)
         || g_strv_contains (cifar100_train, base) || g_strv_contains (cifar100_test, base);
}

gboolean
tithe_dataset_cifar_matches (const char *path)
{
  g_autofree char *folder = dup_folder (path);

  if (!g_file_test (path, G_FILE_TEST_IS_DIR) && !is_cifar_file (path))
    return FALSE;
  return holds_any (folder, cifar10_train) || holds_any (folder, cifar100_train) || holds_any (folder, cifar10_test)
         || holds_any (folder, cifar100_test);
}

/* One class name a line; numbers where the file is missing. */
static gboolean
read_class_names (TitheDataset *self, const char *folder, const char *file, guint n_default, GError **error)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      for (guint i = 0; i < n_default; i++)
        g_ptr_array_add (self->class_names, g_strdup_printf ("%u", i));
      tithe_dataset_note (self, _("“%s” is missing: the classes are called by their numbers"), file);
      return TRUE;
    }
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT, _("“%s” is not UTF-8 text"), path);
      return FALSE;
    }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_ptr_array_add (self->class_names, g_strdup (lines[i]));
  return TRUE;
}

static gboolean
add_file (TitheDataset *self, GArray *labels, const char *folder, const char *file, guint n_labels, GError **error)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GBytes) bytes = tithe_dataset_load_file (path, G_MAXUINT64, error);
  const guint64 record = n_labels + PIXEL_BYTES;
  const guint8 *data;
  gsize size;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  if (size == 0 || size % record != 0)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” is cut short: its %zu bytes are no whole number of %" PRIu64
                      "-byte records (the last one is missing %" PRIu64 " bytes)"),
                   path, size, record, record - size % record);
      return FALSE;
    }
  for (gsize i = 0; i < size / record; i++)
    {
      guint32 label = data[i * record + n_labels - 1];

      if (label >= self->class_names->len)
        {
          g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                       _("“%s”: record %zu (byte %" PRIu64 ") has label %u, but there are "
                          "only %u classes"),
                       path, i, i * record + n_labels - 1, label, self->class_names->len);
          return FALSE;
        }
      g_array_append_val (labels, label);
    }
  tithe_dataset_add_shard (self, file, size / record, n_labels, record)->bytes = g_bytes_ref (bytes);
  return TRUE;
}

static gboolean
add_split (TitheDataset *self, const char *folder, const char *const *files, guint n_labels, GError **error)
{
  g_autoptr (GArray) labels = g_array_new (FALSE, FALSE, sizeof (guint32));

  self->width = self->height = EDGE;
  self->channels = 3;
  self->planar = TRUE;
  for (; *files != NULL; files++)
    {
      g_autofree char *path = g_build_filename (folder, *files, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        tithe_dataset_note (self, _("“%s” is missing"), *files);
      else if (!add_file (self, labels, folder, *files, n_labels, error))
        return FALSE;
    }
  self->labels = (guint32 *) (gpointer) g_array_steal (labels, NULL);
  return tithe_dataset_seal (self, error);
}

/**
 * tithe_dataset_open_cifar:
 * @path: the folder of the .bin files, or one of them
 */
TitheDataset *
tithe_dataset_open_cifar (const char *path, TitheJob *job, GError **error)
{
  g_autofree char *folder = dup_folder (path);
  gboolean ten = holds_any (folder, cifar10_train) || holds_any (folder, cifar10_test);
  TitheDatasetFormat format = ten ? TITHE_DATASET_CIFAR10 : TITHE_DATASET_CIFAR100;
  const char *const *train = ten ? cifar10_train : cifar100_train;
  const char *const *test = ten ? cifar10_test : cifar100_test;
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (format, folder, folder);

  if (!read_class_names (self, folder, ten ? "batches.meta.txt" : "fine_label_names.txt", ten ? 10 : 100, error))
    return NULL;
  if (!holds_any (folder, train))
    {
      tithe_dataset_note (self, _("the training files are missing: “%s” is read in their place"), test[0]);
      train = test;
    }
  if (!add_split (self, folder, train, ten ? 1 : 2, error))
    return NULL;
  if (train != test && holds_any (folder, test))
    {
      self->test = tithe_dataset_new_private (format, folder, folder);
      for (guint i = 0; i < self->class_names->len; i++)
        g_ptr_array_add (self->test->class_names, g_strdup (g_ptr_array_index (self->class_names, i)));
      if (!add_split (self->test, folder, test, ten ? 1 : 2, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}
