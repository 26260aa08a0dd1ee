/* SPDX-License-Identifier: MIT */
#include "tithe-linkage.h"
#include "neighbours/tithe-kernels.h"

#include <cblas.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

/*
 * Clustering in O(n dim) memory, for classes whose matrix does not fit: the dissimilarities are computed again whenever
 * they are needed, a row at a time by a matrix-vector product.
 *
 * Average: the mean of 1 - <x, y> over two clusters is one minus the dot product of their means, so a cluster is its
 * mean and its size, and the nearest-neighbour chain runs on the means.
 * Single: the merges are the edges of a minimum spanning tree (Gower and Ross 1969), found by Prim's algorithm.
 * Complete linkage has no such form.
 */

/**
 * tithe_linkage_vectors_bytes:
 *
 * Returns: memory that tithe_linkage_from_vectors() takes, the rows included
 */
guint64
tithe_linkage_vectors_bytes (guint64 n, guint64 dim)
{
  guint64 bytes;

  if (!g_uint64_checked_mul (&bytes, n, dim) || !g_uint64_checked_mul (&bytes, bytes, 4 * sizeof (float))
      || !g_uint64_checked_add (&bytes, bytes, n * 64))
    return G_MAXUINT64;
  return bytes;
}

static gboolean
run_prim (const float *rows, guint32 n, gsize dim, TitheMerge *edges, TitheJob *job)
{
  g_autofree float *outside = g_memdup2 (rows, (gsize) n * dim * sizeof (float));
  g_autofree guint32 *members = g_new (guint32, n);
  g_autofree guint32 *nearest = g_new0 (guint32, n);
  g_autofree float *distance = g_new (float, n);
  g_autofree float *fresh = g_new (float, n);
  g_autofree float *current = g_memdup2 (rows, dim * sizeof (float));
  guint32 member = 0, left = n - 1;

  for (guint32 i = 0; i < n; i++)
    {
      members[i] = i;
      distance[i] = FLT_MAX;
    }
  /* Slots 0 .. left - 1 are outside the tree; the slot that enters it is filled with the last one. */
  memcpy (outside, rows + (gsize) (n - 1) * dim, dim * sizeof (float));
  members[0] = n - 1;
  for (guint32 e = 0; e + 1 < n; e++)
    {
      guint32 slot = 0;

      if (tithe_job_is_cancelled (job))
        return FALSE;
      cblas_sgemv (CblasRowMajor, CblasNoTrans, (blasint) left, (blasint) dim, 1.0f, outside, (blasint) dim, current, 1,
                   0.0f, fresh, 1);
      tithe_kernel_dissimilarities (fresh, left);
      tithe_kernel_nearest_columns (fresh, left, member, distance, nearest);
      for (guint32 i = 1; i < left; i++)
        if (distance[i] < distance[slot] || (distance[i] == distance[slot] && members[i] < members[slot]))
          slot = i;
      edges[e] = (TitheMerge){ MIN (nearest[slot], members[slot]), MAX (nearest[slot], members[slot]), distance[slot] };
      member = members[slot];
      memcpy (current, outside + (gsize) slot * dim, dim * sizeof (float));
      left--;
      memcpy (outside + (gsize) slot * dim, outside + (gsize) left * dim, dim * sizeof (float));
      members[slot] = members[left];
      distance[slot] = distance[left];
      nearest[slot] = nearest[left];
      tithe_job_advance (job, n);
    }
  tithe_merges_from_edges (edges, n - 1, n);
  return TRUE;
}

typedef struct
{
  float *means;
  guint32 *labels; /* smallest member */
  guint32 *sizes;  /* 0 for a dead slot */
  float *fresh;
  guint32 k; /* slots, dead ones included */
} Clusters;

static void
drop_dead (Clusters *clusters, gsize dim, guint32 *chain, guint32 length)
{
  guint32 k = 0;

  for (guint32 i = 0; i < clusters->k; i++)
    {
      if (clusters->sizes[i] == 0)
        continue;
      for (guint32 c = 0; c < length; c++)
        if (chain[c] == i)
          chain[c] = k;
      memmove (clusters->means + (gsize) k * dim, clusters->means + (gsize) i * dim, dim * sizeof (float));
      clusters->labels[k] = clusters->labels[i];
      clusters->sizes[k++] = clusters->sizes[i];
    }
  clusters->k = k;
}

static guint32
nearest_mean (Clusters *clusters, guint32 slot, gsize dim, float *distance)
{
  guint32 best = G_MAXUINT32;

  cblas_sgemv (CblasRowMajor, CblasNoTrans, (blasint) clusters->k, (blasint) dim, 1.0f, clusters->means, (blasint) dim,
               clusters->means + (gsize) slot * dim, 1, 0.0f, clusters->fresh, 1);
  tithe_kernel_dissimilarities (clusters->fresh, clusters->k);
  for (guint32 i = 0; i < clusters->k; i++)
    if (i != slot && clusters->sizes[i] > 0 && (best == G_MAXUINT32 || clusters->fresh[i] < clusters->fresh[best]))
      best = i;
  *distance = clusters->fresh[best];
  return best;
}

/* Slots keep the order of the smallest members, as on the matrix. A distance computed from the two ends may differ in
 * its last bit, so a link counts only where it is strictly nearer than the one before; and where it leads back into the chain,
 * as on the matrix, that is what the top is merged with: the chain always ends. */
static gboolean
run_means (const float *rows, guint32 n, gsize dim, TitheMerge *merges, TitheJob *job)
{
  g_autofree float *means = g_memdup2 (rows, (gsize) n * dim * sizeof (float));
  g_autofree guint32 *labels = g_new (guint32, n);
  g_autofree guint32 *sizes = g_new (guint32, n);
  g_autofree float *fresh = g_new (float, n);
  g_autofree guint32 *chain = g_new (guint32, n);
  g_autofree guint32 *places = g_new0 (guint32, n);
  g_autofree float *links = g_new (float, n);
  Clusters clusters = { means, labels, sizes, fresh, n };
  guint32 length = 0, alive = n, n_merges = 0;

  for (guint32 i = 0; i < n; i++)
    {
      labels[i] = i;
      sizes[i] = 1;
    }
  while (alive > 1)
    {
      guint32 top, next, place, a, b;
      float distance, total;

      if (tithe_job_is_cancelled (job))
        return FALSE;
      if (length == 0)
        {
          for (top = 0; sizes[top] == 0;)
            top++;
          links[length] = FLT_MAX;
          places[top] = 0;
          chain[length++] = top;
        }
      top = chain[length - 1];
      next = nearest_mean (&clusters, top, dim, &distance);
      if (length == 1 || (next != chain[length - 2] && distance < links[length - 1]))
        {
          place = tithe_chain_find (chain, places, length, next);
          if (place == length)
            {
              links[length] = distance;
              places[next] = length;
              chain[length++] = next;
              continue;
            }
          length = place;
        }
      else
        {
          next = chain[length - 2];
          distance = links[length - 1];
          length -= 2;
        }
      a = MIN (top, next);
      b = MAX (top, next);
      merges[n_merges++] = (TitheMerge){ labels[a], labels[b], distance };
      total = (float) sizes[a] + (float) sizes[b];
      for (gsize j = 0; j < dim; j++)
        means[a * dim + j]
            = means[a * dim + j] * ((float) sizes[a] / total) + means[b * dim + j] * ((float) sizes[b] / total);
      sizes[a] += sizes[b];
      sizes[b] = 0;
      alive--;
      if (alive < clusters.k / 2)
        {
          drop_dead (&clusters, dim, chain, length);
          for (guint32 i = 0; i < length; i++)
            places[chain[i]] = i;
        }
      tithe_job_advance (job, n);
    }
  tithe_merges_measure_means (merges, n - 1, rows, n, dim);
  return TRUE;
}

/**
 * tithe_linkage_from_vectors:
 * @rows: n x dim, each of unit length or zero
 * @linkage: average or single
 * @merges: as of tithe_linkage_from_matrix()
 * @job: (nullable): asked for cancellation; advanced by about n^2
 *
 * Takes O(n^2 dim) time and tithe_linkage_vectors_bytes() of memory. Where the dissimilarities have no ties the tree is
 * that of tithe_linkage_from_rows().
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_linkage_from_vectors (const float *rows, guint32 n, gsize dim, TitheLinkage linkage, TitheMerge *merges,
                            TitheJob *job)
{
  g_return_val_if_fail (linkage != TITHE_LINKAGE_COMPLETE, FALSE);

  if (n < 2)
    return TRUE;
  return linkage == TITHE_LINKAGE_SINGLE ? run_prim (rows, n, dim, merges, job) : run_means (rows, n, dim, merges, job);
}
