/* SPDX-License-Identifier: MIT */
#include "base/tithe-byte-order.h"
#include "io/tithe-npy.h"
#include "tithe-embedding-private.h"
#include "tithe-quick.h"
#include "tithe-record.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK (tithe-embedding-error-quark, tithe_embedding_error)

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
  self->fingerprint = tithe_record_fingerprint (bytes);
  self->origin = tithe_record_read (path, self->fingerprint);
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
  self->matrix = (TitheMatrix){
    .bytes = tithe_byte_order_convert (rows, sizeof (float)), .n_rows = n_rows, .dim = dim, .type = TITHE_FLOAT32
  };
  self->fingerprint = tithe_record_fingerprint (self->matrix.bytes);
  return self;
}

/* The same embedding for a dataset: takes @row_of. Matrix and texts are shared or copied, @self is left as it is. */
TitheEmbedding *
tithe_embedding_new_bound (TitheEmbedding *self, guint32 *row_of)
{
  TitheEmbedding *bound = g_atomic_rc_box_new0 (TitheEmbedding);

  bound->matrix = self->matrix;
  bound->matrix.bytes = g_bytes_ref (self->matrix.bytes);
  bound->locator = g_strdup (self->locator);
  bound->array = g_strdup (self->array);
  bound->fingerprint = g_strdup (self->fingerprint);
  bound->origin = g_strdup (self->origin);
  bound->row_of = row_of;
  return bound;
}

/* tithe_embedding_ref: (transfer full): @self once more */
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

/* tithe_embedding_unref: gives a reference up; the last one frees the embedding, and unmaps its file */
void
tithe_embedding_unref (TitheEmbedding *self)
{
  g_atomic_rc_box_release_full (self, tithe_embedding_clear);
}

/* tithe_embedding_get_dim: numbers in a row */
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

/* tithe_embedding_get_fingerprint: (transfer none): of the whole file, as tithe_record_fingerprint() has it */
const char *
tithe_embedding_get_fingerprint (TitheEmbedding *self)
{
  return self->fingerprint;
}

/**
 * tithe_embedding_get_origin:
 *
 * Returns: (transfer none) (nullable): how the features were made, as tithe_embedding_write() noted it
 */
const char *
tithe_embedding_get_origin (TitheEmbedding *self)
{
  return self->origin;
}

/* Both files are written before one of them is where it is wanted. */
static gboolean
write_files (GBytes *rows, gsize dim, const char *origin, const char *path, gboolean overwrite, GError **error)
{
  g_autoptr (GBytes) numbers = tithe_byte_order_convert (rows, sizeof (float));
  gsize size;
  const char *data = g_bytes_get_data (numbers, &size);
  g_autoptr (GString) out = tithe_npy_header ("<f4", size / sizeof (float) / dim, dim);
  g_autoptr (TitheOutput) features = tithe_output_begin (path, NULL, overwrite, error), record = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autofree char *fingerprint = NULL;

  g_string_append_len (out, data, (gssize) size);
  if (features == NULL || !tithe_output_put (features, out->str, out->len, error))
    return FALSE;
  file = g_bytes_new_static (out->str, out->len);
  fingerprint = tithe_record_fingerprint (file);
  record = tithe_record_begin (path, fingerprint, origin, overwrite, error);
  return record != NULL && tithe_output_finish (features, error) && tithe_output_finish (record, error);
}

/**
 * tithe_embedding_create:
 * @rows: float32, row after row
 * @dim: numbers in a row
 * @origin: how they were made: everything that they depend on
 * @path: of a .npy file
 *
 * Writes features where there are none, and their record next to them; each whole or not at all.
 *
 * Returns: %FALSE with a %TITHE_OUTPUT_ERROR; with %TITHE_OUTPUT_ERROR_EXISTS where there is one of the two files, or came
 *   to be one meanwhile: that is left as it is
 */
gboolean
tithe_embedding_create (GBytes *rows, gsize dim, const char *origin, const char *path, GError **error)
{
  return write_files (rows, dim, origin, path, FALSE, error);
}

/**
 * tithe_embedding_write:
 *
 * As tithe_embedding_create(), but earlier features and their record are replaced.
 *
 * Returns: %FALSE with a %TITHE_OUTPUT_ERROR
 */
gboolean
tithe_embedding_write (GBytes *rows, gsize dim, const char *origin, const char *path, GError **error)
{
  return write_files (rows, dim, origin, path, TRUE, error);
}

/**
 * tithe_embedding_made_quickly:
 * @origin: (nullable): what made an embedding; %NULL or empty where that is not known
 * @locator: (nullable): where it is; %NULL or empty where it is no file
 *
 * Returns: whether these are quick descriptors, a first look rather than a semantic space: by their record, or where
 *   there is none by a name that ends in .quick.npy
 */
gboolean
tithe_embedding_made_quickly (const char *origin, const char *locator)
{
  if (origin != NULL && *origin != '\0')
    return g_str_equal (origin, TITHE_QUICK_ORIGIN) || g_str_equal (origin, TITHE_QUICK_ORIGIN_1);
  return locator == NULL || *locator == '\0' || g_str_has_suffix (locator, ".quick.npy");
}

/* tithe_embedding_is_quick: whether it was made quickly, see tithe_embedding_made_quickly() */
gboolean
tithe_embedding_is_quick (TitheEmbedding *self)
{
  return tithe_embedding_made_quickly (self->origin, self->locator);
}

/* Scales a row to unit length; values near the ends of double's range are brought to the middle first. */
static void
normalise (const double *row, gsize dim, double sum, float *out)
{
  double largest = 0;

  if (sum > 1e-280 && sum < 1e280)
    {
      const double scale = 1.0 / sqrt (sum);

      for (gsize j = 0; j < dim; j++)
        out[j] = (float) (row[j] * scale);
      return;
    }
  for (gsize j = 0; j < dim; j++)
    largest = MAX (largest, fabs (row[j]));
  sum = 0;
  for (gsize j = 0; largest > 0 && j < dim; j++)
    sum += (row[j] / largest) * (row[j] / largest);
  for (gsize j = 0; j < dim; j++)
    out[j] = largest > 0 ? (float) (row[j] / largest / sqrt (sum)) : 0.0f;
}

/**
 * tithe_embedding_get_rows:
 * @self: one that is bound to a dataset, or whose rows are in the images' order
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
