/* SPDX-License-Identifier: MIT */
#include "background/tithe-exporting.h"
#include "dialogs/tithe-alert.h"
#include "dialogs/tithe-export-dialog.h"
#include "dialogs/tithe-figure-dialog.h"
#include "dialogs/tithe-file-dialog.h"
#include "dialogs/tithe-rule-dialog.h"
#include "io/tithe-output.h"
#include "session/tithe-session.h"
#include "tithe-class-list.h"
#include "tithe-compare-view.h"
#include "tithe-thumbnail.h"
#include "window/tithe-application.h"
#include "window/tithe-window.h"

#include "widget-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

/* The window from inside: what a person sees is tested in test_window.py. */

#define CLASSES 5
#define IMAGES 60

static GApplication *application;

typedef struct
{
  char *folder, *images, *session;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture->session = fixture_session (fixture->folder, "s.tithe", CLASSES, IMAGES);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->session);
  g_free (fixture->images);
  fixture_remove (fixture->folder);
}

static GtkAdjustment *
get_scroll (TitheWindow *window)
{
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (window));

  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
}

static gboolean
is_settled (gpointer window)
{
  return tithe_window_is_settled (window);
}

static gboolean
has_curation (gpointer window)
{
  return tithe_review_page_get_curation (tithe_window_get_page (window)) != NULL;
}

static gboolean
has_session (gpointer window)
{
  return tithe_project_get_session (tithe_window_get_project (window)) != NULL;
}

static gboolean
is_all_there (gpointer window)
{
  return has_curation (window) && gtk_adjustment_get_page_size (get_scroll (window)) >= 1 && is_settled (window);
}

/* A window with the session, all of it there and drawn. */
static TitheWindow *
open_window (const char *session)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));

  tithe_project_open (tithe_window_get_project (window), session, NULL);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (is_all_there, window);
  widget_fixture_draw (GTK_WIDGET (window));
  return window;
}

static void
close_window (TitheWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_same_images (GArray *a, GArray *b)
{
  g_assert_cmpmem (a->data, a->len * sizeof (guint32), b->data, b->len * sizeof (guint32));
}

static void
test_ten_restarts_keep_place_and_selection (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (window));
  g_autoptr (GArray) in_view = NULL, selected = NULL;
  guint32 cursor, there;
  gsize index;
  double value;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  tithe_group_view_set_cursor (view, 7, 0);
  tithe_group_view_select_group (view);
  gtk_adjustment_set_value (get_scroll (window), 1234);
  widget_fixture_draw (GTK_WIDGET (window));
  value = gtk_adjustment_get_value (get_scroll (window));
  g_assert_cmpfloat (value, ==, 1234);
  in_view = tithe_group_view_list_in_view (view);
  selected = tithe_group_view_list_selected (view);
  g_assert_true (tithe_group_view_get_cursor (view, &cursor, &index));
  g_assert_cmpuint (selected->len, >, 1);
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (GArray) in_view_now = NULL, selected_now = NULL;

      close_window (window);
      window = open_window (fixture->session);
      view = tithe_review_page_get_group_view (tithe_window_get_page (window));
      g_assert_cmpfloat (gtk_adjustment_get_value (get_scroll (window)), ==, value);
      in_view_now = tithe_group_view_list_in_view (view);
      assert_same_images (in_view_now, in_view);
      selected_now = tithe_group_view_list_selected (view);
      assert_same_images (selected_now, selected);
      g_assert_true (tithe_group_view_get_cursor (view, &there, &index));
      g_assert_cmpuint (there, ==, cursor);
    }
  close_window (window);
}

/* Another program that writes to the session, until the window's main loop went round so often. */
typedef struct
{
  sqlite3 *db;
  int rounds_left;
  gboolean failed;
} Writer;

static gboolean
on_round (gpointer data)
{
  Writer *writer = data;

  if (--writer->rounds_left > 0)
    return G_SOURCE_CONTINUE;
  g_assert_cmpint (sqlite3_exec (writer->db, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  return G_SOURCE_REMOVE;
}

static void
writer_begin (Writer *writer, const char *session, int rounds)
{
  writer->rounds_left = rounds;
  g_assert_cmpint (sqlite3_open_v2 (session, &writer->db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (writer->db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_timeout_add (1, on_round, writer);
}

static gboolean
is_over (gpointer writer)
{
  return ((Writer *) writer)->rounds_left <= 0;
}

static gboolean
has_step (gpointer window)
{
  return tithe_curation_count_steps (tithe_review_page_get_curation (tithe_window_get_page (window))) > 0;
}

static void
on_failed (Writer *writer, const char *heading, const char *message)
{
  g_test_message ("%s: %s", heading, message);
  writer->failed = TRUE;
}

static void
test_a_decision_waits_for_another_program_without_blocking (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheCuration *curation = tithe_review_page_get_curation (page);
  Writer writer = { 0 };
  guint32 image;
  gsize index;

  tithe_group_view_set_cursor (tithe_review_page_get_group_view (page), 0, 0);
  g_assert_true (tithe_group_view_get_cursor (tithe_review_page_get_group_view (page), &image, &index));
  g_signal_connect_swapped (page, "failed", G_CALLBACK (on_failed), &writer);
  writer_begin (&writer, fixture->session, 20);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.keep", NULL);
  g_assert_cmpint (tithe_curation_get_decision (curation, image), ==, TITHE_DECISION_AUTOMATIC);
  widget_fixture_wait_for (is_over, &writer);
  widget_fixture_wait_for (has_step, window);
  g_assert_false (writer.failed);
  g_assert_cmpint (tithe_curation_get_decision (curation, image), ==, TITHE_DECISION_KEEP);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, 1);
  sqlite3_close (writer.db);
  close_window (window);
}

static void
test_a_decision_that_waits_is_made_before_the_window_goes (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  Writer writer = { 0 };
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (GError) error = NULL;

  tithe_group_view_set_cursor (tithe_review_page_get_group_view (tithe_window_get_page (window)), 0, 0);
  writer_begin (&writer, fixture->session, G_MAXINT);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.keep", NULL);
  writer.rounds_left = 1;
  widget_fixture_wait_for (is_over, &writer);
  close_window (window);
  session = tithe_session_open (fixture->session, &error);
  g_assert_no_error (error);
  curation = tithe_session_open_curation (session, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, 1);
  sqlite3_close (writer.db);
}

/* What another program's lock keeps a thread waiting for doesn't keep the main loop waiting. */
static void
test_opening_waits_for_another_program_without_blocking (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  TitheReviewPage *page = tithe_window_get_page (window);
  Writer writer = { .rounds_left = 20 };

  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpint (sqlite3_open_v2 (fixture->session, &writer.db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (writer.db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  tithe_project_open (tithe_window_get_project (window), fixture->session, NULL);
  g_timeout_add (1, on_round, &writer);
  widget_fixture_wait_for (is_over, &writer);
  widget_fixture_wait_for (has_curation, window);
  g_assert_false (tithe_journal_is_read_only (tithe_curation_get_journal (tithe_review_page_get_curation (page))));
  sqlite3_close (writer.db);
  close_window (window);
}

static void
test_a_figure_is_drawn_while_the_window_goes_on (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  g_autofree char *path = g_build_filename (fixture->folder, "groups.pdf", NULL), *contents = NULL;
  gsize length;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups-to", "s", path);
  g_assert_false (tithe_window_is_settled (window));
  widget_fixture_wait_for (is_settled, window);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_str_has_prefix (contents, "%PDF"));
  close_window (window);
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

/* No journal has a table like that: what was decided can't be read. */
static void
test_groups_are_drawn_although_the_decisions_cannot_be_read (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (window));
  g_autofree char *path = g_build_filename (fixture->folder, "groups.pdf", NULL);

  fixture_run_sql (fixture->session, "DROP TABLE IF EXISTS journal; CREATE TABLE journal (id INTEGER PRIMARY KEY)");
  tithe_project_open (tithe_window_get_project (window), fixture->session, NULL);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (has_session, window);
  g_assert_false (has_curation (window));
  tithe_group_view_set_cursor (view, 0, 0);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups-to", "s", path);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups", NULL);
  widget_fixture_wait_for (is_settled, window);
  close_window (window);
}

/* A window of a type that is shown, or NULL. */
static GtkWidget *
find_shown (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (toplevel), type) && gtk_widget_get_visible (toplevel))
        return toplevel; /* GTK holds it */
    }
  return NULL;
}

/* In the list of rules. */
#define DISCARD_OTHERS 2

static gboolean
has_plan (gpointer dialog)
{
  const TitheRulePlan *plan = tithe_rule_dialog_get_plan (dialog);

  return plan != NULL && plan->changes->len > 0;
}

static gboolean
is_smaller (gpointer window)
{
  TitheDataset *dataset = tithe_project_get_dataset (tithe_window_get_project (window));

  return has_curation (window) && tithe_dataset_get_n_classes (dataset) == 1;
}

/* A session of fewer images and classes, in place of the one that is open. */
static void
open_smaller (TitheWindow *window, Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "smaller", NULL), *session = NULL;

  g_assert_no_errno (g_mkdir (folder, 0755));
  session = fixture_session (folder, "s.tithe", 1, 10);
  tithe_project_open (tithe_window_get_project (window), session, NULL);
  widget_fixture_wait_for (is_smaller, window);
}

/* The dialog of a type that is shown, until it is gone. */
static void
watch_shown (GType type, gpointer *dialog)
{
  *dialog = find_shown (type);
  g_assert_nonnull (*dialog);
  g_object_add_weak_pointer (*dialog, dialog);
}

static void
test_a_rule_decides_nothing_in_what_is_opened_meanwhile (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  gpointer dialog;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.3);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.decide-many", NULL);
  watch_shown (TITHE_TYPE_RULE_DIALOG, &dialog);
  adw_combo_row_set_selected (ADW_COMBO_ROW (widget_fixture_find (dialog, ADW_TYPE_COMBO_ROW)), DISCARD_OTHERS);
  widget_fixture_wait_for (has_plan, dialog);
  open_smaller (window, fixture);
  if (dialog != NULL)
    g_signal_emit_by_name (dialog, "apply");
  g_assert_false (has_step (window));
  g_assert_null (dialog);
  close_window (window);
}

static void
test_groups_are_not_drawn_in_what_is_opened_meanwhile (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  gpointer dialog, chooser;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups", NULL);
  watch_shown (TITHE_TYPE_FIGURE_DIALOG, &dialog);
  g_signal_emit_by_name (dialog, "chosen");
  watch_shown (GTK_TYPE_FILE_CHOOSER_DIALOG, &chooser);
  open_smaller (window, fixture);
  g_assert_null (dialog);
  g_assert_null (chooser);
  close_window (window);
}

/* What is dropped on the window: a path, and then a file of a server. */
static gboolean
drop_files (TitheWindow *window, const char *path)
{
  g_auto (GValue) value = G_VALUE_INIT;
  GSList *files = g_slist_append (NULL, g_file_new_for_uri ("sftp://nowhere.example/dataset"));
  gboolean handled = FALSE;

  if (path != NULL)
    files = g_slist_prepend (files, g_file_new_for_path (path));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_list (files));
  g_slist_free_full (files, g_object_unref);
  g_signal_emit_by_name (widget_fixture_find_controller (GTK_WIDGET (window), GTK_TYPE_DROP_TARGET), "drop", &value,
                         0.0, 0.0, &handled);
  return handled;
}

static void
test_a_file_without_a_path_is_not_opened (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (drop_files (window, fixture->session));
  widget_fixture_wait_for (is_all_there, window);
  g_assert_cmpstr (tithe_project_get_session (tithe_window_get_project (window)), ==, fixture->session);
  g_assert_false (drop_files (window, NULL));
  g_assert_null (tithe_project_get_job (tithe_window_get_project (window)));
  close_window (window);
}

/* A window that is shown before another; there being none is a failure. */
static GtkWindow *
find_other (TitheWindow *window)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) toplevel = g_list_model_get_item (toplevels, i);

      if (toplevel != GTK_WINDOW (window) && gtk_widget_get_visible (GTK_WIDGET (toplevel)))
        return toplevel; /* GTK holds it */
    }
  g_assert_not_reached ();
}

/* A warning of GTK or libadwaita ends the test. */
static void
test_dialogs_are_shown_without_a_warning (Fixture *fixture, gconstpointer data)
{
  static const char *const actions[]
      = { "win.preferences", "win.show-help-overlay", "win.export-form", "win.export-groups",
          "win.decide-many", "win.open-folder",       "app.about" };
  TitheWindow *window = open_window (fixture->session);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (GtkWindow) dialog = NULL;

      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), actions[i], NULL));
      dialog = g_object_ref (find_other (window));
      widget_fixture_draw (GTK_WIDGET (dialog));
      gtk_window_close (dialog);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_false (gtk_widget_get_visible (GTK_WIDGET (dialog)));
    }
  close_window (window);
}

/* The label below a widget that says something, or NULL. */
static GtkWidget *
find_label (GtkWidget *parent, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (parent) && g_str_equal (gtk_label_get_text (GTK_LABEL (parent)), text))
    return parent;
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, text);
  return found;
}

/* A warning of GTK or libadwaita ends the test. */
/* Names of files need be no text, and what is said of them is shown all the same. */
static void
test_a_failure_is_told_of_any_name (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  GtkWidget *alert;

  gtk_window_present (GTK_WINDOW (window));
  alert = tithe_alert_show (GTK_WINDOW (window), "Could Not Open", "cannot read “caf\xe9.npy”: it is not there");
  widget_fixture_draw (alert);
  g_assert_nonnull (find_label (alert, "cannot read “caf\uFFFD.npy”: it is not there"));
  g_signal_emit_by_name (tithe_window_get_page (window), "said", "caf\xe9", FALSE);
  widget_fixture_draw (GTK_WIDGET (window));
  g_signal_emit_by_name (widget_fixture_find (alert, GTK_TYPE_BUTTON), "clicked");
  close_window (window);
}

static void
test_a_failure_is_told_whole_in_a_narrow_window (Fixture *fixture, gconstpointer data)
{
  static const char heading[] = "Could Not Read the Decisions of the Session";
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  g_autoptr (GString) message = g_string_new ("cannot read “");
  gpointer alert;

  for (int i = 0; i < 40; i++)
    g_string_append (message, "/a-name-that-is-as-long-as-names-are-and_has_no_place_to_be_cut_at_all.tithe");
  g_string_append (message, "”: it is not there");
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 400);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_draw (GTK_WIDGET (window));
  alert = tithe_alert_show (GTK_WINDOW (window), heading, message->str);
  g_object_add_weak_pointer (alert, &alert);
  widget_fixture_draw (alert);
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *label = find_label (alert, i == 0 ? heading : message->str);

      g_assert_nonnull (label);
      g_assert_cmpint (gtk_widget_get_width (label), >, 0);
      g_assert_cmpint (gtk_widget_get_width (label), <=, 360);
      g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))));
    }
  /* However long the message is, the button is in view. */
  g_assert_cmpint (gtk_widget_get_height (alert), <=, 400);
  g_signal_emit_by_name (widget_fixture_find (alert, GTK_TYPE_BUTTON), "clicked");
  widget_fixture_wait_for (is_gone, &alert);
  close_window (window);
}

static void
test_what_blinks_has_the_keyboard (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (window));
  GtkWidget *compare = widget_fixture_find (GTK_WIDGET (window), TITHE_TYPE_COMPARE_VIEW), *cell, *focus;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.3);
  widget_fixture_draw (GTK_WIDGET (window));
  tithe_group_view_set_cursor (view, 0, 0);
  tithe_group_view_select_group (view);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.compare", NULL);
  widget_fixture_draw (GTK_WIDGET (window));
  cell = gtk_widget_get_next_sibling (gtk_window_get_focus (GTK_WINDOW (window)));
  g_assert_true (gtk_widget_is_ancestor (cell, compare));
  gtk_widget_grab_focus (cell);
  for (int i = 0; i < 3; i++)
    {
      gtk_widget_activate_action (compare, "compare.blink", NULL);
      g_assert_true (gtk_widget_get_visible (cell));
      widget_fixture_draw (GTK_WIDGET (window));
      /* It may have blinked by now. */
      focus = gtk_window_get_focus (GTK_WINDOW (window));
      g_assert_nonnull (focus);
      g_assert_true (gtk_widget_get_mapped (focus));
      g_assert_true (gtk_widget_is_ancestor (focus, compare));
      gtk_widget_grab_focus (cell);
    }
  close_window (window);
}

/* How many selected images are remembered of so many. */
static guint
remember_selected (const char *session, guint n)
{
  g_autoptr (TitheBookmark) bookmark = tithe_bookmark_new (), loaded = NULL;
  g_autoptr (GError) error = NULL;

  for (guint32 i = 0; i < n; i++)
    g_array_append_val (bookmark->selected, i);
  tithe_bookmark_save (bookmark, session, &error);
  g_assert_no_error (error);
  loaded = tithe_bookmark_load (session);
  return loaded->selected->len;
}

static void
test_a_selection_is_remembered_whole_or_not_at_all (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (remember_selected (fixture->session, 10000), ==, 10000);
  g_assert_cmpuint (remember_selected (fixture->session, 10001), ==, 0);
}

static void
test_a_window_that_goes_hears_nothing_of_what_it_began (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  g_autofree char *path = g_build_filename (fixture->folder, "report.html", NULL);
  gpointer gone = window;

  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-report-to", "s", path);
  g_assert_false (tithe_window_is_settled (window));
  gtk_window_destroy (GTK_WINDOW (window));
  widget_fixture_wait_for (is_gone, &gone);
}

static void
test_the_dataset_is_never_written_to (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  g_autofree char *picture = g_build_filename (fixture->images, "c0", "0000.png", NULL), *before = NULL, *after = NULL;
  gsize length, length_after;

  g_assert_true (g_file_get_contents (picture, &before, &length, NULL));
  for (int i = 0; i < 3; i++)
    {
      const char *const actions[] = { "win.export-groups-to", "win.export-report-to", "win.save-figure-to" };

      if (i < 2)
        gtk_widget_activate_action (GTK_WIDGET (window), actions[i], "s", picture);
      else
        gtk_widget_activate_action (GTK_WIDGET (window), actions[i], "(ss)", "sizes", picture);
      widget_fixture_wait_for (is_settled, window);
    }
  g_assert_true (g_file_get_contents (picture, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
  close_window (window);
}

static void
on_text_saved (gpointer owner, gpointer work, const GError *error)
{
  const gboolean refused = g_error_matches (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_PROTECTED);

  g_object_set_data (owner, "text", (gpointer) (refused ? "refused" : "written"));
}

static gboolean
is_text_told_of (gpointer window)
{
  return g_object_get_data (window, "text") != NULL;
}

/* Everything that a window can write, there. */
static void
write_everything_to (TitheWindow *window, const char *path)
{
  TitheTask *task = tithe_exporting_begin_text (window, tithe_window_get_project (window), g_strdup ("trials"), path,
                                                on_text_saved);

  g_object_set_data (G_OBJECT (window), "text", NULL);
  widget_fixture_wait_for (is_text_told_of, window);
  tithe_task_drop (&task);
  g_assert_cmpstr (g_object_get_data (G_OBJECT (window), "text"), ==, "refused");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-to", "(ss)", "paths", path);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-to", "(ss)", "tree", path);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-report-to", "s", path);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups-to", "s", path);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.save-figure-to", "(ss)", "sizes", path);
  widget_fixture_wait_for (is_settled, window);
}

/* Another name of the file, one that a figure could have. */
static char *
add_name (Fixture *fixture, const char *file, const char *name)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_cmpint (link (file, path), ==, 0);
  return path;
}

static void
test_what_is_open_is_never_written_over (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  g_autofree char *picture = add_name (fixture, fixture->session, "session.svg");
  g_autofree char *rows_picture = add_name (fixture, rows, "rows.svg");
  const char *const files[] = { fixture->session, picture, rows, rows_picture };
  TitheWindow *window = open_window (fixture->session);
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf before, after; /* no file is opened that SQLite has open: closing it gives up the locks */

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_assert_cmpint (g_stat (files[i], &before), ==, 0);
      write_everything_to (window, files[i]);
      g_assert_cmpint (g_stat (files[i], &after), ==, 0);
      g_assert_true (after.st_ino == before.st_ino && after.st_size == before.st_size
                     && after.st_mtim.tv_sec == before.st_mtim.tv_sec
                     && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
    }
  close_window (window);
  session = tithe_session_open (fixture->session, &error);
  g_assert_no_error (error);
  embedding = tithe_session_open_embedding (session, NULL, &error);
  g_assert_no_error (error);
}

/* Where the session is open without its embedding, as when there is no memory for it, that is still its embedding's file. */
static void
test_the_embedding_is_not_written_over_while_it_is_not_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  g_autofree char *contents = NULL;
  TitheWindow *window;
  gsize length;

  g_assert_true (g_file_set_contents (rows, "for now", -1, NULL));
  window = open_window (fixture->session);
  g_assert_null (tithe_project_get_embedding (tithe_window_get_project (window)));
  write_everything_to (window, rows);
  g_assert_true (g_file_get_contents (rows, &contents, &length, NULL));
  g_assert_cmpstr (contents, ==, "for now");
  close_window (window);
}

static void
count_told (guint *n)
{
  (*n)++;
}

static void
test_the_ratio_is_told_of_where_it_is_another (void)
{
  g_autoptr (GtkWidget) bar = g_object_ref_sink (tithe_ratio_bar_new ());
  guint n_ratios = 0, n_policies = 0;

  g_signal_connect_swapped (bar, "notify::ratio", G_CALLBACK (count_told), &n_ratios);
  g_signal_connect_swapped (bar, "notify::policy", G_CALLBACK (count_told), &n_policies);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), ==, 0.9);
  tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.5);
  tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.5001);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), ==, 0.5);
  g_assert_cmpuint (n_ratios, ==, 1);
  g_object_set (bar, "ratio", 0.6, "policy", TITHE_POLICY_GLOBAL, NULL);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), ==, 0.6);
  g_assert_cmpint (tithe_ratio_bar_get_policy (TITHE_RATIO_BAR (bar)), ==, TITHE_POLICY_GLOBAL);
  g_assert_cmpuint (n_ratios, ==, 2);
  g_assert_cmpuint (n_policies, ==, 1);
}

static void
test_how_images_are_compared_is_switched_by_actions (void)
{
  g_autoptr (GtkWidget) view = g_object_ref_sink (tithe_compare_view_new ());
  static const char *const names[] = { "blink", "difference" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (int wanted = TRUE; wanted >= FALSE; wanted--)
      {
        g_autofree char *action = g_strconcat ("compare.", names[i], NULL);
        gboolean active;

        g_assert_true (gtk_widget_activate_action (view, action, NULL));
        g_object_get (view, names[i], &active, NULL);
        g_assert_cmpint (active, ==, wanted);
      }
}

static void
test_what_is_there_keeps_its_name (void)
{
  g_autofree char *folder = fixture_folder (),
                  *first = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", ".csv");
  g_autofree char *second = NULL, *third = NULL, *other = NULL;

  g_assert_true (g_file_set_contents (first, "", 0, NULL));
  second = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", ".csv");
  g_assert_true (g_file_set_contents (second, "", 0, NULL));
  third = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", ".csv");
  other = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", NULL);
  g_assert_true (g_str_has_suffix (first, "/cars-90.0.csv"));
  g_assert_true (g_str_has_suffix (second, "/cars-90.0-2.csv"));
  g_assert_true (g_str_has_suffix (third, "/cars-90.0-3.csv"));
  g_assert_true (g_str_has_suffix (other, "/cars-90.0.csv-2"));
  fixture_remove (g_steal_pointer (&folder));
}

/* --- help --- */

static void
set_browser (const char *how)
{
  g_autofree char *applications = g_build_filename (g_get_user_data_dir (), "applications", NULL);
  g_autofree char *entry = g_build_filename (applications, "org.tithe.Browser.desktop", NULL);
  g_autofree char *defaults = g_build_filename (g_get_user_config_dir (), "mimeapps.list", NULL);
  g_autofree char *text
      = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Browser\nMimeType=text/html;\n%s\n", how);

  g_assert_cmpint (g_mkdir_with_parents (applications, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (entry, text, -1, NULL));
  g_assert_true (
      g_file_set_contents (defaults, "[Default Applications]\ntext/html=org.tithe.Browser.desktop\n", -1, NULL));
}

/* A web browser, for this test's home alone, that writes down what it is to show. */
static char *
install_browser (const char *folder)
{
  g_autofree char *script = g_build_filename (folder, "browser", NULL);
  char *shown = g_build_filename (folder, "shown", NULL);
  g_autofree char *how = g_strdup_printf ("Exec=%s %%u", script);
  g_autofree char *code
      = g_strdup_printf ("#!/bin/sh\nprintf %%s \"$1\" >'%s.new'\nmv '%s.new' '%s'\n", shown, shown, shown);

  g_assert_true (g_file_set_contents_full (script, code, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  set_browser (how);
  return shown;
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
is_active (gpointer window)
{
  return gtk_application_get_active_window (GTK_APPLICATION (application)) == window && gtk_widget_get_mapped (window);
}

/* What the browser is shown is that page of the help, which is there. */
static void
assert_shown (char *shown, const char *page)
{
  g_autofree char *uri = NULL, *path = NULL, *contents = NULL, *section = g_strdup_printf ("<section id=\"%s\">", page);
  g_auto (GStrv) parts = NULL;

  widget_fixture_wait_for (is_there, shown);
  g_assert_true (g_file_get_contents (shown, &uri, NULL, NULL));
  g_assert_cmpint (g_unlink (shown), ==, 0);
  parts = g_strsplit (uri, "#", 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_assert_cmpstr (parts[1], ==, page);
  path = g_filename_from_uri (parts[0], NULL, NULL);
  g_assert_nonnull (path);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_nonnull (strstr (contents, section));
}

/* The button that leads to the help. */
static GtkWidget *
find_help_button (GtkWidget *parent)
{
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;

      if (GTK_IS_BUTTON (child)
          && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (child)), "help.about") == 0)
        return child;
      if ((found = find_help_button (child)) != NULL)
        return found;
    }
  return NULL;
}

static void
press_help (GtkWidget *parent)
{
  GtkWidget *button = find_help_button (parent);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_help_is_about_what_is_looked_at (Fixture *fixture, gconstpointer data)
{
  g_autofree char *shown = install_browser (fixture->folder);
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  g_auto (GStrv) keys = gtk_application_get_accels_for_action (GTK_APPLICATION (application), "app.help");

  g_assert_cmpstr (keys[0], ==, "F1");
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (is_active, window);
  g_action_group_activate_action (G_ACTION_GROUP (application), "help", NULL);
  assert_shown (shown, "start");
  close_window (window);

  window = open_window (fixture->session);
  widget_fixture_wait_for (is_active, window);
  g_action_group_activate_action (G_ACTION_GROUP (application), "help", NULL);
  assert_shown (shown, "look");
  g_action_group_activate_action (G_ACTION_GROUP (window), "verify", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (application), "help", NULL);
  assert_shown (shown, "verify");
  press_help (GTK_WIDGET (window));
  assert_shown (shown, "verify");
  close_window (window);
}

static void
test_dialogs_lead_to_the_help_about_them (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *action;
    GType (*get_type) (void);
    const char *page;
  } dialogs[] = { { "decide-many", tithe_rule_dialog_get_type, "decide" },
                  { "export-form", tithe_export_dialog_get_type, "export" },
                  { "export-groups", tithe_figure_dialog_get_type, "export" } };
  g_autofree char *shown = install_browser (fixture->folder);
  TitheWindow *window = open_window (fixture->session);

  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      GtkWidget *dialog;

      g_action_group_activate_action (G_ACTION_GROUP (window), dialogs[i].action, NULL);
      dialog = find_shown (dialogs[i].get_type ());
      g_assert_nonnull (dialog);
      press_help (dialog);
      assert_shown (shown, dialogs[i].page);
      gtk_window_destroy (GTK_WINDOW (dialog));
    }
  close_window (window);
}

/* In a window of its own or in the one that it is about. */
static GtkWidget *
find_failure (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  GtkWidget *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels) && found == NULL; i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      found = find_label (toplevel, "Could Not Open the Help");
    }
  return found;
}

static gboolean
has_failure (gpointer unused)
{
  return find_failure () != NULL;
}

static void
test_a_browser_that_does_not_start_is_told_of (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  /* GIO 2.74 complains about itself where what is started over the session bus is not there. */
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  GtkRoot *told;

  set_browser ("DBusActivatable=true\nExec=true");
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (is_active, window);
  g_action_group_activate_action (G_ACTION_GROUP (application), "help", NULL);
  widget_fixture_wait_for (has_failure, NULL);
  g_log_set_always_fatal (fatal);
  told = gtk_widget_get_root (find_failure ());
  if (told != GTK_ROOT (window))
    gtk_window_destroy (GTK_WINDOW (told));
  close_window (window);
}

/* --- review by keys --- */

static TitheGroupView *
get_view (TitheWindow *window)
{
  return tithe_review_page_get_group_view (tithe_window_get_page (window));
}

/* The window with half of the images, which are many groups, and the first group taken up. */
static TitheWindow *
open_review (Fixture *fixture)
{
  TitheWindow *window = open_window (fixture->session);

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  tithe_group_view_take_up (get_view (window), 0, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  return window;
}

static void
act (TitheWindow *window, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (window), action, NULL);
}

static gsize
get_index (TitheWindow *window, guint32 *image)
{
  gsize index;

  g_assert_true (tithe_group_view_get_cursor (get_view (window), image, &index));
  return index;
}

static TitheDecision
get_decision (TitheWindow *window, guint32 image)
{
  return tithe_curation_get_decision (tithe_review_page_get_curation (tithe_window_get_page (window)), image);
}

static gsize
count_steps (TitheWindow *window)
{
  return tithe_curation_count_steps (tithe_review_page_get_curation (tithe_window_get_page (window)));
}

static void
assert_selected (TitheWindow *window, const guint32 *images, guint n)
{
  g_autoptr (GArray) selected = tithe_group_view_list_selected (get_view (window));

  g_assert_cmpmem (selected->data, selected->len * sizeof (guint32), images, n * sizeof (guint32));
}

static void
test_done_marks_and_goes_on_and_not_done_takes_it_back (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  guint32 image, other;

  get_index (window, &image);
  act (window, "review.done");
  g_assert_cmpuint (get_index (window, &other), ==, 1);
  g_assert_cmpuint (count_steps (window), ==, 1);
  /* Again on the same group: it stays reviewed, there is no step, and one goes on. */
  tithe_group_view_take_up (get_view (window), 0, TRUE);
  act (window, "review.done");
  g_assert_cmpuint (get_index (window, &other), ==, 1);
  g_assert_cmpuint (count_steps (window), ==, 1);
  tithe_group_view_take_up (get_view (window), 0, TRUE);
  act (window, "review.not-done");
  g_assert_cmpuint (get_index (window, &other), ==, 0);
  g_assert_cmpuint (count_steps (window), ==, 2);
  tithe_group_view_take_up (get_view (window), 3, TRUE);
  act (window, "review.done");
  act (window, "review.next");
  tithe_group_view_take_up (get_view (window), 2, TRUE);
  act (window, "review.next");
  g_assert_cmpuint (get_index (window, &other), ==, 4);
  close_window (window);
}

/* But where the list ends, a group that is worked on begins in the upper third of the view, and all of it is in view. */
static void
test_the_next_group_comes_to_the_upper_third (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  GtkAdjustment *scroll = get_scroll (window);
  const double page = gtk_adjustment_get_page_size (scroll);
  guint n = 0;

  for (guint i = 0; i < 40; i++)
    {
      guint32 image;
      double below_top;

      act (window, "review.done");
      widget_fixture_draw (GTK_WIDGET (window));
      get_index (window, &image);
      g_assert_true (tithe_group_view_get_place (get_view (window), image, &below_top));
      g_assert_cmpfloat (below_top, >, 0);
      if (gtk_adjustment_get_value (scroll) + page >= gtk_adjustment_get_upper (scroll))
        break;
      g_assert_cmpfloat (below_top, <=, page / 3);
      n++;
    }
  g_assert_cmpuint (n, >, 5);
  close_window (window);
}

static void
test_undo_selects_and_shows_what_it_changed (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  guint32 first, image, far;
  double below_top;
  GtkWidget *focus;

  get_index (window, &first);
  act (window, "review.discard");
  tithe_group_view_take_up (get_view (window), 12, TRUE);
  get_index (window, &far);
  act (window, "review.done");
  tithe_group_view_take_up (get_view (window), 30, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  act (window, "review.undo");
  assert_selected (window, &far, 1);
  act (window, "review.undo");
  widget_fixture_draw (GTK_WIDGET (window));
  assert_selected (window, &first, 1);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_AUTOMATIC);
  get_index (window, &image);
  g_assert_cmpuint (image, ==, first);
  g_assert_true (tithe_group_view_get_place (get_view (window), image, &below_top));
  g_assert_cmpfloat (below_top, >=, 0);
  g_assert_cmpfloat (below_top, <, gtk_adjustment_get_page_size (get_scroll (window)));
  focus = gtk_root_get_focus (GTK_ROOT (window));
  g_assert_true (TITHE_IS_THUMBNAIL (focus));
  g_assert_cmpuint (tithe_thumbnail_get_image (TITHE_THUMBNAIL (focus)), ==, first);
  tithe_group_view_take_up (get_view (window), 30, TRUE);
  act (window, "review.redo");
  assert_selected (window, &first, 1);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_DISCARD);
  close_window (window);
}

/* The first image of a group is kept and the second is not, and so it is again after two presses each. */
static void
test_a_digit_keeps_an_image_and_lets_go_of_it (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  guint32 first, second, image;

  get_index (window, &first);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 2);
  g_assert_cmpuint (get_index (window, &second), ==, 0);
  g_assert_cmpuint (second, !=, first);
  assert_selected (window, &second, 1);
  g_assert_cmpint (get_decision (window, second), ==, TITHE_DECISION_KEEP);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 2);
  g_assert_cmpint (get_decision (window, second), ==, TITHE_DECISION_AUTOMATIC);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 1);
  get_index (window, &image);
  g_assert_cmpuint (image, ==, first);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_DISCARD);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 1);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_AUTOMATIC);
  g_assert_cmpuint (count_steps (window), ==, 4);
  /* No group has so many images. */
  tithe_group_view_take_up (get_view (window), 0, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 60);
  g_assert_cmpuint (count_steps (window), ==, 4);
  close_window (window);
}

static void
choose_class (TitheWindow *window, int class_index)
{
  GtkWidget *classes = widget_fixture_find (GTK_WIDGET (tithe_window_get_page (window)), TITHE_TYPE_CLASS_LIST);

  tithe_class_list_set_selected (TITHE_CLASS_LIST (classes), class_index);
  widget_fixture_draw (GTK_WIDGET (window));
}

/* The choice of what is shown. */
static GtkDropDown *
find_view_choice (GtkWidget *parent)
{
  GtkDropDown *found = NULL;

  if (GTK_IS_DROP_DOWN (parent) && g_strcmp0 (gtk_widget_get_tooltip_text (parent), "What is shown") == 0)
    return GTK_DROP_DOWN (parent);
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_view_choice (child);
  return found;
}

static void
choose_view (TitheWindow *window, TitheGroupViewKind view)
{
  gtk_drop_down_set_selected (find_view_choice (GTK_WIDGET (window)), view);
  widget_fixture_draw (GTK_WIDGET (window));
}

static void
test_opening_and_choosing_a_class_take_up_what_is_to_do (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  guint32 image, other;

  /* Who opens a session for the first time can press Enter at once. */
  g_assert_cmpuint (get_index (window, &image), ==, 0);
  assert_selected (window, &image, 1);
  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  choose_class (window, 2);
  g_assert_cmpuint (get_index (window, &image), ==, 0);
  assert_selected (window, &image, 1);
  act (window, "review.done");
  act (window, "review.done");
  g_assert_cmpuint (get_index (window, &image), ==, 2);
  choose_class (window, 1);
  g_assert_cmpuint (get_index (window, &other), ==, 0);
  /* What was left is where it was. */
  choose_class (window, 2);
  g_assert_cmpuint (get_index (window, &other), ==, 2);
  g_assert_cmpuint (other, ==, image);
  assert_selected (window, &image, 1);
  close_window (window);
}

static void
test_views_keep_their_place (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheReviewPage *page = tithe_window_get_page (window);
  GtkAdjustment *scroll = get_scroll (window);
  double groups, images;

  tithe_group_view_take_up (get_view (window), 17, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  groups = gtk_adjustment_get_value (scroll);
  g_assert_cmpfloat (groups, >, 0);
  choose_view (window, TITHE_VIEW_IMAGES);
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, 0);
  gtk_adjustment_set_value (scroll, 333);
  widget_fixture_draw (GTK_WIDGET (window));
  images = gtk_adjustment_get_value (scroll);
  choose_view (window, TITHE_VIEW_GROUPS);
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, groups);
  choose_view (window, TITHE_VIEW_IMAGES);
  /* A view of images goes by their rows. */
  g_assert_cmpfloat (ABS (gtk_adjustment_get_value (scroll) - images), <, 100);
  choose_view (window, TITHE_VIEW_GROUPS);
  tithe_review_page_show_singles (page, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), >, groups);
  tithe_review_page_show_singles (page, FALSE);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, groups);
  close_window (window);
}

static void
test_undo_shows_what_another_class_hides (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheReviewPage *page = tithe_window_get_page (window);
  guint32 image, other;

  choose_class (window, 3);
  get_index (window, &image);
  act (window, "review.discard");
  choose_class (window, 0);
  act (window, "review.undo");
  g_assert_cmpint (tithe_review_page_get_class (page), ==, 3);
  assert_selected (window, &image, 1);
  g_assert_cmpuint (get_index (window, &other), ==, 0);
  close_window (window);
}

/* How many images the group of each image has. */
static void
measure_groups (TitheReviewPage *page, const guint32 *images, guint n, guint32 *sizes)
{
  g_autoptr (TitheSubset) subset = tithe_subset_new (
      tithe_curation_get_hierarchy (tithe_review_page_get_curation (page)), tithe_review_page_get_curation (page));
  const TitheSubsetChoice choice = tithe_review_page_get_choice (page);

  tithe_subset_choose (subset, &choice);
  for (guint i = 0; i < n; i++)
    {
      TitheGroup group = { .size = 1 };

      tithe_subset_find_group (subset, images[i], &group);
      sizes[i] = group.size;
    }
}

/* Three groups are selected: one key decides about each of them, in one step. */
static void
test_a_step_is_about_every_group_that_is_selected (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheReviewPage *page = tithe_window_get_page (window);
  guint32 images[3], sizes[3], merged[3];

  for (guint i = 0; i < 3; i++)
    {
      tithe_group_view_set_cursor (get_view (window), i, 1);
      get_index (window, &images[i]);
    }
  tithe_group_view_set_selected (get_view (window), images, 3, images[0]);
  act (window, "review.representative");
  g_assert_cmpuint (count_steps (window), ==, 1);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (get_decision (window, images[i]), ==, TITHE_DECISION_REPRESENTATIVE);
  measure_groups (page, images, 3, sizes);
  act (window, "review.merge");
  g_assert_cmpuint (count_steps (window), ==, 2);
  measure_groups (page, images, 3, merged);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (merged[i], >, sizes[i]);
  act (window, "review.undo");
  measure_groups (page, images, 3, merged);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (merged[i], ==, sizes[i]);
}

/* --- a ratio for a class --- */

static double
get_class_ratio (TitheWindow *window)
{
  return tithe_curation_get_class_ratio (tithe_review_page_get_curation (tithe_window_get_page (window)), 1);
}

static gboolean
has_class_ratio_of_a_quarter (gpointer window)
{
  return get_class_ratio (window) == 0.25;
}

static gsize
count_kept (TitheWindow *window, guint class_index)
{
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheSubsetChoice choice = tithe_review_page_get_choice (page);
  TitheCuration *curation = tithe_review_page_get_curation (page);
  g_autoptr (TitheSubset) subset = tithe_subset_new (tithe_curation_get_hierarchy (curation), curation);

  tithe_subset_choose (subset, &choice);
  return tithe_subset_get_class_kept (subset, class_index);
}

/* With a class chosen the slider sets that class alone, in one step, and the others stay as they are. */
static void
test_the_slider_sets_one_class (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheRatioBar *bar = tithe_review_page_get_ratio_bar (page);
  TitheCuration *curation = tithe_review_page_get_curation (page);
  TitheSubsetChoice choice = tithe_review_page_get_choice (page);
  GtkWidget *own = gtk_widget_get_ancestor (find_label (GTK_WIDGET (page), "This Class Alone"), GTK_TYPE_TOGGLE_BUTTON);
  gsize others, steps = tithe_curation_count_steps (curation);

  g_assert_false (gtk_widget_get_visible (own));
  choice.ratio = 0.6;
  tithe_review_page_show_class (page, 1, &choice);
  g_assert_true (gtk_widget_get_visible (own));
  others = count_kept (window, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (own), TRUE);
  g_assert_cmpfloat (get_class_ratio (window), ==, 0.6);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, steps + 1);
  for (double ratio = 0.55; ratio > 0.24; ratio -= 0.05)
    tithe_ratio_bar_set_ratio (bar, ratio);
  widget_fixture_wait_for (has_class_ratio_of_a_quarter, window);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, steps + 2); /* as it was dragged at once */
  g_assert_cmpuint (count_kept (window, 0), ==, others);
  g_assert_cmpfloat (tithe_review_page_get_choice (page).ratio, ==, 0.6);
  tithe_review_page_show_class (page, 0, &choice);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (bar), ==, 0.6);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  tithe_review_page_show_class (page, 1, &choice);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (bar), ==, 0.25);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "review.undo", NULL));
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (bar), ==, 0.6);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "review.undo", NULL));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  g_assert_cmpfloat (get_class_ratio (window), ==, 0);
  close_window (window);
}

/* What the slider was moved to last is in the session, also where something else comes at once. */
static void
test_a_class_ratio_is_not_lost_in_going_on (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_window (fixture->session);
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheRatioBar *bar = tithe_review_page_get_ratio_bar (page);
  TitheSubsetChoice choice = tithe_review_page_get_choice (page);
  GtkWidget *own = gtk_widget_get_ancestor (find_label (GTK_WIDGET (page), "This Class Alone"), GTK_TYPE_TOGGLE_BUTTON);

  tithe_review_page_show_class (page, 1, &choice);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (own), TRUE);
  tithe_ratio_bar_set_ratio (bar, 0.4);
  tithe_review_page_show_class (page, 0, &choice);
  g_assert_cmpfloat (get_class_ratio (window), ==, 0.4);
  tithe_review_page_show_class (page, 1, &choice);
  tithe_ratio_bar_set_ratio (bar, 0.25);
  close_window (window);
  window = open_window (fixture->session);
  g_assert_true (has_class_ratio_of_a_quarter (window));
  close_window (window);
}

/* What a digit does: (transfer none). */
static GtkShortcut *
find_digit (GtkWidget *window, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (window);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller)
          || gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_CAPTURE)
        continue;
      for (guint n = 0; n < g_list_model_get_n_items (G_LIST_MODEL (controller)); n++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), n);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
            return shortcut; /* the controller holds it */
        }
    }
  g_assert_not_reached ();
}

typedef struct
{
  TitheWindow *window;
  GtkShortcut *shortcut;
  guint n_places, n_texts;
} Presses;

/* Presses the key with the focus on every widget that can have it. */
static void
press_everywhere (Presses *presses, GtkWidget *widget)
{
  GtkRoot *root = GTK_ROOT (presses->window);

  if (!gtk_widget_get_mapped (widget) || TITHE_IS_GROUP_VIEW (widget))
    return;
  if (gtk_widget_get_focusable (widget) && gtk_widget_grab_focus (widget) && gtk_root_get_focus (root) == widget)
    {
      const gsize before = count_steps (presses->window);
      const gboolean text = GTK_IS_EDITABLE (widget);
      const gboolean taken
          = gtk_shortcut_action_activate (gtk_shortcut_get_action (presses->shortcut), 0, GTK_WIDGET (root),
                                          gtk_shortcut_get_arguments (presses->shortcut));

      g_test_message ("%s", G_OBJECT_TYPE_NAME (widget));
      g_assert_cmpint (taken, ==, !text);
      g_assert_cmpuint (count_steps (presses->window), ==, before + !text);
      g_assert_true (text || TITHE_IS_THUMBNAIL (gtk_root_get_focus (root)));
      presses->n_places += !text;
      presses->n_texts += text;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    press_everywhere (presses, child);
}

static void
test_a_digit_decides_wherever_the_focus_is_but_in_text (Fixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  Presses presses = { .window = window, .shortcut = find_digit (GTK_WIDGET (window), GDK_KEY_2) };

  press_everywhere (&presses, GTK_WIDGET (window));
  g_assert_cmpuint (presses.n_places, >, 10);
  g_assert_cmpuint (presses.n_texts, >, 0);
  close_window (window);
}

/* Under ThreadSanitizer GIO never gets to start one. */
#ifdef __SANITIZE_THREAD__
#  define CAN_START_A_BROWSER FALSE
#else
#  define CAN_START_A_BROWSER TRUE
#endif

#define add(path, func) g_test_add ("/window/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  gtk_test_init (&argc, &argv, NULL);
  application = G_APPLICATION (tithe_application_new (G_APPLICATION_NON_UNIQUE));
  g_application_register (application, NULL, &error);
  g_assert_no_error (error);
  add ("ten-restarts-keep-place-and-selection", test_ten_restarts_keep_place_and_selection);
  add ("a-decision-waits-for-another-program-without-blocking",
       test_a_decision_waits_for_another_program_without_blocking);
  add ("a-decision-that-waits-is-made-before-the-window-goes",
       test_a_decision_that_waits_is_made_before_the_window_goes);
  add ("opening-waits-for-another-program-without-blocking", test_opening_waits_for_another_program_without_blocking);
  add ("a-figure-is-drawn-while-the-window-goes-on", test_a_figure_is_drawn_while_the_window_goes_on);
  add ("groups-are-drawn-although-the-decisions-cannot-be-read",
       test_groups_are_drawn_although_the_decisions_cannot_be_read);
  add ("a-rule-decides-nothing-in-what-is-opened-meanwhile", test_a_rule_decides_nothing_in_what_is_opened_meanwhile);
  add ("groups-are-not-drawn-in-what-is-opened-meanwhile", test_groups_are_not_drawn_in_what_is_opened_meanwhile);
  add ("a-file-without-a-path-is-not-opened", test_a_file_without_a_path_is_not_opened);
  add ("dialogs-are-shown-without-a-warning", test_dialogs_are_shown_without_a_warning);
  add ("what-blinks-has-the-keyboard", test_what_blinks_has_the_keyboard);
  add ("a-failure-is-told-of-any-name", test_a_failure_is_told_of_any_name);
  add ("a-failure-is-told-whole-in-a-narrow-window", test_a_failure_is_told_whole_in_a_narrow_window);
  add ("a-selection-is-remembered-whole-or-not-at-all", test_a_selection_is_remembered_whole_or_not_at_all);
  add ("a-window-that-goes-hears-nothing-of-what-it-began", test_a_window_that_goes_hears_nothing_of_what_it_began);
  add ("the-dataset-is-never-written-to", test_the_dataset_is_never_written_to);
  add ("what-is-open-is-never-written-over", test_what_is_open_is_never_written_over);
  add ("the-embedding-is-not-written-over-while-it-is-not-open",
       test_the_embedding_is_not_written_over_while_it_is_not_open);
  add ("the-slider-sets-one-class", test_the_slider_sets_one_class);
  add ("a-class-ratio-is-not-lost-in-going-on", test_a_class_ratio_is_not_lost_in_going_on);
  g_test_add_func ("/file-dialog/what-is-there-keeps-its-name", test_what_is_there_keeps_its_name);
  if (CAN_START_A_BROWSER)
    {
      add ("help-is-about-what-is-looked-at", test_help_is_about_what_is_looked_at);
      add ("dialogs-lead-to-the-help-about-them", test_dialogs_lead_to_the_help_about_them);
      add ("a-browser-that-does-not-start-is-told-of", test_a_browser_that_does_not_start_is_told_of);
    }
  add ("done-marks-and-goes-on-and-not-done-takes-it-back", test_done_marks_and_goes_on_and_not_done_takes_it_back);
  add ("the-next-group-comes-to-the-upper-third", test_the_next_group_comes_to_the_upper_third);
  add ("undo-selects-and-shows-what-it-changed", test_undo_selects_and_shows_what_it_changed);
  add ("a-digit-keeps-an-image-and-lets-go-of-it", test_a_digit_keeps_an_image_and_lets_go_of_it);
  add ("opening-and-choosing-a-class-take-up-what-is-to-do", test_opening_and_choosing_a_class_take_up_what_is_to_do);
  add ("views-keep-their-place", test_views_keep_their_place);
  add ("undo-shows-what-another-class-hides", test_undo_shows_what_another_class_hides);
  add ("a-step-is-about-every-group-that-is-selected", test_a_step_is_about_every_group_that_is_selected);
  add ("a-digit-decides-wherever-the-focus-is-but-in-text", test_a_digit_decides_wherever_the_focus_is_but_in_text);
  g_test_add_func ("/ratio-bar/the-ratio-is-told-of-where-it-is-another",
                   test_the_ratio_is_told_of_where_it_is_another);
  g_test_add_func ("/compare-view/how-images-are-compared-is-switched-by-actions",
                   test_how_images_are_compared_is_switched_by_actions);
  status = g_test_run ();
  g_object_unref (application);
  return status;
}
