/* SPDX-License-Identifier: MIT */
#include "tithe-fold-bin.h"

#include "window-fixture.h"

/* What is around the pages: the header, the switcher between review and verifying, and the size. */

static GtkWidget *
find (TitheWindow *window, GType type)
{
  return widget_fixture_find (GTK_WIDGET (window), type);
}

static void
set_size (TitheWindow *window, int width, int height)
{
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
}

static gboolean
is_narrow (gpointer window)
{
  return tithe_fold_bin_get_narrow (TITHE_FOLD_BIN (find (window, TITHE_TYPE_FOLD_BIN)));
}

static gboolean
is_wide (gpointer window)
{
  return !is_narrow (window);
}

static gboolean
is_verifying (TitheWindow *window)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (window), "verify");

  g_assert_cmpint (g_variant_get_boolean (state), ==, g_str_equal (tithe_window_get_help_page (window), "verify"));
  return g_variant_get_boolean (state);
}

static void
press_escape (GtkWidget *page)
{
  GListModel *shortcuts = widget_fixture_find_controller (page, GTK_TYPE_SHORTCUT_CONTROLLER);
  g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, 0);

  g_assert_cmpuint (gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (gtk_shortcut_get_trigger (shortcut))), ==,
                    GDK_KEY_Escape);
  gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, page, NULL);
}

static void
test_review_and_verify_are_switched_in_every_way (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *switcher = find (window, ADW_TYPE_VIEW_SWITCHER);
  AdwViewStack *views = adw_view_switcher_get_stack (ADW_VIEW_SWITCHER (switcher));

  g_assert_true (gtk_widget_get_mapped (switcher));
  g_assert_true (gtk_widget_is_sensitive (switcher));
  g_assert_false (is_verifying (window));
  window_fixture_act (window, "win.verify");
  g_assert_true (is_verifying (window));
  window_fixture_act (window, "win.verify");
  g_assert_false (is_verifying (window));
  adw_view_stack_set_visible_child_name (views, "verify"); /* as the switcher does */
  g_assert_true (is_verifying (window));
  press_escape (adw_view_stack_get_visible_child (views));
  g_assert_false (is_verifying (window));
  window_fixture_close (window);
}

static gboolean
is_suggested (GtkWidget *widget)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_has_css_class (widget, "suggested-action");
}

static guint
count_suggested (GtkWidget *parent)
{
  guint n = is_suggested (parent);

  for (GtkWidget *child = gtk_widget_get_first_child (parent); child; child = gtk_widget_get_next_sibling (child))
    n += count_suggested (child);
  return n;
}

static void
test_one_thing_is_suggested_at_a_time (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());

  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpuint (count_suggested (GTK_WIDGET (window)), ==, 1); /* to open something */
  window_fixture_close (window);
  window = window_fixture_open (fixture->session);
  g_assert_cmpuint (count_suggested (GTK_WIDGET (window)), ==, 1); /* to learn, or to export */
  window_fixture_act (window, "win.verify");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpuint (count_suggested (GTK_WIDGET (window)), ==, 1); /* to retrain */
  window_fixture_close (window);
}

static void
test_a_narrow_header_moves_its_buttons_into_the_menu (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *switcher = find (window, ADW_TYPE_VIEW_SWITCHER), *bar = find (window, ADW_TYPE_VIEW_SWITCHER_BAR);
  GtkWidget *open = find (window, ADW_TYPE_SPLIT_BUTTON);
  GtkWidget *title = find (window, ADW_TYPE_WINDOW_TITLE);

  set_size (window, 1200, 800);
  widget_fixture_wait_for (is_wide, window);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_mapped (open));
  g_assert_false (gtk_widget_get_mapped (title));
  g_assert_false (adw_view_switcher_bar_get_reveal (ADW_VIEW_SWITCHER_BAR (bar)));
  set_size (window, 600, 600);
  widget_fixture_wait_for (is_narrow, window);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_false (gtk_widget_get_mapped (open));
  g_assert_false (gtk_widget_get_mapped (switcher));
  g_assert_true (gtk_widget_get_mapped (title));
  g_assert_true (adw_view_switcher_bar_get_reveal (ADW_VIEW_SWITCHER_BAR (bar)));
  set_size (window, 1200, 800);
  widget_fixture_wait_for (is_wide, window);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_mapped (open));
  window_fixture_close (window);
}

#define ADD(path, function)                                                                                            \
  g_test_add ("/window-frame/" path, WindowFixture, NULL, window_fixture_set_up, function, window_fixture_tear_down)

int
main (int argc, char **argv)
{
  window_fixture_init (&argc, &argv);
  ADD ("review-and-verify-are-switched-in-every-way", test_review_and_verify_are_switched_in_every_way);
  ADD ("one-thing-is-suggested-at-a-time", test_one_thing_is_suggested_at_a_time);
  ADD ("a-narrow-header-moves-its-buttons-into-the-menu", test_a_narrow_header_moves_its_buttons_into_the_menu);
  return window_fixture_run ();
}
