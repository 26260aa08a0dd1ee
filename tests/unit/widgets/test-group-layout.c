/* SPDX-License-Identifier: MIT */
#include "tithe-group-layout.h"

/* No screen is needed for this. */

#define EDGE 80
#define HEADING 30
#define WIDTH (2 * 24 + 4 * EDGE + 3 * 8) /* four in a row */

static TitheGroupLayout *
new_layout (const guint32 *sizes, gsize n)
{
  TitheGroupLayout *layout = tithe_group_layout_new ();
  g_autofree TitheGroup *groups = g_new0 (TitheGroup, n);

  for (gsize i = 0; i < n; i++)
    groups[i].size = sizes[i];
  tithe_group_layout_set_geometry (layout, WIDTH, EDGE, HEADING);
  tithe_group_layout_update (layout, groups, n);
  return layout;
}

static const guint32 three[] = { 2, 9, 5 }; /* 1, 3 and 2 rows */

static void
test_nothing_has_no_height (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (NULL, 0);

  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, 0);
  g_assert_cmpuint (tithe_group_layout_find (layout, 100), ==, 0);
}

static void
test_as_many_columns_as_fit (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (three, 3);

  g_assert_cmpint (tithe_group_layout_get_columns (layout), ==, 4);
  tithe_group_layout_set_geometry (layout, WIDTH - 1, EDGE, HEADING);
  g_assert_cmpint (tithe_group_layout_get_columns (layout), ==, 3);
  tithe_group_layout_set_geometry (layout, 10, EDGE, HEADING);
  g_assert_cmpint (tithe_group_layout_get_columns (layout), ==, 1);
}

/* Headings, rows, gaps. */
static void
test_heights_add_up (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (three, 3);
  const gint64 first = 12, second = first + 30 + 80 + 18, third = second + 30 + 3 * 88 - 8 + 18;

  g_assert_cmpint (tithe_group_layout_get_top (layout, 0), ==, first);
  g_assert_cmpint (tithe_group_layout_get_top (layout, 1), ==, second);
  g_assert_cmpint (tithe_group_layout_get_top (layout, 2), ==, third);
  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, third + 30 + 2 * 88 - 8 + 18);
}

static void
test_images_wrap_below_their_heading (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (three, 3);
  gint64 y, top = tithe_group_layout_get_top (layout, 1);
  int x;

  tithe_group_layout_place (layout, 1, 0, &x, &y);
  g_assert_cmpint (x, ==, 24);
  g_assert_cmpint (y, ==, top + 30);
  tithe_group_layout_place (layout, 1, 3, &x, &y);
  g_assert_cmpint (x, ==, 24 + 3 * 88);
  g_assert_cmpint (y, ==, top + 30);
  tithe_group_layout_place (layout, 1, 8, &x, &y);
  g_assert_cmpint (x, ==, 24);
  g_assert_cmpint (y, ==, top + 30 + 2 * 88);
}

/* The group at every height, compared with looking at all of them. */
static void
test_finds_the_group_at_any_height (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  guint32 sizes[300];
  g_autoptr (TitheGroupLayout) layout = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    sizes[i] = (guint32) g_rand_int_range (rand, 1, 40);
  layout = new_layout (sizes, G_N_ELEMENTS (sizes));
  for (gint64 y = 0; y < tithe_group_layout_get_height (layout) + 100; y += 13)
    {
      gsize expected = 0;

      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        if (tithe_group_layout_get_top (layout, i) <= y)
          expected = i;
      g_assert_cmpuint (tithe_group_layout_find (layout, (double) y), ==, expected);
    }
}

static void
assert_members (TitheGroupLayout *layout, gsize index, double top, double bottom, guint32 first, guint32 n)
{
  guint32 found_first, found_n;

  tithe_group_layout_list_members (layout, index, top, bottom, &found_first, &found_n);
  g_assert_cmpuint (found_n, ==, n);
  if (n > 0)
    g_assert_cmpuint (found_first, ==, first);
}

static void
test_lists_only_rows_in_view (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (three, 3);
  const double rows = (double) tithe_group_layout_get_top (layout, 1) + 30;

  assert_members (layout, 1, 0, 10000, 0, 9);
  assert_members (layout, 1, 0, rows - 1, 0, 0);
  assert_members (layout, 1, rows, rows + 50, 0, 4);
  assert_members (layout, 1, rows + 90, rows + 100, 4, 4);
  assert_members (layout, 1, rows + 80, rows + 100, 0, 8);
  assert_members (layout, 1, rows + 180, rows + 1000, 8, 1);
  assert_members (layout, 1, rows + 1000, rows + 2000, 0, 0);
}

static void
assert_moves (TitheGroupLayout *layout, gsize index, guint32 member, int steps, int rows, gsize to, guint32 to_member)
{
  tithe_group_layout_move (layout, &index, &member, steps, rows);
  g_assert_cmpuint (index, ==, to);
  g_assert_cmpuint (member, ==, to_member);
}

static void
test_moves_as_arrows_do (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (three, 3);

  assert_moves (layout, 1, 2, 1, 0, 1, 3);
  assert_moves (layout, 0, 1, 1, 0, 1, 0); /* over the end */
  assert_moves (layout, 1, 0, -1, 0, 0, 1);
  assert_moves (layout, 0, 0, -1, 0, 0, 0); /* no further */
  assert_moves (layout, 2, 4, 1, 0, 2, 4);
  assert_moves (layout, 1, 1, 0, 1, 1, 5);
  assert_moves (layout, 1, 6, 0, 1, 1, 8); /* the last row is short */
  assert_moves (layout, 1, 3, 0, 3, 2, 3); /* the column is kept over it */
  assert_moves (layout, 2, 1, 0, -1, 1, 8);
  assert_moves (layout, 2, 3, 0, -4, 0, 1);
  assert_moves (layout, 1, 3, 0, -1, 0, 1);
  assert_moves (layout, 0, 0, 0, -5, 0, 0);
  assert_moves (layout, 2, 4, 0, 5, 2, 4);
}

/* Into the next group and no further, where that is too short for the column. */
static void
test_moves_down_one_group_at_a_time (void)
{
  const guint32 sizes[] = { 4, 2, 2, 4 };
  g_autoptr (TitheGroupLayout) layout = new_layout (sizes, G_N_ELEMENTS (sizes));

  assert_moves (layout, 0, 3, 0, 1, 1, 1);
  assert_moves (layout, 0, 3, 0, 2, 2, 1);
  assert_moves (layout, 0, 3, 0, 3, 3, 3);
}

/* Ten million groups of large thumbnails. */
static void
test_heights_do_not_overflow (void)
{
  const gsize n = 10000000;
  g_autoptr (TitheGroupLayout) layout = tithe_group_layout_new ();
  g_autofree TitheGroup *groups = g_new0 (TitheGroup, n);

  for (gsize i = 0; i < n; i++)
    groups[i].size = 3;
  tithe_group_layout_set_geometry (layout, 100, 256, HEADING);
  tithe_group_layout_update (layout, groups, n);
  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, 12 + (gint64) n * (30 + 3 * 264 - 8 + 18));
  g_assert_cmpuint (tithe_group_layout_find (layout, (double) tithe_group_layout_get_top (layout, n - 2) + 1), ==,
                    n - 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/group-layout/nothing-has-no-height", test_nothing_has_no_height);
  g_test_add_func ("/group-layout/as-many-columns-as-fit", test_as_many_columns_as_fit);
  g_test_add_func ("/group-layout/heights-add-up", test_heights_add_up);
  g_test_add_func ("/group-layout/images-wrap-below-their-heading", test_images_wrap_below_their_heading);
  g_test_add_func ("/group-layout/finds-the-group-at-any-height", test_finds_the_group_at_any_height);
  g_test_add_func ("/group-layout/lists-only-rows-in-view", test_lists_only_rows_in_view);
  g_test_add_func ("/group-layout/moves-as-arrows-do", test_moves_as_arrows_do);
  g_test_add_func ("/group-layout/moves-down-one-group-at-a-time", test_moves_down_one_group_at_a_time);
  g_test_add_func ("/group-layout/heights-do-not-overflow", test_heights_do_not_overflow);
  return g_test_run ();
}
