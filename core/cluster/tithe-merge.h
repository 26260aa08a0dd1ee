/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TitheMerge:
 * @a: smallest member of one cluster
 * @b: smallest member of the other, greater than @a
 * @height: the dissimilarity at which they merge
 */
typedef struct
{
  guint32 a;
  guint32 b;
  float height;
} TitheMerge;

int tithe_merge_compare (gconstpointer a, gconstpointer b);

void tithe_merges_measure_means (TitheMerge *merges, guint32 n_merges, const float *rows, guint32 n, gsize dim);
void tithe_merges_from_edges (TitheMerge *edges, guint32 n_edges, guint32 n);
guint32 tithe_chain_find (const guint32 *chain, const guint32 *places, guint32 length, guint32 item);
guint32 tithe_merges_find_root (guint32 *parents, guint32 i);

G_END_DECLS
