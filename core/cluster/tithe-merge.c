/* SPDX-License-Identifier: MIT */
#include "tithe-merge.h"
#include "neighbours/tithe-kernels.h"

#include <stdlib.h>

/*
 * What makes merges the same to the bit whichever way they were found: on a matrix, in vectors or on a graph.
 */

/**
 * tithe_merge_compare:
 *
 * For qsort(): the strict order of merges, by height and then lexicographically.
 */
int
tithe_merge_compare (gconstpointer a, gconstpointer b)
{
  const TitheMerge *x = a, *y = b;

  if (x->height != y->height)
    return x->height < y->height ? -1 : 1;
  if (x->a != y->a)
    return x->a < y->a ? -1 : 1;
  return x->b < y->b ? -1 : x->b > y->b;
}

/**
 * tithe_merges_measure_means:
 * @merges: (inout) (array length=n_merges): by average linkage; a cluster's merge after those that made its parts
 * @rows: n x dim, each of unit length or zero
 *
 * Means that are updated merge by merge in float32 gather rounding, and more or less of it by the way they went. The mean
 * dissimilarity of two clusters is 1 - <s, t> / (|s| |t|) with s and t the sums of their rows: that is what each height
 * becomes, in double precision and in the order of the tree alone, and at least that of its parts. Takes O(n dim) time, and 8 n dim bytes.
 */
void
tithe_merges_measure_means (TitheMerge *merges, guint32 n_merges, const float *rows, guint32 n, gsize dim)
{
  g_autofree double *sums = g_new (double, MAX (1, (gsize) n * dim));
  g_autofree guint32 *sizes = g_new (guint32, n);
  g_autofree float *heights = g_new0 (float, n);

  for (gsize i = 0; i < (gsize) n * dim; i++)
    sums[i] = rows[i];
  for (guint32 i = 0; i < n; i++)
    sizes[i] = 1;
  for (guint32 t = 0; t < n_merges; t++)
    {
      double *a = sums + (gsize) merges[t].a * dim;
      const double *b = sums + (gsize) merges[t].b * dim;
      double product = 0;
      float mean;

      for (gsize j = 0; j < dim; j++)
        {
          product += a[j] * b[j];
          a[j] += b[j];
        }
      mean = (float) (product / ((double) sizes[merges[t].a] * (double) sizes[merges[t].b]));
      sizes[merges[t].a] += sizes[merges[t].b];
      tithe_kernel_dissimilarities (&mean, 1);
      heights[merges[t].a] = merges[t].height = MAX (mean, MAX (heights[merges[t].a], heights[merges[t].b]));
    }
}

/**
 * tithe_chain_find:
 * @chain: (array length=length): of nearest neighbours
 * @places: of each item, where it stands in the chain if it does; what it says of others does not matter
 *
 * Returns: where @item stands in the chain, @length where it does not
 */
guint32
tithe_chain_find (const guint32 *chain, const guint32 *places, guint32 length, guint32 item)
{
  return places[item] < length && chain[places[item]] == item ? places[item] : length;
}

/* tithe_merges_find_root: of @i in a forest of @parents, in which the way there is made shorter */
guint32
tithe_merges_find_root (guint32 *parents, guint32 i)
{
  while (parents[i] != i)
    i = parents[i] = parents[parents[i]];
  return i;
}

static int
compare_indices (gconstpointer a, gconstpointer b)
{
  const guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

/**
 * tithe_merges_from_edges:
 * @edges: (inout) (array length=n_edges): of a spanning forest of @n rows, @a and @b the rows that an edge connects; they
 *   become the merges of single linkage
 * @n: rows
 *
 * A cluster is known by its smallest member. Which edges of a height a spanning forest has is a matter of chance, but not
 * what they connect: the clusters that get connected at one height are merged into the first of them, in their order.
 * Takes O(n log n) time.
 */
void
tithe_merges_from_edges (TitheMerge *edges, guint32 n_edges, guint32 n)
{
  g_autofree guint32 *parents = g_new (guint32, n);
  g_autofree guint32 *roots = g_new (guint32, 2 * (gsize) n_edges + 1);
  guint32 end;

  for (guint32 i = 0; i < n; i++)
    parents[i] = i;
  qsort (edges, n_edges, sizeof *edges, tithe_merge_compare);
  for (guint32 begin = 0; begin < n_edges; begin = end)
    {
      const float height = edges[begin].height;
      guint32 n_roots = 0, n_merges = begin;

      for (end = begin; end < n_edges && edges[end].height == height; end++)
        {
          roots[n_roots++] = tithe_merges_find_root (parents, edges[end].a);
          roots[n_roots++] = tithe_merges_find_root (parents, edges[end].b);
        }
      for (guint32 e = begin; e < end; e++)
        {
          const guint32 a = tithe_merges_find_root (parents, edges[e].a),
                        b = tithe_merges_find_root (parents, edges[e].b);

          parents[MAX (a, b)] = MIN (a, b);
        }
      qsort (roots, n_roots, sizeof *roots, compare_indices);
      for (guint32 r = 0; r < n_roots; r++)
        {
          const guint32 first = tithe_merges_find_root (parents, roots[r]);

          if (first != roots[r] && (r == 0 || roots[r] != roots[r - 1]))
            edges[n_merges++] = (TitheMerge){ first, roots[r], height };
        }
      g_assert (n_merges == end);
      qsort (edges + begin, end - begin, sizeof *edges, tithe_merge_compare);
    }
}
