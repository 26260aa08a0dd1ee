/* SPDX-License-Identifier: MIT */
#include "tithe-neighbours.h"
#include "tithe-kernels.h"
#include "tithe-tiles.h"

#include <float.h>
#include <string.h>

/* Columns looked at before it is asked where in them something is. */
#define GROUP 64
/* Pairs that a piece has room for. A band's pairs are a list of pieces, so that none is copied while it grows. */
#define PIECE_PAIRS 8192

typedef struct _Piece Piece;
struct _Piece
{
  Piece *next;
  guint32 n;
  TithePair pairs[PIECE_PAIRS];
};

typedef struct
{
  Piece *first, *last;
} Band;

struct _TithePairs
{
  gsize n, n_bands, edge;
  Band *bands;
  float limit;
  guint64 max_pairs;
  gboolean is_one_set;
  gint64 n_pairs; /* atomic while they are looked for */
};

static void
band_add (Band *band, guint32 a, guint32 b, float dissimilarity)
{
  if (band->last == NULL || band->last->n == PIECE_PAIRS)
    {
      Piece *piece = g_malloc (sizeof *piece);

      piece->next = NULL;
      piece->n = 0;
      if (band->last != NULL)
        band->last->next = piece;
      else
        band->first = piece;
      band->last = piece;
    }
  band->last->pairs[band->last->n++] = (TithePair){ a, b, dissimilarity };
}

static void
band_clear (Band *band)
{
  while (band->first != NULL)
    {
      Piece *piece = band->first;

      band->first = piece->next;
      g_free (piece);
    }
  band->last = NULL;
}

static gboolean
is_full (TithePairs *self)
{
  return (guint64) __atomic_load_n (&self->n_pairs, __ATOMIC_RELAXED) > self->max_pairs;
}

static gboolean
take_pairs (const TitheTile *tile, gpointer user_data)
{
  TithePairs *self = user_data;
  Band *band = &self->bands[tile->first_row / self->edge];
  gint64 n_found = 0;

  for (gsize i = 0; i < tile->n_rows; i++)
    {
      const float *line = tile->values + i * tile->stride;
      const gsize n = self->is_one_set ? tithe_tile_count_columns (tile, i) : tile->n_columns;

      for (gsize j0 = 0; j0 < n; j0 += GROUP)
        {
          const gsize end = MIN (n, j0 + GROUP);

          if (tithe_kernel_min (line + j0, end - j0) > self->limit)
            continue;
          for (gsize j = j0; j < end; j++)
            if (line[j] <= self->limit)
              {
                band_add (band, (guint32) (tile->first_row + i), (guint32) (tile->first_column + j), line[j]);
                n_found++;
              }
        }
    }
  __atomic_add_fetch (&self->n_pairs, n_found, __ATOMIC_RELAXED);
  return !is_full (self);
}

/**
 * tithe_pairs_find:
 * @rows: n x dim, each of unit length or zero
 * @others: (nullable): n_others x dim, or %NULL for pairs within @rows
 * @limit: the largest dissimilarity of a pair
 * @max_pairs: where there are more, the search ends, and what was found is dropped
 * @job: (nullable): as of tithe_tiles_visit()
 *
 * All pairs within a dissimilarity: none is missed, and those of one set come once. Takes the time of
 * tithe_tiles_visit(), and sizeof(TithePair) bytes a pair.
 *
 * Returns: (transfer full) (nullable): the pairs, or %NULL where the job was cancelled
 */
TithePairs *
tithe_pairs_find (const float *rows, gsize n, const float *others, gsize n_others, gsize dim, float limit,
                  guint64 max_pairs, guint n_threads, TitheJob *job)
{
  g_autoptr (TithePairs) self = g_new0 (TithePairs, 1);

  g_return_val_if_fail (n <= G_MAXUINT32 && n_others <= G_MAXUINT32, NULL);

  self->n = n;
  self->edge = tithe_tiles_get_edge (dim);
  self->n_bands = (n + self->edge - 1) / self->edge;
  self->bands = g_new0 (Band, MAX (1, self->n_bands));
  self->limit = limit;
  self->max_pairs = max_pairs;
  self->is_one_set = others == NULL;
  if (!tithe_tiles_visit (rows, n, others, n_others, dim, n_threads, take_pairs, self, job))
    return NULL;
  if (is_full (self))
    for (gsize b = 0; b < self->n_bands; b++)
      band_clear (&self->bands[b]);
  return g_steal_pointer (&self);
}

/* tithe_pairs_free: (transfer full) @self */
void
tithe_pairs_free (TithePairs *self)
{
  for (gsize b = 0; b < self->n_bands; b++)
    band_clear (&self->bands[b]);
  g_free (self->bands);
  g_free (self);
}

/* tithe_pairs_get_n: how many there are; where the search ended for their number, more than was allowed */
guint64
tithe_pairs_get_n (TithePairs *self)
{
  return (guint64) self->n_pairs;
}

/* tithe_pairs_is_whole: whether there were no more than was allowed */
gboolean
tithe_pairs_is_whole (TithePairs *self)
{
  return !is_full (self);
}

/**
 * tithe_pairs_steal:
 *
 * Returns: (transfer full) (array): all of them, in no order that counts; @self has none left
 */
TithePair *
tithe_pairs_steal (TithePairs *self)
{
  TithePair *pairs = g_new (TithePair, MAX (1, tithe_pairs_get_n (self)));
  gsize n = 0;

  g_return_val_if_fail (tithe_pairs_is_whole (self), pairs);

  for (gsize b = 0; b < self->n_bands; b++)
    {
      for (Piece *piece = self->bands[b].first; piece != NULL; piece = piece->next)
        {
          memcpy (pairs + n, piece->pairs, piece->n * sizeof *pairs);
          n += piece->n;
        }
      band_clear (&self->bands[b]);
    }
  self->n_pairs = 0;
  return pairs;
}

/**
 * tithe_neighbours_new_from_pairs:
 * @pairs: of one set; it has none left afterwards, so that there is never room for both
 *
 * Bands come in the order of the rows and each of them in that of its columns: appended in that order a row's neighbours
 * are in order, too. Takes O(n + pairs) time.
 *
 * Returns: (transfer full): the graph
 */
TitheNeighbours *
tithe_neighbours_new_from_pairs (TithePairs *pairs)
{
  TitheNeighbours *self = g_new0 (TitheNeighbours, 1);
  g_autofree gsize *ends = g_new0 (gsize, pairs->n + 1);

  g_return_val_if_fail (pairs->is_one_set && tithe_pairs_is_whole (pairs), NULL);

  self->n = pairs->n;
  self->starts = g_new0 (gsize, pairs->n + 1);
  self->items = g_new (TitheNeighbour, MAX (1, 2 * (gsize) tithe_pairs_get_n (pairs)));
  for (gsize b = 0; b < pairs->n_bands; b++)
    for (Piece *piece = pairs->bands[b].first; piece != NULL; piece = piece->next)
      for (guint32 p = 0; p < piece->n; p++)
        {
          self->starts[piece->pairs[p].a + 1]++;
          self->starts[piece->pairs[p].b + 1]++;
        }
  for (gsize i = 0; i < self->n; i++)
    self->starts[i + 1] += self->starts[i];
  memcpy (ends, self->starts, self->n * sizeof *ends);
  for (gsize b = 0; b < pairs->n_bands; b++)
    {
      for (Piece *piece = pairs->bands[b].first; piece != NULL; piece = piece->next)
        for (guint32 p = 0; p < piece->n; p++)
          {
            const TithePair *pair = &piece->pairs[p];

            self->items[ends[pair->a]++] = (TitheNeighbour){ pair->b, pair->dissimilarity };
            self->items[ends[pair->b]++] = (TitheNeighbour){ pair->a, pair->dissimilarity };
          }
      band_clear (&pairs->bands[b]);
    }
  pairs->n_pairs = 0;
  return self;
}

/* tithe_neighbours_free: (transfer full) @self */
void
tithe_neighbours_free (TitheNeighbours *self)
{
  g_free (self->starts);
  g_free (self->items);
  g_free (self);
}

/* --- the nearest --- */

typedef struct
{
  TitheNeighbour *nearest; /* n x k, each row's by dissimilarity and then index */
  guint k;
  gboolean is_one_set;
} Nearest;

/* Puts a neighbour in its place among @k, of which the last one is further away. */
static void
insert_nearest (TitheNeighbour *nearest, guint k, guint32 index, float dissimilarity)
{
  guint place = k - 1;

  while (place > 0
         && (nearest[place - 1].dissimilarity > dissimilarity
             || (nearest[place - 1].dissimilarity == dissimilarity && nearest[place - 1].index > index)))
    {
      nearest[place] = nearest[place - 1];
      place--;
    }
  nearest[place] = (TitheNeighbour){ index, dissimilarity };
}

static gboolean
take_nearest (const TitheTile *tile, gpointer user_data)
{
  const Nearest *self = user_data;

  for (gsize i = 0; i < tile->n_rows; i++)
    {
      const float *line = tile->values + i * tile->stride;
      const gsize row = tile->first_row + i;
      TitheNeighbour *nearest = self->nearest + row * self->k;
      const TitheNeighbour *last = nearest + self->k - 1;

      for (gsize j0 = 0; j0 < tile->n_columns; j0 += GROUP)
        {
          const gsize end = MIN (tile->n_columns, j0 + GROUP);

          if (tithe_kernel_min (line + j0, end - j0) >= last->dissimilarity)
            continue;
          for (gsize j = j0; j < end; j++)
            if (line[j] < last->dissimilarity && !(self->is_one_set && tile->first_column + j == row))
              insert_nearest (nearest, self->k, (guint32) (tile->first_column + j), line[j]);
        }
    }
  return TRUE;
}

/**
 * tithe_neighbours_find_nearest:
 * @rows: n x dim, each of unit length or zero
 * @others: (nullable): n_others x dim, among which the nearest of each of @rows are looked for; %NULL for @rows
 *   themselves, where no row is its own neighbour
 * @k: how many of each, at least 1
 * @nearest: (out caller-allocates) (array length=n*k): those of each row, the nearest first, of those at the same
 *   dissimilarity the lowest index; where there are less than @k, index %G_MAXUINT32 and dissimilarity %FLT_MAX
 * @job: (nullable): as of tithe_tiles_visit()
 *
 * Exact. Takes the time of tithe_tiles_visit() for two sets.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_neighbours_find_nearest (const float *rows, gsize n, const float *others, gsize n_others, gsize dim, guint k,
                               TitheNeighbour *nearest, guint n_threads, TitheJob *job)
{
  Nearest self = { nearest, k, others == NULL };

  g_return_val_if_fail (k > 0, FALSE);

  for (gsize i = 0; i < n * k; i++)
    nearest[i] = (TitheNeighbour){ G_MAXUINT32, FLT_MAX };
  return tithe_tiles_visit (rows, n, others ? others : rows, others ? n_others : n, dim, n_threads, take_nearest, &self,
                            job);
}
