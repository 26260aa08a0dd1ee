/* SPDX-License-Identifier: MIT */
#include "tithe-linkage.h"
#include "tithe-kernels.h"

#include <cblas.h>
#include <float.h>
#include <string.h>

/*
 * Agglomerative clustering on a square matrix of dissimilarities. The choice of algorithm:
 *
 * 1. Rounds of reciprocal nearest neighbours (de Rham 1980; Murtagh 1983, "A survey of recent advances in hierarchical
 *    clustering algorithms", The Computer Journal 26, p. 356). Complete, average and single linkage are reducible: two
 *    clusters that are each other's nearest may be merged at once, whatever happens elsewhere, and the tree is the one
 *    that merging the closest pair again and again would give. A round merges all such pairs, streams through the
 *    matrix once to write the smaller one, and finds the new nearest neighbours while each row is in the cache. On
 *    real embeddings a round merges a fifth to a third of the clusters, so all rounds together touch the matrix two or
 *    three times, always in order.
 * 2. When a round would merge less than one cluster in sixty-four, the nearest-neighbour chain (Benzecri 1982; Murtagh
 *    1983, p. 357) takes over for what is left. It is O(k^2) whatever the data, which rounds are not.
 *
 * Ties: a cluster is known by its smallest member, and of two pairs at the same dissimilarity the one that comes first
 * lexicographically is the nearer. That is a strict order of all pairs, for which complete linkage stays reducible: both
 * algorithms give the same tree, the one of the textbook algorithm with the same rule. For single linkage the heights,
 * and the clusters between two heights, are the same; the order of merges at one height may not be. Slots of the
 * matrix are always in the order of the clusters' smallest members, so "lowest slot" is that rule.
 */

#define GRAM_BLOCK 256
#define MIN_SHARE 64
#define CANCEL_ROWS 128

typedef struct
{
  float *matrix; /* k x k, symmetric, FLT_MAX on the diagonal */
  guint32 k;     /* clusters left */
  TitheLinkage linkage;
  guint32 *labels; /* smallest member of each cluster, ascending */
  guint32 *sizes;
  guint32 *nearest; /* slot of the nearest cluster, the lowest of those at the same dissimilarity */
  float *distance;  /* to it */
  TitheMerge *merges;
  guint32 n_merges;
  TitheJob *job;
} State;

static const char *const names[] = { "complete", "average", "single" };

const char *
tithe_linkage_to_string (TitheLinkage linkage)
{
  return names[linkage];
}

gboolean
tithe_linkage_from_string (const char *string, TitheLinkage *linkage)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (string, names[i]) == 0)
      {
        *linkage = (TitheLinkage) i;
        return TRUE;
      }
  return FALSE;
}

static void
state_init (State *state, float *matrix, guint32 n, TitheLinkage linkage, TitheMerge *merges, TitheJob *job)
{
  *state = (State){ .matrix = matrix, .k = n, .linkage = linkage, .merges = merges, .job = job };
  state->labels = g_new (guint32, n);
  state->sizes = g_new (guint32, n);
  state->nearest = g_new0 (guint32, n);
  state->distance = g_new (float, n);
  for (guint32 i = 0; i < n; i++)
    {
      state->labels[i] = i;
      state->sizes[i] = 1;
      state->distance[i] = FLT_MAX;
    }
}

static void
state_clear (State *state)
{
  g_free (state->labels);
  g_free (state->sizes);
  g_free (state->nearest);
  g_free (state->distance);
}

static void
find_nearest (State *state, guint32 slot)
{
  const float *row = state->matrix + (gsize) slot * state->k;

  state->distance[slot] = tithe_kernel_min (row, state->k);
  state->nearest[slot] = (guint32) tithe_kernel_find (row, state->k, state->distance[slot]);
}

static void
record_merge (State *state, guint32 a, guint32 b, float height)
{
  state->merges[state->n_merges++] = (TitheMerge){ state->labels[a], state->labels[b], height };
}

/* What a round does to the slots: new slot c holds the old slots a[c] and b[c], the same one where nothing merged. */
typedef struct
{
  gint32 *a;
  gint32 *b;
  float *weights_a; /* shares of the members, for average linkage */
  float *weights_b;
  guint32 k;
} Round;

static void
plan_round (State *state, Round *round)
{
  round->k = 0;
  for (guint32 i = 0; i < state->k; i++)
    {
      guint32 j = state->nearest[i];
      gboolean reciprocal = state->nearest[j] == i;
      guint32 c = round->k;

      if (reciprocal && j < i)
        continue;
      round->a[c] = (gint32) i;
      round->b[c] = (gint32) (reciprocal ? j : i);
      round->weights_a[c] = 1.0f;
      round->weights_b[c] = 0.0f;
      if (reciprocal)
        {
          float total = (float) state->sizes[i] + (float) state->sizes[j];

          round->weights_a[c] = (float) state->sizes[i] / total;
          round->weights_b[c] = (float) state->sizes[j] / total;
        }
      round->k++;
    }
}

/* Writes row @c of the smaller matrix. In place: it ends before old row a[c] + 1, and later rows need only old rows
 * beyond that. */
static void
write_row (State *state, const Round *round, guint32 c, float *scratch)
{
  const float *row_a = state->matrix + (gsize) round->a[c] * state->k;
  const float *row_b = state->matrix + (gsize) round->b[c] * state->k;
  float *out = state->matrix + (gsize) c * round->k;

  switch (state->linkage)
    {
    case TITHE_LINKAGE_COMPLETE:
      tithe_kernel_max_rows (row_a, row_b, scratch, state->k);
      tithe_kernel_max_columns (scratch, round->a, round->b, out, round->k);
      break;
    case TITHE_LINKAGE_SINGLE:
      tithe_kernel_min_rows (row_a, row_b, scratch, state->k);
      tithe_kernel_min_columns (scratch, round->a, round->b, out, round->k);
      break;
    case TITHE_LINKAGE_AVERAGE:
    default:
      memcpy (scratch, row_a, state->k * sizeof *scratch);
      memcpy (scratch + state->k, row_b, state->k * sizeof *scratch);
      tithe_kernel_mean_columns (scratch, scratch + state->k, round->weights_a[c], round->weights_b[c], round->a,
                                 round->b, round->weights_a, round->weights_b, out, round->k);
    }
  out[c] = FLT_MAX;
}

/* Carries a round out. FALSE where the job was cancelled. */
static gboolean
apply_round (State *state, const Round *round, float *scratch)
{
  for (guint32 c = 0; c < round->k; c++)
    {
      guint32 a = (guint32) round->a[c], b = (guint32) round->b[c];

      if (c % CANCEL_ROWS == 0 && tithe_job_is_cancelled (state->job))
        return FALSE;
      if (a != b)
        record_merge (state, a, b, state->distance[a]);
      write_row (state, round, c, scratch);
    }
  for (guint32 c = 0; c < round->k; c++)
    {
      guint32 a = (guint32) round->a[c], b = (guint32) round->b[c];

      state->labels[c] = state->labels[a];
      state->sizes[c] = state->sizes[a] + (a != b ? state->sizes[b] : 0);
    }
  state->k = round->k;
  for (guint32 c = 0; c < state->k; c++)
    find_nearest (state, c);
  return TRUE;
}

/* Merges slots a < b into a; b's row and column become FLT_MAX and are never found again. */
static void
merge_in_place (State *state, guint32 a, guint32 b)
{
  const gsize k = state->k;
  float *row_a = state->matrix + a * k, *row_b = state->matrix + b * k;
  float total = (float) state->sizes[a] + (float) state->sizes[b];

  record_merge (state, a, b, row_a[b]);
  for (gsize j = 0; j < k; j++)
    {
      float x = row_a[j], y = row_b[j], d;

      if (j == a || j == b || x == FLT_MAX)
        continue;
      if (state->linkage == TITHE_LINKAGE_COMPLETE)
        d = MAX (x, y);
      else if (state->linkage == TITHE_LINKAGE_SINGLE)
        d = MIN (x, y);
      else
        d = x == y ? x : x * ((float) state->sizes[a] / total) + y * ((float) state->sizes[b] / total);
      row_a[j] = d;
      state->matrix[j * k + a] = d;
      state->matrix[j * k + b] = FLT_MAX;
    }
  row_a[b] = FLT_MAX;
  state->sizes[a] += state->sizes[b];
  state->sizes[b] = 0;
}

/* Drops dead slots, keeping the order. @chain holds slots too. */
static void
compact (State *state, guint32 *chain, guint32 chain_length)
{
  guint32 k = 0;
  g_autofree guint32 *new_slot = g_new0 (guint32, state->k);

  for (guint32 i = 0; i < state->k; i++)
    if (state->sizes[i] > 0)
      {
        new_slot[i] = k;
        state->labels[k] = state->labels[i];
        k++;
      }
  for (guint32 i = 0, c = 0; i < state->k; i++)
    if (state->sizes[i] > 0)
      {
        float *out = state->matrix + (gsize) c++ * k;
        const float *in = state->matrix + (gsize) i * state->k;

        for (guint32 j = 0, p = 0; j < state->k; j++)
          if (state->sizes[j] > 0)
            out[p++] = in[j];
      }
  for (guint32 i = 0; i < chain_length; i++)
    chain[i] = new_slot[chain[i]];
  for (guint32 i = 0, c = 0; i < state->k; i++)
    if (state->sizes[i] > 0)
      state->sizes[c++] = state->sizes[i];
  state->k = k;
}

/* The nearest-neighbour chain over what is left. Every link is nearer than the one before in the strict order, so the
 * chain never closes a circle. */
static gboolean
run_chain (State *state)
{
  g_autofree guint32 *chain = g_new (guint32, state->k);
  guint32 length = 0, alive = state->k, first = 0;

  while (alive > 1)
    {
      guint32 top, next;

      if (tithe_job_is_cancelled (state->job))
        return FALSE;
      if (length == 0)
        {
          while (state->sizes[first] == 0)
            first++;
          chain[length++] = first;
        }
      top = chain[length - 1];
      find_nearest (state, top);
      next = state->nearest[top];
      if (length < 2 || chain[length - 2] != next)
        {
          chain[length++] = next;
          continue;
        }
      length -= 2;
      merge_in_place (state, MIN (top, next), MAX (top, next));
      alive--;
      if (alive < state->k / 2)
        {
          compact (state, chain, length);
          first = 0;
        }
    }
  return TRUE;
}

/* Rounds, then the chain. The nearest neighbours are known. */
static gboolean
run (State *state)
{
  guint32 n = state->k;
  g_autofree float *scratch = g_new (float, 2 * (gsize) n);
  g_autofree gint32 *pairs = g_new (gint32, 2 * (gsize) n);
  g_autofree float *weights = g_new (float, 2 * (gsize) n);
  Round round = { .a = pairs, .b = pairs + n, .weights_a = weights, .weights_b = weights + n };

  while (state->k > 1)
    {
      plan_round (state, &round);
      if (state->k - round.k < (state->k + MIN_SHARE - 1) / MIN_SHARE)
        return run_chain (state);
      if (!apply_round (state, &round, scratch))
        return FALSE;
    }
  return TRUE;
}

/**
 * tithe_linkage_from_matrix:
 * @dissimilarities: (inout): n x n, symmetric, finite, 0 or more; destroyed
 * @n: at least 1
 * @merges: (out caller-allocates) (array length=n-1): in no order but that a cluster's merge comes after those that
 *   made its parts
 * @job: (nullable): asked for cancellation
 *
 * Takes O(n^2) time, and O(n) memory beside the matrix.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_linkage_from_matrix (float *dissimilarities, guint32 n, TitheLinkage linkage, TitheMerge *merges, TitheJob *job)
{
  State state;
  gboolean ok;

  state_init (&state, dissimilarities, n, linkage, merges, job);
  for (gsize i = 0; i < n; i++)
    dissimilarities[i * n + i] = FLT_MAX;
  for (guint32 i = 0; i < n; i++)
    find_nearest (&state, i);
  ok = run (&state);
  state_clear (&state);
  return ok;
}

/* Copies a block to the other side of the diagonal, in pieces that stay in the first-level cache. */
static void
copy_transposed (const float *block, gsize rows, gsize columns, gsize block_stride, float *out, gsize out_stride)
{
  const gsize piece = 16;

  for (gsize j = 0; j < columns; j += piece)
    for (gsize i = 0; i < rows; i += piece)
      for (gsize jj = j; jj < MIN (j + piece, columns); jj++)
        for (gsize ii = i; ii < MIN (i + piece, rows); ii++)
          out[jj * out_stride + ii] = block[ii * block_stride + jj];
}

/* The matrix, block by block on and below the diagonal: each is made by one matrix product while it fits in the cache,
 * written to both sides, and searched for nearest neighbours at once. */
static gboolean
fill_matrix (State *state, const float *rows, gsize dim)
{
  const gsize n = state->k;
  g_autofree float *block = g_new (float, GRAM_BLOCK * GRAM_BLOCK);

  for (gsize i0 = 0; i0 < n; i0 += GRAM_BLOCK)
    for (gsize j0 = 0; j0 <= i0; j0 += GRAM_BLOCK)
      {
        gsize ni = MIN (GRAM_BLOCK, n - i0), nj = MIN (GRAM_BLOCK, n - j0);

        if (tithe_job_is_cancelled (state->job))
          return FALSE;
        cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) ni, (blasint) nj, (blasint) dim, 1.0f,
                     rows + i0 * dim, (blasint) dim, rows + j0 * dim, (blasint) dim, 0.0f, block, GRAM_BLOCK);
        for (gsize i = 0; i < ni; i++)
          {
            float *line = block + i * GRAM_BLOCK;
            float smallest;

            tithe_kernel_dissimilarities (line, nj);
            if (i0 == j0)
              {
                /* The product of a block with itself need not be symmetric to the last bit: the lower half counts. */
                line[i] = FLT_MAX;
                for (gsize j = 0; j < i; j++)
                  block[j * GRAM_BLOCK + i] = line[j];
                continue;
              }
            smallest = tithe_kernel_min (line, nj);
            if (smallest < state->distance[i0 + i])
              {
                state->distance[i0 + i] = smallest;
                state->nearest[i0 + i] = (guint32) (j0 + tithe_kernel_find (line, nj, smallest));
              }
            tithe_kernel_nearest_columns (line, nj, (guint32) (i0 + i), state->distance + j0, state->nearest + j0);
            memcpy (state->matrix + (i0 + i) * n + j0, line, nj * sizeof *line);
          }
        if (i0 != j0)
          copy_transposed (block, ni, nj, GRAM_BLOCK, state->matrix + j0 * n + i0, n);
        else
          for (gsize i = 0; i < ni; i++)
            {
              float *line = block + i * GRAM_BLOCK;
              float smallest = tithe_kernel_min (line, nj);

              if (smallest < state->distance[i0 + i])
                {
                  state->distance[i0 + i] = smallest;
                  state->nearest[i0 + i] = (guint32) (j0 + tithe_kernel_find (line, nj, smallest));
                }
              memcpy (state->matrix + (i0 + i) * n + j0, line, nj * sizeof *line);
            }
        tithe_job_advance (state->job, ni * nj);
      }
  return TRUE;
}

/**
 * tithe_linkage_matrix_bytes:
 *
 * Returns: memory that tithe_linkage_from_rows() takes for @n rows, the rows included
 */
guint64
tithe_linkage_matrix_bytes (guint64 n, guint64 dim)
{
  return n * n * sizeof (float) + 2 * n * dim * sizeof (float) + n * 64 + GRAM_BLOCK * GRAM_BLOCK * sizeof (float);
}

/**
 * tithe_linkage_from_rows:
 * @rows: n x dim, each of unit length or zero
 * @merges: as of tithe_linkage_from_matrix()
 * @job: (nullable): asked for cancellation at least every few milliseconds; advanced by about n^2 / 2
 *
 * Clusters by cosine dissimilarity, 1 - <x, y>. Takes O(n^2 dim) time for the matrix, O(n^2) for the clustering, and
 * tithe_linkage_matrix_bytes() of memory.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_linkage_from_rows (const float *rows, guint32 n, gsize dim, TitheLinkage linkage, TitheMerge *merges,
                         TitheJob *job)
{
  g_autofree float *matrix = g_new (float, (gsize) n * n);
  State state;
  gboolean ok;

  state_init (&state, matrix, n, linkage, merges, job);
  ok = fill_matrix (&state, rows, dim) && run (&state);
  state_clear (&state);
  return ok;
}
