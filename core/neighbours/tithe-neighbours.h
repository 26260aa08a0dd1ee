/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"

G_BEGIN_DECLS

/**
 * TitheNeighbour:
 * @index: of a row
 * @dissimilarity: to it, 0 to 2
 */
typedef struct
{
  guint32 index;
  float dissimilarity;
} TitheNeighbour;

/**
 * TithePair:
 * @a: a row
 * @b: another one, below @a where both are of one set
 * @dissimilarity: between them
 */
typedef struct
{
  guint32 a;
  guint32 b;
  float dissimilarity;
} TithePair;

/**
 * TitheNeighbours:
 * @n: rows
 * @starts: (array length=n+1): where the neighbours of each row begin in @items, and the end of the last one's
 * @items: each row's neighbours by their index; every pair of one set is there twice
 *
 * All pairs of rows within a dissimilarity, as a graph.
 */
typedef struct
{
  gsize n;
  gsize *starts;
  TitheNeighbour *items;
} TitheNeighbours;

/* Pairs of one band of rows after another: what is found, before it is put in order. */
typedef struct _TithePairs TithePairs;

TithePairs *tithe_pairs_find (const float *rows, gsize n, const float *others, gsize n_others, gsize dim, float limit,
                              guint64 max_pairs, guint n_threads, TitheJob *job);
void tithe_pairs_free (TithePairs *self);
guint64 tithe_pairs_get_n (TithePairs *self);
gboolean tithe_pairs_is_whole (TithePairs *self);
TithePair *tithe_pairs_steal (TithePairs *self);

TitheNeighbours *tithe_neighbours_new_from_pairs (TithePairs *pairs);
void tithe_neighbours_free (TitheNeighbours *self);

gboolean tithe_neighbours_find_nearest (const float *rows, gsize n, const float *others, gsize n_others, gsize dim,
                                        guint k, TitheNeighbour *nearest, guint n_threads, TitheJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TithePairs, tithe_pairs_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheNeighbours, tithe_neighbours_free)

G_END_DECLS
