/* SPDX-License-Identifier: MIT */
#include "state/tithe-settings.h"
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

/* Where the focus is in the header or on a page. */
static void
press_escape (TitheWindow *window)
{
  GtkWidget *page = gtk_widget_get_parent (find (window, TITHE_TYPE_FOLD_BIN));
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
  press_escape (window);
  g_assert_false (is_verifying (window));
  press_escape (window); /* which does nothing where one is already */
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
  gtk_widget_child_focus (open, GTK_DIR_TAB_FORWARD);
  g_assert_nonnull (gtk_window_get_focus (GTK_WINDOW (window)));
  set_size (window, 600, 600);
  widget_fixture_wait_for (is_narrow, window);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_false (gtk_widget_get_mapped (open));
  g_assert_null (gtk_window_get_focus (GTK_WINDOW (window)));
  g_assert_false (gtk_widget_get_mapped (switcher));
  g_assert_true (gtk_widget_get_mapped (title));
  g_assert_true (adw_view_switcher_bar_get_reveal (ADW_VIEW_SWITCHER_BAR (bar)));
  set_size (window, 1200, 800);
  widget_fixture_wait_for (is_wide, window);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_mapped (open));
  window_fixture_close (window);
}

static GtkWidget *
find_control (TitheWindow *window, const char *name)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (tithe_window_get_page (window)), TITHE_TYPE_REVIEW_PAGE, name));
}

/* Pixels from the top of the window to where groups begin. */
static int
measure_controls (TitheWindow *window)
{
  graphene_rect_t bounds;

  g_assert_true (
      gtk_widget_compute_bounds (GTK_WIDGET (window_fixture_get_view (window)), GTK_WIDGET (window), &bounds));
  return (int) bounds.origin.y;
}

static void
show_without_hint (TitheWindow *window, int width, int height)
{
  GtkWidget *view = GTK_WIDGET (window_fixture_get_view (window));
  GtkWidget *page = gtk_widget_get_ancestor (view, TITHE_TYPE_REVIEW_PAGE);

  for (GtkWidget *w = gtk_widget_get_prev_sibling (page); w != NULL; w = gtk_widget_get_prev_sibling (w))
    gtk_widget_set_visible (w, FALSE);
  set_size (window, width, height);
  for (guint i = 0; i < 3; i++)
    widget_fixture_draw (GTK_WIDGET (window));
  /* There is no manager of windows that would make it another size; that of its shadow goes. */
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, width);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), >, width - 20);
}

static void
test_controls_take_150_pixels_at_most (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *search = find_control (window, "search"), *progress = find_control (window, "progress");

  show_without_hint (window, 1400, 900);
  g_assert_cmpint (measure_controls (window), <=, 150);
  g_assert_true (gtk_widget_get_mapped (search));
  window_fixture_act (window, "review.done"); /* which is counted in the same line */
  widget_fixture_wait_for (window_fixture_has_step, window);
  show_without_hint (window, 1400, 900);
  g_assert_true (gtk_widget_get_mapped (progress));
  g_assert_true (g_str_has_prefix (gtk_label_get_text (GTK_LABEL (progress)), "1 of "));
  g_assert_cmpint (measure_controls (window), <=, 150);
  show_without_hint (window, 800, 600);
  g_assert_cmpint (measure_controls (window), <=, 150);
  g_assert_false (gtk_widget_get_mapped (search));
  show_without_hint (window, 360, 600);
  g_assert_cmpint (measure_controls (window), <=, 180);
  show_without_hint (window, 1400, 900);
  g_assert_true (gtk_widget_get_mapped (search));
  window_fixture_close (window);
}

static void
test_a_search_opens_what_it_is_in (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *search = find_control (window, "search");

  show_without_hint (window, 500, 600);
  g_assert_false (gtk_widget_get_mapped (search));
  window_fixture_act (window, "win.find");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_mapped (search));
  window_fixture_close (window);
}

static void
test_panels_lie_over_the_groups_where_it_is_narrow (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *classes = find (window, ADW_TYPE_FLAP),
            *inspector = widget_fixture_find (GTK_WIDGET (adw_flap_get_content (ADW_FLAP (classes))), ADW_TYPE_FLAP);

  show_without_hint (window, 1400, 900);
  g_assert_false (adw_flap_get_folded (ADW_FLAP (classes)));
  g_assert_true (adw_flap_get_reveal_flap (ADW_FLAP (classes)));
  window_fixture_act (window, "win.inspector");
  show_without_hint (window, 360, 600);
  g_assert_true (adw_flap_get_folded (ADW_FLAP (classes)));
  g_assert_true (adw_flap_get_folded (ADW_FLAP (inspector)));
  g_assert_false (adw_flap_get_reveal_flap (ADW_FLAP (classes)));
  g_assert_false (adw_flap_get_reveal_flap (ADW_FLAP (inspector)));
  window_fixture_act (window, "win.classes");
  g_assert_true (adw_flap_get_reveal_flap (ADW_FLAP (classes)));
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window_fixture_get_view (window))), >, 300);
  window_fixture_act (window, "win.classes");
  /* Both are back where there is room. */
  show_without_hint (window, 1400, 900);
  g_assert_false (adw_flap_get_folded (ADW_FLAP (inspector)));
  g_assert_true (adw_flap_get_reveal_flap (ADW_FLAP (classes)));
  g_assert_true (adw_flap_get_reveal_flap (ADW_FLAP (inspector)));
  window_fixture_act (window, "win.inspector");
  window_fixture_close (window);
}

static int
measure_width (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* While they go slowly the window must not grow by them, as it would have room for them then. */
static void
test_panels_take_no_room_as_soon_as_they_fold (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *classes = find_control (window, "classes_fold");

  show_without_hint (window, 360, 600);
  g_assert_true (tithe_fold_bin_get_narrow (TITHE_FOLD_BIN (classes)));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  adw_flap_set_fold_policy (ADW_FLAP (find (window, ADW_TYPE_FLAP)), ADW_FLAP_FOLD_POLICY_NEVER);
  adw_flap_set_reveal_flap (ADW_FLAP (find (window, ADW_TYPE_FLAP)), TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpint (measure_width (find (window, ADW_TYPE_FLAP)), >, 360);
  g_assert_cmpint (measure_width (classes), ==, 360);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  window_fixture_close (window);
}

static gboolean
is_at_start (gpointer window)
{
  return g_str_equal (tithe_window_get_help_page (window), "start");
}

static const char *
get_title (TitheWindow *window)
{
  const char *title = adw_window_title_get_title (ADW_WINDOW_TITLE (find (window, ADW_TYPE_WINDOW_TITLE)));

  g_assert_cmpstr (title, ==, gtk_window_get_title (GTK_WINDOW (window)));
  return title;
}

static void
test_opening_shows_at_once_what_is_read (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());
  TitheReviewPage *page = tithe_window_get_page (window);
  GtkWidget *controls = find_control (window, "controls_fold");

  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (is_at_start (window));
  tithe_project_open (tithe_window_get_project (window), fixture->images, NULL);
  g_assert_false (is_at_start (window));
  g_assert_true (tithe_review_page_shows_opening (page));
  g_assert_cmpstr (get_title (window), ==, "images");
  g_assert_nonnull (window_fixture_find_label (GTK_WIDGET (window), "Opening “images”"));
  g_assert_false (gtk_widget_is_sensitive (controls));
  widget_fixture_wait_for (window_fixture_is_all_there, window);
  g_assert_false (tithe_review_page_shows_opening (page));
  g_assert_true (gtk_widget_is_sensitive (controls));
  window_fixture_close (window);
}

static void
test_what_cannot_be_opened_leads_back_to_the_start (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());

  gtk_window_present (GTK_WINDOW (window));
  tithe_project_open (tithe_window_get_project (window), "/nowhere/at-all", NULL);
  g_assert_cmpstr (get_title (window), ==, "at-all");
  widget_fixture_wait_for (is_at_start, window);
  g_assert_cmpstr (get_title (window), ==, "Tithe");
  tithe_project_open (tithe_window_get_project (window), fixture->images, NULL);
  g_assert_false (is_at_start (window));
  window_fixture_act (window, "win.cancel");
  widget_fixture_wait_for (window_fixture_is_settled, window);
  g_assert_true (is_at_start (window) || tithe_project_get_hierarchy (tithe_window_get_project (window)) != NULL);
  window_fixture_close (window);
}

/* The window as it is left, and another one later: as wide, unless it is asked for another width. */
static TitheWindow *
start_again (WindowFixture *fixture, TitheWindow *window, int width)
{
  g_signal_emit_by_name (window, "close-request", &(gboolean){ FALSE });
  window_fixture_close (window);
  window = tithe_window_new (window_fixture_get_application ());
  if (width > 0)
    set_size (window, width, 600);
  tithe_project_open (tithe_window_get_project (window), fixture->session, NULL);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (window_fixture_is_all_there, window);
  widget_fixture_draw (GTK_WIDGET (window));
  widget_fixture_draw (GTK_WIDGET (window));
  return window;
}

static guint32
get_first (TitheWindow *window)
{
  g_autoptr (GArray) images = tithe_group_view_list_in_view (window_fixture_get_view (window));

  return g_array_index (images, guint32, 0);
}

static void
test_ten_starts_at_other_widths_are_at_the_same_place (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = start_again (fixture, window_fixture_open (fixture->session), 700);
  guint32 first;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  gtk_adjustment_set_value (window_fixture_get_scroll (window), 1500);
  widget_fixture_draw (GTK_WIDGET (window));
  first = get_first (window);
  for (guint i = 0; i < 5; i++)
    {
      window = start_again (fixture, window, 1250);
      window = start_again (fixture, window, 700);
      g_assert_cmpuint (get_first (window), ==, first);
    }
  window_fixture_close (window);
}

static void
test_size_and_maximized_are_kept (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  int width, height;

  set_size (window, 910, 640);
  widget_fixture_draw (GTK_WIDGET (window));
  window = start_again (fixture, window, 0);
  gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  g_assert_cmpint (width, ==, 910);
  g_assert_cmpint (height, ==, 640);
  g_assert_false (g_settings_get_boolean (tithe_settings_get (), TITHE_SETTING_MAXIMIZED));
  gtk_window_maximize (GTK_WINDOW (window));
  widget_fixture_draw (GTK_WIDGET (window));
  window_fixture_close (window);
}

static gboolean
is_listed (gpointer window)
{
  return gtk_widget_get_mapped (find (window, ADW_TYPE_ACTION_ROW));
}

static void
test_recent_sessions_tell_of_size_and_progress (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *progress = find_control (window, "progress"), *row;
  g_autofree char *reviewed = NULL, *expected = NULL;

  window_fixture_act (window, "review.done");
  widget_fixture_wait_for (window_fixture_has_step, window);
  widget_fixture_draw (GTK_WIDGET (window));
  reviewed = g_strdup (gtk_label_get_text (GTK_LABEL (progress)));
  window_fixture_close (window);
  window = tithe_window_new (window_fixture_get_application ());
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_draw (GTK_WIDGET (window));
  row = find (window, ADW_TYPE_ACTION_ROW);
  widget_fixture_wait_for (is_listed, window);
  expected = g_strdup_printf ("300 images, 5 classes · %s\n%s", reviewed, fixture->images);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, expected);
  g_assert_nonnull (window_fixture_find_label (row, "Today"));
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
  ADD ("controls-take-150-pixels-at-most", test_controls_take_150_pixels_at_most);
  ADD ("a-search-opens-what-it-is-in", test_a_search_opens_what_it_is_in);
  ADD ("panels-lie-over-the-groups-where-it-is-narrow", test_panels_lie_over_the_groups_where_it_is_narrow);
  ADD ("panels-take-no-room-as-soon-as-they-fold", test_panels_take_no_room_as_soon_as_they_fold);
  ADD ("opening-shows-at-once-what-is-read", test_opening_shows_at_once_what_is_read);
  ADD ("what-cannot-be-opened-leads-back-to-the-start", test_what_cannot_be_opened_leads_back_to_the_start);
  ADD ("ten-starts-at-other-widths-are-at-the-same-place", test_ten_starts_at_other_widths_are_at_the_same_place);
  ADD ("size-and-maximized-are-kept", test_size_and_maximized_are_kept);
  ADD ("recent-sessions-tell-of-size-and-progress", test_recent_sessions_tell_of_size_and_progress);
  return window_fixture_run ();
}
