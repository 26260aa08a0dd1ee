/* SPDX-License-Identifier: MIT */
#include "window-fixture.h"

#define CLASSES 5
#define IMAGES 60

static GApplication *application;

/* window_fixture_init: before tests are added */
void
window_fixture_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  gtk_test_init (argc, argv, NULL);
  application = G_APPLICATION (tithe_application_new (G_APPLICATION_NON_UNIQUE));
  g_application_register (application, NULL, &error);
  g_assert_no_error (error);
}

/* window_fixture_run: the tests that were added; what main() returns */
int
window_fixture_run (void)
{
  const int status = g_test_run ();

  g_object_unref (application);
  return status;
}

/* window_fixture_get_application: what windows belong to */
AdwApplication *
window_fixture_get_application (void)
{
  return ADW_APPLICATION (application);
}

void
window_fixture_set_up (WindowFixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture->session = fixture_session (fixture->folder, "s.tithe", CLASSES, IMAGES);
}

void
window_fixture_tear_down (WindowFixture *fixture, gconstpointer data)
{
  g_free (fixture->session);
  g_free (fixture->images);
  fixture_remove (fixture->folder);
}

GtkAdjustment *
window_fixture_get_scroll (TitheWindow *window)
{
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (window));

  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
}

gboolean
window_fixture_is_settled (gpointer window)
{
  return tithe_window_is_settled (window);
}

gboolean
window_fixture_has_curation (gpointer window)
{
  return tithe_review_page_get_curation (tithe_window_get_page (window)) != NULL;
}

gboolean
window_fixture_has_session (gpointer window)
{
  return tithe_project_get_session (tithe_window_get_project (window)) != NULL;
}

gboolean
window_fixture_is_all_there (gpointer window)
{
  return window_fixture_has_curation (window) && gtk_adjustment_get_page_size (window_fixture_get_scroll (window)) >= 1
         && window_fixture_is_settled (window);
}

gboolean
window_fixture_has_step (gpointer window)
{
  return tithe_curation_count_steps (tithe_review_page_get_curation (tithe_window_get_page (window))) > 0;
}

/* A window with the session, all of it there and drawn. */
TitheWindow *
window_fixture_open (const char *session)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));

  tithe_project_open (tithe_window_get_project (window), session, NULL);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (window_fixture_is_all_there, window);
  widget_fixture_draw (GTK_WIDGET (window));
  return window;
}

void
window_fixture_close (TitheWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

TitheGroupView *
window_fixture_get_view (TitheWindow *window)
{
  return tithe_review_page_get_group_view (tithe_window_get_page (window));
}

void
window_fixture_act (TitheWindow *window, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (window), action, NULL);
}

gboolean
window_fixture_is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

/* The label below a widget that says something, or NULL. */
GtkWidget *
window_fixture_find_label (GtkWidget *parent, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (parent) && g_str_equal (gtk_label_get_text (GTK_LABEL (parent)), text))
    return parent;
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = window_fixture_find_label (child, text);
  return found;
}
