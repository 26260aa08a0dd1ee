/* SPDX-License-Identifier: MIT */
#include "tithe-linkage.h"
#include "base/tithe-parallel.h"
#include "neighbours/tithe-kernels.h"
#include "neighbours/tithe-tiles.h"

#include <float.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Agglomerative clustering on a square matrix of dissimilarities by the nearest-neighbour chain (Benzecri 1982; Murtagh
 * 1983, "A survey of recent advances in hierarchical clustering algorithms", The Computer Journal 26, p. 357): O(n^2)
 * time whatever the data. Complete, average and single linkage are reducible, so that two clusters that are each other's
 * nearest may be merged at once, and the tree is the one that merging the closest pair again and again would give.
 *
 * What makes it quick, on two cores' worth of 5,000 rows of real embeddings (0.08 s a class, of which the matrix product
 * is a quarter):
 *
 * - A merge writes one row. Columns are never written, which would touch a cache line for each number: the merge goes to
 *   a log, and a row takes up what the log has since it was last read when it is next read.
 * - A cluster's nearest neighbour stays its nearest until that neighbour is merged itself, because no distance shrinks
 *   below it (for single linkage, none but those to the neighbour). It is searched for only then: twice a merge or so.
 *   The first ones are found while the matrix is made.
 * - When a third of the clusters are gone, the others are moved together.
 *
 * Ties: a cluster is known by its smallest member, and of two pairs at the same dissimilarity the one that comes first
 * lexicographically is the nearer. That is a strict order of all pairs, for which complete linkage stays reducible: the
 * tree is the one of the textbook algorithm with the same rule. For single linkage the heights, and the clusters between
 * two heights, are the same; how merges of one height are ordered is told in tithe-merge.c. Slots of the matrix are always in the order
 * of the clusters' smallest members, so "lowest slot" is that rule.
 */

#define CANCEL_ROWS 128
#define STALE (-1)

/* What a row has to make up for: slot b went into slot a. */
typedef struct
{
  guint32 a, b;
  float weight_a, weight_b; /* shares of the members, for average linkage */
} Merged;

/* A position in the log is the number of merges before it; compact() begins the log anew. */
typedef struct
{
  float *matrix; /* k x k, rows as far as the log has been applied to them, FLT_MAX on the diagonal and to dead slots */
  guint32 k;     /* slots */
  TitheLinkage linkage;
  guint32 *labels;  /* smallest member of each cluster, ascending */
  guint32 *sizes;   /* 0 for a dead slot */
  guint32 *nearest; /* slot of the nearest cluster, the lowest of those at the same dissimilarity */
  float *distance;  /* to it */
  gint32 *searched; /* position at which the nearest was found, or STALE */
  gint32 *changed;  /* position after the slot's last merge */
  gint32 *applied;  /* position up to which the row is up to date */
  Merged *log;
  gint32 n_log;
  TitheMerge *merges;
  guint32 n_merges;
  guint n_threads; /* that fill the matrix */
  TitheJob *job;
} State;

struct _TitheLinkageBuffer
{
  float *data;
  gsize n_bytes;
  const float *copy; /* of the dissimilarities, where one was kept */
};

const TitheWord tithe_linkage_words[] = {
  { "complete", TITHE_LINKAGE_COMPLETE, "groups are as unlike as their two most unlike images" },
  { "average", TITHE_LINKAGE_AVERAGE, "the mean over all pairs of their images" },
  { "single", TITHE_LINKAGE_SINGLE, "groups are as unlike as their two most alike images" },
  { NULL, 0, NULL },
};

/**
 * tithe_linkage_to_string:
 *
 * Returns: (transfer none): the word for it in files and on the command line, such as “complete”
 */
const char *
tithe_linkage_to_string (TitheLinkage linkage)
{
  return tithe_words_to_text (tithe_linkage_words, (int) linkage);
}

/**
 * tithe_linkage_from_string:
 * @string: (nullable): such as “complete”
 * @linkage: (out): left alone where the word is not known
 *
 * Returns: whether the word is known
 */
gboolean
tithe_linkage_from_string (const char *string, TitheLinkage *linkage)
{
  int value;

  if (!tithe_words_find (tithe_linkage_words, string, &value))
    return FALSE;
  *linkage = (TitheLinkage) value;
  return TRUE;
}

/* --- memory --- */

/**
 * tithe_linkage_buffer_new:
 *
 * Returns: (transfer full): memory for one class after another. Fresh pages cost a small class more than its clustering.
 */
TitheLinkageBuffer *
tithe_linkage_buffer_new (void)
{
  return g_new0 (TitheLinkageBuffer, 1);
}

/* tithe_linkage_buffer_free: with what tithe_linkage_buffer_get_dissimilarities() gave */
void
tithe_linkage_buffer_free (TitheLinkageBuffer *self)
{
  if (self->data != NULL)
    munmap (self->data, self->n_bytes);
  g_free (self);
}

/* The buffer with room for @n_bytes; what was in it is gone. */
static float *
buffer_reserve (TitheLinkageBuffer *self, gsize n_bytes)
{
  self->copy = NULL;
  if (n_bytes <= self->n_bytes)
    return self->data;
  if (self->data != NULL)
    munmap (self->data, self->n_bytes);
  self->data = mmap (NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (self->data == MAP_FAILED)
    g_error ("no memory for %zu bytes of dissimilarities", n_bytes);
  self->n_bytes = n_bytes;
  madvise (self->data, n_bytes, MADV_HUGEPAGE);
  return self->data;
}

/**
 * tithe_linkage_buffer_get_dissimilarities:
 *
 * Returns: (transfer none) (nullable): the n x n dissimilarities of the class that was clustered last, where dim is so
 *   large that keeping them is cheaper than what they save
 */
const float *
tithe_linkage_buffer_get_dissimilarities (TitheLinkageBuffer *self)
{
  return self->copy;
}

/* Whether n^2 more numbers than the matrix are worth their memory. */
static gboolean
keeps_copy (guint64 n, guint64 dim)
{
  return n <= 4 * dim;
}

static void
state_init (State *state, float *matrix, guint32 n, TitheLinkage linkage, TitheMerge *merges, TitheJob *job)
{
  *state = (State){ .matrix = matrix, .k = n, .linkage = linkage, .merges = merges, .job = job };
  state->labels = g_new (guint32, n);
  state->sizes = g_new (guint32, n);
  state->nearest = g_new0 (guint32, n);
  state->distance = g_new (float, n);
  state->searched = g_new0 (gint32, n);
  state->changed = g_new0 (gint32, n);
  state->applied = g_new0 (gint32, n);
  state->log = g_new (Merged, n);
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
  g_free (state->searched);
  g_free (state->changed);
  g_free (state->applied);
  g_free (state->log);
}

/* --- the chain --- */

static float *
get_row (State *state, guint32 slot)
{
  return state->matrix + (gsize) slot * state->k;
}

/* Brings a row up to date. The log's order is random for the row: it is fetched in order first. */
static void
apply_log (State *state, guint32 slot)
{
  float *row = get_row (state, slot);
  const Merged *merged = state->log + state->applied[slot], *end = state->log + state->n_log;

  if (end - merged > 16)
    for (guint32 i = 0; i < state->k; i += 16)
      __builtin_prefetch (row + i);
  switch (state->linkage)
    {
    case TITHE_LINKAGE_COMPLETE:
      for (; merged < end; merged++)
        {
          row[merged->a] = MAX (row[merged->a], row[merged->b]);
          row[merged->b] = FLT_MAX;
        }
      break;
    case TITHE_LINKAGE_SINGLE:
      for (; merged < end; merged++)
        {
          row[merged->a] = MIN (row[merged->a], row[merged->b]);
          row[merged->b] = FLT_MAX;
        }
      break;
    case TITHE_LINKAGE_AVERAGE:
    default:
      for (; merged < end; merged++)
        {
          row[merged->a] = row[merged->a] * merged->weight_a + row[merged->b] * merged->weight_b;
          row[merged->b] = FLT_MAX;
        }
    }
  state->applied[slot] = state->n_log;
}

static void
search_nearest (State *state, guint32 slot)
{
  float *row = get_row (state, slot);

  apply_log (state, slot);
  state->distance[slot] = tithe_kernel_min (row, state->k);
  state->nearest[slot] = (guint32) tithe_kernel_find (row, state->k, state->distance[slot]);
  state->searched[slot] = state->n_log;
}

/* Merges slots a < b into a; b is dead after it. */
static void
merge (State *state, guint32 a, guint32 b)
{
  float *row_a = get_row (state, a), *row_b = get_row (state, b);
  float total = (float) state->sizes[a] + (float) state->sizes[b];
  Merged merged = { a, b, (float) state->sizes[a] / total, (float) state->sizes[b] / total };

  apply_log (state, a);
  apply_log (state, b);
  state->merges[state->n_merges++] = (TitheMerge){ state->labels[a], state->labels[b], row_a[b] };
  if (state->linkage == TITHE_LINKAGE_COMPLETE)
    tithe_kernel_max_rows (row_a, row_b, state->k);
  else if (state->linkage == TITHE_LINKAGE_SINGLE)
    tithe_kernel_min_rows (row_a, row_b, state->k);
  else
    tithe_kernel_mean_rows (row_a, row_b, merged.weight_a, merged.weight_b, state->k);
  row_a[a] = row_a[b] = FLT_MAX;
  state->sizes[a] += state->sizes[b];
  state->sizes[b] = 0;
  state->log[state->n_log++] = merged;
  state->changed[a] = state->changed[b] = state->applied[a] = state->n_log;
  state->searched[a] = STALE;
}

static gboolean
knows_nearest (const State *state, guint32 slot)
{
  return state->searched[slot] != STALE && state->changed[state->nearest[slot]] <= state->searched[slot];
}

/* Drops dead slots, keeping the order. In place: a row's new place ends before its old one does. @chain holds slots, too.
 * FALSE where the job was cancelled. */
static gboolean
compact (State *state, guint32 *chain, guint32 chain_length)
{
  const guint32 old_k = state->k;
  g_autofree guint32 *slots = g_new (guint32, old_k); /* old slots of those that live */
  g_autofree guint32 *new_slot = g_new0 (guint32, old_k);
  guint32 k = 0;

  for (guint32 i = 0; i < old_k; i++)
    if (state->sizes[i] > 0)
      {
        new_slot[i] = k;
        slots[k++] = i;
      }
  for (guint32 c = 0; c < k; c++)
    {
      guint32 i = slots[c];

      if (c % CANCEL_ROWS == 0 && tithe_job_is_cancelled (state->job))
        return FALSE;
      apply_log (state, i);
      tithe_kernel_gather (get_row (state, i), slots, state->matrix + (gsize) c * k, k);
    }
  for (guint32 c = 0; c < k; c++)
    {
      guint32 i = slots[c];

      state->searched[c] = knows_nearest (state, i) ? 0 : STALE;
      state->nearest[c] = state->searched[c] != STALE ? new_slot[state->nearest[i]] : 0;
      state->distance[c] = state->distance[i];
      state->labels[c] = state->labels[i];
    }
  for (guint32 c = 0; c < k; c++)
    state->sizes[c] = state->sizes[slots[c]];
  memset (state->changed, 0, k * sizeof *state->changed);
  memset (state->applied, 0, k * sizeof *state->applied);
  for (guint32 i = 0; i < chain_length; i++)
    chain[i] = new_slot[chain[i]];
  state->n_log = 0;
  state->k = k;
  return TRUE;
}

/* Whether the step from @slot to its nearest is shorter than the one from @previous to @slot, of length @length, in the
 * strict order of pairs. Means differ in the last bit when seen from either side: the order ends the chain there, too. */
static gboolean
is_nearer (const State *state, guint32 slot, guint32 previous, float length)
{
  guint32 next = state->nearest[slot];
  guint32 low = MIN (slot, next), low_before = MIN (slot, previous);

  if (state->distance[slot] != length)
    return state->distance[slot] < length;
  return low != low_before ? low < low_before : MAX (slot, next) < MAX (slot, previous);
}

/* The nearest neighbours of all rows are known. By rounding a mean may be less by the last bit than both that it is of, and
 * the chain come back to what stands in it: then that is what the top is merged with, for no step before was as short. */
static gboolean
run_chain (State *state)
{
  g_autofree guint32 *chain = g_new (guint32, state->k), *places = g_new0 (guint32, state->k);
  const guint32 n = state->k;
  guint32 length = 0, alive = n, first = 0;

  while (alive > 1)
    {
      guint32 top, partner;

      if (tithe_job_is_cancelled (state->job))
        return FALSE;
      if (length == 0)
        {
          while (state->sizes[first] == 0)
            first++;
          places[first] = 0;
          chain[length++] = first;
        }
      top = chain[length - 1];
      if (!knows_nearest (state, top))
        search_nearest (state, top);
      if (length == 1 || is_nearer (state, top, chain[length - 2], state->distance[chain[length - 2]]))
        {
          const guint32 place = tithe_chain_find (chain, places, length, state->nearest[top]);

          partner = state->nearest[top];
          if (place == length)
            {
              places[partner] = length;
              chain[length++] = partner;
              continue;
            }
          length = place;
        }
      else
        {
          partner = chain[length - 2];
          length -= 2;
        }
      merge (state, MIN (top, partner), MAX (top, partner));
      if (--alive % 64 == 0)
        tithe_job_advance (state->job, 64 * ((guint64) n / 2));
      if (alive < state->k / 3 * 2)
        {
          if (!compact (state, chain, length))
            return FALSE;
          for (guint32 i = 0; i < length; i++)
            places[chain[i]] = i;
          first = 0;
        }
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
 * Takes O(n^2) time, and O(n) memory besides the matrix.
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
    search_nearest (&state, i);
  ok = run_chain (&state);
  state_clear (&state);
  if (ok && linkage == TITHE_LINKAGE_SINGLE)
    tithe_merges_from_edges (merges, n - 1, n);
  return ok;
}

/* --- the matrix --- */

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

static void
note_nearest (State *state, gsize i, gsize j0, const float *line, gsize n)
{
  float smallest = tithe_kernel_min (line, n);

  if (smallest < state->distance[i])
    {
      state->distance[i] = smallest;
      state->nearest[i] = (guint32) (j0 + tithe_kernel_find (line, n, smallest));
    }
}

/* Writes a tile, on the diagonal or below it, to both sides of the matrix. Where one thread works, the nearest neighbours
 * that it has are noted while it is in the cache. */
static gboolean
take_tile (const TitheTile *tile, gpointer user_data)
{
  State *state = user_data;
  const gsize n = state->k, i0 = tile->first_row, j0 = tile->first_column, stride = tile->stride;
  const gboolean diagonal = i0 == j0, notes = state->n_threads == 1;
  float *place = state->matrix + i0 * n + j0;

  for (gsize i = 0; i < tile->n_rows; i++)
    {
      float *line = tile->values + i * stride;

      if (diagonal)
        {
          /* The product of a block with itself need not be symmetric to the last bit: the lower half counts. */
          line[i] = FLT_MAX;
          for (gsize j = 0; j < i; j++)
            tile->values[j * stride + i] = line[j];
          continue;
        }
      if (!notes)
        continue;
      note_nearest (state, i0 + i, j0, line, tile->n_columns);
      tithe_kernel_nearest_columns (line, tile->n_columns, (guint32) (i0 + i), state->distance + j0,
                                    state->nearest + j0);
    }
  if (diagonal && notes)
    for (gsize i = 0; i < tile->n_rows; i++)
      note_nearest (state, i0 + i, j0, tile->values + i * stride, tile->n_columns);
  if (!diagonal)
    copy_transposed (tile->values, tile->n_rows, tile->n_columns, stride, state->matrix + j0 * n + i0, n);
  for (gsize i = 0; i < tile->n_rows; i++)
    memcpy (place + i * n, tile->values + i * stride, tile->n_columns * sizeof (float));
  return TRUE;
}

static void
search_rows (gsize begin, gsize end, gpointer user_data)
{
  State *state = user_data;

  for (gsize i = begin; i < end; i++)
    note_nearest (state, i, 0, get_row (state, (guint32) i), state->k);
}

/* The matrix, and the nearest neighbour of every row. */
static gboolean
fill (State *state, const float *rows, gsize dim, guint n_threads)
{
  state->n_threads = n_threads;
  if (!tithe_tiles_visit (rows, state->k, NULL, 0, dim, n_threads, take_tile, state, state->job))
    return FALSE;
  if (n_threads > 1)
    tithe_parallel_for (n_threads, state->k, CANCEL_ROWS, search_rows, state, NULL);
  return TRUE;
}

/**
 * tithe_linkage_matrix_bytes:
 *
 * Returns: memory that tithe_linkage_from_rows() takes for @n rows, the rows and their dendrogram included
 */
guint64
tithe_linkage_matrix_bytes (guint64 n, guint64 dim)
{
  const guint64 matrix = n * n; /* n is below 2^31 */
  const guint64 edge = MIN (n, tithe_tiles_get_edge (dim));
  guint64 bytes;

  if (!g_uint64_checked_mul (&bytes, matrix, sizeof (float) * (keeps_copy (n, dim) ? 2 : 1))
      || !g_uint64_checked_add (&bytes, bytes, tithe_linkage_vectors_bytes (n, dim))
      || !g_uint64_checked_add (&bytes, bytes, n * 64 + edge * edge * sizeof (float)))
    return G_MAXUINT64;
  return bytes;
}

/**
 * tithe_linkage_from_rows:
 * @rows: n x dim, each of unit length or zero
 * @merges: as of tithe_linkage_from_matrix()
 * @buffer: grown as needed; afterwards it may know the dissimilarities
 * @n_threads: that share the matrix; the result does not depend on them
 * @job: (nullable): asked for cancellation at least every few milliseconds; advanced by about n^2
 *
 * Clusters by cosine dissimilarity, 1 - <x, y>. Takes O(n^2 dim) time for the matrix, O(n^2) for the clustering, and
 * tithe_linkage_matrix_bytes() of memory.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_linkage_from_rows (const float *rows, guint32 n, gsize dim, TitheLinkage linkage, TitheMerge *merges,
                         TitheLinkageBuffer *buffer, guint n_threads, TitheJob *job)
{
  const gsize n_values = (gsize) n * n;
  gboolean copy = keeps_copy (n, dim), ok;
  float *matrix = buffer_reserve (buffer, n_values * sizeof (float) * (copy ? 2 : 1));
  State state;

  state_init (&state, matrix, n, linkage, merges, job);
  ok = fill (&state, rows, dim, n_threads);
  if (ok && copy)
    {
      memcpy (matrix + n_values, matrix, n_values * sizeof (float));
      buffer->copy = matrix + n_values;
    }
  ok = ok && run_chain (&state);
  state_clear (&state);
  if (ok && linkage == TITHE_LINKAGE_AVERAGE)
    tithe_merges_measure_means (merges, n - 1, rows, n, dim);
  if (ok && linkage == TITHE_LINKAGE_SINGLE)
    tithe_merges_from_edges (merges, n - 1, n);
  return ok;
}
