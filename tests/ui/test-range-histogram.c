/* SPDX-License-Identifier: MIT */
#include "tithe-range-histogram.h"
#include "tithe-scale-place.h"

#include "widget-fixture.h"

typedef struct
{
  GtkWidget *window;
  TitheRangeHistogram *sizes, *spreads;
  TitheHistogram of_sizes, of_spreads;
  guint n_changed;
} Fixture;

static void
count_changed (guint *n)
{
  (*n)++;
}

/* Pairs above all, and a group of 23; spreads up to 0.0274, in bars of a thousandth. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_default_direction (GPOINTER_TO_INT (data) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  fixture->window = gtk_window_new ();
  fixture->sizes = TITHE_RANGE_HISTOGRAM (tithe_range_histogram_new (TITHE_RANGE_SIZES));
  fixture->spreads = TITHE_RANGE_HISTOGRAM (tithe_range_histogram_new (TITHE_RANGE_SPREADS));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->sizes));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->spreads));
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  tithe_histogram_init_sizes (&fixture->of_sizes, 23);
  for (guint size = 2; size < 9; size++)
    for (guint i = 0; i < 1u << (9 - size); i++)
      tithe_histogram_add (&fixture->of_sizes, (float) size);
  tithe_histogram_add (&fixture->of_sizes, 23);
  tithe_histogram_init_spreads (&fixture->of_spreads, 0.0274f);
  tithe_range_histogram_show (fixture->sizes, &fixture->of_sizes);
  tithe_range_histogram_show (fixture->spreads, &fixture->of_spreads);
  g_signal_connect_swapped (fixture->sizes, "changed", G_CALLBACK (count_changed), &fixture->n_changed);
  g_signal_connect_swapped (fixture->spreads, "changed", G_CALLBACK (count_changed), &fixture->n_changed);
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_draw (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* The low handle, or the high one. */
static GtkWidget *
get_handle (TitheRangeHistogram *histogram, gboolean high)
{
  GtkWidget *scale = widget_fixture_find (GTK_WIDGET (histogram), GTK_TYPE_SCALE);

  return high ? gtk_widget_get_next_sibling (scale) : scale;
}

/* What the key does, which is Right or Left where nothing is mirrored. */
static void
press (TitheRangeHistogram *histogram, gboolean high, GtkScrollType key, guint n)
{
  for (guint i = 0; i < n; i++)
    g_signal_emit_by_name (get_handle (histogram, high), "move-slider", key);
}

static void
assert_range (TitheRangeHistogram *histogram, float low, float high)
{
  g_assert_cmpfloat (tithe_range_histogram_get_low (histogram), ==, low);
  g_assert_cmpfloat (tithe_range_histogram_get_high (histogram), ==, high);
}

static void
test_keys_move_a_handle_by_a_bar (Fixture *fixture, gconstpointer data)
{
  press (fixture->sizes, FALSE, GTK_SCROLL_STEP_FORWARD, 3);
  assert_range (fixture->sizes, 5, 0);
  /* From behind 23: the bars end at 25, 20, 15, 12. */
  press (fixture->sizes, TRUE, GTK_SCROLL_STEP_BACKWARD, 1);
  assert_range (fixture->sizes, 5, 19);
  press (fixture->sizes, TRUE, GTK_SCROLL_STEP_BACKWARD, 2);
  assert_range (fixture->sizes, 5, 11);
  g_assert_cmpuint (fixture->n_changed, ==, 6);
  press (fixture->sizes, TRUE, GTK_SCROLL_END, 1);
  press (fixture->sizes, FALSE, GTK_SCROLL_START, 1);
  assert_range (fixture->sizes, 0, 0);
  press (fixture->spreads, FALSE, GTK_SCROLL_STEP_FORWARD, 5);
  press (fixture->spreads, TRUE, GTK_SCROLL_STEP_BACKWARD, 8);
  assert_range (fixture->spreads, 0.005f, 0.020f);
}

/* One bar is always left between them. */
static void
test_handles_do_not_pass_each_other (Fixture *fixture, gconstpointer data)
{
  tithe_range_histogram_set_range (fixture->sizes, 0, 4);
  press (fixture->sizes, FALSE, GTK_SCROLL_END, 1);
  assert_range (fixture->sizes, 4, 4);
  press (fixture->sizes, TRUE, GTK_SCROLL_START, 1);
  assert_range (fixture->sizes, 4, 4);
  press (fixture->sizes, FALSE, GTK_SCROLL_STEP_FORWARD, 1);
  assert_range (fixture->sizes, 4, 4);
}

/* What is wanted holds at every ratio, also where there are no groups as large. */
static void
test_what_is_wanted_stays_where_no_bar_reaches (Fixture *fixture, gconstpointer data)
{
  TitheHistogram fewer;

  tithe_range_histogram_set_range (fixture->sizes, 7, 14);
  tithe_histogram_init_sizes (&fewer, 3);
  tithe_range_histogram_show (fixture->sizes, &fewer);
  assert_range (fixture->sizes, 7, 14);
  tithe_range_histogram_show (fixture->sizes, &fixture->of_sizes);
  assert_range (fixture->sizes, 7, 14);
  g_assert_cmpuint (fixture->n_changed, ==, 0);
  /* Only what is moved is another then. */
  press (fixture->sizes, TRUE, GTK_SCROLL_STEP_FORWARD, 1);
  assert_range (fixture->sizes, 7, 19);
}

/* At the edge before a bar, wherever that is on the screen. */
static double
edge_to_x (Fixture *fixture, guint edge)
{
  return tithe_scale_place (get_handle (fixture->sizes, FALSE), GTK_WIDGET (fixture->sizes),
                            (double) edge / fixture->of_sizes.n);
}

static void
drag (Fixture *fixture, double from, double to)
{
  GtkEventController *controller = widget_fixture_find_controller (GTK_WIDGET (fixture->sizes), GTK_TYPE_GESTURE_DRAG);
  const double y = gtk_widget_get_height (GTK_WIDGET (fixture->sizes)) - 12;

  g_signal_emit_by_name (controller, "drag-begin", from, y);
  g_signal_emit_by_name (controller, "drag-end", 0.0, 0.0);
  g_signal_emit_by_name (controller, "drag-begin", to, y);
  g_signal_emit_by_name (controller, "drag-end", 0.0, 0.0);
}

/* Left to right and mirrored. */
static void
test_a_press_moves_the_nearer_handle (Fixture *fixture, gconstpointer data)
{
  const double bar = edge_to_x (fixture, 1) - edge_to_x (fixture, 0);

  g_assert_true (GPOINTER_TO_INT (data) ? bar < 0 : bar > 0);
  drag (fixture, edge_to_x (fixture, 3), edge_to_x (fixture, 2));
  assert_range (fixture->sizes, 4, 0);
  drag (fixture, edge_to_x (fixture, fixture->of_sizes.n - 1), edge_to_x (fixture, 7) + bar / 3);
  assert_range (fixture->sizes, 4, 8);
  /* Beyond an end of the axis there is none for the range. */
  drag (fixture, edge_to_x (fixture, 0) - 2 * bar, edge_to_x (fixture, fixture->of_sizes.n) + 2 * bar);
  assert_range (fixture->sizes, 0, 0);
}

static void
assert_value_text (TitheRangeHistogram *histogram, gboolean high, const char *text)
{
  g_autofree char *other = gtk_test_accessible_check_property (GTK_ACCESSIBLE (get_handle (histogram, high)),
                                                               GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text);

  g_assert_cmpstr (other, ==, NULL);
}

static void
test_a_screen_reader_is_told_of_sliders (Fixture *fixture, gconstpointer data)
{
  g_assert_true (
      gtk_test_accessible_has_role (GTK_ACCESSIBLE (get_handle (fixture->sizes, FALSE)), GTK_ACCESSIBLE_ROLE_SLIDER));
  assert_value_text (fixture->sizes, FALSE, "2 images");
  assert_value_text (fixture->sizes, TRUE, "any");
  tithe_range_histogram_set_range (fixture->sizes, 5, 12);
  assert_value_text (fixture->sizes, FALSE, "5 images");
  assert_value_text (fixture->sizes, TRUE, "12 images");
  press (fixture->spreads, TRUE, GTK_SCROLL_STEP_BACKWARD, 1);
  assert_value_text (fixture->spreads, FALSE, "0.000");
  assert_value_text (fixture->spreads, TRUE, "0.027");
}

#define ADD(path, function) g_test_add ("/range-histogram/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("keys-move-a-handle-by-a-bar", test_keys_move_a_handle_by_a_bar);
  ADD ("handles-do-not-pass-each-other", test_handles_do_not_pass_each_other);
  ADD ("what-is-wanted-stays-where-no-bar-reaches", test_what_is_wanted_stays_where_no_bar_reaches);
  ADD ("a-press-moves-the-nearer-handle", test_a_press_moves_the_nearer_handle);
  ADD ("a-screen-reader-is-told-of-sliders", test_a_screen_reader_is_told_of_sliders);
  g_test_add ("/range-histogram/a-press-moves-the-nearer-handle-mirrored", Fixture, GINT_TO_POINTER (1), set_up,
              test_a_press_moves_the_nearer_handle, tear_down);
  return g_test_run ();
}
