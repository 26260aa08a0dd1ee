/* SPDX-License-Identifier: MIT */
#include "pages/tithe-verify-page.h"
#include "session/tithe-session.h"

#include "widget-fixture.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder, *path;
  TitheSession *session;
  GtkWidget *window;
  TitheVerifyPage *page;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = fixture_folder ();
  fixture->path = fixture_session (fixture->folder, "s.tithe", 2, 30);
  fixture->session = tithe_session_open (fixture->path, &error);
  g_assert_no_error (error);
  fixture->page = TITHE_VERIFY_PAGE (tithe_verify_page_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  tithe_session_free (fixture->session);
  g_free (fixture->path);
  fixture_remove (fixture->folder);
}

static gboolean
is_settled (gpointer page)
{
  return gtk_widget_get_mapped (page) && tithe_verify_page_is_settled (page);
}

static void
show_session (Fixture *fixture)
{
  tithe_verify_page_set_session (fixture->page, fixture->path, tithe_session_get_dataset (fixture->session));
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_wait_for (is_settled, fixture->page);
}

static gpointer
get_child (Fixture *fixture, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->page), TITHE_TYPE_VERIFY_PAGE, name);
}

static gboolean
can_begin (gpointer fixture)
{
  return gtk_widget_get_sensitive (get_child (fixture, "begin_button"));
}

static gboolean
is_estimated (gpointer fixture)
{
  return strstr (gtk_label_get_text (get_child (fixture, "estimate")), "trials to be learned") != NULL;
}

static void
test_it_settles_without_an_embedding (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);

  g_assert_no_errno (g_remove (rows));
  show_session (fixture);
  g_assert_false (gtk_widget_get_visible (get_child (fixture, "coverage_box")));
}

static void
test_a_plan_that_changes_while_retraining_is_estimated_afterwards (Fixture *fixture, gconstpointer data)
{
  show_session (fixture);
  if (!can_begin (fixture))
    {
      g_test_skip ("there is no oneDNN");
      return;
    }
  g_signal_emit_by_name (get_child (fixture, "begin_button"), "clicked");
  g_assert_false (can_begin (fixture));
  gtk_adjustment_set_value (get_child (fixture, "trials"), 4);
  g_assert_false (can_begin (fixture));
  g_assert_cmpstr (gtk_label_get_text (get_child (fixture, "estimate")), ==, "");
  g_signal_emit_by_name (widget_fixture_find (get_child (fixture, "job_bar"), GTK_TYPE_BUTTON), "clicked");
  widget_fixture_wait_for (can_begin, fixture);
  widget_fixture_wait_for (is_estimated, fixture);
}

#define ADD(path, function) g_test_add ("/verify-page/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  ADD ("it-settles-without-an-embedding", test_it_settles_without_an_embedding);
  ADD ("a-plan-that-changes-while-retraining-is-estimated-afterwards",
       test_a_plan_that_changes_while_retraining_is_estimated_afterwards);
  return g_test_run ();
}
