/* SPDX-License-Identifier: MIT */
#include "base/tithe-name.h"
#include "base/tithe-parallel.h"
#include "tithe-embedding-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

/* --- the order of rows --- */

/* The lines of a file without those that are empty at its end, each without white space at its end. */
static GStrv
read_lines (const char *path, gsize *n, GError **error)
{
  g_autofree char *text = NULL;
  GStrv lines;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  *n = g_strv_length (lines);
  for (gsize i = 0; i < *n; i++)
    g_strchomp (lines[i]);
  while (*n > 0 && *lines[*n - 1] == '\0')
    (*n)--;
  return lines;
}

/* How many bytes of leading folders a line has more than the longest of the dataset's paths that it ends in; 0 where it ends
 * in none. */
static gsize
measure_prefix (TitheDataset *dataset, const char *line)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  const gsize length = strlen (line);
  gsize longest = 0;

  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    {
      const char *path = tithe_dataset_get_path (dataset, i, buffer);
      gsize n = strlen (path);

      if (n > longest && n <= length && (n == length || line[length - n - 1] == '/')
          && memcmp (line + length - n, path, n) == 0)
        longest = n;
    }
  return longest > 0 ? length - longest : 0;
}

/* The place of each path in the lines, from 1; NULL with an error where one is there twice. */
static GHashTable *
index_lines (GStrv lines, gsize n_lines, gsize prefix, const char *paths_file, GError **error)
{
  g_autoptr (GHashTable) rows = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < n_lines; i++)
    {
      const char *path = strncmp (lines[i], lines[0], prefix) == 0 ? lines[i] + prefix : lines[i];

      if (!g_hash_table_insert (rows, (gpointer) path, GSIZE_TO_POINTER (i + 1)))
        {
          g_autofree char *shown = tithe_name_dup (path);

          g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE, _("“%s” names “%s” twice"),
                       paths_file, shown);
          return NULL;
        }
    }
  return g_steal_pointer (&rows);
}

/* The row of each image, from a file with one path a line; its paths may begin with folders above the dataset's. */
static guint32 *
read_order (TitheEmbedding *self, TitheDataset *dataset, const char *paths_file, GError **error)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  g_autoptr (GHashTable) rows = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree guint32 *row_of = NULL;
  const gsize n = tithe_dataset_get_n_images (dataset);
  gsize n_lines;

  lines = read_lines (paths_file, &n_lines, error);
  if (lines == NULL)
    return NULL;
  if (n_lines != self->matrix.n_rows)
    {
      g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE,
                   _("“%s” names %zu paths, but “%s” has %zu rows"), paths_file, n_lines, self->locator,
                   self->matrix.n_rows);
      return NULL;
    }
  rows = index_lines (lines, n_lines, n_lines > 0 ? measure_prefix (dataset, lines[0]) : 0, paths_file, error);
  if (rows == NULL)
    return NULL;
  row_of = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    {
      const char *path = tithe_dataset_get_path (dataset, i, buffer);
      gsize row = GPOINTER_TO_SIZE (g_hash_table_lookup (rows, path));

      if (row == 0)
        {
          g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE,
                       _("“%s” does not name the image “%s”"), paths_file,
                       tithe_dataset_get_display_path (dataset, i, buffer));
          return NULL;
        }
      row_of[i] = (guint32) (row - 1);
    }
  return g_steal_pointer (&row_of);
}

/* --- the values --- */

typedef struct
{
  const TitheMatrix *matrix;
  pthread_mutex_t mutex;
  gsize first_bad; /* guarded by mutex */
} Check;

/* The first column with no finite number, or the matrix's dim. */
static gsize
find_bad_column (const TitheMatrix *matrix, gsize row, double *values)
{
  gsize column = 0;

  if (isfinite (tithe_matrix_read_row (matrix, row, values)))
    return matrix->dim;
  while (column < matrix->dim && isfinite (values[column]))
    column++;
  return column;
}

static void
check_rows (gsize begin, gsize end, gpointer user_data)
{
  Check *check = user_data;
  const TitheMatrix *matrix = check->matrix;
  g_autofree double *values = g_new (double, matrix->dim);

  for (gsize i = begin; i < end; i++)
    if (find_bad_column (matrix, i, values) < matrix->dim)
      {
        pthread_mutex_lock (&check->mutex);
        check->first_bad = MIN (check->first_bad, i);
        pthread_mutex_unlock (&check->mutex);
        return;
      }
}

static gsize
find_image (const guint32 *row_of, gsize row, gsize n_images)
{
  for (gsize i = 0; row_of != NULL && i < n_images; i++)
    if (row_of[i] == row)
      return i;
  return row_of ? n_images : row;
}

static void
refuse_row (TitheEmbedding *self, TitheDataset *dataset, const guint32 *row_of, gsize row, const char *file,
            GError **error)
{
  const gsize n = tithe_dataset_get_n_images (dataset), image = find_image (row_of, row, n);
  g_autofree double *values = g_new (double, self->matrix.dim);
  g_autoptr (GString) buffer = g_string_new (NULL);
  const gsize column = find_bad_column (&self->matrix, row, values);

  g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_VALUE,
               isnan (values[column]) ? _("cannot read “%s”: row %zu (%s) has a NaN in column %zu")
                                      : _("cannot read “%s”: row %zu (%s) has an infinity in column %zu"),
               file, row, image < n ? tithe_dataset_get_display_path (dataset, image, buffer) : _("no image"), column);
}

static gboolean
check_values (TitheEmbedding *self, TitheDataset *dataset, const guint32 *row_of, const char *file, guint n_threads,
              TitheJob *job, GError **error)
{
  Check check = { .matrix = &self->matrix, .first_bad = G_MAXSIZE };

  pthread_mutex_init (&check.mutex, NULL);
  tithe_job_start (job, _("Checking the embedding"), self->matrix.n_rows);
  tithe_parallel_for (n_threads, self->matrix.n_rows, 1024, check_rows, &check, job);
  pthread_mutex_destroy (&check.mutex);
  if (check.first_bad == G_MAXSIZE)
    return tithe_job_check (job, error);
  refuse_row (self, dataset, row_of, check.first_bad, file, error);
  return FALSE;
}

/**
 * tithe_embedding_bind:
 * @embedding: (inout) (transfer full): a reference to any embedding; where all is well to one of the same rows that
 *   belong to @dataset instead, else as it was
 * @dataset: what the rows belong to
 * @paths_file: (nullable): a file with one path a line, where the rows are not in the dataset's order
 * @job: (nullable): progress over the rows, and cancellation
 *
 * Checks that there is one row for each image and that all values are finite. Reads the whole matrix once. Others who
 * have the embedding that was given keep it as it is.
 *
 * Returns: %FALSE with a %TITHE_EMBEDDING_ERROR that names the file, and the row and path of the first bad value, with an
 *   error of reading @paths_file, or with %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_embedding_bind (TitheEmbedding **embedding, TitheDataset *dataset, const char *paths_file, guint n_threads,
                      TitheJob *job, GError **error)
{
  TitheEmbedding *self = *embedding;
  const gsize n = tithe_dataset_get_n_images (dataset);
  const char *file = self->locator ? self->locator : _("the embedding");
  g_autofree guint32 *row_of = NULL;

  if (paths_file != NULL ? self->matrix.n_rows < n : self->matrix.n_rows != n)
    {
      g_set_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE,
                   _("“%s” has %zu rows, but the dataset “%s” has %zu images"), file, self->matrix.n_rows,
                   tithe_dataset_get_name (dataset), n);
      return FALSE;
    }
  if (paths_file != NULL)
    {
      row_of = read_order (self, dataset, paths_file, error);
      if (row_of == NULL)
        return FALSE;
    }
  if (!check_values (self, dataset, row_of, file, n_threads, job, error))
    return FALSE;
  *embedding = tithe_embedding_new_bound (self, g_steal_pointer (&row_of));
  tithe_embedding_unref (self);
  return TRUE;
}
