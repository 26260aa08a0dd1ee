/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"

G_BEGIN_DECLS

/**
 * TitheTile:
 * @first_row: of one set
 * @n_rows: at most the tile's edge
 * @first_column: of the other set
 * @n_columns: at most the tile's edge
 * @values: cosine dissimilarities, n_rows lines of n_columns that are @stride apart; the function that gets them may
 *   change them
 *
 * A block of the dissimilarities between two sets of rows, or between the rows of one set.
 */
typedef struct
{
  gsize first_row;
  gsize n_rows;
  gsize first_column;
  gsize n_columns;
  float *values;
  gsize stride;
} TitheTile;

/* Called from several threads at once, but for one band of rows by one thread, in the order of the columns. FALSE ends the
 * visit: no tile is begun after it. */
typedef gboolean (*TitheTileFunc) (const TitheTile *tile, gpointer user_data);

gsize tithe_tiles_get_edge (gsize dim);
gboolean tithe_tiles_visit (const float *rows, gsize n, const float *columns, gsize n_columns, gsize dim,
                            guint n_threads, TitheTileFunc func, gpointer user_data, TitheJob *job);

/* tithe_tile_count_columns: how many of a tile's columns count for a row of it, where both are of one set: those left of the diagonal */
static inline gsize
tithe_tile_count_columns (const TitheTile *tile, gsize row)
{
  const gsize place = tile->first_row + row;

  return place <= tile->first_column ? 0 : MIN (tile->n_columns, place - tile->first_column);
}

G_END_DECLS
