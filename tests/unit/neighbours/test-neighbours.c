/* SPDX-License-Identifier: MIT */
#include "neighbours/tithe-neighbours.h"

#include <float.h>
#include <math.h>
#include <string.h>

static float *
random_rows (GRand *rand, gsize n, gsize dim)
{
  float *rows = g_new0 (float, n *dim);

  for (gsize i = 0; i < n; i++)
    {
      double sum = 0;

      if (i % 97 == 13)
        continue; /* a zero row */
      if (i % 31 == 7)
        {
          memcpy (rows + i * dim, rows + (i / 2) * dim, dim * sizeof (float));
          continue;
        }
      for (gsize j = 0; j < dim; j++)
        {
          rows[i * dim + j] = (float) g_rand_double_range (rand, -0.3, 1);
          sum += (double) rows[i * dim + j] * (double) rows[i * dim + j];
        }
      for (gsize j = 0; j < dim; j++)
        rows[i * dim + j] = (float) ((double) rows[i * dim + j] / sqrt (sum));
    }
  return rows;
}

/* In double precision, a pair at a time. */
static double
plain (const float *x, const float *y, gsize dim)
{
  double product = 0;

  for (gsize j = 0; j < dim; j++)
    product += (double) x[j] * (double) y[j];
  return CLAMP (1 - product, 0, 2);
}

static const struct
{
  gsize n, n_others, dim;
} sizes[] = { { 1, 1, 3 }, { 2, 5, 1 }, { 257, 513, 17 }, { 600, 1100, 64 }, { 900, 40, 384 }, { 300, 700, 2048 } };

/* None is missed, none is there twice, and none is beyond the limit; what float32 can't tell may be either. */
static void
test_pairs_are_those_within_the_limit (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (gboolean two = FALSE; two <= TRUE; two++)
      {
        const gsize n = sizes[s].n, n_others = two ? sizes[s].n_others : n, dim = sizes[s].dim;
        g_autofree float *rows = random_rows (rand, n, dim);
        g_autofree float *others = two ? random_rows (rand, n_others, dim) : NULL;
        const float limit = (float) g_rand_double_range (rand, 0.05, 0.4);
        g_autoptr (TithePairs) pairs = tithe_pairs_find (rows, n, others, n_others, dim, limit, G_MAXUINT32, 2, NULL);
        const gsize n_pairs = tithe_pairs_get_n (pairs);
        g_autofree TithePair *all = tithe_pairs_steal (pairs);
        gsize p = 0;

        g_assert_cmpuint (tithe_pairs_get_n (pairs), ==, 0);
        for (gsize i = 0; i < n_pairs; i++)
          {
            const float *x = rows + all[i].a * dim, *y = (two ? others : rows) + all[i].b * dim;

            g_assert_true (two || all[i].b < all[i].a);
            g_assert_cmpfloat (all[i].dissimilarity, <=, limit);
            g_assert_cmpfloat_with_epsilon (all[i].dissimilarity, plain (x, y, dim), 3e-6);
          }
        for (gsize i = 0; i < n; i++)
          for (gsize j = 0; j < (two ? n_others : i); j++)
            p += plain (rows + i * dim, (two ? others : rows) + j * dim, dim) <= (double) limit - 3e-6;
        g_assert_cmpuint (p, <=, n_pairs);
      }
}

static void
test_same_bytes_for_any_number_of_threads (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  const gsize n = 1500, dim = 48;
  g_autofree float *rows = random_rows (rand, n, dim);
  g_autofree TitheNeighbour *first_nearest = g_new (TitheNeighbour, n * 5);
  g_autoptr (TitheNeighbours) first = NULL;

  for (guint n_threads = 1; n_threads <= 4; n_threads++)
    {
      g_autoptr (TithePairs) pairs = tithe_pairs_find (rows, n, NULL, 0, dim, 0.3f, G_MAXUINT32, n_threads, NULL);
      g_autoptr (TitheNeighbours) graph = tithe_neighbours_new_from_pairs (pairs);
      g_autofree TitheNeighbour *nearest = g_new (TitheNeighbour, n * 5);

      g_assert_true (tithe_neighbours_find_nearest (rows, n, NULL, 0, dim, 5, nearest, n_threads, NULL));
      if (first == NULL)
        {
          first = g_steal_pointer (&graph);
          memcpy (first_nearest, nearest, n * 5 * sizeof *nearest);
          continue;
        }
      g_assert_cmpmem (graph->starts, (n + 1) * sizeof (gsize), first->starts, (n + 1) * sizeof (gsize));
      g_assert_cmpmem (graph->items, graph->starts[n] * sizeof *graph->items, first->items,
                       first->starts[n] * sizeof *first->items);
      g_assert_cmpmem (nearest, n * 5 * sizeof *nearest, first_nearest, n * 5 * sizeof *nearest);
    }
  g_assert_cmpuint (first->starts[n], >, n / 2);
}

static void
test_nearest_are_in_order (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint k = 1; k <= 8; k += 7)
      {
        const gsize n = sizes[s].n, n_others = sizes[s].n_others, dim = sizes[s].dim;
        g_autofree float *rows = random_rows (rand, n, dim), *others = random_rows (rand, n_others, dim);
        g_autofree TitheNeighbour *nearest = g_new (TitheNeighbour, n * k);

        g_assert_true (tithe_neighbours_find_nearest (rows, n, others, n_others, dim, k, nearest, 2, NULL));
        for (gsize i = 0; i < n; i++)
          {
            const TitheNeighbour *of_row = nearest + i * k;
            const guint n_known = (guint) MIN (k, n_others);

            for (guint r = 0; r < k; r++)
              {
                g_assert_true ((r >= n_known) == (of_row[r].index == G_MAXUINT32));
                if (r > 0 && r < n_known)
                  g_assert_true (of_row[r - 1].dissimilarity < of_row[r].dissimilarity
                                 || (of_row[r - 1].dissimilarity == of_row[r].dissimilarity
                                     && of_row[r - 1].index < of_row[r].index));
              }
            for (gsize j = 0; j < n_others; j++)
              {
                const double d = plain (rows + i * dim, others + j * dim, dim);
                gboolean is_there = FALSE;

                for (guint r = 0; r < n_known; r++)
                  is_there |= of_row[r].index == j;
                if (!is_there)
                  g_assert_cmpfloat (d, >=, of_row[n_known - 1].dissimilarity - 3e-6);
              }
          }
      }
}

static void
test_a_search_ends_at_too_many (void)
{
  const gsize n = 2000, dim = 2;
  g_autofree float *rows = g_new0 (float, n *dim);
  g_autoptr (TithePairs) pairs = NULL;
  g_autoptr (TitheJob) job = tithe_job_new ("too many");

  for (gsize i = 0; i < n; i++)
    rows[i * dim] = 1;
  tithe_job_start (job, "Looking", n * n / 2);
  pairs = tithe_pairs_find (rows, n, NULL, 0, dim, 0.5f, 1000, 2, job);
  g_assert_false (tithe_pairs_is_whole (pairs));
  g_assert_cmpuint (tithe_pairs_get_n (pairs), >, 1000);
  g_assert_cmpuint (tithe_pairs_get_n (pairs), <, n * n / 2);
  g_assert_cmpfloat (tithe_job_get_fraction (job), <, 0.2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/neighbours/pairs-are-those-within-the-limit", test_pairs_are_those_within_the_limit);
  g_test_add_func ("/neighbours/same-bytes-for-any-number-of-threads", test_same_bytes_for_any_number_of_threads);
  g_test_add_func ("/neighbours/nearest-are-in-order", test_nearest_are_in_order);
  g_test_add_func ("/neighbours/a-search-ends-at-too-many", test_a_search_ends_at_too_many);
  return g_test_run ();
}
