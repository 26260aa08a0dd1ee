/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-byte-order.h"
#include "base/tithe-name.h"
#include "base/tithe-words.h"
#include "io/tithe-folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

G_DEFINE_QUARK (tithe-dataset-error-quark, tithe_dataset_error)

/* "train" alone says nothing: such a folder goes by its parent's name, too. */
static char *
name_of (const char *path)
{
  g_autofree char *base = g_path_get_basename (path), *parent = g_path_get_dirname (path);
  g_autofree char *above = g_path_get_basename (parent);

  if ((g_str_equal (base, "train") || g_str_equal (base, "training")) && !g_str_equal (above, G_DIR_SEPARATOR_S))
    return g_strconcat (above, G_DIR_SEPARATOR_S, base, NULL);
  return g_steal_pointer (&base);
}

/* tithe_dataset_new_private: (transfer full), empty, to be filled by a reader and sealed */
TitheDataset *
tithe_dataset_new_private (TitheDatasetFormat format, const char *locator, const char *root)
{
  TitheDataset *self = g_atomic_rc_box_new0 (TitheDataset);
  g_autofree char *name = NULL;

  self->format = format;
  self->locator = g_canonicalize_filename (locator, NULL);
  self->root = g_canonicalize_filename (root, NULL);
  name = name_of (self->locator);
  self->name = tithe_name_dup (name);
  self->labelled = TRUE;
  self->class_names = g_ptr_array_new_with_free_func (g_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* tithe_dataset_ref: (transfer full), from any thread */
TitheDataset *
tithe_dataset_ref (TitheDataset *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tithe_dataset_clear (gpointer data)
{
  TitheDataset *self = data;

  g_clear_pointer (&self->test, tithe_dataset_unref);
  g_clear_pointer (&self->shards, g_ptr_array_unref);
  g_ptr_array_unref (self->class_names);
  g_ptr_array_unref (self->notes);
  g_free (self->locator);
  g_free (self->root);
  g_free (self->name);
  g_free (self->fingerprint);
  g_free (self->labels);
  g_free (self->sizes);
  g_free (self->path_bytes);
  g_free (self->path_offsets);
  g_free (self->class_starts);
  g_free (self->class_images);
}

/* tithe_dataset_unref: (transfer full), from any thread */
void
tithe_dataset_unref (TitheDataset *self)
{
  g_atomic_rc_box_release_full (self, tithe_dataset_clear);
}

/* tithe_dataset_take_images: @list: (transfer full), all images of a dataset whose images are files */
void
tithe_dataset_take_images (TitheDataset *self, TitheImageList *list)
{
  self->n_images = list->labels->len;
  self->path_bytes_len = list->paths->len;
  self->path_bytes = g_string_free (g_steal_pointer (&list->paths), FALSE);
  self->path_offsets = (guint64 *) (gpointer) g_array_steal (list->path_offsets, NULL);
  self->sizes = (guint64 *) (gpointer) g_array_steal (list->sizes, NULL);
  self->labels = (guint32 *) (gpointer) g_array_steal (list->labels, NULL);
  tithe_image_list_free (list);
}

/* tithe_dataset_add_shard: (transfer none), the next records of a dataset whose images are records in files of many */
TitheShard *
tithe_dataset_add_shard (TitheDataset *self, const char *file, guint64 n_images, guint64 offset, guint64 stride)
{
  TitheShard *shard = tithe_shard_new (file, n_images, self->n_images, offset, stride);

  if (self->shards == NULL)
    self->shards = g_ptr_array_new_with_free_func ((GDestroyNotify) tithe_shard_free);
  self->n_images += n_images;
  g_ptr_array_add (self->shards, shard);
  return shard;
}

/**
 * tithe_dataset_add_test:
 *
 * Returns: (transfer none): the dataset's test split, empty, with the same classes; they may grow until
 *   tithe_dataset_seal(), through either of the two
 */
TitheDataset *
tithe_dataset_add_test (TitheDataset *self)
{
  self->test = tithe_dataset_new_private (self->format, self->locator, self->root);
  g_ptr_array_unref (self->test->class_names);
  self->test->class_names = g_ptr_array_ref (self->class_names);
  return self->test;
}

/**
 * tithe_dataset_add_class:
 * @labels: (element-type utf8 guint32): of the classes so far, each number plus one; empty at first
 *
 * Returns: the number of the class of that name, which is a new one where there is none yet
 */
guint32
tithe_dataset_add_class (TitheDataset *self, GHashTable *labels, const char *name)
{
  guint32 label = GPOINTER_TO_UINT (g_hash_table_lookup (labels, name));

  if (label == 0)
    {
      char *own = g_strdup (name);

      g_ptr_array_add (self->class_names, own);
      label = self->class_names->len;
      g_hash_table_insert (labels, own, GUINT_TO_POINTER (label));
    }
  return label - 1;
}

/**
 * tithe_dataset_index_classes:
 *
 * Builds class_starts and class_images from the labels.
 *
 * Returns: %FALSE with %TITHE_DATASET_ERROR_LIMIT where there is no memory for them
 */
gboolean
tithe_dataset_index_classes (TitheDataset *self, GError **error)
{
  guint n_classes = self->class_names->len;
  g_autofree gsize *next = g_new0 (gsize, n_classes + 1);

  self->class_starts = g_new0 (gsize, n_classes + 1);
  self->class_images = g_try_new (guint32, MAX (self->n_images, 1));
  if (self->class_images == NULL)
    {
      g_autofree char *shown = tithe_name_dup (self->locator);

      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_LIMIT,
                   _("“%s” has %zu images, and there is no memory for their numbers"), shown, self->n_images);
      return FALSE;
    }
  for (gsize i = 0; i < self->n_images; i++)
    self->class_starts[self->labels[i] + 1]++;
  for (guint c = 0; c < n_classes; c++)
    self->class_starts[c + 1] += self->class_starts[c];
  memcpy (next, self->class_starts, sizeof (gsize) * (n_classes + 1));
  for (gsize i = 0; i < self->n_images; i++)
    self->class_images[next[self->labels[i]]++] = (guint32) i;
  return TRUE;
}

static char *
compute_fingerprint (TitheDataset *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint c = 0; c < self->class_names->len; c++)
    {
      const char *name = g_ptr_array_index (self->class_names, c);

      g_checksum_update (sum, (const guchar *) name, (gssize) strlen (name) + 1);
    }
  tithe_byte_order_checksum (sum, self->labels, self->n_images, sizeof (guint32));
  if (self->path_bytes != NULL)
    g_checksum_update (sum, (const guchar *) self->path_bytes, (gssize) self->path_bytes_len);
  if (self->sizes != NULL)
    tithe_byte_order_checksum (sum, self->sizes, self->n_images, sizeof (guint64));
  for (guint i = 0; self->shards != NULL && i < self->shards->len; i++)
    {
      TitheShard *shard = g_ptr_array_index (self->shards, i);

      g_checksum_update (sum, (const guchar *) shard->file, (gssize) strlen (shard->file) + 1);
      tithe_byte_order_checksum (sum, &shard->n_images, 1, sizeof shard->n_images);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/**
 * tithe_dataset_seal:
 *
 * Called once when everything has been gathered: builds what is derived, for the test split, too.
 *
 * Returns: %FALSE with an error where there are no images, or too many
 */
gboolean
tithe_dataset_seal (TitheDataset *self, GError **error)
{
  g_autofree char *shown = tithe_name_dup (self->locator);

  if (self->n_images == 0)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_EMPTY,
                   _("“%s” holds no images: PNG or JPEG pictures in class folders were expected"), shown);
      return FALSE;
    }
  if (self->n_images > TITHE_DATASET_MAX_IMAGES)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_LIMIT, _("“%s” holds more than %d images"), shown,
                   TITHE_DATASET_MAX_IMAGES);
      return FALSE;
    }
  if (!tithe_dataset_index_classes (self, error))
    return FALSE;
  self->fingerprint = compute_fingerprint (self);
  return self->test == NULL || tithe_dataset_seal (self->test, error);
}

/**
 * tithe_dataset_stays_inside:
 * @path: bytes
 *
 * Returns: whether it is relative and stays below the folder that it is relative to, as it is written: none of its parts is
 *   empty, “.” or “..”
 */
gboolean
tithe_dataset_stays_inside (const char *path)
{
  for (;;)
    {
      const char *end = strchrnul (path, '/');
      const gsize length = (gsize) (end - path);

      if (length == 0 || (length == 1 && path[0] == '.') || (length == 2 && path[0] == '.' && path[1] == '.'))
        return FALSE;
      if (*end == '\0')
        return TRUE;
      path = end + 1;
    }
}

/**
 * tithe_dataset_fail_to_read:
 * @path: any bytes
 * @why: text
 *
 * Returns: %FALSE with %TITHE_DATASET_ERROR_NOT_FOUND
 */
gboolean
tithe_dataset_fail_to_read (const char *path, const char *why, GError **error)
{
  g_autofree char *shown = tithe_name_dup (path);

  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot read “%s”: %s"), shown, why);
  return FALSE;
}

/**
 * tithe_dataset_list_folder:
 *
 * Returns: (transfer full): as of tithe_folder_list(), with %TITHE_DATASET_ERROR_NOT_FOUND where it fails
 */
GPtrArray *
tithe_dataset_list_folder (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  GPtrArray *names = tithe_folder_list (path, &local);

  if (names == NULL)
    g_set_error_literal (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, local->message);
  return names;
}

/* The formats, in the order in which they are tried. */
static const TitheDatasetReader *const readers[] = {
  &tithe_dataset_cifar_reader,
  &tithe_dataset_idx_reader,
  &tithe_dataset_folder_reader,
  &tithe_dataset_manifest_reader,
};

static TitheDataset *
open_source (const TitheDatasetSource *source, TitheJob *job, GError **error)
{
  g_autofree char *shown = tithe_name_dup (source->path);

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i]->matches (source))
      return readers[i]->open (source, job, error);
  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_UNKNOWN,
               _("“%s” is not a dataset that Tithe knows: expected a folder of class folders, CIFAR .bin files, IDX "
                  "files, or a .csv or .jsonl manifest"),
               shown);
  return NULL;
}

static gboolean
fail_to_open (const char *path, int number, GError **error)
{
  g_autofree char *shown = tithe_name_dup (path);

  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot open “%s”: %s"), shown,
               g_strerror (number));
  return FALSE;
}

/* What is at @path, or %FALSE with an error. */
static gboolean
look_up (const char *path, TitheDatasetSource *source, GError **error)
{
  struct stat st;

  if (g_stat (path, &st) != 0)
    return fail_to_open (path, errno, error);
  source->path = path;
  if (S_ISDIR (st.st_mode))
    {
      source->folder = g_strdup (path);
      source->names = tithe_dataset_list_folder (path, error);
      return source->names != NULL;
    }
  source->folder = g_path_get_dirname (path);
  source->name = g_path_get_basename (path);
  return TRUE;
}

/**
 * tithe_dataset_open:
 * @path: a folder, a manifest, or a CIFAR or IDX file
 * @job: (nullable): progress and cancellation
 * @error: return location
 *
 * Recognises the format from what is there. The image lists are read, and for CIFAR and IDX the labels; no picture is
 * decoded. 50,000 files take some 0.2 s when the folder is in the page cache.
 *
 * Returns: (transfer full): the training split, or %NULL with a %TITHE_DATASET_ERROR or %G_IO_ERROR_CANCELLED
 */
TitheDataset *
tithe_dataset_open (const char *path, TitheJob *job, GError **error)
{
  TitheDatasetSource source = { 0 };
  TitheDataset *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  tithe_job_start (job, _("Reading the dataset"), 0);
  if (look_up (path, &source, error))
    self = open_source (&source, job, error);
  g_clear_pointer (&source.names, g_ptr_array_unref);
  g_free (source.folder);
  g_free (source.name);
  return self;
}

static const TitheWord format_names[] = {
  { NC_ ("dataset format", "folder"), TITHE_DATASET_FOLDER, NULL },
  { NC_ ("dataset format", "flat folder"), TITHE_DATASET_FLAT, NULL },
  { NC_ ("dataset format", "CIFAR-10 binary"), TITHE_DATASET_CIFAR10, NULL },
  { NC_ ("dataset format", "CIFAR-100 binary"), TITHE_DATASET_CIFAR100, NULL },
  { "IDX", TITHE_DATASET_IDX, NULL },
  { NC_ ("dataset format", "manifest"), TITHE_DATASET_MANIFEST, NULL },
  { NULL, 0, NULL },
};

/* tithe_dataset_get_format: what was recognised */
TitheDatasetFormat
tithe_dataset_get_format (TitheDataset *self)
{
  return self->format;
}

/* tithe_dataset_get_format_name: (transfer none), as it is written; translated with the context “dataset format” for people */
const char *
tithe_dataset_get_format_name (TitheDataset *self)
{
  return tithe_words_to_text (format_names, (int) self->format);
}

/**
 * tithe_dataset_get_locator:
 *
 * Returns: the absolute path that opens this dataset again
 */
const char *
tithe_dataset_get_locator (TitheDataset *self)
{
  return self->locator;
}

/**
 * tithe_dataset_get_name:
 *
 * Returns: what a person calls the dataset, the last part of its path, escaped by tithe_name_escape()
 */
const char *
tithe_dataset_get_name (TitheDataset *self)
{
  return self->name;
}

/**
 * tithe_dataset_get_fingerprint:
 *
 * Returns: SHA-256, in hexadecimal, over class names, labels, paths and file sizes: the same for a moved copy
 */
const char *
tithe_dataset_get_fingerprint (TitheDataset *self)
{
  return self->fingerprint;
}

/**
 * tithe_dataset_is_labelled:
 *
 * Returns: %FALSE for a flat folder, whose one class is no label
 */
gboolean
tithe_dataset_is_labelled (TitheDataset *self)
{
  return self->labelled;
}

/**
 * tithe_dataset_get_notes:
 *
 * Returns: (transfer none) (element-type utf8): sentences on what was left out while opening, in English;
 *   tithe_dataset_list_notes() has them for people
 */
GPtrArray *
tithe_dataset_get_notes (TitheDataset *self)
{
  return self->notes;
}

/**
 * tithe_dataset_get_test:
 *
 * Returns: (transfer none) (nullable): the test split, a dataset with the same classes
 */
TitheDataset *
tithe_dataset_get_test (TitheDataset *self)
{
  return self->test;
}

/* tithe_dataset_get_n_images: rows of an embedding, 1 to %G_MAXINT32 */
gsize
tithe_dataset_get_n_images (TitheDataset *self)
{
  return self->n_images;
}

/* tithe_dataset_get_n_classes: 1 at least; some may have no images */
guint
tithe_dataset_get_n_classes (TitheDataset *self)
{
  return self->class_names->len;
}

/**
 * tithe_dataset_get_class_name:
 *
 * Returns: (transfer none): the class's name, which no other class has, as valid UTF-8: a folder's name is escaped by
 *   tithe_name_escape()
 */
const char *
tithe_dataset_get_class_name (TitheDataset *self, guint class_index)
{
  g_return_val_if_fail (class_index < self->class_names->len, NULL);
  return g_ptr_array_index (self->class_names, class_index);
}

/**
 * tithe_dataset_find_class:
 * @name: as tithe_dataset_get_class_name() gives it, or the bytes of the folder's name
 *
 * Returns: the class of that name, or -1; looks at all names
 */
int
tithe_dataset_find_class (TitheDataset *self, const char *name)
{
  g_autofree char *escaped = tithe_name_dup (name);
  guint found;

  if (g_ptr_array_find_with_equal_func (self->class_names, name, g_str_equal, &found)
      || g_ptr_array_find_with_equal_func (self->class_names, escaped, g_str_equal, &found))
    return (int) found;
  return -1;
}

/* tithe_dataset_get_label: the number of the image's class */
guint
tithe_dataset_get_label (TitheDataset *self, gsize image)
{
  g_return_val_if_fail (image < self->n_images, 0);
  return self->labels[image];
}

/**
 * tithe_dataset_get_class_images:
 * @n_images: (out): how many
 *
 * Returns: (transfer none) (array length=n_images): the images of a class, ascending
 */
const guint32 *
tithe_dataset_get_class_images (TitheDataset *self, guint class_index, gsize *n_images)
{
  g_return_val_if_fail (class_index < self->class_names->len, NULL);
  *n_images = self->class_starts[class_index + 1] - self->class_starts[class_index];
  return self->class_images + self->class_starts[class_index];
}

/* tithe_dataset_find_shard: (transfer none), the file that the record @image is in */
TitheShard *
tithe_dataset_find_shard (TitheDataset *self, gsize image)
{
  for (guint i = self->shards->len; i-- > 0;)
    {
      TitheShard *shard = g_ptr_array_index (self->shards, i);

      if (image >= shard->first)
        return shard;
    }
  g_return_val_if_reached (NULL);
}

/**
 * tithe_dataset_get_path:
 * @image: below n_images
 * @buffer: room for a path that has to be put together
 *
 * What an image is called: its path relative to the dataset, or for CIFAR and IDX the file and the record in it, as
 * in “data_batch_1.bin:17”. As the file system has it, which need not be UTF-8: see tithe_dataset_get_display_path().
 *
 * Returns: (transfer none): valid until @buffer is used again
 */
const char *
tithe_dataset_get_path (TitheDataset *self, gsize image, GString *buffer)
{
  TitheShard *shard;

  g_return_val_if_fail (image < self->n_images, NULL);

  if (self->path_bytes != NULL)
    return self->path_bytes + self->path_offsets[image];
  shard = tithe_dataset_find_shard (self, image);
  g_string_printf (buffer, "%s:%" PRIu64, shard->file, image - shard->first);
  return buffer->str;
}

/**
 * tithe_dataset_get_display_path:
 * @buffer: room for a path that has to be put together
 *
 * Returns: (transfer none): what an image is called, to be shown or written as text: tithe_dataset_get_path(), escaped
 *   by tithe_name_escape(), so that it is valid UTF-8 and no other image has it; valid until @buffer is used again
 */
const char *
tithe_dataset_get_display_path (TitheDataset *self, gsize image, GString *buffer)
{
  const char *path = tithe_dataset_get_path (self, image, buffer);
  g_autofree char *copy = NULL;

  if (path == NULL || path != buffer->str)
    return path ? tithe_name_escape (path, buffer) : NULL;
  copy = tithe_name_dup (path);
  g_string_assign (buffer, copy);
  return buffer->str;
}

/**
 * tithe_dataset_dup_file:
 *
 * Returns: (transfer full): absolute path of the file that holds the image
 */
char *
tithe_dataset_dup_file (TitheDataset *self, gsize image)
{
  g_return_val_if_fail (image < self->n_images, NULL);
  return g_build_filename (self->root,
                           self->path_bytes ? self->path_bytes + self->path_offsets[image]
                                            : tithe_dataset_find_shard (self, image)->file,
                           NULL);
}

/**
 * tithe_dataset_get_size:
 *
 * Returns: bytes of the image's file when the dataset was opened, or of its record in a file of many
 */
guint64
tithe_dataset_get_size (TitheDataset *self, gsize image)
{
  g_return_val_if_fail (image < self->n_images, 0);
  return self->sizes ? self->sizes[image] : tithe_dataset_find_shard (self, image)->stride;
}

/**
 * tithe_dataset_has_files:
 *
 * Returns: whether each image is a file, rather than a record in a file of many
 */
gboolean
tithe_dataset_has_files (TitheDataset *self)
{
  return self->shards == NULL;
}

/**
 * tithe_dataset_get_geometry:
 * @width: (out): of every record, 0 where images are files
 * @height: (out): of every record, 0 where images are files
 * @channels: (out): 1 or 3, 0 where images are files
 */
void
tithe_dataset_get_geometry (TitheDataset *self, guint *width, guint *height, guint *channels)
{
  *width = self->width;
  *height = self->height;
  *channels = self->channels;
}
