/* SPDX-License-Identifier: MIT */
#include "tithe-compare-pane.h"
#include "tithe-compare-view.h"
#include "tithe-film-strip.h"
#include "tithe-pane-layout.h"
#include "tithe-thumbnail.h"

#include "image/tithe-difference.h"
#include "widget-fixture.h"

#define N 14
#define WIDTH 1200
#define HEIGHT 800
#define N_PANES 6

typedef struct
{
  WidgetGroup shown;
  guint32 images[N];
  GtkWidget *window;
  TitheCompareView *view;
  guint32 pointed;
  guint n_pointed;
} Fixture;

static void
on_pointed (Fixture *fixture, guint image)
{
  fixture->pointed = image;
  fixture->n_pointed++;
}

/* What shows something, in the order in which it is seen. */
static guint
list_panes (Fixture *fixture, TitheComparePane **panes)
{
  GtkWidget *first = widget_fixture_find (GTK_WIDGET (fixture->view), TITHE_TYPE_COMPARE_PANE);
  guint n = 0;

  for (GtkWidget *child = first; child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child))
      panes[n++] = TITHE_COMPARE_PANE (child);
  return n;
}

static gboolean
are_loaded (gpointer data)
{
  TitheComparePane *panes[N_PANES];
  guint n = list_panes (data, panes);

  for (guint i = 0; i < n; i++)
    if (tithe_compare_pane_get_pixels (panes[i]) == NULL)
      return FALSE;
  return TRUE;
}

static void
settle (Fixture *fixture)
{
  widget_fixture_wait_for (are_loaded, fixture);
  widget_fixture_draw (fixture->window);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  widget_fixture_group_init (&fixture->shown, N, 0.05);
  g_assert_cmpuint (fixture->shown.group.size, ==, N);
  for (guint i = 0; i < N; i++)
    fixture->images[i] = tithe_cut_get_image (tithe_subset_get_cut (fixture->shown.subset), &fixture->shown.group, i);
  fixture->view = TITHE_COMPARE_VIEW (tithe_compare_view_new ());
  g_signal_connect_swapped (fixture->view, "pointed", G_CALLBACK (on_pointed), fixture);
  fixture->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, HEIGHT);
  tithe_compare_view_show (fixture->view, fixture->shown.subset, NULL, fixture->images, N, TRUE);
  tithe_compare_view_choose (fixture->view, NULL, 0, fixture->images[0]);
  gtk_window_present (GTK_WINDOW (fixture->window));
  settle (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_compare_view_clear (fixture->view);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  widget_fixture_group_clear (&fixture->shown);
}

static void
act (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->view), action, NULL));
  settle (fixture);
}

/* The colour at a place of a picture, from 0 to 1 in both directions. */
static guint32
look_at (Fixture *fixture, TitheComparePane *pane, double x, double y)
{
  GtkWidget *view = GTK_WIDGET (tithe_compare_pane_get_view (pane));
  int width, height;
  g_autofree guint8 *pixels = widget_fixture_picture (fixture->window, &width, &height);
  const float w = (float) gtk_widget_get_width (view), h = (float) gtk_widget_get_height (view), edge = MIN (w, h);
  graphene_point_t point;
  const guint8 *pixel;

  g_assert_true (gtk_widget_compute_point (
      view, fixture->window,
      &GRAPHENE_POINT_INIT ((w - edge) / 2 + (float) x * edge, (h - edge) / 2 + (float) y * edge), &point));
  pixel = pixels + 4 * ((int) point.y * width + (int) point.x);
  return (guint32) pixel[2] << 16 | (guint32) pixel[1] << 8 | pixel[0];
}

/* Of an image's pixel that is so far from its left and upper edge. */
static guint32
get_colour (const TithePixels *pixels, double x, double y)
{
  const guint8 *pixel = pixels->data + 3 * ((guint) (y * pixels->height) * pixels->width + (guint) (x * pixels->width));

  return (guint32) pixel[0] << 16 | (guint32) pixel[1] << 8 | pixel[2];
}

/* --- arrangement --- */

static void
test_columns_make_pictures_largest (void)
{
  static const struct
  {
    guint n;
    double width, height, aspect;
    guint columns;
  } cases[] = {
    { 1, 800, 600, 1, 1 },  { 2, 1400, 700, 1, 2 }, { 2, 360, 700, 1, 1 },  { 3, 1400, 700, 1, 3 },
    { 4, 1400, 700, 1, 4 }, { 4, 360, 1500, 1, 1 }, { 4, 900, 700, 1, 2 },  { 5, 1400, 700, 1, 3 },
    { 6, 1400, 700, 1, 3 }, { 6, 500, 700, 1, 2 },  { 6, 360, 2400, 1, 1 }, { 6, 1400, 700, 4, 2 },
    { 3, 1400, 700, 4, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint columns
          = tithe_pane_layout_choose_columns (cases[i].n, cases[i].width, cases[i].height, 12, 40, cases[i].aspect);

      g_test_message ("%u in %g x %g", cases[i].n, cases[i].width, cases[i].height);
      g_assert_cmpuint (columns, ==, cases[i].columns);
    }
}

static void
test_six_fill_the_window (Fixture *fixture, gconstpointer data)
{
  TitheComparePane *panes[N_PANES];
  GtkWidget *strip = widget_fixture_find (GTK_WIDGET (fixture->view), TITHE_TYPE_FILM_STRIP);
  guint n_thumbnails = 0;

  g_assert_cmpuint (list_panes (fixture, panes), ==, N_PANES);
  for (guint i = 0; i < N_PANES; i++)
    {
      GtkWidget *view = GTK_WIDGET (tithe_compare_pane_get_view (panes[i]));
      graphene_rect_t bounds;

      g_assert_cmpuint (tithe_compare_pane_get_image (panes[i]), ==, fixture->images[i]);
      g_assert_cmpint (MIN (gtk_widget_get_width (view), gtk_widget_get_height (view)), >=, 260);
      g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (panes[i]), fixture->window, &bounds));
      g_assert_cmpfloat (bounds.origin.x, >=, 0);
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, WIDTH);
      g_assert_cmpfloat (bounds.origin.y + bounds.size.height, <=, HEIGHT);
    }
  g_assert_true (gtk_widget_get_mapped (strip));
  for (GtkWidget *child = gtk_widget_get_first_child (strip); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_thumbnails += gtk_widget_get_child_visible (child) ? 1 : 0;
  g_assert_cmpuint (n_thumbnails, ==, N);
}

/* A strip of nothing but what is seen is left out. */
static void
test_few_have_no_strip (Fixture *fixture, gconstpointer data)
{
  GtkWidget *strip = widget_fixture_find (GTK_WIDGET (fixture->view), TITHE_TYPE_FILM_STRIP);

  tithe_compare_view_show (fixture->view, fixture->shown.subset, NULL, fixture->images, 3, FALSE);
  tithe_compare_view_choose (fixture->view, NULL, 0, fixture->images[2]);
  settle (fixture);
  g_assert_false (gtk_widget_get_mapped (strip));
  g_assert_cmpuint (tithe_compare_view_get_current (fixture->view), ==, fixture->images[2]);
}

static void
test_a_long_strip_has_widgets_for_what_is_in_view (Fixture *fixture, gconstpointer data)
{
  GtkWidget *strip = widget_fixture_find (GTK_WIDGET (fixture->view), TITHE_TYPE_FILM_STRIP);
  g_autofree guint32 *images = g_new (guint32, 5000);
  guint n = 0;

  for (guint i = 0; i < 5000; i++)
    images[i] = fixture->images[i % N];
  tithe_compare_view_show (fixture->view, fixture->shown.subset, NULL, images, 5000, FALSE);
  tithe_compare_view_choose (fixture->view, NULL, 0, images[0]);
  settle (fixture);
  for (GtkWidget *child = gtk_widget_get_first_child (strip); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;
  g_assert_cmpuint (n, >=, WIDTH / 80);
  g_assert_cmpuint (n, <, 50);
}

/* --- who is the current one --- */

static void
test_a_decision_moves_nothing (Fixture *fixture, gconstpointer data)
{
  TitheComparePane *panes[N_PANES];
  TitheCuration *curation = tithe_subset_get_curation (fixture->shown.subset);

  tithe_compare_view_point (fixture->view, fixture->images[3]);
  g_assert_cmpuint (fixture->pointed, ==, fixture->images[3]);
  fixture->n_pointed = 0;
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, fixture->images[10], TITHE_DECISION_REPRESENTATIVE);
  tithe_curation_set_decision (curation, fixture->images[3], TITHE_DECISION_KEEP);
  tithe_subset_set_ratio (fixture->shown.subset, 0.05, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_compare_view_refresh (fixture->view);
  settle (fixture);
  g_assert_cmpuint (list_panes (fixture, panes), ==, N_PANES);
  for (guint i = 0; i < N_PANES; i++)
    g_assert_cmpuint (tithe_compare_pane_get_image (panes[i]), ==, fixture->images[i]);
  g_assert_cmpuint (tithe_compare_view_get_current (fixture->view), ==, fixture->images[3]);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (panes[3])));
  g_assert_cmpuint (fixture->n_pointed, ==, 0);
}

static void
test_kept_images_are_framed (Fixture *fixture, gconstpointer data)
{
  const guint32 green = 0x2ec27e;
  TitheComparePane *panes[N_PANES];
  TitheCuration *curation = tithe_subset_get_curation (fixture->shown.subset);

  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, fixture->images[1], TITHE_DECISION_KEEP);
  tithe_curation_set_decision (curation, fixture->images[4], TITHE_DECISION_KEEP);
  tithe_subset_set_ratio (fixture->shown.subset, 0.05, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_compare_view_refresh (fixture->view);
  settle (fixture);
  list_panes (fixture, panes);
  for (guint i = 0; i < N_PANES; i++)
    {
      TitheGroup group;
      guint32 representative;

      g_assert_true (tithe_subset_find_group (fixture->shown.subset, fixture->images[i], &group));
      representative = tithe_subset_get_representative (fixture->shown.subset, &group);
      if (tithe_subset_keeps (fixture->shown.subset, fixture->images[i], representative))
        g_assert_cmphex (look_at (fixture, panes[i], 0.005, 0.5), ==, green);
      else
        g_assert_cmphex (look_at (fixture, panes[i], 0.005, 0.5), !=, green);
    }
}

static void
press (Fixture *fixture, guint image, gboolean more)
{
  g_signal_emit_by_name (widget_fixture_find (GTK_WIDGET (fixture->view), TITHE_TYPE_FILM_STRIP), "picked", image,
                         more);
  settle (fixture);
}

static void
test_the_strip_exchanges_the_current_one (Fixture *fixture, gconstpointer data)
{
  TitheComparePane *panes[N_PANES];

  tithe_compare_view_point (fixture->view, fixture->images[2]);
  press (fixture, fixture->images[11], FALSE);
  list_panes (fixture, panes);
  g_assert_cmpuint (tithe_compare_pane_get_image (panes[2]), ==, fixture->images[11]);
  g_assert_cmpuint (fixture->pointed, ==, fixture->images[11]);
  g_assert_false (tithe_compare_view_is_shown (fixture->view, fixture->images[2]));
  g_assert_true (tithe_compare_view_has (fixture->view, fixture->images[2]));
  /* One that is seen is turned to. */
  press (fixture, fixture->images[5], FALSE);
  g_assert_cmpuint (tithe_compare_view_get_current (fixture->view), ==, fixture->images[5]);
  g_assert_cmpuint (tithe_compare_pane_get_image (panes[5]), ==, fixture->images[5]);
}

static void
test_more_and_fewer_are_seen_at_once (Fixture *fixture, gconstpointer data)
{
  TitheComparePane *panes[N_PANES];

  tithe_compare_view_point (fixture->view, fixture->images[1]);
  for (guint n = N_PANES; n > 2; n--)
    {
      g_assert_cmpuint (list_panes (fixture, panes), ==, n);
      act (fixture, "compare.fewer");
    }
  act (fixture, "compare.fewer");
  g_assert_cmpuint (list_panes (fixture, panes), ==, 2);
  g_assert_cmpuint (tithe_compare_pane_get_image (panes[0]), ==, fixture->images[0]);
  act (fixture, "compare.more");
  g_assert_cmpuint (list_panes (fixture, panes), ==, 3);
  press (fixture, fixture->images[13], TRUE);
  g_assert_cmpuint (list_panes (fixture, panes), ==, 4);
  g_assert_cmpuint (tithe_compare_pane_get_image (panes[3]), ==, fixture->images[13]);
  press (fixture, fixture->images[0], TRUE);
  g_assert_cmpuint (list_panes (fixture, panes), ==, 3);
  g_assert_false (tithe_compare_view_is_shown (fixture->view, fixture->images[0]));
  /* As many are seen of the next group. */
  tithe_compare_view_show (fixture->view, fixture->shown.subset, NULL, fixture->images, 9, TRUE);
  tithe_compare_view_choose (fixture->view, NULL, 0, fixture->images[7]);
  settle (fixture);
  g_assert_cmpuint (list_panes (fixture, panes), ==, 3);
  g_assert_cmpuint (tithe_compare_pane_get_image (panes[2]), ==, fixture->images[7]);
}

/* --- what is seen of them --- */

static void
test_all_are_zoomed_together (Fixture *fixture, gconstpointer data)
{
  TitheComparePane *panes[N_PANES];

  list_panes (fixture, panes);
  tithe_compare_view_zoom (fixture->view, 4);
  tithe_image_view_pan (tithe_compare_pane_get_view (panes[2]), 10, 10);
  settle (fixture);
  /* The last pixel is in the middle of each. */
  for (guint i = 0; i < N_PANES; i++)
    g_assert_cmphex (look_at (fixture, panes[i], 0.48, 0.48), ==,
                     get_colour (tithe_compare_pane_get_pixels (panes[i]), 0.99, 0.99));
}

static gboolean
is_difference (gpointer data)
{
  Fixture *fixture = data;
  TitheComparePane *panes[N_PANES];
  const guint n = list_panes (fixture, panes);
  TitheGroup group;
  guint32 kept;
  TithePixels *base = NULL;
  int gain;

  widget_fixture_draw (fixture->window);
  g_object_get (fixture->view, "gain", &gain, NULL);
  g_assert_true (tithe_subset_find_group (fixture->shown.subset, fixture->images[0], &group));
  kept = tithe_subset_get_representative (fixture->shown.subset, &group);
  for (guint i = 0; i < n; i++)
    if (tithe_compare_pane_get_image (panes[i]) == kept)
      base = tithe_compare_pane_get_pixels (panes[i]);
  g_assert_nonnull (base);
  for (guint i = 0; i < n; i++)
    {
      TithePixels *pixels = tithe_compare_pane_get_pixels (panes[i]);
      g_autoptr (TithePixels) expected
          = pixels == base ? tithe_pixels_ref (pixels) : tithe_pixels_subtract (pixels, base, (guint) gain);

      if (look_at (fixture, panes[i], 0.4, 0.6) != get_colour (expected, 0.4, 0.6))
        return FALSE;
    }
  return TRUE;
}

static void
test_the_difference_is_from_what_is_kept (Fixture *fixture, gconstpointer data)
{
  TitheGroup group;
  guint32 kept;
  int gain;

  /* The gain waits for the difference. */
  act (fixture, "compare.stronger");
  g_object_get (fixture->view, "gain", &gain, NULL);
  g_assert_cmpint (gain, ==, 4);
  g_assert_true (tithe_subset_find_group (fixture->shown.subset, fixture->images[0], &group));
  kept = tithe_subset_get_representative (fixture->shown.subset, &group);
  if (!tithe_compare_view_is_shown (fixture->view, kept))
    tithe_compare_view_point (fixture->view, kept);
  settle (fixture);
  g_assert_false (is_difference (fixture));
  act (fixture, "compare.difference");
  widget_fixture_wait_for (is_difference, fixture);
  act (fixture, "compare.stronger");
  widget_fixture_wait_for (is_difference, fixture);
  for (guint i = 0; i < 4; i++)
    gtk_widget_activate_action (GTK_WIDGET (fixture->view), "compare.stronger", NULL);
  g_object_get (fixture->view, "gain", &gain, NULL);
  g_assert_cmpint (gain, ==, TITHE_COMPARE_MAX_GAIN);
  for (guint i = 0; i < 6; i++)
    gtk_widget_activate_action (GTK_WIDGET (fixture->view), "compare.weaker", NULL);
  g_object_get (fixture->view, "gain", &gain, NULL);
  g_assert_cmpint (gain, ==, 1);
  widget_fixture_wait_for (is_difference, fixture);
}

static void
test_what_is_seen_is_switched_by_actions (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "blink", "difference" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int wanted = TRUE; wanted >= FALSE; wanted--)
      {
        g_autofree char *action = g_strconcat ("compare.", names[i], NULL);
        gboolean active;

        act (fixture, action);
        g_object_get (fixture->view, names[i], &active, NULL);
        g_assert_cmpint (active, ==, wanted);
      }
}

#define ADD(name, test) g_test_add ("/compare-view/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  widget_fixture_load_style ();
  g_test_add_func ("/compare-view/columns-make-pictures-largest", test_columns_make_pictures_largest);
  ADD ("six-fill-the-window", test_six_fill_the_window);
  ADD ("few-have-no-strip", test_few_have_no_strip);
  ADD ("a-long-strip-has-widgets-for-what-is-in-view", test_a_long_strip_has_widgets_for_what_is_in_view);
  ADD ("a-decision-moves-nothing", test_a_decision_moves_nothing);
  ADD ("kept-images-are-framed", test_kept_images_are_framed);
  ADD ("the-strip-exchanges-the-current-one", test_the_strip_exchanges_the_current_one);
  ADD ("more-and-fewer-are-seen-at-once", test_more_and_fewer_are_seen_at_once);
  ADD ("all-are-zoomed-together", test_all_are_zoomed_together);
  ADD ("the-difference-is-from-what-is-kept", test_the_difference_is_from_what_is_kept);
  ADD ("what-is-seen-is-switched-by-actions", test_what_is_seen_is_switched_by_actions);
  return g_test_run ();
}
