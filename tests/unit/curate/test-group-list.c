/* SPDX-License-Identifier: MIT */
#include "curate/tithe-group-list.h"
#include "fixture.h"

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

#define ADD(path, function) g_test_add ("/group-list/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("found-where-it-is", test_an_image_is_where_it_is_found);
  ADD ("gone", test_an_image_that_is_gone_is_not_found);
  ADD ("one-class", test_one_class_alone_is_listed);
  ADD ("largest-first", test_largest_groups_come_first);
  return g_test_run ();
}
