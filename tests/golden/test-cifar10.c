/* SPDX-License-Identifier: MIT */
#include "base/tithe-byte-order.h"
#include "cluster/tithe-dendrogram.h"
#include "embedding/tithe-embedding.h"

#include <math.h>
#include <string.h>

/* The trees of two CIFAR-10 classes against SciPy's, from the data that TITHE_TEST_DATA names. Classes are blocks of
 * 5,000 rows, sorted by name: airplane is the first, cat the fourth. */
#define N 5000u

static const char *
data_folder (void)
{
  static char *folder;

  if (folder == NULL)
    folder = g_build_filename (g_getenv ("TITHE_TEST_DATA") ? g_getenv ("TITHE_TEST_DATA") : "../shared/data",
                               "cifar10", NULL);
  return g_file_test (folder, G_FILE_TEST_IS_DIR) ? folder : NULL;
}

/* The (4999, 4) float64 matrix, past its 128 bytes of header. */
static double *
load_linkage (const char *class_name, const char *linkage)
{
  g_autofree char *name = g_strdup_printf ("linkage_%s_%s.npy", class_name, linkage);
  g_autofree char *path = g_build_filename (data_folder (), name, NULL);
  char *contents;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_cmpuint (size, ==, 128 + (N - 1) * 4 * 8);
  memmove (contents, contents + 128, size - 128);
  tithe_byte_order_copy (contents, contents, (N - 1) * 4, sizeof (double));
  return (double *) (gpointer) contents;
}

/* The smallest member of each image's cluster after the first @n_merges merges. */
static void
scipy_partition (const double *z, guint32 n_merges, guint32 *lowest)
{
  g_autofree guint32 *parent = g_new (guint32, 2 * N);
  g_autofree guint32 *least = g_new (guint32, 2 * N);

  for (guint32 i = 0; i < 2 * N; i++)
    parent[i] = i, least[i] = i;
  for (guint32 t = 0; t < n_merges; t++)
    {
      guint32 a = (guint32) z[t * 4], b = (guint32) z[t * 4 + 1];

      parent[a] = parent[b] = N + t;
      least[N + t] = MIN (least[a], least[b]);
    }
  for (guint32 i = 0; i < N; i++)
    {
      guint32 node = i;

      while (parent[node] != node)
        node = parent[node];
      lowest[i] = least[node];
    }
}

static void
our_partition (const TitheDendrogram *tree, guint32 n_merges, guint32 *lowest)
{
  for (guint32 start = 0, end; start < N; start = end)
    {
      guint32 least = tree->leaves[start];

      for (end = start + 1; end < N && tree->split[end] < n_merges; end++)
        least = MIN (least, tree->leaves[end]);
      for (guint32 i = start; i < end; i++)
        lowest[tree->leaves[i]] = least;
    }
}

static void
compare_class (const char *class_name, guint32 first_row, TitheLinkage linkage)
{
  g_autofree char *path = g_build_filename (data_folder (), "train_features.npy", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, &error);
  g_autofree double *z = load_linkage (class_name, tithe_linkage_to_string (linkage));
  g_autofree guint32 *images = g_new (guint32, N);
  g_autofree guint32 *ours = g_new (guint32, N);
  g_autofree guint32 *theirs = g_new (guint32, N);
  g_autofree float *rows = g_new (float, N * 64);
  g_autofree TitheMerge *merges = g_new (TitheMerge, N);
  g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();
  g_autoptr (TitheDendrogram) tree = NULL;
  double worst = 0;

  g_assert_no_error (error);
  for (guint32 i = 0; i < N; i++)
    images[i] = first_row + i;
  tithe_embedding_get_rows (embedding, images, N, rows);
  g_assert_true (tithe_linkage_from_rows (rows, N, 64, linkage, merges, buffer, 1, NULL));
  tree = tithe_dendrogram_new_from_merges (merges, N - 1, N);
  for (guint32 t = 0; t + 1 < N; t++)
    worst = MAX (worst, fabs ((double) tree->heights[t] - z[t * 4 + 2]));
  g_test_message ("%s, %s: heights differ by at most %g", class_name, tithe_linkage_to_string (linkage), worst);
  g_assert_cmpfloat (worst, <, 1e-5);
  /* The partition is defined where the heights on either side of the cut do not tie. */
  for (guint32 n_merges = 100; n_merges < N - 1; n_merges += 100)
    {
      if (z[n_merges * 4 + 2] - z[(n_merges - 1) * 4 + 2] < 2e-6)
        continue;
      our_partition (tree, n_merges, ours);
      scipy_partition (z, n_merges, theirs);
      g_assert_cmpmem (ours, N * sizeof (guint32), theirs, N * sizeof (guint32));
    }
}

static void
test_same_as_scipy (gconstpointer data)
{
  TitheLinkage linkage = (TitheLinkage) GPOINTER_TO_INT (data);

  if (data_folder () == NULL)
    {
      g_test_skip ("the CIFAR-10 features are not there; TITHE_TEST_DATA names their folder");
      return;
    }
  compare_class ("airplane", 0, linkage);
  compare_class ("cat", 3 * N, linkage);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (TitheLinkage linkage = TITHE_LINKAGE_COMPLETE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autofree char *path = g_strdup_printf ("/golden/cifar10/%s", tithe_linkage_to_string (linkage));

      g_test_add_data_func (path, GINT_TO_POINTER (linkage), test_same_as_scipy);
    }
  return g_test_run ();
}
