/* SPDX-License-Identifier: MIT */
#include "cluster/tithe-dendrogram.h"

#include <math.h>
#include <string.h>

/* Rows in clusters, some of them twice, some of them zero, on a grid that makes ties where asked for. */
static float *
random_rows (GRand *rand, guint32 n, guint32 dim, gboolean ties)
{
  float *rows = g_new0 (float, n *dim);
  const gboolean grid = ties && g_rand_boolean (rand);
  const double width = g_rand_double_range (rand, 0.05, 1);

  for (guint32 i = 0; i < n; i++)
    {
      const guint32 other = i > 0 ? (guint32) g_rand_int_range (rand, 0, (gint32) i) : 0;
      double sum = 0;

      if (ties && i > 0 && g_rand_int_range (rand, 0, 5) == 0)
        {
          memcpy (rows + i * dim, rows + other * dim, dim * sizeof (float));
          continue;
        }
      if (ties && g_rand_int_range (rand, 0, 12) == 0)
        continue;
      for (guint32 j = 0; j < dim; j++)
        {
          rows[i * dim + j]
              = grid ? (float) g_rand_int_range (rand, 0, 3)
                     : rows[other * dim + j] * (i % 3 > 0) + (float) (width * g_rand_double_range (rand, -1, 1));
          sum += (double) rows[i * dim + j] * (double) rows[i * dim + j];
        }
      for (guint32 j = 0; j < dim && sum > 0; j++)
        rows[i * dim + j] = (float) ((double) rows[i * dim + j] / sqrt (sum));
    }
  return rows;
}

static TitheDendrogram *
cluster_sparse (const float *rows, guint32 n, guint32 dim, TitheLinkage linkage, float limit, guint n_threads)
{
  g_autofree TitheMerge *merges = g_new (TitheMerge, n);
  g_autoptr (TithePairs) pairs = tithe_pairs_find (rows, n, NULL, 0, dim, limit, G_MAXUINT32, n_threads, NULL);
  guint32 n_merges;

  g_assert_true (tithe_linkage_from_pairs (pairs, rows, n, dim, linkage, limit, merges, &n_merges, NULL));
  return tithe_dendrogram_new_from_merges (merges, n_merges, n);
}

static void
assert_same_merges (const TitheDendrogram *sparse, const TitheDendrogram *dense)
{
  g_assert_cmpmem (sparse->heights, sparse->n_known * sizeof (float), dense->heights, sparse->n_known * sizeof (float));
  g_assert_cmpmem (sparse->left, sparse->n_known * sizeof (guint32), dense->left, sparse->n_known * sizeof (guint32));
  g_assert_cmpmem (sparse->right, sparse->n_known * sizeof (guint32), dense->right, sparse->n_known * sizeof (guint32));
}

/* Whatever stands in the rows, and wherever the limit is. */
static void
test_merges_of_the_matrix_up_to_the_limit (gconstpointer data)
{
  const TitheLinkage linkage = (TitheLinkage) GPOINTER_TO_INT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (23);
  g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();
  guint n_some = 0;

  for (guint round = 0; round < 400; round++)
    {
      const guint32 n = (guint32) g_rand_int_range (rand, 1, round == 0 ? 3000 : round % 10 == 0 ? 700 : 90);
      const guint32 few = (guint32) g_rand_int_range (rand, linkage == TITHE_LINKAGE_AVERAGE ? 3 : 1, 40);
      const guint32 dim = round % 20 == 10 ? 200 : few; /* tiles of wide rows are others */
      g_autofree float *rows = random_rows (rand, n, dim, linkage != TITHE_LINKAGE_AVERAGE);
      g_autofree TitheMerge *merges = g_new (TitheMerge, n);
      g_autoptr (TitheDendrogram) dense = NULL;

      g_assert_true (tithe_linkage_from_rows (rows, n, dim, linkage, merges, buffer, 1, NULL));
      dense = tithe_dendrogram_new_from_merges (merges, n - 1, n);
      for (guint i = 0; i < 4; i++)
        {
          const float limit = i == 0 && n > 1 ? dense->heights[(guint32) g_rand_int_range (rand, 0, (gint32) n - 1)]
                                              : (float) g_rand_double_range (rand, 0, i == 1 ? 2.1 : 0.5);
          g_autoptr (TitheDendrogram) sparse = cluster_sparse (rows, n, dim, linkage, limit, 1 + i);

          assert_same_merges (sparse, dense);
          if (linkage != TITHE_LINKAGE_AVERAGE)
            g_assert_cmpuint (sparse->n_known, ==, tithe_dendrogram_count_below (dense, limit));
          else
            {
              g_assert_cmpuint (sparse->n_known, <=, tithe_dendrogram_count_below (dense, limit));
              g_assert_cmpuint (sparse->n_known, >=, tithe_dendrogram_count_below (dense, limit - 1e-5f));
            }
          n_some += sparse->n_known > 0 && sparse->n_known + 1 < n;
        }
    }
  g_assert_cmpuint (n_some, >, 400);
}

/* Of everything below the limit there is one tree, whose known part is in order. */
static void
test_what_is_not_known_is_joined (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (guint round = 0; round < 100; round++)
    {
      const guint32 n = (guint32) g_rand_int_range (rand, 1, 200), dim = 4;
      g_autofree float *rows = random_rows (rand, n, dim, TRUE);
      g_autoptr (TitheDendrogram) sparse
          = cluster_sparse (rows, n, dim, TITHE_LINKAGE_COMPLETE, (float) g_rand_double_range (rand, 0, 1), 2);
      g_autoptr (TitheDendrogram) again = NULL;
      g_autofree guint8 *seen = g_new0 (guint8, n);

      g_assert_true (tithe_dendrogram_choose (sparse, rows, dim, NULL, NULL));
      for (guint32 p = 0; p < n; p++)
        {
          g_assert_false (seen[sparse->leaves[p]]);
          seen[sparse->leaves[p]] = TRUE;
        }
      for (guint32 t = sparse->n_known; t + 1 < n; t++)
        g_assert_cmpfloat (sparse->heights[t], ==, TITHE_HEIGHT_UNKNOWN);
      g_assert_true (sparse->n_known + 1 == n
                     || tithe_dendrogram_count_below (sparse, TITHE_HEIGHT_UNKNOWN) == sparse->n_known);
      again = tithe_dendrogram_new_from_arrays (n, sparse->n_known, sparse->left, sparse->right, sparse->heights,
                                                sparse->representatives[0], sparse->representatives[1], NULL);
      g_assert_cmpmem (again->leaves, n * sizeof (guint32), sparse->leaves, n * sizeof (guint32));
      g_assert_cmpmem (again->split, n * sizeof (guint32), sparse->split, n * sizeof (guint32));
    }
}

/* Where all dissimilarities are the same, and where all pairs are within the limit. */
static void
test_all_ties (void)
{
  const guint32 n = 5000, dim = 4;
  g_autofree float *rows = g_new0 (float, n *dim);

  for (TitheLinkage linkage = TITHE_LINKAGE_COMPLETE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autoptr (TitheDendrogram) none = cluster_sparse (rows, n, dim, linkage, 0.5f, 2);
      g_autoptr (TitheDendrogram) all = cluster_sparse (rows, 500, dim, linkage, 1.1f, 2);

      g_assert_cmpuint (none->n_known, ==, 0);
      g_assert_cmpuint (all->n_known, ==, 499);
    }
  for (guint32 i = 0; i < n; i++)
    rows[i * dim] = 1;
  for (TitheLinkage linkage = TITHE_LINKAGE_COMPLETE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autoptr (TitheDendrogram) all = cluster_sparse (rows, 1000, dim, linkage, 0.1f, 2);

      g_assert_cmpuint (all->n_known, ==, 999);
      g_assert_cmpfloat (all->heights[998], ==, 0);
    }
}

/* Corners of a cube have few dissimilarities, and means of them that differ by rounding alone. */
static void
test_means_that_round_to_a_circle (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (guint round = 0; round < 3000; round++)
    {
      const guint32 n = (guint32) g_rand_int_range (rand, 2, 80), dim = 13;
      g_autofree float *rows = g_new (float, n *dim);
      g_autofree guint8 *seen = g_new0 (guint8, n);
      g_autoptr (TitheDendrogram) all = NULL;

      for (guint32 i = 0; i < n * dim; i++)
        rows[i] = (float) ((g_rand_boolean (rand) ? 1 : -1) / sqrt (dim));
      all = cluster_sparse (rows, n, dim, TITHE_LINKAGE_AVERAGE, 2.1f, 1);
      g_assert_cmpuint (all->n_known, ==, n - 1);
      for (guint32 p = 0; p < n; p++)
        {
          g_assert_false (seen[all->leaves[p]]);
          seen[all->leaves[p]] = TRUE;
        }
    }
}

static void
test_cancelled (void)
{
  const guint32 n = 3000, dim = 3;
  g_autofree float *rows = g_new0 (float, n *dim);
  g_autofree TitheMerge *merges = g_new (TitheMerge, n);

  for (TitheLinkage linkage = TITHE_LINKAGE_COMPLETE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autoptr (TitheJob) job = tithe_job_new ("cancelled");
      g_autoptr (TithePairs) pairs = tithe_pairs_find (rows, n, NULL, 0, dim, 1, G_MAXUINT32, 2, NULL);
      guint32 n_merges;

      tithe_job_cancel (job);
      g_assert_null (tithe_pairs_find (rows, n, NULL, 0, dim, 1, G_MAXUINT32, 2, job));
      g_assert_false (tithe_linkage_from_pairs (pairs, rows, n, dim, linkage, 1, merges, &n_merges, job));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/linkage-sparse/complete", GINT_TO_POINTER (TITHE_LINKAGE_COMPLETE),
                        test_merges_of_the_matrix_up_to_the_limit);
  g_test_add_data_func ("/linkage-sparse/average", GINT_TO_POINTER (TITHE_LINKAGE_AVERAGE),
                        test_merges_of_the_matrix_up_to_the_limit);
  g_test_add_data_func ("/linkage-sparse/single", GINT_TO_POINTER (TITHE_LINKAGE_SINGLE),
                        test_merges_of_the_matrix_up_to_the_limit);
  g_test_add_func ("/linkage-sparse/what-is-not-known-is-joined", test_what_is_not_known_is_joined);
  g_test_add_func ("/linkage-sparse/all-ties", test_all_ties);
  g_test_add_func ("/linkage-sparse/means-that-round-to-a-circle", test_means_that_round_to_a_circle);
  g_test_add_func ("/linkage-sparse/cancelled", test_cancelled);
  return g_test_run ();
}
