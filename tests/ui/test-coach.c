/* SPDX-License-Identifier: MIT */
#include "state/tithe-once.h"
#include "tithe-coach.h"
#include "tithe-term.h"

#include "window-fixture.h"

#include <glib/gstdio.h>

/* What tells whoever is here for the first time what is what. */

typedef struct
{
  GtkWidget *window, *target;
  TitheCoach *coach;
} Page;

static GtkWidget *
find_target (gpointer page)
{
  return ((Page *) page)->target;
}

static void
page_init (Page *page, guint n_steps)
{
  GtkWidget *overlay = gtk_overlay_new ();

  page->target = gtk_label_new ("it is about this");
  gtk_widget_set_halign (page->target, GTK_ALIGN_END);
  gtk_widget_set_valign (page->target, GTK_ALIGN_START);
  page->coach = TITHE_COACH (tithe_coach_new ());
  page->window = g_object_ref_sink (gtk_window_new ());
  gtk_window_set_default_size (GTK_WINDOW (page->window), 500, 400);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), page->target);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (page->coach));
  gtk_window_set_child (GTK_WINDOW (page->window), overlay);
  for (guint i = 0; i < n_steps; i++)
    tithe_coach_add (page->coach, find_target, page, "This", "Is so and so, which takes a few words to be said.", NULL);
  gtk_window_present (GTK_WINDOW (page->window));
  widget_fixture_draw (page->window);
}

static void
page_clear (Page *page)
{
  gtk_window_destroy (GTK_WINDOW (page->window));
  g_object_unref (page->window);
}

/* Where the bubble is on the page. */
static graphene_rect_t
get_bubble (Page *page)
{
  GtkWidget *bubble = gtk_widget_get_first_child (GTK_WIDGET (page->coach));
  graphene_rect_t bounds;

  g_assert_nonnull (bubble);
  g_assert_true (gtk_widget_compute_bounds (bubble, page->window, &bounds));
  return bounds;
}

/* The button of the bubble that is the so-maniest from the end. */
static void
press (Page *page, guint from_end)
{
  GtkWidget *button = gtk_widget_get_last_child (GTK_WIDGET (page->coach));

  while (!GTK_IS_BUTTON (button))
    button = gtk_widget_get_last_child (button);
  for (; from_end > 0; from_end--)
    button = gtk_widget_get_prev_sibling (button);
  g_signal_emit_by_name (button, "clicked");
}

/* Whether somebody who sees keys before all others wanted it. */
static gboolean
press_key (GtkWidget *window, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (window);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !taken; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller)
          && gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &taken);
    }
  return taken;
}

static void
test_steps_come_one_after_the_other (void)
{
  Page page;

  page_init (&page, 3);
  g_assert_cmpuint (tithe_coach_get_step (page.coach), ==, 0);
  g_assert_true (tithe_coach_begin (page.coach));
  for (guint step = 1; step <= 3; step++)
    {
      g_assert_cmpuint (tithe_coach_get_step (page.coach), ==, step);
      press (&page, 0);
    }
  g_assert_cmpuint (tithe_coach_get_step (page.coach), ==, 0);
  /* It can be had again. */
  g_assert_true (tithe_coach_begin (page.coach));
  g_assert_cmpuint (tithe_coach_get_step (page.coach), ==, 1);
  press (&page, 1);
  g_assert_cmpuint (tithe_coach_get_step (page.coach), ==, 0);
  page_clear (&page);
}

static void
test_it_takes_no_key_but_escape_and_no_focus (void)
{
  static const guint keys[] = { GDK_KEY_k, GDK_KEY_d, GDK_KEY_r, GDK_KEY_Return, GDK_KEY_space, GDK_KEY_Right };
  GtkWidget *focus;
  Page page;

  page_init (&page, 2);
  focus = gtk_window_get_focus (GTK_WINDOW (page.window));
  tithe_coach_begin (page.coach);
  widget_fixture_draw (page.window);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_false (press_key (page.window, keys[i]));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (page.window)) == focus);
  g_assert_true (press_key (page.window, GDK_KEY_Escape));
  g_assert_cmpuint (tithe_coach_get_step (page.coach), ==, 0);
  /* From then on it is somebody else's. */
  g_assert_false (press_key (page.window, GDK_KEY_Escape));
  page_clear (&page);
}

static void
test_the_bubble_follows_and_leaves_the_rest_to_the_page (void)
{
  graphene_rect_t bubble, target;
  GtkWidget *picked;
  Page page;

  page_init (&page, 1);
  tithe_coach_begin (page.coach);
  widget_fixture_draw (page.window);
  bubble = get_bubble (&page);
  g_assert_true (gtk_widget_compute_bounds (page.target, page.window, &target));
  g_assert_cmpfloat (bubble.origin.y, >=, target.origin.y + target.size.height);
  g_assert_cmpfloat (bubble.origin.x + bubble.size.width, <=, gtk_widget_get_width (page.window));
  picked = gtk_widget_pick (page.window, 5, 5, GTK_PICK_DEFAULT);
  g_assert_false (picked != NULL && gtk_widget_is_ancestor (picked, GTK_WIDGET (page.coach)));
  /* To the other end, where there is room above it alone. */
  gtk_widget_set_valign (page.target, GTK_ALIGN_END);
  gtk_widget_set_halign (page.target, GTK_ALIGN_START);
  widget_fixture_draw (page.window);
  widget_fixture_draw (page.window);
  bubble = get_bubble (&page);
  g_assert_true (gtk_widget_compute_bounds (page.target, page.window, &target));
  g_assert_cmpfloat (bubble.origin.y + bubble.size.height, <=, target.origin.y);
  g_assert_cmpfloat (bubble.origin.x, >=, 0);
  page_clear (&page);
}

static gboolean
has_ended (gpointer coach)
{
  return tithe_coach_get_step (coach) == 0;
}

static void
test_it_ends_when_what_it_tells_of_is_gone (void)
{
  Page page;

  page_init (&page, 2);
  tithe_coach_begin (page.coach);
  widget_fixture_draw (page.window);
  gtk_widget_set_visible (page.target, FALSE);
  widget_fixture_wait_for (has_ended, page.coach);
  g_assert_false (tithe_coach_begin (page.coach));
  page_clear (&page);
}

/* --- in the window --- */

static char *
dup_mark (void)
{
  return g_build_filename (g_get_user_state_dir (), "tithe", "once", TITHE_ONCE_COACH, NULL);
}

/* (nullable): what is shown in the window, if anything was shown yet. */
static TitheCoach *
find_coach (TitheWindow *window)
{
  return (TitheCoach *) widget_fixture_find (GTK_WIDGET (window), TITHE_TYPE_COACH);
}

static gboolean
is_told (gpointer window)
{
  TitheCoach *coach = find_coach (window);

  return coach != NULL && tithe_coach_get_step (coach) == 1;
}

static void
test_a_first_session_is_introduced_once (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *mark = dup_mark ();
  TitheWindow *window;

  g_assert_cmpint (g_unlink (mark), ==, 0);
  g_assert_false (tithe_once_is_done (TITHE_ONCE_COACH));
  window = window_fixture_open (fixture->session);
  widget_fixture_wait_for (is_told, window);
  g_assert_true (tithe_once_is_done (TITHE_ONCE_COACH));
  window_fixture_close (window);

  window = window_fixture_open (fixture->session);
  for (guint i = 0; i < 30; i++)
    {
      g_usleep (50000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_null (find_coach (window));
  /* But whoever asks is told. */
  window_fixture_act (window, "win.first-steps");
  g_assert_true (is_told (window));
  window_fixture_act (window, "win.verify");
  widget_fixture_wait_for (has_ended, find_coach (window));
  g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (window), "first-steps"));
  window_fixture_close (window);
}

static void
test_a_picture_of_the_window_has_no_introduction (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *mark = dup_mark ();
  g_autoptr (GError) error = NULL;
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());

  g_assert_cmpint (g_unlink (mark), ==, 0);
  tithe_window_leave_coach_out (window);
  tithe_project_open (tithe_window_get_project (window), fixture->session, NULL);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (window_fixture_is_all_there, window);
  for (guint i = 0; i < 30; i++)
    {
      g_usleep (50000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_null (find_coach (window));
  g_assert_false (tithe_once_is_done (TITHE_ONCE_COACH));
  window_fixture_close (window);
  tithe_once_do (TITHE_ONCE_COACH, &error);
  g_assert_no_error (error);
}

static gboolean
has_no_legend (gpointer window)
{
  return window_fixture_find_label (window, "Kept: it is in the subset.") == NULL;
}

static void
test_the_legend_explains_signs_and_words (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *sign;

  g_assert_true (has_no_legend (window));
  window_fixture_act (window, "win.legend");
  widget_fixture_draw (GTK_WIDGET (window));
  sign = window_fixture_find_label (GTK_WIDGET (window), "Kept: it is in the subset.");
  g_assert_nonnull (sign);
  g_assert_true (gtk_widget_get_mapped (sign));
  g_assert_nonnull (window_fixture_find_label (GTK_WIDGET (window), tithe_term_explain (TITHE_TERM_SPREAD)));
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (sign, GTK_TYPE_POPOVER)));
  widget_fixture_wait_for (has_no_legend, window);
  /* A window may go while the legend is there. */
  window_fixture_act (window, "win.legend");
  widget_fixture_draw (GTK_WIDGET (window));
  window_fixture_close (window);
}

static gboolean
has_tooltip (GtkWidget *widget)
{
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean shown = FALSE;

  g_signal_emit_by_name (widget, "query-tooltip", 5, 5, FALSE, tooltip, &shown);
  return shown;
}

static void
test_no_tooltip_covers_an_open_menu (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *button = widget_fixture_find (GTK_WIDGET (window), GTK_TYPE_MENU_BUTTON);

  g_assert_true (has_tooltip (button));
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_false (has_tooltip (button));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (has_tooltip (button));
  window_fixture_close (window);
}

static void
add (const char *name, void (*func) (WindowFixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/coach/", name, NULL);

  g_test_add (path, WindowFixture, NULL, window_fixture_set_up, func, window_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  window_fixture_init (&argc, &argv);
  g_test_add_func ("/coach/steps-come-one-after-the-other", test_steps_come_one_after_the_other);
  g_test_add_func ("/coach/it-takes-no-key-but-escape-and-no-focus", test_it_takes_no_key_but_escape_and_no_focus);
  g_test_add_func ("/coach/the-bubble-follows-and-leaves-the-rest-to-the-page",
                   test_the_bubble_follows_and_leaves_the_rest_to_the_page);
  g_test_add_func ("/coach/it-ends-when-what-it-tells-of-is-gone", test_it_ends_when_what_it_tells_of_is_gone);
  add ("a-first-session-is-introduced-once", test_a_first_session_is_introduced_once);
  add ("a-picture-of-the-window-has-no-introduction", test_a_picture_of_the_window_has_no_introduction);
  add ("the-legend-explains-signs-and-words", test_the_legend_explains_signs_and_words);
  add ("no-tooltip-covers-an-open-menu", test_no_tooltip_covers_an_open_menu);
  return window_fixture_run ();
}
