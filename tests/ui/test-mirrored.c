/* SPDX-License-Identifier: MIT */
#include "tithe-dendrogram-view.h"
#include "tithe-ratio-bar.h"

#include "widget-fixture.h"

#include <stdlib.h>

/* What is drawn by ourselves, from right to left. */

typedef struct
{
  WidgetGroup shown;
  GtkWidget *window;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  widget_fixture_group_init (&fixture->shown, 40, 0.2);
  g_assert_cmpuint (fixture->shown.group.size, >, 3);
  fixture->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  widget_fixture_group_clear (&fixture->shown);
}

/* Columns of a widget's part of a picture that differ from those of another, where it is at @other_left and the columns go
 * the other way where @mirrored. Lines may be half a pixel off. */
static guint
count_other_pixels (const guint8 *a, const guint8 *b, int stride, const graphene_rect_t *part, int other_left,
                    gboolean mirrored)
{
  const int left = (int) part->origin.x, top = (int) part->origin.y;
  const int width = (int) part->size.width, height = (int) part->size.height;
  guint n = 0;

  for (int y = top; y < top + height; y++)
    for (int x = 2; x < width - 2; x++)
      {
        const guint8 *ours = a + 4 * (y * stride + left + x);
        gboolean like = FALSE;

        for (int off = -2; off <= 2 && !like; off++)
          like = abs (ours[1] - b[4 * (y * stride + other_left + (mirrored ? width - 1 - x : x) + off) + 1]) < 60;
        n += !like;
      }
  return n;
}

/* Draws the window in both directions, and holds that one is the other's mirror, which it would not be by itself; but for what
 * is @margin pixels from the sides, @above from the top or @below from the bottom: neither text nor pictures are mirrored. */
static void
assert_mirrored (Fixture *fixture, GtkWidget *widget, float margin, float above, float below)
{
  g_autofree guint8 *ltr = NULL, *rtl = NULL;
  graphene_rect_t part;
  int width, height;

  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  widget_fixture_draw (fixture->window);
  ltr = widget_fixture_picture (fixture->window, &width, &height);
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_RTL);
  widget_fixture_draw (fixture->window);
  rtl = widget_fixture_picture (fixture->window, &width, &height);
  g_assert_true (gtk_widget_compute_bounds (widget, fixture->window, &part));
  part = GRAPHENE_RECT_INIT (part.origin.x + margin, part.origin.y + above, part.size.width - 2 * margin,
                             part.size.height - above - below);
  g_assert_cmpuint (count_other_pixels (ltr, rtl, width, &part, (int) part.origin.x, FALSE), >, 100);
  g_assert_cmpuint (count_other_pixels (ltr, rtl, width, &part, (int) part.origin.x, TRUE), <, 20);
}

static GtkWidget *
show_dendrogram (Fixture *fixture)
{
  GtkWidget *view = tithe_dendrogram_view_new ();
  TitheCut *cut = tithe_subset_get_cut (fixture->shown.subset);

  gtk_window_set_child (GTK_WINDOW (fixture->window), view);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 400, 160);
  tithe_dendrogram_view_set_group (TITHE_DENDROGRAM_VIEW (view), fixture->shown.subset, &fixture->shown.group,
                                   tithe_cut_get_image (cut, &fixture->shown.group, 0));
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_draw (fixture->window);
  return view;
}

static void
test_dendrogram (Fixture *fixture, gconstpointer data)
{
  assert_mirrored (fixture, show_dendrogram (fixture), 50, 60, 60);
}

/* A press takes the merge that is drawn there. */
static void
test_pressed_merge (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = show_dendrogram (fixture);
  gpointer click = widget_fixture_find_controller (view, GTK_TYPE_GESTURE_CLICK);
  const int width = gtk_widget_get_width (view), height = gtk_widget_get_height (view);
  guint n_chosen = 0;
  guint32 last = tithe_dendrogram_view_get_chosen (TITHE_DENDROGRAM_VIEW (view));

  for (int x = 10; x < width; x += 23)
    for (int y = 10; y < height; y += 17)
      {
        guint32 chosen;

        gtk_widget_set_direction (view, GTK_TEXT_DIR_LTR);
        g_signal_emit_by_name (click, "pressed", 1, (double) x, (double) y);
        chosen = tithe_dendrogram_view_get_chosen (TITHE_DENDROGRAM_VIEW (view));
        gtk_widget_set_direction (view, GTK_TEXT_DIR_RTL);
        g_signal_emit_by_name (click, "pressed", 1, (double) (width - x), (double) y);
        g_assert_cmpuint (tithe_dendrogram_view_get_chosen (TITHE_DENDROGRAM_VIEW (view)), ==, chosen);
        n_chosen += chosen != last;
        last = chosen;
      }
  g_assert_cmpuint (n_chosen, >, 3);
}

static GtkWidget *
show_ratio_bar (Fixture *fixture)
{
  GtkWidget *bar = tithe_ratio_bar_new ();

  gtk_window_set_child (GTK_WINDOW (fixture->window), bar);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 160);
  tithe_ratio_bar_set_cut (TITHE_RATIO_BAR (bar), tithe_subset_get_cut (fixture->shown.subset));
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_draw (fixture->window);
  return bar;
}

static void
set_directions (GtkWidget *widget, GtkTextDirection direction)
{
  gtk_widget_set_direction (widget, direction);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    set_directions (child, direction);
}

/* The curve goes with the slider. */
static void
test_ratio_curve (Fixture *fixture, gconstpointer data)
{
  GtkWidget *bar = show_ratio_bar (fixture), *curve = widget_fixture_find (bar, GTK_TYPE_DRAWING_AREA);
  g_autofree guint8 *ltr = NULL, *rtl = NULL;
  graphene_rect_t part, mirrored;
  int width, height;

  ltr = widget_fixture_picture (fixture->window, &width, &height);
  g_assert_true (gtk_widget_compute_bounds (curve, fixture->window, &part));
  set_directions (bar, GTK_TEXT_DIR_RTL);
  widget_fixture_draw (fixture->window);
  rtl = widget_fixture_picture (fixture->window, &width, &height);
  g_assert_true (gtk_widget_compute_bounds (curve, fixture->window, &mirrored));
  g_assert_cmpfloat (mirrored.size.width, ==, part.size.width);
  g_assert_cmpuint (count_other_pixels (ltr, rtl, width, &part, (int) mirrored.origin.x, FALSE), >, 100);
  g_assert_cmpuint (count_other_pixels (ltr, rtl, width, &part, (int) mirrored.origin.x, TRUE), <, 20);
}

/* The number is understood however a language writes a share. */
static void
test_typed_ratios (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    double ratio;
  } typed[] = { { "50", 0.5 },
                { "62.5 %", 0.625 },
                { "70\u00a0%", 0.7 },
                { "%40", 0.4 },
                { "30\u066a", 0.3 },
                { "\u0667\u0665 \u066a", 0.75 },
                { "\u2067"
                  "20 %\u2069",
                  0.2 } };
  GtkWidget *bar = show_ratio_bar (fixture);
  GtkSpinButton *entry = GTK_SPIN_BUTTON (widget_fixture_find (bar, GTK_TYPE_SPIN_BUTTON));

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (entry), typed[i].text);
      gtk_spin_button_update (entry);
      g_assert_cmpfloat_with_epsilon (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), typed[i].ratio, 1e-9);
    }
  gtk_editable_set_text (GTK_EDITABLE (entry), "9x");
  gtk_spin_button_update (entry);
  g_assert_cmpfloat_with_epsilon (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), 0.2, 1e-9);
}

#define ADD(path, function) g_test_add ("/mirrored/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("a-dendrogram-follows-its-images", test_dendrogram);
  ADD ("a-press-takes-the-merge-that-is-there", test_pressed_merge);
  ADD ("the-curve-goes-with-the-slider", test_ratio_curve);
  ADD ("a-ratio-is-typed-as-in-any-language", test_typed_ratios);
  return g_test_run ();
}
