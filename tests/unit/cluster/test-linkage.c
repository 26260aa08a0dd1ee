/* SPDX-License-Identifier: MIT */
#include "cluster/tithe-dendrogram.h"

#include <math.h>
#include <string.h>

/* The textbook algorithm: O(n^3), the lexicographically first of the nearest pairs, clusters known by their smallest
 * member. */
static void
plain_linkage (const float *input, guint32 n, TitheLinkage linkage, TitheMerge *merges)
{
  g_autofree double *d = g_new (double, n *n);
  g_autofree guint32 *sizes = g_new (guint32, n);

  for (guint32 i = 0; i < n * n; i++)
    d[i] = input[i];
  for (guint32 i = 0; i < n; i++)
    sizes[i] = 1;
  for (guint32 t = 0; t + 1 < n; t++)
    {
      guint32 a = 0, b = 0;
      double best = INFINITY;

      for (guint32 i = 0; i < n; i++)
        for (guint32 j = i + 1; j < n; j++)
          if (sizes[i] && sizes[j] && d[i * n + j] < best)
            best = d[i * n + j], a = i, b = j;
      merges[t] = (TitheMerge){ a, b, (float) best };
      for (guint32 k = 0; k < n; k++)
        {
          double x = d[a * n + k], y = d[b * n + k];

          if (linkage == TITHE_LINKAGE_COMPLETE)
            x = MAX (x, y);
          else if (linkage == TITHE_LINKAGE_SINGLE)
            x = MIN (x, y);
          else
            x = (x * sizes[a] + y * sizes[b]) / (sizes[a] + sizes[b]);
          d[a * n + k] = d[k * n + a] = x;
        }
      sizes[a] += sizes[b];
      sizes[b] = 0;
    }
}

/* Rows with what real data has: clusters, exact duplicates, zero rows, and a grid that makes ties. */
static float *
random_rows (GRand *rand, guint32 n, guint32 dim, gboolean ties)
{
  float *rows = g_new0 (float, n *dim);
  gboolean grid = ties && g_rand_boolean (rand);

  for (guint32 i = 0; i < n; i++)
    {
      double sum = 0;

      if (ties && i > 0 && g_rand_int_range (rand, 0, 5) == 0)
        {
          memcpy (rows + i * dim, rows + (guint32) g_rand_int_range (rand, 0, (gint32) i) * dim, dim * sizeof (float));
          continue;
        }
      if (ties && g_rand_int_range (rand, 0, 12) == 0)
        continue;
      for (guint32 j = 0; j < dim; j++)
        {
          rows[i * dim + j] = grid ? (float) g_rand_int_range (rand, 0, 3) : (float) g_rand_double_range (rand, -1, 1);
          sum += (double) rows[i * dim + j] * (double) rows[i * dim + j];
        }
      for (guint32 j = 0; j < dim && sum > 0; j++)
        rows[i * dim + j] = (float) ((double) rows[i * dim + j] / sqrt (sum));
    }
  return rows;
}

static void
fill_matrix (const float *rows, guint32 n, guint32 dim, float *matrix)
{
  for (guint32 i = 0; i < n; i++)
    for (guint32 j = 0; j < n; j++)
      {
        double dot = 0;

        for (guint32 k = 0; k < dim; k++)
          dot += (double) rows[i * dim + k] * (double) rows[j * dim + k];
        matrix[i * n + j] = (float) CLAMP (round ((1 - dot) * 1048576.0) / 1048576.0, 0, 2);
      }
}

static void
test_same_tree_as_plain_algorithm (gconstpointer data)
{
  TitheLinkage linkage = (TitheLinkage) GPOINTER_TO_INT (data);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 300; round++)
    {
      guint32 n = (guint32) g_rand_int_range (rand, 1, 60),
              dim = (guint32) g_rand_int_range (rand, linkage == TITHE_LINKAGE_AVERAGE ? 3 : 1, 9);
      g_autofree float *rows = random_rows (rand, n, dim, linkage != TITHE_LINKAGE_AVERAGE);
      g_autofree float *matrix = g_new (float, n *n);
      g_autofree TitheMerge *expected = g_new (TitheMerge, n);
      g_autofree TitheMerge *merges = g_new (TitheMerge, n);
      g_autoptr (TitheDendrogram) tree = NULL, plain = NULL;

      fill_matrix (rows, n, dim, matrix);
      plain_linkage (matrix, n, linkage, expected);
      g_assert_true (tithe_linkage_from_matrix (matrix, n, linkage, merges, NULL));
      tree = tithe_dendrogram_new_from_merges (merges, n - 1, n);
      plain = tithe_dendrogram_new_from_merges (expected, n - 1, n);
      for (guint32 t = 0; t + 1 < n; t++)
        {
          g_assert_cmpfloat_with_epsilon (tree->heights[t], plain->heights[t], 1e-5);
          if (linkage == TITHE_LINKAGE_AVERAGE)
            continue; /* means that tie do so only up to rounding: no ties are planted, and only heights compared */
          g_assert_cmpfloat (tree->heights[t], ==, plain->heights[t]);
          if (linkage == TITHE_LINKAGE_SINGLE)
            continue; /* which of several trees of the same heights is not defined where minima tie */
          g_assert_cmpuint (tree->left[t], ==, plain->left[t]);
          g_assert_cmpuint (tree->right[t], ==, plain->right[t]);
        }
    }
}

static void
test_all_ties (void)
{
  g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();
  const guint32 n = 700;
  g_autofree float *rows = g_new0 (float, n * 4);
  g_autofree TitheMerge *merges = g_new (TitheMerge, n);

  for (TitheLinkage linkage = TITHE_LINKAGE_COMPLETE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autoptr (TitheDendrogram) tree = NULL;

      g_assert_true (tithe_linkage_from_rows (rows, n, 4, linkage, merges, buffer, 1, NULL));
      tree = tithe_dendrogram_new_from_merges (merges, n - 1, n);
      for (guint32 t = 0; t + 1 < n; t++)
        g_assert_cmpfloat (tree->heights[t], ==, 1.0f);
      tithe_dendrogram_choose (tree, rows, 4, NULL, NULL);
      g_assert_cmpuint (tree->representatives[0][n - 2], ==, 0);
    }
}

static void
test_vectors_agree_with_matrix (void)
{
  g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  const guint32 n = 300, dim = 8;
  g_autofree float *rows = g_new0 (float, n *dim);
  g_autofree TitheMerge *x = g_new (TitheMerge, n);
  g_autofree TitheMerge *y = g_new (TitheMerge, n);

  for (guint32 i = 0; i < n; i++)
    {
      double sum = 0;

      for (guint32 j = 0; j < dim; j++)
        {
          rows[i * dim + j] = (float) g_rand_double_range (rand, -1, 1);
          sum += (double) rows[i * dim + j] * (double) rows[i * dim + j];
        }
      for (guint32 j = 0; j < dim; j++)
        rows[i * dim + j] /= (float) sqrt (sum);
    }
  for (TitheLinkage linkage = TITHE_LINKAGE_AVERAGE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autoptr (TitheDendrogram) a = NULL, b = NULL;

      g_assert_true (tithe_linkage_from_rows (rows, n, dim, linkage, x, buffer, 1, NULL));
      g_assert_true (tithe_linkage_from_vectors (rows, n, dim, linkage, y, NULL));
      a = tithe_dendrogram_new_from_merges (x, n - 1, n);
      b = tithe_dendrogram_new_from_merges (y, n - 1, n);
      for (guint32 t = 0; t + 1 < n; t++)
        g_assert_cmpfloat_with_epsilon (a->heights[t], b->heights[t], 1e-5);
    }
}

/* Corners of a cube whose means, by rounding alone, lead from one to the next in a circle. */
static void
test_means_that_round_to_a_circle (void)
{
  static const guint8 corners[]
      = { 61,  84,  130, 123, 194, 174, 59,  215, 208, 45,  131, 105, 28,  206, 13,  124, 153, 115,
          101, 25,  22,  87,  255, 71,  247, 206, 135, 43,  118, 93,  22,  245, 244, 103, 53,  26,
          172, 155, 118, 67,  161, 141, 4,   169, 176, 142, 0,   229, 210, 115, 121, 219, 218, 228,
          243, 229, 4,   149, 210, 49,  44,  54,  0,   165, 127, 174, 233, 241, 245, 152, 84,  105 };
  const guint32 n = G_N_ELEMENTS (corners), dim = 8;
  g_autofree float *rows = g_new (float, n *dim);
  g_autofree TitheMerge *merges = g_new (TitheMerge, n);
  g_autofree gboolean *gone = g_new0 (gboolean, n);
  g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();

  for (guint32 i = 0; i < n * dim; i++)
    rows[i] = (float) ((corners[i / dim] >> i % dim & 1 ? 1 : -1) / sqrt (dim));
  g_assert_true (tithe_linkage_from_rows (rows, n, dim, TITHE_LINKAGE_AVERAGE, merges, buffer, 1, NULL));
  for (guint32 t = 0; t + 1 < n; t++)
    {
      g_assert_cmpuint (merges[t].a, <, merges[t].b);
      g_assert_cmpuint (merges[t].b, <, n);
      g_assert_false (gone[merges[t].a] || gone[merges[t].b]);
      gone[merges[t].b] = TRUE;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/linkage/complete-is-the-plain-tree", GINT_TO_POINTER (TITHE_LINKAGE_COMPLETE),
                        test_same_tree_as_plain_algorithm);
  g_test_add_data_func ("/linkage/average-is-the-plain-tree", GINT_TO_POINTER (TITHE_LINKAGE_AVERAGE),
                        test_same_tree_as_plain_algorithm);
  g_test_add_data_func ("/linkage/single-is-the-plain-tree", GINT_TO_POINTER (TITHE_LINKAGE_SINGLE),
                        test_same_tree_as_plain_algorithm);
  g_test_add_func ("/linkage/all-ties", test_all_ties);
  g_test_add_func ("/linkage/vectors-agree-with-matrix", test_vectors_agree_with_matrix);
  g_test_add_func ("/linkage/means-that-round-to-a-circle", test_means_that_round_to_a_circle);
  return g_test_run ();
}
