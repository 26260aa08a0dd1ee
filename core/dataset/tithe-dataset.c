/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "base/tithe-parallel.h"

#include <inttypes.h>
#include <pthread.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <zlib.h>

G_DEFINE_QUARK (tithe-dataset-error-quark, tithe_dataset_error)

static void
tithe_shard_free (gpointer data)
{
  TitheShard *shard = data;

  g_clear_pointer (&shard->bytes, g_bytes_unref);
  pthread_mutex_destroy (&shard->mutex);
  g_free (shard->file);
  g_free (shard);
}

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

void
tithe_dataset_unref (TitheDataset *self)
{
  g_atomic_rc_box_release_full (self, tithe_dataset_clear);
}

/* Notes are for a person: what was left out while opening, each thing named once. Names may be any bytes. */
void
tithe_dataset_note (TitheDataset *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->notes, tithe_name_dup (text));
}

TitheImageList *
tithe_image_list_new (void)
{
  TitheImageList *self = g_new0 (TitheImageList, 1);

  self->paths = g_string_new (NULL);
  self->path_offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->labels = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
tithe_image_list_add (TitheImageList *self, const char *path, guint64 size, guint32 label)
{
  guint64 offset = self->paths->len;

  g_array_append_val (self->path_offsets, offset);
  g_array_append_val (self->sizes, size);
  g_array_append_val (self->labels, label);
  g_string_append_len (self->paths, path, (gssize) strlen (path) + 1);
}

void
tithe_image_list_free (TitheImageList *self)
{
  if (self->paths)
    g_string_free (self->paths, TRUE);
  g_array_unref (self->path_offsets);
  g_array_unref (self->sizes);
  g_array_unref (self->labels);
  g_free (self);
}

/* Takes the arrays over and frees @list. */
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

TitheShard *
tithe_dataset_add_shard (TitheDataset *self, const char *file, guint64 n_images, guint64 offset, guint64 stride)
{
  TitheShard *shard = g_new0 (TitheShard, 1);

  if (self->shards == NULL)
    self->shards = g_ptr_array_new_with_free_func (tithe_shard_free);
  pthread_mutex_init (&shard->mutex, NULL);
  shard->file = g_strdup (file);
  shard->n_images = n_images;
  shard->first = self->n_images;
  shard->offset = offset;
  shard->stride = stride;
  self->n_images += n_images;
  g_ptr_array_add (self->shards, shard);
  return shard;
}

static void
index_classes (TitheDataset *self)
{
  guint n_classes = self->class_names->len;
  g_autofree gsize *next = g_new0 (gsize, n_classes + 1);

  self->class_starts = g_new0 (gsize, n_classes + 1);
  self->class_images = g_new (guint32, MAX (self->n_images, 1));
  for (gsize i = 0; i < self->n_images; i++)
    self->class_starts[self->labels[i] + 1]++;
  for (guint c = 0; c < n_classes; c++)
    self->class_starts[c + 1] += self->class_starts[c];
  memcpy (next, self->class_starts, sizeof (gsize) * (n_classes + 1));
  for (gsize i = 0; i < self->n_images; i++)
    self->class_images[next[self->labels[i]]++] = (guint32) i;
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
  g_checksum_update (sum, (const guchar *) self->labels, (gssize) (self->n_images * sizeof (guint32)));
  if (self->path_bytes != NULL)
    g_checksum_update (sum, (const guchar *) self->path_bytes, (gssize) self->path_bytes_len);
  if (self->sizes != NULL)
    g_checksum_update (sum, (const guchar *) self->sizes, (gssize) (self->n_images * sizeof (guint64)));
  for (guint i = 0; self->shards != NULL && i < self->shards->len; i++)
    {
      TitheShard *shard = g_ptr_array_index (self->shards, i);

      g_checksum_update (sum, (const guchar *) shard->file, (gssize) strlen (shard->file) + 1);
      g_checksum_update (sum, (const guchar *) &shard->n_images, sizeof shard->n_images);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/* Called once when everything has been gathered: builds what is derived, and refuses a dataset without images. */
gboolean
tithe_dataset_seal (TitheDataset *self, GError **error)
{
  if (self->n_images == 0)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_EMPTY,
                   _("“%s” holds no images: PNG or JPEG pictures in class folders were expected"), self->locator);
      return FALSE;
    }
  if (self->n_images > TITHE_DATASET_MAX_IMAGES)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_LIMIT, _("“%s” holds more than %d images"),
                   self->locator, TITHE_DATASET_MAX_IMAGES);
      return FALSE;
    }
  index_classes (self);
  self->fingerprint = compute_fingerprint (self);
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
  struct stat st;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_stat (path, &st) != 0)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot open “%s”: %s"), path,
                   g_strerror (errno));
      return NULL;
    }
  tithe_job_start (job, _("Reading the dataset"), 0);
  if (tithe_dataset_cifar_matches (path))
    return tithe_dataset_open_cifar (path, job, error);
  if (tithe_dataset_idx_matches (path))
    return tithe_dataset_open_idx (path, job, error);
  if (S_ISDIR (st.st_mode))
    return tithe_dataset_open_folder (path, job, error);
  if (tithe_dataset_manifest_matches (path))
    return tithe_dataset_open_manifest (path, job, error);
  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_UNKNOWN,
               _("“%s” is not a dataset that Tithe knows: expected a folder of class folders, CIFAR .bin files, IDX "
                  "files, or a .csv or .jsonl manifest"),
               path);
  return NULL;
}

TitheDatasetFormat
tithe_dataset_get_format (TitheDataset *self)
{
  return self->format;
}

const char *
tithe_dataset_get_format_name (TitheDataset *self)
{
  switch (self->format)
    {
    case TITHE_DATASET_FOLDER:
      return "folder";
    case TITHE_DATASET_FLAT:
      return "flat folder";
    case TITHE_DATASET_CIFAR10:
      return "CIFAR-10 binary";
    case TITHE_DATASET_CIFAR100:
      return "CIFAR-100 binary";
    case TITHE_DATASET_IDX:
      return "IDX";
    case TITHE_DATASET_MANIFEST:
      return "manifest";
    default:
      g_return_val_if_reached ("unknown");
    }
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
 * Returns: (transfer none) (element-type utf8): sentences on what was left out while opening
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

gsize
tithe_dataset_get_n_images (TitheDataset *self)
{
  return self->n_images;
}

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

static TitheShard *
find_shard (TitheDataset *self, gsize image)
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
  shard = find_shard (self, image);
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
  return g_build_filename (
      self->root, self->path_bytes ? self->path_bytes + self->path_offsets[image] : find_shard (self, image)->file,
      NULL);
}

/*
 * Inflates a gzip file whose contents may be at most @max_size bytes. Memory grows with what really comes out, so a
 * file that promises more than it has takes none.
 */
static GBytes *
inflate_file (const char *path, guint64 max_size, GError **error)
{
  gzFile file = gzopen (path, "rb");
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (1 << 20);
  int n, status = Z_OK;

  if (file == NULL)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot open “%s”: %s"), path,
                   g_strerror (errno));
      return NULL;
    }
  while ((n = gzread (file, block, 1 << 20)) > 0)
    {
      if (out->len + (guint64) n > MIN (max_size, G_MAXUINT32 - 1))
        {
          gzclose (file);
          g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_LIMIT, _("“%s” inflates to more than %s"), path,
                       "4 GB");
          return NULL;
        }
      g_byte_array_append (out, block, (guint) n);
    }
  gzerror (file, &status);
  if (n < 0 || status == Z_BUF_ERROR)
    {
      gzclose (file);
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” is damaged: its gzip data ends or breaks after %u bytes; copy or download it again"), path,
                   out->len);
      return NULL;
    }
  gzclose (file);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/**
 * tithe_dataset_load_file:
 * @path: a plain file, which is mapped, or a gzip file, which is inflated
 *
 * Returns: (transfer full): the contents
 */
GBytes *
tithe_dataset_load_file (const char *path, guint64 max_size, GError **error)
{
  g_autoptr (GError) local = NULL;
  GMappedFile *mapped;
  GBytes *bytes;

  if (g_str_has_suffix (path, ".gz"))
    return inflate_file (path, max_size, error);
  mapped = g_mapped_file_new (path, FALSE, &local);
  if (mapped == NULL)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot read “%s”: %s"), path,
                   local->message);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (mapped);
  g_mapped_file_unref (mapped);
  return bytes;
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
  return self->sizes ? self->sizes[image] : find_shard (self, image)->stride;
}

/**
 * tithe_dataset_get_root:
 *
 * Returns: absolute path of the folder that images' paths are relative to
 */
const char *
tithe_dataset_get_root (TitheDataset *self)
{
  return self->root;
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
 * @height: (out): likewise
 * @channels: (out): likewise, 1 or 3
 */
void
tithe_dataset_get_geometry (TitheDataset *self, guint *width, guint *height, guint *channels)
{
  *width = self->width;
  *height = self->height;
  *channels = self->channels;
}

static GBytes *
load_shard (TitheDataset *self, TitheShard *shard, GError **error)
{
  GBytes *bytes;

  pthread_mutex_lock (&shard->mutex);
  if (shard->bytes == NULL)
    {
      g_autofree char *path = g_build_filename (self->root, shard->file, NULL);

      shard->bytes = tithe_dataset_load_file (path, G_MAXUINT64, error);
    }
  bytes = shard->bytes;
  pthread_mutex_unlock (&shard->mutex);
  if (bytes == NULL
      || g_bytes_get_size (bytes) >= shard->offset + (shard->n_images - 1) * shard->stride
                                         + (gsize) self->width * self->height * self->channels)
    return bytes;
  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
               _("“%s” is shorter than when the dataset was opened"), shard->file);
  return NULL;
}

/**
 * tithe_dataset_read_record:
 * @image: of a dataset without files of its own
 *
 * Returns: (transfer full): the image as it lies in its file: CIFAR's label bytes, then pixels
 */
GBytes *
tithe_dataset_read_record (TitheDataset *self, gsize image, GError **error)
{
  const gsize area = (gsize) self->width * self->height * self->channels;
  TitheShard *shard;
  GBytes *bytes;

  g_return_val_if_fail (self->shards != NULL && image < self->n_images, NULL);

  shard = find_shard (self, image);
  bytes = load_shard (self, shard, error);
  if (bytes == NULL)
    return NULL;
  return g_bytes_new_from_bytes (bytes, shard->offset + (image - shard->first) * shard->stride - (shard->stride - area),
                                 shard->stride);
}

static TithePixels *
read_record (TitheDataset *self, gsize image, GError **error)
{
  TitheShard *shard = find_shard (self, image);
  GBytes *bytes = load_shard (self, shard, error);
  const gsize area = (gsize) self->width * self->height;
  const guint8 *data;
  TithePixels *pixels;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, NULL);
  data += shard->offset + (image - shard->first) * shard->stride;
  pixels = tithe_pixels_new (self->width, self->height);
  for (gsize p = 0; p < area; p++)
    for (guint c = 0; c < 3; c++)
      {
        guint source = self->channels == 3 ? c : 0;

        pixels->data[p * 3 + c] = self->planar ? data[source * area + p] : data[p * self->channels + source];
      }
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

  g_return_val_if_fail (image < self->n_images, NULL);

  if (self->shards != NULL)
    {
      pixels = read_record (self, image, error);
      return pixels ? tithe_pixels_shrink (pixels, max_edge) : NULL;
    }
  else
    {
      g_autofree char *file = tithe_dataset_dup_file (self, image);

      return tithe_image_decode_file (file, max_edge, error);
    }
}

typedef struct
{
  TitheDataset *dataset;
  pthread_mutex_t mutex;
  GPtrArray *broken; /* guarded by mutex; strings that begin with the image number, zero-padded */
} Search;

static void
check_range (gsize begin, gsize end, gpointer user_data)
{
  Search *search = user_data;

  for (gsize i = begin; i < end; i++)
    {
      g_autoptr (GError) error = NULL;
      TithePixels *pixels = tithe_dataset_read_pixels (search->dataset, i, 0, &error);

      if (pixels != NULL)
        {
          tithe_pixels_unref (pixels);
          continue;
        }
      pthread_mutex_lock (&search->mutex);
      g_ptr_array_add (search->broken, g_strdup_printf ("%010" G_GSIZE_FORMAT "%s", i, error->message));
      pthread_mutex_unlock (&search->mutex);
    }
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * tithe_dataset_find_broken:
 * @n_threads: how many decode at the same time
 * @job: (nullable): progress and cancellation
 *
 * Decodes every picture to learn which ones can't be.
 *
 * Returns: (transfer container) (element-type utf8): a sentence for each broken picture, in the images' order
 */
GPtrArray *
tithe_dataset_find_broken (TitheDataset *self, guint n_threads, TitheJob *job)
{
  Search search = { .dataset = self, .broken = g_ptr_array_new_with_free_func (g_free) };

  pthread_mutex_init (&search.mutex, NULL);
  tithe_job_start (job, _("Checking pictures"), self->n_images);
  tithe_parallel_for (n_threads, self->n_images, 64, check_range, &search, job);
  pthread_mutex_destroy (&search.mutex);
  g_ptr_array_sort (search.broken, compare_strings);
  for (guint i = 0; i < search.broken->len; i++)
    {
      char *line = g_ptr_array_index (search.broken, i);

      memmove (line, line + 10, strlen (line + 10) + 1);
    }
  return search.broken;
}

/* Fixed-size arrays are stored as they are in memory: sessions are little-endian, as are the machines we know. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

#define DATASET_TYPE "(issssbuuubasa(stttt)auatatayasmv)"

/**
 * tithe_dataset_to_variant:
 *
 * Returns: (transfer floating): all that tithe_dataset_new_from_variant() needs to give the same dataset without
 *   looking at the disk
 */
GVariant *
tithe_dataset_to_variant (TitheDataset *self)
{
  g_autofree char *locator = tithe_name_dup (self->locator), *root = tithe_name_dup (self->root);
  GVariantBuilder names, notes, shards;

  g_variant_builder_init (&names, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < self->class_names->len; i++)
    g_variant_builder_add (&names, "s", g_ptr_array_index (self->class_names, i));
  g_variant_builder_init (&notes, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < self->notes->len; i++)
    g_variant_builder_add (&notes, "s", g_ptr_array_index (self->notes, i));
  g_variant_builder_init (&shards, G_VARIANT_TYPE ("a(stttt)"));
  for (guint i = 0; self->shards != NULL && i < self->shards->len; i++)
    {
      TitheShard *shard = g_ptr_array_index (self->shards, i);

      g_autofree char *file = tithe_name_dup (shard->file);

      g_variant_builder_add (&shards, "(stttt)", file, shard->n_images, shard->first, shard->offset, shard->stride);
    }
  return g_variant_new (
      "(issssbuuubasa(stttt)@au@at@at@ayasmv)", (gint32) self->format, locator, root, self->name, self->fingerprint,
      self->labelled, self->width, self->height, self->channels, self->planar, &names, &shards,
      g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, self->labels, self->n_images, sizeof (guint32)),
      g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, self->sizes, self->sizes ? self->n_images : 0,
                                 sizeof (guint64)),
      g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, self->path_offsets, self->path_offsets ? self->n_images : 0,
                                 sizeof (guint64)),
      g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, self->path_bytes, self->path_bytes_len, 1), &notes,
      self->test ? tithe_dataset_to_variant (self->test) : NULL);
}

static gpointer
dup_array (GVariant *array, gsize element, gsize *n)
{
  gconstpointer data = g_variant_get_fixed_array (array, n, element);

  return *n > 0 ? g_memdup2 (data, *n * element) : NULL;
}

/* What a damaged or hostile session could have wrong must be found here: later code trusts it. */
static gboolean
variant_is_consistent (TitheDataset *self, gsize n_sizes, gsize n_offsets)
{
  guint64 in_shards = 0;

  for (gsize i = 0; i < self->n_images; i++)
    if (self->labels[i] >= self->class_names->len)
      return FALSE;
  if (self->shards != NULL)
    {
      if (self->width == 0 || self->height == 0 || self->width > 65535 || self->height > 65535
          || (self->channels != 1 && self->channels != 3))
        return FALSE;
      for (guint i = 0; i < self->shards->len; i++)
        {
          TitheShard *shard = g_ptr_array_index (self->shards, i);

          if (shard->first != in_shards || shard->n_images == 0 || shard->n_images > self->n_images
              || shard->stride > G_MAXUINT32 * G_GUINT64_CONSTANT (4) || shard->offset > G_MAXUINT32)
            return FALSE;
          in_shards += shard->n_images;
        }
      return in_shards == self->n_images && n_offsets == 0;
    }
  if (n_sizes != self->n_images || n_offsets != self->n_images || self->path_bytes_len == 0
      || self->path_bytes[self->path_bytes_len - 1] != '\0')
    return FALSE;
  for (gsize i = 0; i < n_offsets; i++)
    if (self->path_offsets[i] >= self->path_bytes_len)
      return FALSE;
  return TRUE;
}

/**
 * tithe_dataset_new_from_variant:
 * @variant: from tithe_dataset_to_variant()
 *
 * Returns: (transfer full): the dataset, or %NULL with %TITHE_DATASET_ERROR_CORRUPT
 */
TitheDataset *
tithe_dataset_new_from_variant (GVariant *variant, GError **error)
{
  g_autoptr (TitheDataset) self = NULL;
  g_autoptr (GVariantIter) names = NULL, notes = NULL, shards = NULL;
  g_autoptr (GVariant) labels = NULL, sizes = NULL, offsets = NULL, paths = NULL, test = NULL;
  g_autofree char *locator = NULL, *root = NULL;
  const char *name, *fingerprint, *text;
  guint64 n_images, first, offset, stride;
  gsize n_sizes = 0, n_offsets = 0;
  gint32 format;

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE (DATASET_TYPE)) || !g_variant_is_normal_form (variant))
    {
      g_set_error_literal (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                           _("the dataset's record is damaged"));
      return NULL;
    }
  g_variant_get_child (variant, 0, "i", &format);
  g_variant_get_child (variant, 1, "&s", &text);
  locator = tithe_name_unescape (text);
  g_variant_get_child (variant, 2, "&s", &text);
  root = tithe_name_unescape (text);
  g_variant_get_child (variant, 3, "&s", &name);
  g_variant_get_child (variant, 4, "&s", &fingerprint);
  self = tithe_dataset_new_private ((TitheDatasetFormat) CLAMP (format, 0, TITHE_DATASET_MANIFEST), locator, root);
  g_free (self->name);
  self->name = g_strdup (name);
  self->fingerprint = g_strdup (fingerprint);
  g_variant_get_child (variant, 5, "b", &self->labelled);
  g_variant_get_child (variant, 6, "u", &self->width);
  g_variant_get_child (variant, 7, "u", &self->height);
  g_variant_get_child (variant, 8, "u", &self->channels);
  g_variant_get_child (variant, 9, "b", &self->planar);
  g_variant_get_child (variant, 10, "as", &names);
  while (g_variant_iter_next (names, "&s", &text))
    g_ptr_array_add (self->class_names, g_strdup (text));
  g_variant_get_child (variant, 11, "a(stttt)", &shards);
  while (g_variant_iter_next (shards, "(&stttt)", &text, &n_images, &first, &offset, &stride))
    {
      g_autofree char *file = tithe_name_unescape (text);

      tithe_dataset_add_shard (self, file, n_images, offset, stride)->first = first;
    }
  labels = g_variant_get_child_value (variant, 12);
  sizes = g_variant_get_child_value (variant, 13);
  offsets = g_variant_get_child_value (variant, 14);
  paths = g_variant_get_child_value (variant, 15);
  self->labels = dup_array (labels, sizeof (guint32), &self->n_images);
  self->sizes = dup_array (sizes, sizeof (guint64), &n_sizes);
  self->path_offsets = dup_array (offsets, sizeof (guint64), &n_offsets);
  self->path_bytes = dup_array (paths, 1, &self->path_bytes_len);
  g_variant_get_child (variant, 16, "as", &notes);
  while (g_variant_iter_next (notes, "&s", &text))
    tithe_dataset_note (self, "%s", text);
  g_variant_get_child (variant, 17, "mv", &test);
  if (test != NULL && g_variant_is_of_type (test, G_VARIANT_TYPE_VARIANT)) /* boxed twice, as once it was written */
    {
      GVariant *inner = g_variant_get_variant (test);

      g_variant_unref (test);
      test = inner;
    }

  if (!variant_is_consistent (self, n_sizes, n_offsets))
    {
      g_set_error_literal (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                           _("the dataset's record is damaged"));
      return NULL;
    }
  index_classes (self);
  if (test != NULL && (self->test = tithe_dataset_new_from_variant (test, error)) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tithe_dataset_relocate:
 * @locator: where the dataset is now
 *
 * Points a dataset that came out of a session to its new place, if what is there has the same fingerprint.
 *
 * Returns: %FALSE with an error where something else is there
 */
gboolean
tithe_dataset_relocate (TitheDataset *self, const char *locator, GError **error)
{
  g_autoptr (TitheDataset) found = tithe_dataset_open (locator, NULL, error);

  if (found == NULL)
    return FALSE;
  if (!g_str_equal (found->fingerprint, self->fingerprint))
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” is not the dataset of this session: it has %zu images in %u classes, the "
                      "session's had %zu in %u, or their names or sizes differ"),
                   locator, found->n_images, found->class_names->len, self->n_images, self->class_names->len);
      return FALSE;
    }
  g_free (self->locator);
  self->locator = g_strdup (found->locator);
  g_free (self->root);
  self->root = g_strdup (found->root);
  if (self->test != NULL && found->test != NULL)
    {
      g_free (self->test->root);
      self->test->root = g_strdup (found->test->root);
    }
  return TRUE;
}
