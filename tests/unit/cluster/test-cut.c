/* SPDX-License-Identifier: MIT */
#include "cluster/tithe-cut.h"
#include "fixture.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char *folder, *images;
  TitheHierarchy *hierarchy;
  TitheCut *cut;
} Fixture;

#define CLASSES 4
#define IMAGES 37

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture->hierarchy = fixture_hierarchy (fixture->images, CLASSES, IMAGES, TITHE_LINKAGE_COMPLETE, 1);
  fixture->cut = tithe_cut_new (fixture->hierarchy);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_cut_free (fixture->cut);
  tithe_hierarchy_unref (fixture->hierarchy);
  g_free (fixture->images);
  fixture_remove (fixture->folder);
}

/* Every image is in exactly one cluster, every number agrees with every other. */
static void
assert_consistent (TitheCut *cut)
{
  guint8 seen[CLASSES * IMAGES] = { 0 };
  gsize n_groups, counted = 0, kept = 0;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n_groups);

  for (guint c = 0; c < CLASSES; c++)
    {
      const TitheClassCut *class = tithe_cut_get_class (cut, c);
      TitheGroup clusters[IMAGES];
      gsize n = tithe_cut_list_clusters (cut, c, clusters);

      g_assert_cmpuint (n, ==, class->n_clusters);
      g_assert_cmpuint (n, >=, 1);
      kept += n;
      for (gsize i = 0; i < n; i++)
        {
          guint32 representative = tithe_cut_get_representative (cut, &clusters[i], TITHE_REPRESENTATIVE_CENTRE);
          gboolean inside = FALSE;

          for (guint32 m = 0; m < clusters[i].size; m++)
            {
              guint32 image = tithe_cut_get_image (cut, &clusters[i], m);

              g_assert_cmpuint (seen[image]++, ==, 0);
              g_assert_cmpuint (image / IMAGES, ==, c);
              inside |= image == representative;
            }
          g_assert_true (inside);
          if (clusters[i].size > 1)
            {
              g_assert_cmpmem (&clusters[i], sizeof *clusters, &groups[counted], sizeof *groups);
              counted++;
            }
        }
    }
  g_assert_cmpuint (counted, ==, n_groups);
  g_assert_cmpuint (kept, ==, tithe_cut_get_n_kept (cut));
  for (guint i = 0; i < CLASSES * IMAGES; i++)
    g_assert_cmpuint (seen[i], ==, 1);
}

static void
test_ratio_is_met_exactly (Fixture *fixture, gconstpointer data)
{
  const gsize n = CLASSES * IMAGES;

  for (guint permille = 1; permille <= 1000; permille += 3)
    for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
      {
        gsize wanted = (gsize) floor (permille / 1000.0 * (double) n + 0.5);

        tithe_cut_set_ratio (fixture->cut, permille / 1000.0, policy);
        g_assert_cmpuint (tithe_cut_get_n_kept (fixture->cut), ==, MAX (wanted, CLASSES));
        assert_consistent (fixture->cut);
      }
}

static void
test_per_class_shares_differ_by_one (Fixture *fixture, gconstpointer data)
{
  tithe_cut_set_ratio (fixture->cut, 0.7, TITHE_POLICY_PER_CLASS);
  for (guint c = 0; c < CLASSES; c++)
    {
      g_assert_cmpuint (tithe_cut_get_class (fixture->cut, c)->n_clusters, >=, 25);
      g_assert_cmpuint (tithe_cut_get_class (fixture->cut, c)->n_clusters, <=, 26);
    }
}

static void
test_global_cuts_all_classes_at_one_height (Fixture *fixture, gconstpointer data)
{
  float lowest, highest;

  tithe_cut_set_ratio (fixture->cut, 0.6, TITHE_POLICY_GLOBAL);
  tithe_cut_get_heights (fixture->cut, &lowest, &highest);
  for (guint c = 0; c < CLASSES; c++)
    {
      const TitheDendrogram *tree = tithe_hierarchy_get_class (fixture->hierarchy, c);
      guint32 merges = IMAGES - tithe_cut_get_class (fixture->cut, c)->n_clusters;

      if (merges + 1 < IMAGES)
        g_assert_cmpfloat (tree->heights[merges], >=, highest);
    }
}

static void
test_threshold (Fixture *fixture, gconstpointer data)
{
  gsize n_groups;
  const TitheGroup *groups;

  tithe_cut_set_threshold (fixture->cut, 0.02);
  assert_consistent (fixture->cut);
  groups = tithe_cut_get_groups (fixture->cut, &n_groups);
  g_assert_cmpuint (n_groups, >, 0);
  for (gsize i = 0; i < n_groups; i++)
    g_assert_cmpfloat (tithe_cut_get_spread (fixture->cut, &groups[i]), <=, 0.02f);
}

static void
test_curve_agrees_with_cut (Fixture *fixture, gconstpointer data)
{
  for (guint percent = 5; percent <= 100; percent += 5)
    {
      float lowest, highest;

      tithe_cut_set_ratio (fixture->cut, percent / 100.0, TITHE_POLICY_GLOBAL);
      tithe_cut_get_heights (fixture->cut, &lowest, &highest);
      g_assert_cmpfloat (tithe_cut_get_height_at (fixture->cut, -1, percent / 100.0, TITHE_POLICY_GLOBAL), ==, highest);
    }
}

static void
test_first_representative_is_lowest (Fixture *fixture, gconstpointer data)
{
  gsize n_groups;
  const TitheGroup *groups;

  tithe_cut_set_ratio (fixture->cut, 0.5, TITHE_POLICY_PER_CLASS);
  groups = tithe_cut_get_groups (fixture->cut, &n_groups);
  for (gsize i = 0; i < n_groups; i++)
    for (guint32 m = 0; m < groups[i].size; m++)
      g_assert_cmpuint (tithe_cut_get_representative (fixture->cut, &groups[i], TITHE_REPRESENTATIVE_FIRST), <=,
                        tithe_cut_get_image (fixture->cut, &groups[i], m));
}

#define ADD(path, function) g_test_add ("/cut/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ratio-is-met", test_ratio_is_met_exactly);
  ADD ("per-class", test_per_class_shares_differ_by_one);
  ADD ("global", test_global_cuts_all_classes_at_one_height);
  ADD ("threshold", test_threshold);
  ADD ("curve", test_curve_agrees_with_cut);
  ADD ("first", test_first_representative_is_lowest);
  return g_test_run ();
}
