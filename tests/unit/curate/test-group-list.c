/* SPDX-License-Identifier: MIT */
#include "curate/tithe-group-list.h"
#include "fixture.h"

#include <math.h>

#define CLASSES 2
#define IMAGES 20

typedef struct
{
  char *folder;
  TitheCuration *curation;
  TitheSubset *subset;
  TitheGroupList *list;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *images = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;

  fixture->folder = fixture_folder ();
  images = g_build_filename (fixture->folder, "images", NULL);
  hierarchy = fixture_hierarchy (images, CLASSES, IMAGES, TITHE_LINKAGE_COMPLETE, 1);
  fixture->curation = tithe_curation_new (hierarchy);
  fixture->subset = tithe_subset_new (hierarchy, fixture->curation);
  tithe_subset_set_ratio (fixture->subset, 0.5, TITHE_POLICY_PER_CLASS, FALSE);
  fixture->list = tithe_group_list_new (fixture->subset);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_group_list_free (fixture->list);
  tithe_subset_free (fixture->subset);
  tithe_curation_free (fixture->curation);
  fixture_remove (fixture->folder);
}

/* Where an image is said to be is where it is shown, in every view; and every image has a place among all of them. */
static void
test_an_image_is_where_it_is_found (Fixture *fixture, gconstpointer data)
{
  for (TitheGroupViewKind view = TITHE_VIEW_GROUPS; view <= TITHE_VIEW_DISCARDED; view++)
    {
      gsize n_found = 0, n_shown = 0;

      tithe_group_list_update (fixture->list,
                               &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES, .view = view, .singles = TRUE });
      for (gsize i = 0; i < tithe_group_list_get_n (fixture->list); i++)
        n_shown += tithe_group_list_get (fixture->list, i)->size;
      for (guint32 image = 0; image < CLASSES * IMAGES; image++)
        {
          TitheMember member;
          guint32 place;
          gsize index;

          if (!tithe_group_list_find_image (fixture->list, image, &index, &place))
            continue;
          tithe_group_list_get_members (fixture->list, index, place, 1, &member);
          g_assert_cmpuint (member.image, ==, image);
          g_assert_true (view != TITHE_VIEW_DISCARDED || !member.kept);
          n_found++;
        }
      g_assert_cmpuint (n_found, ==, n_shown);
      g_assert_cmpuint (n_found, ==, view == TITHE_VIEW_DISCARDED ? CLASSES * IMAGES / 2 : CLASSES * IMAGES);
    }
}

/* A bookmark or a selection may be from when the dataset had more images. */
static void
test_an_image_that_is_gone_is_not_found (Fixture *fixture, gconstpointer data)
{
  guint32 place;
  gsize index;

  tithe_group_list_update (fixture->list, &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES, .singles = TRUE });
  g_assert_true (tithe_group_list_find_image (fixture->list, CLASSES * IMAGES - 1, &index, &place));
  g_assert_false (tithe_group_list_find_image (fixture->list, CLASSES * IMAGES, &index, &place));
  g_assert_false (tithe_group_list_find_image (fixture->list, TITHE_IMAGE_NONE, &index, &place));
}

static void
test_one_class_alone_is_listed (Fixture *fixture, gconstpointer data)
{
  tithe_group_list_update (fixture->list, &(TitheGroupChoice){ .class_index = 1, .view = TITHE_VIEW_GROUPS });
  g_assert_cmpuint (tithe_group_list_get_n (fixture->list), >, 0);
  for (gsize i = 0; i < tithe_group_list_get_n (fixture->list); i++)
    {
      g_assert_cmpuint (tithe_group_list_get (fixture->list, i)->class_index, ==, 1);
      g_assert_cmpuint (tithe_group_list_get (fixture->list, i)->size, >=, 2);
    }
}

static void
test_largest_groups_come_first (Fixture *fixture, gconstpointer data)
{
  tithe_group_list_update (fixture->list,
                           &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES, .sort = TITHE_SORT_LARGEST });
  for (gsize i = 1; i < tithe_group_list_get_n (fixture->list); i++)
    g_assert_cmpuint (tithe_group_list_get (fixture->list, i - 1)->size, >=,
                      tithe_group_list_get (fixture->list, i)->size);
}

/* --- filters --- */

/* Whether a group is one that a choice takes, written down once more and all at once. */
static gboolean
is_taken (Fixture *fixture, const TitheGroup *group, const TitheGroupChoice *choice)
{
  const float spread = tithe_cut_get_spread (tithe_subset_get_cut (fixture->subset), group);
  const gboolean reviewed = tithe_subset_is_reviewed (fixture->subset, group);
  const guint32 max_size = choice->max_size > 0 ? choice->max_size : G_MAXUINT32;
  const float max_spread = choice->max_spread > 0 ? choice->max_spread : 2;

  return (choice->class_index < 0 || (guint) choice->class_index == group->class_index)
         && group->size >= choice->min_size && group->size <= max_size && spread >= choice->min_spread
         && spread <= max_spread
         && (choice->review == TITHE_REVIEW_ANY || (choice->review == TITHE_REVIEW_DONE) == reviewed);
}

static gsize
count_taken (Fixture *fixture, const TitheGroupChoice *choice)
{
  gsize n, count = 0;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n);

  for (gsize i = 0; i < n; i++)
    count += is_taken (fixture, &groups[i], choice);
  return count;
}

/* Every other group, in the order of the cut. */
static void
review_some (Fixture *fixture)
{
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n);

  tithe_curation_begin (fixture->curation);
  for (gsize i = 0; i < n; i += 2)
    tithe_curation_set_mark (fixture->curation, groups[i].class_index, groups[i].node, TITHE_MARK_REVIEWED, TRUE);
  g_assert_true (tithe_curation_commit (fixture->curation, "Review", NULL));
  tithe_subset_set_ratio (fixture->subset, 0.5, TITHE_POLICY_PER_CLASS, FALSE);
}

/* Every range of sizes and of spreads between the spreads that there are, in every state of review. */
static void
test_ranges_take_what_lies_in_them (Fixture *fixture, gconstpointer data)
{
  const float spreads[] = { 0, 0.003f, 0.004f, 0.005f, 0.006f, 0.01f, 0.017f };
  guint n_some = 0, n_none = 0;

  review_some (fixture);
  for (guint32 min_size = 0; min_size < 6; min_size++)
    for (guint32 max_size = 0; max_size < 7; max_size++)
      for (guint low = 0; low < G_N_ELEMENTS (spreads); low++)
        for (guint high = 0; high < G_N_ELEMENTS (spreads); high++)
          for (TitheReviewFilter review = TITHE_REVIEW_ANY; review <= TITHE_REVIEW_DONE; review++)
            {
              const TitheGroupChoice choice = { .class_index = (int) (high % 3) - 1,
                                                .min_size = min_size,
                                                .max_size = max_size,
                                                .min_spread = spreads[low],
                                                .max_spread = spreads[high],
                                                .review = review };
              const gsize n = count_taken (fixture, &choice);

              tithe_group_list_update (fixture->list, &choice);
              g_assert_cmpuint (tithe_group_list_get_n_groups (fixture->list), ==, n);
              for (gsize i = 0; i < n; i++)
                g_assert_true (is_taken (fixture, tithe_group_list_get (fixture->list, i), &choice));
              n_some += n > 0;
              n_none += n == 0;
            }
  g_assert_cmpuint (n_some, >, 100);
  g_assert_cmpuint (n_none, >, 100);
}

/* Each bar has the groups that would be listed if its own range were all that is wanted of that kind. */
static void
test_bars_count_what_their_range_lists (Fixture *fixture, gconstpointer data)
{
  const TitheGroupChoice choice
      = { .class_index = TITHE_ALL_CLASSES, .max_size = 3, .min_spread = 0.004f, .review = TITHE_REVIEW_OPEN };
  TitheHistogram sizes, spreads;
  gsize n_sizes = 0, n_spreads = 0;

  review_some (fixture);
  tithe_group_list_update (fixture->list, &choice);
  tithe_group_list_measure (fixture->list, &sizes, &spreads);
  for (guint bar = 0; bar < sizes.n; bar++)
    {
      TitheGroupChoice one = choice;

      one.min_size = (guint32) sizes.edges[bar];
      one.max_size = (guint32) sizes.edges[bar + 1] - 1;
      g_assert_cmpuint (sizes.counts[bar], ==, count_taken (fixture, &one));
      n_sizes += sizes.counts[bar];
    }
  for (guint bar = 0; bar < spreads.n; bar++)
    {
      TitheGroupChoice one = choice;

      one.max_spread = nextafterf (spreads.edges[bar + 1], 0);
      one.min_spread = spreads.edges[bar];
      g_assert_cmpuint (spreads.counts[bar], ==, count_taken (fixture, &one));
      n_spreads += spreads.counts[bar];
    }
  g_assert_cmpuint (n_sizes, >, 0);
  g_assert_cmpuint (n_spreads, >, 0);
}

/* What is discarded in groups to do, say; an image that stands alone is in no group that could be reviewed. */
static void
test_filters_hold_in_views_of_images (Fixture *fixture, gconstpointer data)
{
  TitheGroupChoice choice
      = { .class_index = TITHE_ALL_CLASSES, .min_size = 3, .review = TITHE_REVIEW_OPEN, .view = TITHE_VIEW_IMAGES };
  gsize n, n_images = 0, n_groups = 0, n_shown[2] = { 0 };
  const TitheGroup *groups;

  review_some (fixture);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n);
  for (gsize i = 0; i < n; i++)
    if (is_taken (fixture, &groups[i], &choice))
      {
        n_images += groups[i].size;
        n_groups++;
      }
  g_assert_cmpuint (n_groups, >, 0);
  for (guint discarded = 0; discarded < 2; discarded++)
    {
      choice.view = discarded ? TITHE_VIEW_DISCARDED : TITHE_VIEW_IMAGES;
      tithe_group_list_update (fixture->list, &choice);
      for (gsize i = 0; i < tithe_group_list_get_n (fixture->list); i++)
        n_shown[discarded] += tithe_group_list_get (fixture->list, i)->size;
    }
  g_assert_cmpuint (n_shown[0], ==, n_images);
  g_assert_cmpuint (n_shown[1], ==, n_images - n_groups);
}

static void
test_reviewed_groups_are_counted_by_class (Fixture *fixture, gconstpointer data)
{
  gsize n_all = 0;

  review_some (fixture);
  for (int c = 0; c < CLASSES; c++)
    {
      const TitheGroupChoice choice = { .class_index = c, .review = TITHE_REVIEW_DONE };

      g_assert_cmpuint (tithe_subset_get_class_reviewed (fixture->subset, (guint) c), ==,
                        count_taken (fixture, &choice));
      n_all += count_taken (fixture, &choice);
    }
  g_assert_cmpuint (n_all, >, 0);
  g_assert_cmpuint (tithe_subset_get_totals (fixture->subset)->n_reviewed_groups, ==, n_all);
}

/* --- histograms --- */

static void
test_sizes_have_bars_up_to_the_largest (void)
{
  const guint32 largest[] = { 2, 3, 9, 10, 11, 12, 100, 4999, 1000000, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (largest); i++)
    {
      TitheHistogram sizes;

      tithe_histogram_init_sizes (&sizes, largest[i]);
      g_assert_cmpfloat (sizes.edges[0], ==, 2);
      g_assert_cmpfloat (sizes.edges[sizes.n], >, largest[i] < G_MAXUINT32 ? (float) largest[i] : 4e9f);
      for (guint bar = 0; bar < sizes.n; bar++)
        g_assert_cmpfloat (sizes.edges[bar + 1], >=, sizes.edges[bar] + 1);
      tithe_histogram_add (&sizes, (float) largest[i]);
      g_assert_cmpuint (sizes.counts[sizes.n - 1], ==, 1);
    }
}

static void
test_spreads_have_bars_up_to_the_highest (void)
{
  const float highest[] = { 0, 1e-7f, 0.001f, 0.0274f, 0.04f, 0.2f, 0.999f, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (highest); i++)
    {
      TitheHistogram spreads;

      tithe_histogram_init_spreads (&spreads, highest[i]);
      g_assert_cmpfloat (spreads.edges[0], ==, 0);
      g_assert_cmpfloat (spreads.edges[spreads.n], >, highest[i]);
      g_assert_cmpfloat (spreads.edges[spreads.n - 1], <=, highest[i]);
      g_assert_cmpuint (spreads.n, <=, 41);
      g_assert_true (highest[i] <= 0 || spreads.n >= 15);
      tithe_histogram_add (&spreads, highest[i]);
      g_assert_cmpuint (spreads.counts[spreads.n - 1], ==, 1);
      for (guint bar = 0; bar <= spreads.n; bar++)
        g_assert_cmpfloat_with_epsilon (tithe_histogram_locate (&spreads, spreads.edges[bar]), bar, 1e-6);
    }
}

#define ADD(path, function) g_test_add ("/group-list/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("found-where-it-is", test_an_image_is_where_it_is_found);
  ADD ("gone", test_an_image_that_is_gone_is_not_found);
  ADD ("one-class", test_one_class_alone_is_listed);
  ADD ("largest-first", test_largest_groups_come_first);
  ADD ("ranges-take-what-lies-in-them", test_ranges_take_what_lies_in_them);
  ADD ("bars-count-what-their-range-lists", test_bars_count_what_their_range_lists);
  ADD ("filters-hold-in-views-of-images", test_filters_hold_in_views_of_images);
  ADD ("reviewed-groups-are-counted-by-class", test_reviewed_groups_are_counted_by_class);
  g_test_add_func ("/histogram/sizes-have-bars-up-to-the-largest", test_sizes_have_bars_up_to_the_largest);
  g_test_add_func ("/histogram/spreads-have-bars-up-to-the-highest", test_spreads_have_bars_up_to_the_highest);
  return g_test_run ();
}
