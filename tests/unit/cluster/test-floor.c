/* SPDX-License-Identifier: MIT */
#include "cluster/tithe-cut.h"
#include "cluster/tithe-floor.h"
#include "curate/tithe-subset.h"
#include "fixture.h"

#include <math.h>

#define DIM 8
#define N 6000

/* Rows around centres, some nearer than others. */
static float *
make_rows (guint32 n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  float *rows = g_new (float, n *DIM);
  g_autofree float *centres = g_new (float, (n / 4 + 1) * DIM);

  for (guint32 i = 0; i < (n / 4 + 1) * DIM; i++)
    centres[i] = (float) g_rand_double_range (rand, -1, 1);
  for (guint32 i = 0; i < n; i++)
    {
      const guint32 c = (guint32) g_rand_int_range (rand, 0, (gint32) n / 4 + 1);
      const float noise = (float) exp (g_rand_double_range (rand, -4, 0));
      double sum = 0;

      for (guint32 j = 0; j < DIM; j++)
        {
          rows[i * DIM + j] = centres[c * DIM + j] + noise * (float) g_rand_double_range (rand, -1, 1);
          sum += (double) rows[i * DIM + j] * (double) rows[i * DIM + j];
        }
      for (guint32 j = 0; j < DIM; j++)
        rows[i * DIM + j] /= (float) sqrt (sum);
    }
  return rows;
}

/* Far enough, and not much further: what lies below the floor costs memory. */
static void
test_clusters_down_to_the_floor (gconstpointer data)
{
  const TitheLinkage linkage = (TitheLinkage) GPOINTER_TO_INT (data);
  g_autofree float *rows = make_rows (N);
  g_autofree TitheMerge *merges = g_new (TitheMerge, N);

  for (guint percent = 30; percent <= 98; percent += 17)
    {
      const double floor = percent / 100.0;
      gboolean is_down;
      guint32 n_merges;
      guint64 n_pairs;

      g_assert_true (tithe_linkage_to_floor (rows, N, DIM, linkage, floor, (guint64) N * N, 2, merges, &n_merges,
                                             &is_down, &n_pairs, NULL));
      g_assert_true (is_down);
      g_assert_cmpfloat (N - (double) n_merges, <=, floor * N + 0.5);
      g_assert_cmpfloat (n_merges, <=, (1 - floor) * N * 1.4 + 0.03 * N);
    }
}

static void
test_no_room_for_the_floor_is_told (void)
{
  g_autofree float *rows = make_rows (N);
  g_autofree TitheMerge *merges = g_new (TitheMerge, N);
  gboolean is_down;
  guint32 n_merges;
  guint64 n_pairs, n_enough;

  g_assert_true (tithe_linkage_to_floor (rows, N, DIM, TITHE_LINKAGE_COMPLETE, 0.5, (guint64) N * N, 2, merges,
                                         &n_merges, &is_down, &n_enough, NULL));
  g_assert_true (is_down);
  g_assert_true (tithe_linkage_to_floor (rows, N, DIM, TITHE_LINKAGE_COMPLETE, 0.5, n_enough / 10, 2, merges, &n_merges,
                                         &is_down, &n_pairs, NULL));
  g_assert_false (is_down);
  g_assert_cmpuint (n_pairs, >, n_enough / 10);
  /* Where no floor is asked for it goes as far as there is room. */
  g_assert_true (tithe_linkage_to_floor (rows, N, DIM, TITHE_LINKAGE_COMPLETE, 0, n_enough / 10, 2, merges, &n_merges,
                                         &is_down, &n_pairs, NULL));
  g_assert_true (is_down);
  g_assert_cmpuint (n_merges, >, 0);
  g_assert_cmpuint (n_merges, <, N / 2);
}

/* The estimate alone looks at more rows than one waits for. */
static void
test_an_estimate_is_work_of_the_job (void)
{
  g_autofree float *rows = make_rows (N);
  g_autoptr (TitheJob) job = tithe_job_new ("estimate");
  g_autoptr (TitheFloor) estimate = NULL;

  tithe_job_start (job, "Estimating", 1024 * N);
  estimate = tithe_floor_new (rows, N, DIM, TITHE_LINKAGE_COMPLETE, 2, job);
  g_assert_nonnull (estimate);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 1);
  tithe_job_start (job, "Estimating", 1024 * N);
  tithe_job_cancel (job);
  g_assert_null (tithe_floor_new (rows, N, DIM, TITHE_LINKAGE_COMPLETE, 2, job));
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0);
}

static TitheHierarchy *
cluster (TitheDataset *dataset, TitheEmbedding *embedding, const TitheClusterOptions *options)
{
  g_autoptr (GError) error = NULL;
  TitheHierarchy *hierarchy = tithe_hierarchy_new (dataset, options->linkage);

  g_assert_true (tithe_hierarchy_compute (hierarchy, embedding, options, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  return hierarchy;
}

/* Above the floor a cut is that of the whole hierarchy; below it is that of the floor, and refused where one asks first. */
static void
test_cuts_above_the_floor_are_those_of_the_whole (void)
{
  const guint n_classes = 3, n_images = 300;
  g_autofree char *folder = fixture_folder ();
  g_autoptr (TitheHierarchy) made = fixture_hierarchy (folder, n_classes, n_images, TITHE_LINKAGE_COMPLETE, 1);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (made);
  g_autofree char *path = fixture_write_rows (folder, "rows.npy", n_classes * n_images, 6, 3);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, NULL);
  g_autoptr (TitheHierarchy) whole = NULL, part = NULL;
  g_autoptr (TitheCut) a = NULL, b = NULL;
  TitheClusterOptions options = { .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 2 };

  g_assert_true (tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, NULL));
  whole = cluster (dataset, embedding, &options);
  options.engine = TITHE_ENGINE_SPARSE;
  options.floor = 0.7;
  part = cluster (dataset, embedding, &options);
  a = tithe_cut_new (whole);
  b = tithe_cut_new (part);
  for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
    {
      const double floor = tithe_cut_get_floor (b, policy);
      g_autoptr (TitheSubset) subset = tithe_subset_new (part, NULL);
      GError *error = NULL;

      g_assert_cmpfloat (tithe_cut_get_floor (a, policy), ==, 0);
      g_assert_cmpfloat (floor, >, 0.3);
      g_assert_cmpfloat (floor, <=, policy == TITHE_POLICY_PER_CLASS ? 0.7 : 0.9);
      for (double ratio = 1; ratio >= floor; ratio -= 0.01)
        {
          gsize n_a, n_b;
          const TitheGroup *of_a, *of_b;

          tithe_cut_set_ratio (a, ratio, policy);
          tithe_cut_set_ratio (b, ratio, policy);
          of_a = tithe_cut_get_groups (a, &n_a);
          of_b = tithe_cut_get_groups (b, &n_b);
          g_assert_cmpuint (n_a, ==, n_b);
          g_assert_cmpuint (tithe_cut_get_n_kept (a), ==, tithe_cut_get_n_kept (b));
          for (gsize g = 0; g < n_a; g++)
            {
              const TitheGroup *other = tithe_cut_find_group (b, of_a[g].class_index, of_b[g].start);

              g_assert_nonnull (other);
              g_assert_cmpfloat (tithe_cut_get_spread (b, other), <=, tithe_cut_get_height_at (b, -1, floor, policy));
            }
          g_assert_true (tithe_subset_check_ratio (subset, ratio, policy, NULL));
        }
      tithe_cut_set_ratio (b, floor * 0.8, policy);
      g_assert_cmpuint (tithe_cut_get_n_kept (b), >=, (gsize) (floor * n_classes * n_images - 0.5));
      g_assert_false (tithe_subset_check_ratio (subset, floor * 0.9, policy, &error));
      fixture_assert_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_FLOOR, "floor");
    }
  tithe_cut_set_threshold (b, 1.9);
  for (guint c = 0; c < n_classes; c++)
    g_assert_cmpuint (tithe_cut_get_class (b, c)->n_clusters, ==, tithe_cut_get_class (b, c)->n_least);
  fixture_remove (g_steal_pointer (&folder));
}

/* Nothing joins what was not clustered: neither by hand nor by a class's own ratio. */
static void
test_nothing_is_merged_below_the_floor (void)
{
  const guint n_images = 300;
  g_autofree char *folder = fixture_folder ();
  g_autoptr (TitheHierarchy) made = fixture_hierarchy (folder, 1, n_images, TITHE_LINKAGE_COMPLETE, 1);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (made);
  g_autofree char *path = fixture_write_rows (folder, "rows.npy", n_images, 6, 3);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, NULL);
  TitheClusterOptions options
      = { .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .engine = TITHE_ENGINE_SPARSE, .floor = 0.8 };
  g_autoptr (TitheHierarchy) part = NULL;
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  const TitheDendrogram *tree;
  GError *error = NULL;

  g_assert_true (tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, NULL));
  part = cluster (dataset, embedding, &options);
  tree = tithe_hierarchy_get_class (part, 0);
  curation = tithe_curation_new (part);
  subset = tithe_subset_new (part, curation);
  tithe_curation_begin (curation);
  for (guint32 position = 0; position < n_images; position++)
    for (guint32 node = TITHE_NODE_NONE, next;
         (next = tithe_curation_merge (curation, 0, position, node, 0)) != node && next != TITHE_NODE_NONE; node = next)
      g_assert_cmpuint (next, <, tree->n_known);
  g_assert_true (tithe_curation_commit (curation, "Merge", NULL));
  tithe_subset_set_ratio (subset, 1, TITHE_POLICY_PER_CLASS, FALSE);
  for (gsize g = 0, n = 1; g < n; g++)
    {
      const TitheGroup *group = &tithe_cut_get_groups (tithe_subset_get_cut (subset), &n)[g];

      g_assert_cmpuint (tithe_curation_get_parent (curation, 0, group->start, group->node), ==, TITHE_NODE_NONE);
    }
  g_assert_cmpuint (tithe_subset_get_totals (subset)->n_kept, ==, tree->n - tree->n_known);
  tithe_subset_set_class_ratio (subset, 0, 0.1);
  g_assert_false (tithe_subset_check_ratio (subset, 1, TITHE_POLICY_PER_CLASS, &error));
  fixture_assert_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_FLOOR, "its own ratio");
  fixture_remove (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/floor/complete", GINT_TO_POINTER (TITHE_LINKAGE_COMPLETE), test_clusters_down_to_the_floor);
  g_test_add_data_func ("/floor/average", GINT_TO_POINTER (TITHE_LINKAGE_AVERAGE), test_clusters_down_to_the_floor);
  g_test_add_data_func ("/floor/single", GINT_TO_POINTER (TITHE_LINKAGE_SINGLE), test_clusters_down_to_the_floor);
  g_test_add_func ("/floor/no-room-is-told", test_no_room_for_the_floor_is_told);
  g_test_add_func ("/floor/estimate-is-work-of-the-job", test_an_estimate_is_work_of_the_job);
  g_test_add_func ("/floor/cuts-above-it-are-those-of-the-whole", test_cuts_above_the_floor_are_those_of_the_whole);
  g_test_add_func ("/floor/nothing-is-merged-below-it", test_nothing_is_merged_below_the_floor);
  return g_test_run ();
}
