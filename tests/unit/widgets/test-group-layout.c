/* SPDX-License-Identifier: MIT */
#include "tithe-group-layout.h"

/* No screen is needed for this. */

#define EDGE 80
#define HEADING 30
#define STEP (EDGE + 2 * 4 + 4) /* of cards that fill their line as they are: padding and the gap between two */
#define WIDTH_OF(columns) (2 * 24 + (columns) *STEP - 4)
#define LINE(rows) (HEADING + ((rows) -1) * STEP + EDGE + 4 + 2 + 8)
#define TOP 12

static TitheGroupLayout *
new_layout_of (const guint32 *sizes, gsize n, gsize n_cards, int width)
{
  TitheGroupLayout *layout = tithe_group_layout_new ();
  g_autofree TitheGroup *groups = g_new0 (TitheGroup, n);

  for (gsize i = 0; i < n; i++)
    groups[i].size = sizes[i];
  tithe_group_layout_set_geometry (layout, width, EDGE, HEADING);
  tithe_group_layout_update (layout, groups, n, n_cards);
  return layout;
}

/* Eight columns of cards. */
static TitheGroupLayout *
new_layout (const guint32 *sizes, gsize n)
{
  return new_layout_of (sizes, n, n, WIDTH_OF (8));
}

/* Of groups of 1 to 39 images. */
static TitheGroupLayout *
new_random_layout (guint32 *sizes, gsize n, gsize n_cards, int width)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (gsize i = 0; i < n; i++)
    sizes[i] = (guint32) (i % 3 != 0 ? g_rand_int_range (rand, 2, 5) : g_rand_int_range (rand, 2, 40));
  return new_layout_of (sizes, n, n_cards, width);
}

/* One line of 3, 2 and 3; one of 5 and 2; one of 26, which is more than a line has room for. */
static const guint32 lines[] = { 3, 2, 3, 5, 2, 26 };

static void
assert_stands (TitheGroupLayout *layout, gsize index, guint32 member, int x, gint64 y)
{
  gint64 found_y;
  int found_x;

  tithe_group_layout_place (layout, index, member, &found_x, &found_y);
  g_assert_cmpint (found_x, ==, x);
  g_assert_cmpint (found_y, ==, y);
}

static void
test_nothing_has_no_height (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (NULL, 0);
  gsize first, end;

  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, 0);
  g_assert_cmpuint (tithe_group_layout_find (layout, 100), ==, 0);
  tithe_group_layout_list_groups (layout, 0, 100, &first, &end);
  g_assert_cmpuint (first, ==, end);
}

static void
test_cards_share_a_line_as_long_as_they_fit (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (lines, G_N_ELEMENTS (lines));

  for (gsize i = 0; i < 3; i++)
    g_assert_cmpint (tithe_group_layout_get_top (layout, i), ==, TOP);
  for (gsize i = 3; i < 5; i++)
    g_assert_cmpint (tithe_group_layout_get_top (layout, i), ==, TOP + LINE (1));
  g_assert_cmpint (tithe_group_layout_get_top (layout, 5), ==, TOP + 2 * LINE (1));
}

static void
test_heights_add_up (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (lines, G_N_ELEMENTS (lines));

  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, TOP + 2 * LINE (1) + LINE (4) - 8 + 18);
}

static void
test_one_grid_has_all_cards (void)
{
  guint32 sizes[300];
  g_autoptr (TitheGroupLayout) layout = new_random_layout (sizes, G_N_ELEMENTS (sizes), G_N_ELEMENTS (sizes), 1180);
  int x, first_x, step;
  gint64 y;

  tithe_group_layout_place (layout, 0, 0, &first_x, &y);
  tithe_group_layout_place (layout, 0, 1, &step, &y);
  step -= first_x;
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint32 m = 0; m < sizes[i]; m++)
      {
        tithe_group_layout_place (layout, i, m, &x, &y);
        g_assert_cmpint ((x - first_x) % step, ==, 0);
      }
}

/* Up to four pixels more to either side of each image, and no further than the margin. */
static void
test_the_grid_fills_the_line (void)
{
  const guint32 sizes[] = { 8, 8 };
  g_autoptr (TitheGroupLayout) exact = new_layout_of (sizes, 2, 2, WIDTH_OF (8));
  g_autoptr (TitheGroupLayout) wider = new_layout_of (sizes, 2, 2, WIDTH_OF (8) + 8 * 6 + 5);
  g_autoptr (TitheGroupLayout) narrower = new_layout_of (sizes, 2, 2, WIDTH_OF (8) - 1);

  g_assert_cmpint (tithe_group_layout_place_heading (exact, 0).width, ==, 8 * STEP - 4);
  g_assert_cmpint (tithe_group_layout_place_heading (wider, 0).width, ==, 8 * (STEP + 6) - 4);
  assert_stands (wider, 0, 1, 24 + 7 + STEP + 6, TOP + HEADING);
  g_assert_cmpint (tithe_group_layout_place_heading (narrower, 0).width, <=, WIDTH_OF (8) - 1 - 2 * 24);
}

static void
test_one_column_is_left_of_a_narrow_window (void)
{
  const guint32 sizes[] = { 2, 3 };
  g_autoptr (TitheGroupLayout) layout = new_layout_of (sizes, 2, 2, 10);

  assert_stands (layout, 0, 1, 24 + 4, TOP + HEADING + STEP);
  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, TOP + LINE (2) + LINE (3) - 8 + 18);
}

static void
test_images_wrap_below_their_heading (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (lines, G_N_ELEMENTS (lines));
  const gint64 second = TOP + LINE (1) + HEADING, third = TOP + 2 * LINE (1) + HEADING;

  assert_stands (layout, 3, 0, 28, second);
  assert_stands (layout, 3, 4, 28 + 4 * STEP, second);
  assert_stands (layout, 4, 1, 28 + 6 * STEP, second);
  assert_stands (layout, 5, 7, 28 + 7 * STEP, third);
  assert_stands (layout, 5, 8, 28, third + STEP);
  assert_stands (layout, 5, 25, 28 + STEP, third + 3 * STEP);
}

/* Cards neither touch nor leave the window, and their images lie within them. */
static void
test_cards_do_not_overlap (void)
{
  guint32 sizes[300];

  for (int width = 100; width < 2000; width += 37)
    {
      g_autoptr (TitheGroupLayout) layout
          = new_random_layout (sizes, G_N_ELEMENTS (sizes), G_N_ELEMENTS (sizes), width);
      TitheGroupBox before = { 0, 0, 0, 0 };

      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          TitheGroupBox box = tithe_group_layout_place_heading (layout, i);
          int x;
          gint64 y;

          g_assert_true (i == 0 || (box.y == before.y && box.x >= before.x + before.width + 4)
                         || (box.x == 24 && box.y >= before.y + before.height + 8));
          g_assert_cmpint (box.x + box.width, <=, MAX (width, 24 + EDGE + 8 + 24) - 24);
          for (guint32 m = 0; m < sizes[i]; m++)
            {
              tithe_group_layout_place (layout, i, m, &x, &y);
              g_assert_cmpint (x, >=, box.x + 4);
              g_assert_cmpint (x + EDGE + 4, <=, box.x + box.width);
              g_assert_cmpint (y, >=, box.y + HEADING);
              g_assert_cmpint (y + EDGE + 4, <=, box.y + box.height);
            }
          before = box;
        }
    }
}

/* Whatever comes before it: the shape does not change while the slider moves. */
static void
test_a_shape_is_that_of_the_size (void)
{
  TitheGroupBox shapes[40] = { { 0 } };
  guint32 sizes[300];
  g_autoptr (TitheGroupLayout) layout = new_random_layout (sizes, G_N_ELEMENTS (sizes), G_N_ELEMENTS (sizes), 1180);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      TitheGroupBox box = tithe_group_layout_place_heading (layout, i), *same = &shapes[sizes[i]];

      g_assert_true (same->width == 0 || same->width == box.width);
      same->width = box.width;
    }
}

static void
test_blocks_take_whole_lines (void)
{
  const guint32 sizes[] = { 2, 2, 3, 20 };
  g_autoptr (TitheGroupLayout) layout = new_layout_of (sizes, 4, 2, WIDTH_OF (4));
  const gint64 first = TOP + LINE (1), second = first + HEADING + EDGE + 18;

  g_assert_cmpint (tithe_group_layout_get_top (layout, 1), ==, TOP);
  g_assert_cmpint (tithe_group_layout_get_top (layout, 2), ==, first);
  g_assert_cmpint (tithe_group_layout_get_top (layout, 3), ==, second);
  assert_stands (layout, 3, 5, 24 + EDGE + 8, second + HEADING + EDGE + 8);
  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, second + HEADING + 5 * (EDGE + 8) - 8 + 18);
  g_assert_cmpint (tithe_group_layout_place_heading (layout, 3).height, ==, HEADING);
}

/* The line at every height, compared with looking at all groups. */
static void
test_finds_the_line_at_any_height (void)
{
  guint32 sizes[300];
  g_autoptr (TitheGroupLayout) layout = new_random_layout (sizes, G_N_ELEMENTS (sizes), 280, 1180);

  for (gint64 y = 0; y < tithe_group_layout_get_height (layout) + 100; y += 13)
    {
      gsize expected = 0;

      for (gsize i = 1; i < G_N_ELEMENTS (sizes); i++)
        if (tithe_group_layout_get_top (layout, i) <= y
            && tithe_group_layout_get_top (layout, i) > tithe_group_layout_get_top (layout, i - 1))
          expected = i;
      g_assert_cmpuint (tithe_group_layout_find (layout, (double) y), ==, expected);
    }
}

/* Everything that touches what is looked at is listed, and what is listed is of lines that do. */
static void
test_lists_the_lines_in_view (void)
{
  guint32 sizes[300];
  g_autoptr (TitheGroupLayout) layout = new_random_layout (sizes, G_N_ELEMENTS (sizes), 280, 1180);
  gsize first, end;

  for (gint64 y = 0; y < tithe_group_layout_get_height (layout); y += 61)
    {
      tithe_group_layout_list_groups (layout, (double) y, (double) y + 500, &first, &end);
      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          TitheGroupBox box = tithe_group_layout_place_heading (layout, i);

          if (box.y + box.height > y && box.y < y + 500)
            g_assert_true (i >= first && i < end);
          else if (i >= first && i < end)
            g_assert_cmpint (box.y, <, y + 500);
        }
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
  g_autoptr (TitheGroupLayout) layout = new_layout (lines, G_N_ELEMENTS (lines));
  const double rows = TOP + 2 * LINE (1) + HEADING;

  assert_members (layout, 5, 0, 10000, 0, 26);
  assert_members (layout, 5, 0, rows - 1, 0, 0);
  assert_members (layout, 5, rows, rows + 50, 0, 8);
  assert_members (layout, 5, rows + STEP + 2, rows + STEP + 10, 8, 8);
  assert_members (layout, 5, rows + STEP - 4, rows + STEP + 10, 0, 16);
  assert_members (layout, 5, rows + 3 * STEP + 4, rows + 1000, 24, 2);
  assert_members (layout, 5, rows + 1000, rows + 2000, 0, 0);
}

/* Rows are parted without a gap: a card's from its upper edge to its lower one, with all of its images in order. */
static void
test_rows_fill_their_card (void)
{
  guint32 sizes[200];
  g_autoptr (TitheGroupLayout) layout = new_random_layout (sizes, G_N_ELEMENTS (sizes), 190, WIDTH_OF (8));

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const TitheGroupBox card = tithe_group_layout_place_heading (layout, i);
      guint32 begin, end, member = 0;
      gint64 y = card.y;

      tithe_group_layout_list_rows (layout, i, 0, 1e9, &begin, &end);
      g_assert_cmpuint (begin, ==, 0);
      for (guint32 row = 0; row < end; row++)
        {
          guint32 first, n;
          const TitheGroupBox box = tithe_group_layout_place_row (layout, i, row, &first, &n);
          int left;
          gint64 top;

          g_assert_cmpint (box.x, ==, card.x);
          g_assert_cmpint (box.width, ==, card.width);
          g_assert_cmpint (box.y, ==, y);
          g_assert_cmpuint (first, ==, member);
          tithe_group_layout_place (layout, i, first, &left, &top);
          g_assert_cmpint (top, >=, box.y);
          g_assert_cmpint (top + EDGE, <=, box.y + box.height);
          y += box.height;
          member += n;
        }
      g_assert_cmpuint (member, ==, sizes[i]);
      if (i < 190)
        g_assert_cmpint (y, ==, card.y + card.height);
    }
}

static void
test_lists_only_rows_that_are_seen (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (lines, G_N_ELEMENTS (lines));
  const double rows = TOP + 2 * LINE (1) + HEADING;
  static const struct
  {
    double top, bottom;
    guint32 first, end;
  } cases[] = { { 0, 10000, 0, 4 },
                { rows - 20, rows - 10, 0, 1 }, /* the heading is of the first */
                { rows + 1, rows + STEP - 1, 0, 1 },
                { rows + STEP - 1, rows + STEP + 1, 0, 2 },
                { rows + 2 * STEP + 1, rows + 1000, 2, 4 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint32 first, end;

      tithe_group_layout_list_rows (layout, 5, cases[i].top, cases[i].bottom, &first, &end);
      g_assert_cmpuint (first, ==, cases[i].first);
      g_assert_cmpuint (end, ==, cases[i].end);
    }
}

static void
assert_moves (TitheGroupLayout *layout, gsize index, guint32 member, int steps, int rows, gsize to, guint32 to_member)
{
  tithe_group_layout_move (layout, &index, &member, steps, rows);
  g_assert_cmpuint (index, ==, to);
  g_assert_cmpuint (member, ==, to_member);
}

static void
test_left_and_right_read_on (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (lines, G_N_ELEMENTS (lines));

  assert_moves (layout, 0, 1, 1, 0, 0, 2);
  assert_moves (layout, 0, 2, 1, 0, 1, 0); /* into the next card */
  assert_moves (layout, 2, 2, 1, 0, 3, 0); /* into the next line */
  assert_moves (layout, 1, 0, -1, 0, 0, 2);
  assert_moves (layout, 3, 0, -1, 0, 2, 2);
  assert_moves (layout, 5, 7, 1, 0, 5, 8);
  assert_moves (layout, 0, 0, -1, 0, 0, 0); /* no further */
  assert_moves (layout, 5, 25, 1, 0, 5, 25);
}

static void
test_up_and_down_go_to_what_is_nearest (void)
{
  g_autoptr (TitheGroupLayout) layout = new_layout (lines, G_N_ELEMENTS (lines));

  assert_moves (layout, 0, 2, 0, 1, 3, 2);
  assert_moves (layout, 1, 1, 0, 1, 3, 4); /* below a card of two is one of five */
  assert_moves (layout, 2, 0, 0, 1, 4, 0);
  assert_moves (layout, 2, 2, 0, 1, 4, 1); /* the line is short */
  assert_moves (layout, 4, 1, 0, -1, 2, 1);
  assert_moves (layout, 4, 0, 0, 1, 5, 5); /* into rows of its own */
  assert_moves (layout, 5, 5, 0, 1, 5, 13);
  assert_moves (layout, 5, 13, 0, -1, 5, 5);
  assert_moves (layout, 5, 5, 0, -1, 4, 0);
  assert_moves (layout, 5, 23, 0, 1, 5, 25); /* the last row is short */
  assert_moves (layout, 2, 2, 0, 2, 5, 7);   /* the place is kept over it */
  assert_moves (layout, 5, 25, 0, -9, 0, 1);
  assert_moves (layout, 0, 0, 0, -5, 0, 0); /* no further */
  assert_moves (layout, 5, 25, 0, 5, 5, 25);
}

/* From cards to blocks, which stand closer, and back. */
static void
test_up_and_down_go_into_blocks (void)
{
  const guint32 sizes[] = { 2, 3, 2, 20 };
  g_autoptr (TitheGroupLayout) layout = new_layout_of (sizes, 4, 3, WIDTH_OF (8));

  assert_moves (layout, 2, 1, 0, 1, 3, 6);
  assert_moves (layout, 3, 6, 0, -1, 2, 1);
  assert_moves (layout, 3, 0, 0, 9, 3, 16);
}

/* Of pairs, a few larger ones and some that are large: what a person sees at once. */
static void
test_cards_show_more_than_lines_did (void)
{
  static const guint32 counts[] = { 0, 0, 590, 130, 33, 8, 4, 2, 1, 1 };
  guint32 sizes[800];
  gsize n = 0;
  gint64 alone = TOP;
  g_autoptr (TitheGroupLayout) layout = NULL;

  for (guint32 size = G_N_ELEMENTS (counts) - 1; size > 0; size--)
    for (guint32 i = 0; i < counts[size]; i++)
      {
        sizes[n++] = size;
        alone += HEADING + EDGE + 18; /* a line for each, as it was */
      }
  layout = new_layout_of (sizes, n, n, 1180);
  g_assert_cmpint (2 * alone, >=, 5 * tithe_group_layout_get_height (layout));
}

/* Ten million groups of large thumbnails. */
static void
test_heights_do_not_overflow (void)
{
  const gsize n = 10000000;
  g_autoptr (TitheGroupLayout) layout = tithe_group_layout_new ();
  g_autofree TitheGroup *groups = g_new0 (TitheGroup, n);
  const gint64 line = HEADING + 2 * (256 + 12) + 256 + 4 + 2 + 8;

  for (gsize i = 0; i < n; i++)
    groups[i].size = 3;
  tithe_group_layout_set_geometry (layout, 100, 256, HEADING);
  tithe_group_layout_update (layout, groups, n, n);
  g_assert_cmpint (tithe_group_layout_get_height (layout), ==, TOP + (gint64) n * line - 8 + 18);
  g_assert_cmpuint (tithe_group_layout_find (layout, (double) tithe_group_layout_get_top (layout, n - 2) + 1), ==,
                    n - 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/group-layout/nothing-has-no-height", test_nothing_has_no_height);
  g_test_add_func ("/group-layout/cards-share-a-line-as-long-as-they-fit", test_cards_share_a_line_as_long_as_they_fit);
  g_test_add_func ("/group-layout/heights-add-up", test_heights_add_up);
  g_test_add_func ("/group-layout/one-grid-has-all-cards", test_one_grid_has_all_cards);
  g_test_add_func ("/group-layout/the-grid-fills-the-line", test_the_grid_fills_the_line);
  g_test_add_func ("/group-layout/one-column-is-left-of-a-narrow-window", test_one_column_is_left_of_a_narrow_window);
  g_test_add_func ("/group-layout/images-wrap-below-their-heading", test_images_wrap_below_their_heading);
  g_test_add_func ("/group-layout/cards-do-not-overlap", test_cards_do_not_overlap);
  g_test_add_func ("/group-layout/a-shape-is-that-of-the-size", test_a_shape_is_that_of_the_size);
  g_test_add_func ("/group-layout/blocks-take-whole-lines", test_blocks_take_whole_lines);
  g_test_add_func ("/group-layout/finds-the-line-at-any-height", test_finds_the_line_at_any_height);
  g_test_add_func ("/group-layout/lists-the-lines-in-view", test_lists_the_lines_in_view);
  g_test_add_func ("/group-layout/lists-only-rows-in-view", test_lists_only_rows_in_view);
  g_test_add_func ("/group-layout/rows-fill-their-card", test_rows_fill_their_card);
  g_test_add_func ("/group-layout/lists-only-rows-that-are-seen", test_lists_only_rows_that_are_seen);
  g_test_add_func ("/group-layout/left-and-right-read-on", test_left_and_right_read_on);
  g_test_add_func ("/group-layout/up-and-down-go-to-what-is-nearest", test_up_and_down_go_to_what_is_nearest);
  g_test_add_func ("/group-layout/up-and-down-go-into-blocks", test_up_and_down_go_into_blocks);
  g_test_add_func ("/group-layout/cards-show-more-than-lines-did", test_cards_show_more_than_lines_did);
  g_test_add_func ("/group-layout/heights-do-not-overflow", test_heights_do_not_overflow);
  return g_test_run ();
}
