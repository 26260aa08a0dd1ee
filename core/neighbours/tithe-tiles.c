/* SPDX-License-Identifier: MIT */
#include "tithe-tiles.h"
#include "base/tithe-parallel.h"
#include "tithe-kernels.h"

#include <cblas.h>

/*
 * The one loop over dot products. In which order a matrix product adds up is OpenBLAS's matter, and its last bit depends on
 * where in a block a number is. So tiles of one set are always cut alike, whoever asks for them and with however many
 * threads: a dissimilarity between two rows of a set is the same to the bit for all.
 */

/* As large as stays in the second-level cache together with the rows that it is made of. Wide rows are worth more of them
 * at a time. */
#define EDGE 256
#define WIDE_EDGE 512
#define WIDE 192

typedef struct
{
  const float *rows, *columns;
  gsize n, n_columns, dim, edge;
  gboolean is_one_set;
  gboolean is_shared; /* the longest bands first, so that threads end at about the same time */
  TitheTileFunc func;
  gpointer user_data;
  TitheJob *job;
  GAsyncQueue *blocks; /* of float[edge x edge], those that no thread uses */
  int ended;           /* atomic: whether the function wants no more */
} Visit;

/* tithe_tiles_get_edge: rows and columns of a tile of rows with that many dimensions; bands begin at its multiples */
gsize
tithe_tiles_get_edge (gsize dim)
{
  return dim < WIDE ? EDGE : WIDE_EDGE;
}

static gboolean
is_over (const Visit *visit)
{
  return __atomic_load_n (&visit->ended, __ATOMIC_RELAXED) || tithe_job_is_cancelled (visit->job);
}

static void
fill_tile (const Visit *visit, const TitheTile *tile)
{
  const blasint dim = (blasint) visit->dim, stride = (blasint) tile->stride, height = (blasint) tile->n_rows;
  const float *rows = visit->rows + tile->first_row * visit->dim;
  const gboolean is_half = visit->is_one_set && tile->first_row == tile->first_column && visit->dim >= WIDE;

  if (is_half)
    cblas_ssyrk (CblasRowMajor, CblasLower, CblasNoTrans, height, dim, 1.0f, rows, dim, 0.0f, tile->values, stride);
  else
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, height, (blasint) tile->n_columns, dim, 1.0f, rows, dim,
                 visit->columns + tile->first_column * visit->dim, dim, 0.0f, tile->values, stride);
  for (gsize i = 0; i < tile->n_rows; i++)
    tithe_kernel_dissimilarities (tile->values + i * tile->stride, is_half ? i + 1 : tile->n_columns);
}

static void
visit_bands (gsize begin, gsize end, gpointer user_data)
{
  Visit *visit = user_data;
  const gsize edge = visit->edge, n_bands = (visit->n + edge - 1) / edge;
  const gsize stride = MIN (edge, visit->n_columns);
  float *block = g_async_queue_try_pop (visit->blocks);

  if (block == NULL)
    block = g_new (float, MIN (edge, visit->n) * stride);
  for (gsize b = begin; b < end; b++)
    {
      const gsize first = (visit->is_shared ? n_bands - 1 - b : b) * edge, height = MIN (edge, visit->n - first);
      const gsize width = visit->is_one_set ? first + height : visit->n_columns;

      for (gsize j = 0; j < width && !is_over (visit); j += edge)
        {
          const TitheTile tile = { first, height, j, MIN (edge, width - j), block, stride };

          fill_tile (visit, &tile);
          if (!visit->func (&tile, visit->user_data))
            __atomic_store_n (&visit->ended, TRUE, __ATOMIC_RELAXED);
          tithe_job_advance (visit->job, height * tile.n_columns);
        }
    }
  g_async_queue_push (visit->blocks, block);
}

/**
 * tithe_tiles_visit:
 * @rows: n x dim, each of unit length or zero
 * @columns: (nullable): n_columns x dim, the other set; %NULL for pairs within @rows, where tiles reach to the diagonal
 *   and what is on it or right of it means nothing
 * @func: sees every tile once, unless it ends the visit; where one thread works, in the order of the rows
 * @job: (nullable): asked for cancellation at every tile, and advanced by the number of its dissimilarities
 *
 * Makes all dissimilarities, 1 - <x, y> clamped to 0 .. 2, of two sets or of one. Takes O(n x n_columns x dim) time, half
 * of that within one set, and a megabyte at most for each thread. A dissimilarity is the same to the bit for any number
 * of threads.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_tiles_visit (const float *rows, gsize n, const float *columns, gsize n_columns, gsize dim, guint n_threads,
                   TitheTileFunc func, gpointer user_data, TitheJob *job)
{
  g_autoptr (GAsyncQueue) blocks = g_async_queue_new_full (g_free);
  const gsize edge = tithe_tiles_get_edge (dim);
  Visit visit = { .rows = rows,
                  .columns = columns ? columns : rows,
                  .n = n,
                  .n_columns = columns ? n_columns : n,
                  .dim = dim,
                  .edge = edge,
                  .is_one_set = columns == NULL,
                  .is_shared = n_threads > 1,
                  .func = func,
                  .user_data = user_data,
                  .job = job,
                  .blocks = blocks };

  openblas_set_num_threads (1);
  tithe_parallel_for (n_threads, (n + edge - 1) / edge, 1, visit_bands, &visit, NULL);
  return !tithe_job_is_cancelled (job);
}
