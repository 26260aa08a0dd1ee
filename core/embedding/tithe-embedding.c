/* SPDX-License-Identifier: MIT */
#include "tithe-embedding.h"
#include "base/tithe-parallel.h"
#include "io/tithe-matrix.h"
#include "io/tithe-npy.h"
#include "io/tithe-output.h"
#include "tithe-quick.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

G_DEFINE_QUARK (tithe-embedding-error-quark, tithe_embedding_error)

struct _TitheEmbedding
{
  TitheMatrix matrix;
  char *locator;     /* absolute path; NULL for rows that were made in memory */
  char *array;       /* nullable */
  char *fingerprint; /* hexadecimal SHA-256 */
  char *origin;      /* (nullable): how it was made */
  guint32 *row_of;   /* row of each image where --paths gave another order, else NULL */
};

/* Over all bytes of a file up to 16 MiB; of a larger one, over its size and 256 blocks of 64 KiB spread evenly: a
 * feature file of ten gigabytes is not read twice to be recognised. */
static char *
compute_fingerprint (GBytes *bytes)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const gsize block = 64 << 10, n_blocks = 256;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint64 length = size;

  g_checksum_update (sum, (const guchar *) &length, sizeof length);
  if (size <= block * n_blocks)
    g_checksum_update (sum, data, (gssize) size);
  else
    for (gsize i = 0; i < n_blocks; i++)
      g_checksum_update (sum, data + (size - block) / (n_blocks - 1) * i, (gssize) block);
  return g_strdup (g_checksum_get_string (sum));
}

/* What was noted beside the features when they were made; nothing where they are not those any more. */
static char *
read_origin (const char *path, const char *fingerprint)
{
  g_autofree char *note = g_strconcat (path, TITHE_EMBEDDING_RECORD_ENDING, NULL), *contents = NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonNode *root;
  JsonObject *object;
  gsize size;

  if (!g_file_get_contents (note, &contents, &size, NULL)
      || !json_parser_load_from_data (parser, contents, (gssize) size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  object = root && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (object == NULL
      || g_strcmp0 (json_object_get_string_member_with_default (object, "features", NULL), fingerprint) != 0)
    return NULL;
  return g_strdup (json_object_get_string_member_with_default (object, "origin", NULL));
}

/**
 * tithe_embedding_open:
 * @path: a .npy, .npz or .safetensors file, recognised by its content
 * @array: (nullable): which array, where the file holds several
 *
 * Maps the file; only its header is looked at.
 *
 * Returns: (transfer full): the embedding, or %NULL with a %TITHE_MATRIX_ERROR
 */
TitheEmbedding *
tithe_embedding_open (const char *path, const char *array, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  TitheMatrix matrix = { 0 };
  TitheEmbedding *self;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = tithe_matrix_open (&matrix, path, array, error);
  if (bytes == NULL)
    return NULL;
  self = g_atomic_rc_box_new0 (TitheEmbedding);
  self->matrix = matrix;
  self->locator = g_canonicalize_filename (path, NULL);
  self->array = g_strdup (array);
  self->fingerprint = compute_fingerprint (bytes);
  self->origin = read_origin (path, self->fingerprint);
  return self;
}

/**
 * tithe_embedding_new_from_rows:
 * @rows: float32, n_rows x dim, row after row
 *
 * Returns: (transfer full): an embedding without a file
 */
TitheEmbedding *
tithe_embedding_new_from_rows (GBytes *rows, gsize n_rows, gsize dim)
{
  TitheEmbedding *self;

  g_return_val_if_fail (g_bytes_get_size (rows) == n_rows * dim * sizeof (float), NULL);

  self = g_atomic_rc_box_new0 (TitheEmbedding);
  self->matrix = (TitheMatrix){ .bytes = g_bytes_ref (rows), .n_rows = n_rows, .dim = dim, .type = TITHE_FLOAT32 };
  self->fingerprint = compute_fingerprint (rows);
  return self;
}

TitheEmbedding *
tithe_embedding_ref (TitheEmbedding *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tithe_embedding_clear (gpointer data)
{
  TitheEmbedding *self = data;

  tithe_matrix_clear (&self->matrix);
  g_free (self->locator);
  g_free (self->array);
  g_free (self->fingerprint);
  g_free (self->origin);
  g_free (self->row_of);
}

void
tithe_embedding_unref (TitheEmbedding *self)
{
  g_atomic_rc_box_release_full (self, tithe_embedding_clear);
}

gsize
tithe_embedding_get_n_rows (TitheEmbedding *self)
{
  return self->matrix.n_rows;
}

gsize
tithe_embedding_get_dim (TitheEmbedding *self)
{
  return self->matrix.dim;
}

/**
 * tithe_embedding_get_locator:
 *
 * Returns: (nullable): the absolute path of the file
 */
const char *
tithe_embedding_get_locator (TitheEmbedding *self)
{
  return self->locator;
}

/**
 * tithe_embedding_get_array:
 *
 * Returns: the array that was chosen, or an empty string
 */
const char *
tithe_embedding_get_array (TitheEmbedding *self)
{
  return self->array ? self->array : "";
}

const char *
tithe_embedding_get_fingerprint (TitheEmbedding *self)
{
  return self->fingerprint;
}

/**
 * tithe_embedding_get_origin:
 *
 * Returns: (nullable): how the features were made, as tithe_embedding_write() noted it
 */
const char *
tithe_embedding_get_origin (TitheEmbedding *self)
{
  return self->origin;
}

/**
 * tithe_embedding_write:
 * @rows: float32, row after row
 * @origin: how they were made: everything that they depend on
 * @path: of a .npy file
 *
 * Writes the features, and beside them as PATH.json where they came from; each whole or not at all.
 */
gboolean
tithe_embedding_write (GBytes *rows, gsize dim, const char *origin, const char *path, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (rows, &size);
  g_autoptr (GString) out = tithe_npy_header ("<f4", size / sizeof (float) / dim, dim);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autofree char *note = g_strconcat (path, TITHE_EMBEDDING_RECORD_ENDING, NULL), *text = NULL, *fingerprint = NULL;

  g_string_append_len (out, data, (gssize) size);
  file = g_bytes_new_static (out->str, out->len);
  fingerprint = compute_fingerprint (file);
  json_object_set_string_member (object, "features", fingerprint);
  json_object_set_string_member (object, "origin", origin);
  json_object_set_string_member (object, "program", "tithe " TITHE_VERSION);
  json_node_take_object (root, object);
  text = json_to_string (root, TRUE);
  return tithe_output_write (path, out->str, out->len, error) && tithe_output_write (note, text, strlen (text), error);
}

/**
 * tithe_embedding_is_quick:
 *
 * Returns: whether these are quick descriptors, a first look rather than a semantic space: by the note beside the file, or
 *   where there is none by a name that ends in .quick.npy
 */
gboolean
tithe_embedding_is_quick (TitheEmbedding *self)
{
  if (self->origin != NULL)
    return g_str_equal (self->origin, TITHE_QUICK_ORIGIN);
  return self->locator == NULL || g_str_has_suffix (self->locator, ".quick.npy");
}

/* Scales a row to unit length; values near the ends of double's range are brought to the middle first. */
static void
normalise (const double *row, gsize dim, double sum, float *out)
{
  double scale = 0, largest = 0;

  if (sum > 1e-280 && sum < 1e280)
    scale = 1.0 / sqrt (sum);
  else
    {
      for (gsize j = 0; j < dim; j++)
        largest = MAX (largest, fabs (row[j]));
      sum = 0;
      for (gsize j = 0; largest > 0 && j < dim; j++)
        sum += (row[j] / largest) * (row[j] / largest);
      for (gsize j = 0; j < dim; j++)
        out[j] = largest > 0 ? (float) (row[j] / largest / sqrt (sum)) : 0.0f;
      return;
    }
  for (gsize j = 0; j < dim; j++)
    out[j] = (float) (row[j] * scale);
}

/**
 * tithe_embedding_get_rows:
 * @images: image numbers, each below the dataset's n_images
 * @n: how many
 * @out: (out caller-allocates): n x dim values, row after row
 *
 * Rows are scaled to unit length; a row of zeros stays so. Takes O(n dim) time.
 */
void
tithe_embedding_get_rows (TitheEmbedding *self, const guint32 *images, gsize n, float *out)
{
  g_autofree double *row = g_new (double, self->matrix.dim);

  for (gsize i = 0; i < n; i++)
    {
      gsize at = self->row_of ? self->row_of[images[i]] : images[i];
      double sum = tithe_matrix_read_row (&self->matrix, at, row);

      normalise (row, self->matrix.dim, sum, out + i * self->matrix.dim);
    }
}

/**
 * tithe_embedding_dissimilarity:
 *
 * Returns: one minus the cosine of two images, 0 to 2, in double precision; 1 where either row is zero
 */
double
tithe_embedding_dissimilarity (TitheEmbedding *self, guint32 a, guint32 b)
{
  gsize dim = self->matrix.dim;
  g_autofree float *rows = NULL;
  guint32 images[2] = { a, b };
  double dot = 0;

  if (a == b)
    return 0;
  rows = g_new (float, 2 * dim);
  tithe_embedding_get_rows (self, images, 2, rows);
  for (gsize j = 0; j < dim; j++)
    dot += (double) rows[j] * (double) rows[dim + j];
  return CLAMP (1.0 - dot, 0.0, 2.0) < 1e-6 ? 0.0 : CLAMP (1.0 - dot, 0.0, 2.0);
}

typedef struct
{
  TitheEmbedding *self;
  pthread_mutex_t mutex;
  gsize first_bad; /* guarded by mutex */
} Check;

static void
check_rows (gsize begin, gsize end, gpointer user_data)
{
  Check *check = user_data;
  const TitheMatrix *matrix = &check->self->matrix;
  g_autofree double *row = g_new (double, matrix->dim);

  for (gsize i = begin; i < end; i++)
    {
      gboolean bad = FALSE;

      if (isfinite (tithe_matrix_read_row (matrix, i, row)))
        continue;
      for (gsize j = 0; j < matrix->dim; j++)
        bad |= !isfinite (row[j]);
      if (!bad)
        continue;
      pthread_mutex_lock (&check->mutex);
      check->first_bad = MIN (check->first_bad, i);
      pthread_mutex_unlock (&check->mutex);
      return;
    }
}

/* The row of each image, from a file with one path a line; its paths may begin with folders above the dataset's. */
static gboolean
read_order (TitheEmbedding *self, TitheDataset *dataset, const char *paths_file, GError **error)
{
  g_autoptr (GHashTable) rows = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) buffer = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  const char *prefix = "";
  gsize n = tithe_dataset_get_n_images (dataset), n_lines, skip = 0;

  if (!g_file_get_contents (paths_file, &text, NULL, error))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (n_lines = g_strv_length (lines); n_lines > 0 && *g_strchomp (lines[n_lines - 1]) == '\0';)
    n_lines--;
  if (n_lines != self->matrix.n_rows)
    {
      g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE,
                   _("“%s” names %zu paths, but “%s” has %zu rows"), paths_file, n_lines, self->locator,
                   self->matrix.n_rows);
      return FALSE;
    }
  if (n_lines > 0)
    {
      /* How many leading folders the first line has more than some path of the dataset. */
      g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      const char *rest = g_strchomp (lines[0]);

      for (gsize i = 0; i < n; i++)
        g_hash_table_add (known, g_strdup (tithe_dataset_get_path (dataset, i, buffer)));
      while (!g_hash_table_contains (known, rest) && strchr (rest, '/') != NULL)
        rest = strchr (rest, '/') + 1;
      skip = g_hash_table_contains (known, rest) ? (gsize) (rest - lines[0]) : 0;
      prefix = lines[0];
    }
  for (gsize i = 0; i < n_lines; i++)
    {
      const char *path = g_strchomp (lines[i]);

      if (strncmp (path, prefix, skip) == 0)
        path += skip;
      if (g_hash_table_contains (rows, path))
        {
          g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE, _("“%s” names “%s” twice"),
                       paths_file, path);
          return FALSE;
        }
      g_hash_table_insert (rows, (gpointer) path, GSIZE_TO_POINTER (i + 1));
    }
  self->row_of = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    {
      const char *path = tithe_dataset_get_path (dataset, i, buffer);
      gsize row = GPOINTER_TO_SIZE (g_hash_table_lookup (rows, path));

      if (row == 0)
        {
          g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE,
                       _("“%s” does not name the image “%s”"), paths_file, path);
          return FALSE;
        }
      self->row_of[i] = (guint32) (row - 1);
    }
  return TRUE;
}

static gsize
find_image (TitheEmbedding *self, gsize row, gsize n_images)
{
  for (gsize i = 0; self->row_of != NULL && i < n_images; i++)
    if (self->row_of[i] == row)
      return i;
  return self->row_of ? n_images : row;
}

/**
 * tithe_embedding_bind:
 * @dataset: what the rows belong to
 * @paths_file: (nullable): a file with one path a line, where the rows are not in the dataset's order
 *
 * Checks that there is one row for each image and that all values are finite. Reads the whole matrix once.
 *
 * Returns: %FALSE with an error that names the file, and the row and path of the first bad value
 */
gboolean
tithe_embedding_bind (TitheEmbedding *self, TitheDataset *dataset, const char *paths_file, guint n_threads,
                      TitheJob *job, GError **error)
{
  gsize n = tithe_dataset_get_n_images (dataset);
  Check check = { .self = self, .first_bad = G_MAXSIZE };
  const char *file = self->locator ? self->locator : _("the embedding");
  gsize at = 0;

  g_clear_pointer (&self->row_of, g_free);
  if (paths_file != NULL ? self->matrix.n_rows < n : self->matrix.n_rows != n)
    {
      g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE,
                   _("“%s” has %zu rows, but the dataset “%s” has %zu images"), file, self->matrix.n_rows,
                   tithe_dataset_get_name (dataset), n);
      return FALSE;
    }
  if (paths_file != NULL && !read_order (self, dataset, paths_file, error))
    return FALSE;
  pthread_mutex_init (&check.mutex, NULL);
  tithe_job_start (job, _("Checking the embedding"), self->matrix.n_rows);
  tithe_parallel_for (n_threads, self->matrix.n_rows, 1024, check_rows, &check, job);
  pthread_mutex_destroy (&check.mutex);
  if (check.first_bad < G_MAXSIZE)
    {
      g_autoptr (GString) buffer = g_string_new (NULL);
      g_autofree double *row = g_new (double, self->matrix.dim);
      gsize image = find_image (self, check.first_bad, n);

      tithe_matrix_read_row (&self->matrix, check.first_bad, row);
      while (at + 1 < self->matrix.dim && isfinite (row[at]))
        at++;
      g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_VALUE,
                   _("cannot read “%s”: row %zu (%s) has %s in column %zu"), file, check.first_bad,
                   image < n ? tithe_dataset_get_path (dataset, image, buffer) : _("no image"),
                   isnan (row[at]) ? _("a NaN") : _("an infinity"), at);
      return FALSE;
    }
  return tithe_job_check (job, error);
}
