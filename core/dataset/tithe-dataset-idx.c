/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "io/tithe-folder.h"

#include <inttypes.h>
#include <string.h>

/* IDX, the format of MNIST and its family: a big-endian header of a magic number (0, 0, type, number of dimensions) and
 * the dimensions, then the values. Pictures are idx3-ubyte (count, height, width) or idx4-ubyte with 1 or 3 channels
 * last; labels are idx1-ubyte. */
#define TYPE_UBYTE 0x08

/* Where the values lie in a file, and how many there are of them. */
typedef struct
{
  guint n_dims;
  guint32 dims[4];
  guint64 offset;
  guint64 n_values;
} Header;

/* Names of files in the folder. */
typedef struct
{
  const char *images;
  char *labels; /* nullable */
  gboolean test;
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  g_free (pair->labels);
  g_free (pair);
}

static gboolean
is_images_name (const char *name)
{
  return *name != '.' && strstr (name, "images") != NULL
         && (strstr (name, "idx3-ubyte") != NULL || strstr (name, "idx4-ubyte") != NULL);
}

/* What the file of a gzip file is called; NULL where @name is none of a gzip file. */
static char *
dup_plain (const char *name)
{
  return g_str_has_suffix (name, ".gz") ? g_strndup (name, strlen (name) - 3) : NULL;
}

/* The label file that belongs to an image file: the same name with “labels” and idx1, with or without .gz. */
static char *
find_labels (GPtrArray *names, const char *images)
{
  g_autoptr (GString) name = g_string_new (images);
  g_autofree char *plain = NULL;

  g_string_replace (name, "images", "labels", 1);
  g_string_replace (name, "idx3-ubyte", "idx1-ubyte", 1);
  g_string_replace (name, "idx4-ubyte", "idx1-ubyte", 1);
  plain = dup_plain (name->str);
  if (plain != NULL)
    g_string_assign (name, plain);
  if (!tithe_folder_holds (names, name->str))
    g_string_append (name, ".gz");
  return tithe_folder_holds (names, name->str) ? g_strdup (name->str) : NULL;
}

static gboolean
has_plain_one (GPtrArray *names, const char *name)
{
  g_autofree char *plain = dup_plain (name);

  return plain != NULL && tithe_folder_holds (names, plain);
}

/* All image files among @names, in their order, each with its labels; where both x and x.gz are there, x. */
static GPtrArray *
list_pairs (GPtrArray *names)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (pair_free);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      Pair *pair;

      if (!is_images_name (name) || has_plain_one (names, name))
        continue;
      pair = g_new0 (Pair, 1);
      pair->images = name;
      pair->labels = find_labels (names, name);
      pair->test = strstr (name, "t10k") != NULL || strstr (name, "test") != NULL;
      g_ptr_array_add (pairs, pair);
    }
  return pairs;
}

static gboolean
matches (const TitheDatasetSource *source)
{
  if (source->name != NULL)
    return strstr (source->name, "-ubyte") != NULL;
  for (guint i = 0; i < source->names->len; i++)
    if (is_images_name (g_ptr_array_index (source->names, i)))
      return TRUE;
  return FALSE;
}

static guint32
read_be32 (const guint8 *p)
{
  return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

static gboolean
fail_values (const char *shown, guint64 declared, guint64 held, GError **error)
{
  if (held > declared)
    g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                 _("“%s” does not match its header: it declares %" PRIu64 " values and holds more"), shown, declared);
  else
    g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                 _("“%s” does not match its header: it declares %" PRIu64 " values and holds %" PRIu64), shown,
                 declared, held);
  return FALSE;
}

/* Reads a header with @min_dims to @max_dims sizes out of the file's first bytes, of which there are @n. */
static gboolean
parse_header (const char *shown, const guint8 *bytes, gsize n, guint min_dims, guint max_dims, Header *header,
              GError **error)
{
  if (n < 8 || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != TYPE_UBYTE || bytes[3] < min_dims || bytes[3] > max_dims)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” is no IDX file of this kind: its first bytes are %02x %02x %02x %02x, not 00 00 08 %02x"),
                   shown, bytes[0], bytes[1], bytes[2], bytes[3], min_dims);
      return FALSE;
    }
  header->n_dims = bytes[3];
  header->offset = 4 + 4 * (guint64) header->n_dims;
  header->n_values = 1;
  if (n < header->offset)
    return fail_values (shown, header->n_dims, (n - 4) / 4, error);
  for (guint i = 0; i < header->n_dims; i++)
    {
      header->dims[i] = read_be32 (bytes + 4 + 4 * i);
      if (!g_uint64_checked_mul (&header->n_values, header->n_values, header->dims[i]))
        return fail_values (shown, G_MAXUINT64, n - header->offset, error);
    }
  return TRUE;
}

/* Opens a file that holds just as many values as its header declares; no more are inflated than that. */
static TitheRecordFile *
open_file (const char *path, guint min_dims, guint max_dims, Header *header, GError **error)
{
  guint8 bytes[4 + 4 * G_N_ELEMENTS (header->dims)] = { 0 };
  g_autofree char *shown = tithe_name_dup (path);
  g_autoptr (TitheRecordFile) records = NULL;
  gsize n = sizeof bytes;
  guint64 size;

  if (!tithe_record_file_peek (path, bytes, &n, error)
      || !parse_header (shown, bytes, n, min_dims, max_dims, header, error))
    return NULL;
  records = tithe_record_file_open (path, MIN (header->n_values, G_MAXUINT32) + header->offset + 1, error);
  if (records == NULL)
    return NULL;
  size = tithe_record_file_get_size (records);
  if (size < header->offset || size - header->offset != header->n_values)
    {
      fail_values (shown, header->n_values, size - MIN (size, header->offset), error);
      return NULL;
    }
  return g_steal_pointer (&records);
}

/* Checks what the header declares before anything is multiplied or allocated by it. */
static gboolean
take_geometry (TitheDataset *self, const char *shown, const Header *header, GError **error)
{
  g_autoptr (GError) local = NULL;

  self->height = header->dims[1];
  self->width = header->dims[2];
  self->channels = header->n_dims == 4 ? header->dims[3] : 1;
  if (!tithe_image_check_size (self->width, self->height, &local))
    {
      g_set_error (error, TITHE_DATASET_ERROR,
                   g_error_matches (local, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_LIMIT) ? TITHE_DATASET_ERROR_LIMIT
                                                                                       : TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” has no pictures to show: %s"), shown, local->message);
      return FALSE;
    }
  if (header->dims[0] == 0 || header->dims[0] > TITHE_DATASET_MAX_IMAGES
      || (self->channels != 1 && self->channels != 3))
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” declares %u pictures of %u x %u with %u channels: not something to show"), shown,
                   header->dims[0], self->width, self->height, self->channels);
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_images (TitheDataset *self, const char *file, GError **error)
{
  g_autofree char *path = g_build_filename (self->root, file, NULL), *shown = tithe_name_dup (path);
  Header header = { 0 };
  g_autoptr (TitheRecordFile) records = open_file (path, 3, 4, &header, error);
  TitheShard *shard;

  if (records == NULL || !take_geometry (self, shown, &header, error))
    return FALSE;
  self->labels = g_try_new0 (guint32, header.dims[0]);
  if (self->labels == NULL)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_LIMIT,
                   _("“%s” declares %u pictures, and there is no memory for their labels"), shown, header.dims[0]);
      return FALSE;
    }
  shard = tithe_dataset_add_shard (self, file, header.dims[0], header.offset,
                                   (guint64) self->width * self->height * self->channels);
  shard->records = g_steal_pointer (&records);
  return TRUE;
}

/* Labels are numbers, and so are the names of their classes. */
static gboolean
add_labels (TitheDataset *self, const Pair *pair, GError **error)
{
  g_autofree char *path = g_build_filename (self->root, pair->labels, NULL);
  Header header = { 0 };
  g_autoptr (TitheRecordFile) records = open_file (path, 1, 1, &header, error);
  g_autofree guint8 *values = NULL;

  if (records == NULL)
    return FALSE;
  if (header.dims[0] != self->n_images)
    {
      g_autofree char *shown = tithe_name_dup (path), *shown_images = tithe_name_dup (pair->images);

      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT,
                   _("“%s” has %u labels for the %zu pictures of “%s”"), shown, header.dims[0], self->n_images,
                   shown_images);
      return FALSE;
    }
  values = g_malloc (self->n_images);
  if (!tithe_record_file_read (records, header.offset, values, self->n_images, error))
    return FALSE;
  for (gsize i = 0; i < self->n_images; i++)
    {
      self->labels[i] = values[i];
      while (self->class_names->len <= values[i])
        g_ptr_array_add (self->class_names, g_strdup_printf ("%u", self->class_names->len));
    }
  return TRUE;
}

static gboolean
add_pair (TitheDataset *self, const Pair *pair, GError **error)
{
  if (!add_images (self, pair->images, error))
    return FALSE;
  if (pair->labels != NULL)
    return add_labels (self, pair, error);
  self->labelled = FALSE;
  if (self->class_names->len == 0)
    g_ptr_array_add (self->class_names, g_strdup ("unlabelled"));
  tithe_dataset_note (self, TITHE_DATASET_NOTE_NO_LABELS, 0, pair->images, NULL);
  return TRUE;
}

/* Whether the file that is opened is one of the pair, or the gzip file of one that lies unpacked beside it. */
static gboolean
is_named (const TitheDatasetSource *source, const Pair *pair)
{
  g_autofree char *plain = NULL;

  if (source->name == NULL)
    return FALSE;
  plain = dup_plain (source->name);
  return g_str_equal (pair->images, source->name) || g_strcmp0 (pair->images, plain) == 0
         || (pair->labels != NULL
             && (g_str_equal (pair->labels, source->name) || g_strcmp0 (pair->labels, plain) == 0));
}

static gboolean
fail_several (const char *folder, const char *first, const char *second, GError **error)
{
  g_autofree char *shown = tithe_name_dup (folder), *one = tithe_name_dup (first), *other = tithe_name_dup (second);

  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_UNKNOWN,
               _("“%s” holds several training sets, “%s” and “%s” among them: open the image file of the one that you "
                  "mean"),
               shown, one, other);
  return FALSE;
}

static gboolean
fail_alone (const char *path, GError **error)
{
  g_autofree char *shown = tithe_name_dup (path);

  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND,
               _("there is no image file, such as train-images-idx3-ubyte, beside “%s”"), shown);
  return FALSE;
}

/* Which pair is the training set, and which the test set where a whole folder is opened. */
static gboolean
choose_pairs (const TitheDatasetSource *source, GPtrArray *pairs, const Pair **train, const Pair **test, GError **error)
{
  *train = *test = NULL;
  for (guint i = 0; i < pairs->len; i++)
    {
      const Pair *pair = g_ptr_array_index (pairs, i);

      if (source->name == NULL && !pair->test && *train != NULL)
        return fail_several (source->path, (*train)->images, pair->images, error);
      if (is_named (source, pair) || (source->name == NULL && !pair->test))
        *train = pair;
      if (source->name == NULL && pair->test)
        *test = pair;
    }
  if (*train == NULL)
    *train = g_steal_pointer (test);
  return *train != NULL || fail_alone (source->path, error);
}

static void
note_empty_classes (TitheDataset *self)
{
  for (guint c = 0; c < self->class_names->len; c++)
    if (self->class_starts[c] == self->class_starts[c + 1])
      tithe_dataset_note (self, TITHE_DATASET_NOTE_EMPTY_CLASS, 0,
                          (const char *) g_ptr_array_index (self->class_names, c), NULL);
}

/* Opens a folder with one training set in it, or the image or label file of a set. */
static TitheDataset *
open_idx (const TitheDatasetSource *source, TitheJob *job, GError **error)
{
  g_autoptr (GPtrArray) names
      = source->names ? g_ptr_array_ref (source->names) : tithe_dataset_list_folder (source->folder, error);
  g_autoptr (GPtrArray) pairs = names ? list_pairs (names) : NULL;
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (TITHE_DATASET_IDX, source->path, source->folder);
  const Pair *train, *test;

  if (pairs == NULL || !choose_pairs (source, pairs, &train, &test, error) || !add_pair (self, train, error)
      || !tithe_job_check (job, error))
    return NULL;
  if (test != NULL && !add_pair (tithe_dataset_add_test (self), test, error))
    return NULL;
  if (!tithe_dataset_seal (self, error))
    return NULL;
  note_empty_classes (self);
  return g_steal_pointer (&self);
}

const TitheDatasetReader tithe_dataset_idx_reader = { matches, open_idx };
