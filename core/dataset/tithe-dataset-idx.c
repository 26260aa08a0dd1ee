/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"

#include <inttypes.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* IDX, the format of MNIST and its family: a big-endian header of a magic number (0, 0, type, number of dimensions) and
 * the dimensions, then the values. Pictures are idx3-ubyte (count, height, width) or idx4-ubyte with 1 or 3 channels
 * last; labels are idx1-ubyte. */
#define TYPE_UBYTE 0x08

typedef struct
{
  char *images; /* file names in the folder */
  char *labels;
  gboolean test;
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  g_free (pair->images);
  g_free (pair->labels);
  g_free (pair);
}

static gboolean
is_images_name (const char *name)
{
  return strstr (name, "images") != NULL
         && (strstr (name, "idx3-ubyte") != NULL || strstr (name, "idx4-ubyte") != NULL);
}

/* The label file that belongs to an image file: the same name with “labels” and idx1, with or without .gz. */
static char *
find_labels (const char *folder, const char *images)
{
  g_autoptr (GString) name = g_string_new (images);

  g_string_replace (name, "images", "labels", 1);
  g_string_replace (name, "idx3-ubyte", "idx1-ubyte", 1);
  g_string_replace (name, "idx4-ubyte", "idx1-ubyte", 1);
  if (g_str_has_suffix (name->str, ".gz"))
    g_string_truncate (name, name->len - 3);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *candidate = g_strconcat (name->str, i == 0 ? "" : ".gz", NULL);
      g_autofree char *path = g_build_filename (folder, candidate, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&candidate);
    }
  return NULL;
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Pair *const *) a)->images, (*(Pair *const *) b)->images);
}

/* All image files of a folder, each with its labels; where both x and x.gz are there, x. */
static GPtrArray *
list_pairs (const char *folder)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (pair_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Pair *pair;

      if (*name == '.' || !is_images_name (name))
        continue;
      if (g_str_has_suffix (name, ".gz"))
        {
          g_autofree char *plain = g_strndup (name, strlen (name) - 3);
          g_autofree char *path = g_build_filename (folder, plain, NULL);

          if (g_file_test (path, G_FILE_TEST_EXISTS))
            continue;
        }
      pair = g_new0 (Pair, 1);
      pair->images = g_strdup (name);
      pair->labels = find_labels (folder, name);
      pair->test = strstr (name, "t10k") != NULL || strstr (name, "test") != NULL;
      g_ptr_array_add (pairs, pair);
    }
  g_ptr_array_sort (pairs, compare_pairs);
  return g_steal_pointer (&pairs);
}

gboolean
tithe_dataset_idx_matches (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_autoptr (GPtrArray) pairs = list_pairs (path);

      return pairs->len > 0;
    }
  return strstr (base, "-ubyte") != NULL;
}

static guint32
read_be32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

/* Checks a header against what the file holds. @dims gets up to four sizes. */
static gboolean
check_header (const char *path, GBytes *bytes, guint min_dims, guint max_dims, guint32 dims[4], guint *n_dims,
              GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint64 expected = 1;

  if (size < 8 || data[0] != 0 || data[1] != 0 || data[2] != TYPE_UBYTE || data[3] < min_dims || data[3] > max_dims)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” is no IDX file of this kind: its first bytes are %02x %02x %02x %02x, not 00 00 08 %02x"),
                   path, size > 0 ? data[0] : 0, size > 1 ? data[1] : 0, size > 2 ? data[2] : 0, size > 3 ? data[3] : 0,
                   min_dims);
      return FALSE;
    }
  *n_dims = data[3];
  for (guint i = 0; i < *n_dims && 8 + 4 * (gsize) i <= size; i++)
    {
      dims[i] = read_be32 (data + 4 + 4 * i);
      if (!g_uint64_checked_mul (&expected, expected, dims[i]))
        expected = G_MAXUINT64;
    }
  if (size < 4 + 4 * (gsize) *n_dims || size - 4 - 4 * (gsize) *n_dims != expected)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” does not match its header: it declares %" PRIu64 " values and holds %zu"), path, expected,
                   size - MIN (size, 4 + 4 * (gsize) *n_dims));
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_pair (TitheDataset *self, const char *folder, const Pair *pair, GError **error)
{
  g_autofree char *images_path = g_build_filename (folder, pair->images, NULL);
  g_autofree char *labels_path = pair->labels ? g_build_filename (folder, pair->labels, NULL) : NULL;
  g_autoptr (GBytes) images = tithe_dataset_load_file (images_path, G_MAXUINT64, error);
  g_autoptr (GBytes) labels = NULL;
  guint32 dims[4] = { 0 }, label_dims[4] = { 0 };
  guint n_dims, n_label_dims;
  const guint8 *values;
  TitheShard *shard;

  if (images == NULL || !check_header (images_path, images, 3, 4, dims, &n_dims, error))
    return FALSE;
  self->height = dims[1];
  self->width = dims[2];
  self->channels = n_dims == 4 ? dims[3] : 1;
  if (dims[0] == 0 || dims[1] == 0 || dims[2] == 0 || dims[1] > 65535 || dims[2] > 65535
      || (self->channels != 1 && self->channels != 3))
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” declares %u pictures of %u x %u with %u channels: not something to show"), images_path,
                   dims[0], dims[2], dims[1], self->channels);
      return FALSE;
    }
  shard = tithe_dataset_add_shard (self, pair->images, dims[0], 4 + 4 * (guint64) n_dims,
                                   (guint64) dims[1] * dims[2] * self->channels);
  shard->bytes = g_bytes_ref (images);
  self->labels = g_new0 (guint32, dims[0]);
  if (labels_path == NULL)
    {
      self->labelled = FALSE;
      if (self->class_names->len == 0)
        g_ptr_array_add (self->class_names, g_strdup ("unlabelled"));
      tithe_dataset_note (self, _("“%s” has no label file beside it: all pictures are one unlabelled class"),
                          pair->images);
      return TRUE;
    }
  labels = tithe_dataset_load_file (labels_path, G_MAXUINT64, error);
  if (labels == NULL || !check_header (labels_path, labels, 1, 1, label_dims, &n_label_dims, error))
    return FALSE;
  if (label_dims[0] != dims[0])
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” has %u labels for the %u pictures of “%s”"), labels_path, label_dims[0], dims[0],
                   pair->images);
      return FALSE;
    }
  values = (const guint8 *) g_bytes_get_data (labels, NULL) + 8;
  for (gsize i = 0; i < dims[0]; i++)
    {
      self->labels[i] = values[i];
      while (self->class_names->len <= values[i])
        g_ptr_array_add (self->class_names, g_strdup_printf ("%u", self->class_names->len));
    }
  return TRUE;
}

/**
 * tithe_dataset_open_idx:
 * @path: a folder with one training set in it, or the image or label file of a set
 */
TitheDataset *
tithe_dataset_open_idx (const char *path, TitheJob *job, GError **error)
{
  gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree char *folder = is_folder ? g_strdup (path) : g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autoptr (GPtrArray) pairs = list_pairs (folder);
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (TITHE_DATASET_IDX, path, folder);
  const Pair *train = NULL, *test = NULL;

  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = g_ptr_array_index (pairs, i);
      gboolean named = !is_folder && (g_str_equal (pair->images, base) || g_strcmp0 (pair->labels, base) == 0);

      if (named)
        train = pair;
      else if (is_folder && !pair->test && train != NULL)
        {
          g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_UNKNOWN,
                       _("“%s” holds several training sets, “%s” and “%s” among them: open the image file of the one "
                          "that you mean"),
                       path, train->images, pair->images);
          return NULL;
        }
      else if (is_folder && !pair->test)
        train = pair;
      if (pair->test)
        test = pair;
    }
  if (train == NULL)
    train = test;
  if (train == NULL)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND,
                   _("there is no image file, such as train-images-idx3-ubyte, beside “%s”"), path);
      return NULL;
    }
  if (!add_pair (self, folder, train, error))
    return NULL;
  if (test != NULL && test != train && is_folder)
    {
      self->test = tithe_dataset_new_private (TITHE_DATASET_IDX, path, folder);
      for (guint i = 0; i < self->class_names->len; i++)
        g_ptr_array_add (self->test->class_names, g_strdup (g_ptr_array_index (self->class_names, i)));
      if (!add_pair (self->test, folder, test, error))
        return NULL;
      for (guint i = self->class_names->len; i < self->test->class_names->len; i++)
        g_ptr_array_add (self->class_names, g_strdup (g_ptr_array_index (self->test->class_names, i)));
      if (!tithe_dataset_seal (self->test, error))
        return NULL;
    }
  if (!tithe_dataset_seal (self, error))
    return NULL;
  for (guint c = 0; c < self->class_names->len; c++)
    if (self->class_starts[c] == self->class_starts[c + 1])
      tithe_dataset_note (self, _("class %s has no images"), (const char *) g_ptr_array_index (self->class_names, c));
  return g_steal_pointer (&self);
}
