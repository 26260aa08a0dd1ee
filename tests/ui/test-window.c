/* SPDX-License-Identifier: MIT */
#include "background/tithe-exporting.h"
#include "io/tithe-output.h"
#include "tithe-compare-view.h"
#include "tithe-thumbnail.h"

#include "window-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

/* The window from inside: what a person sees is tested in test_window.py. */

static void
assert_same_images (GArray *a, GArray *b)
{
  g_assert_cmpmem (a->data, a->len * sizeof (guint32), b->data, b->len * sizeof (guint32));
}

static void
test_ten_restarts_keep_place_and_selection (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (window));
  g_autoptr (GArray) in_view = NULL, selected = NULL;
  guint32 cursor, there;
  gsize index;
  double value;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  tithe_group_view_set_cursor (view, 7, 0);
  tithe_group_view_select_group (view);
  gtk_adjustment_set_value (window_fixture_get_scroll (window), 1234);
  widget_fixture_draw (GTK_WIDGET (window));
  value = gtk_adjustment_get_value (window_fixture_get_scroll (window));
  g_assert_cmpfloat (value, ==, 1234);
  in_view = tithe_group_view_list_in_view (view);
  selected = tithe_group_view_list_selected (view);
  g_assert_true (tithe_group_view_get_cursor (view, &cursor, &index));
  g_assert_cmpuint (selected->len, >, 1);
  for (int i = 0; i < 10; i++)
    {
      g_autoptr (GArray) in_view_now = NULL, selected_now = NULL;

      window_fixture_close (window);
      window = window_fixture_open (fixture->session);
      view = tithe_review_page_get_group_view (tithe_window_get_page (window));
      g_assert_cmpfloat (gtk_adjustment_get_value (window_fixture_get_scroll (window)), ==, value);
      in_view_now = tithe_group_view_list_in_view (view);
      assert_same_images (in_view_now, in_view);
      selected_now = tithe_group_view_list_selected (view);
      assert_same_images (selected_now, selected);
      g_assert_true (tithe_group_view_get_cursor (view, &there, &index));
      g_assert_cmpuint (there, ==, cursor);
    }
  window_fixture_close (window);
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

static void
on_failed (Writer *writer, const char *heading, const char *message)
{
  g_test_message ("%s: %s", heading, message);
  writer->failed = TRUE;
}

static void
test_a_decision_waits_for_another_program_without_blocking (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
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
  widget_fixture_wait_for (window_fixture_has_step, window);
  g_assert_false (writer.failed);
  g_assert_cmpint (tithe_curation_get_decision (curation, image), ==, TITHE_DECISION_KEEP);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, 1);
  sqlite3_close (writer.db);
  window_fixture_close (window);
}

static void
test_a_decision_that_waits_is_made_before_the_window_goes (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  Writer writer = { 0 };
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (GError) error = NULL;

  tithe_group_view_set_cursor (tithe_review_page_get_group_view (tithe_window_get_page (window)), 0, 0);
  writer_begin (&writer, fixture->session, G_MAXINT);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.keep", NULL);
  writer.rounds_left = 1;
  widget_fixture_wait_for (is_over, &writer);
  window_fixture_close (window);
  session = tithe_session_open (fixture->session, &error);
  g_assert_no_error (error);
  curation = tithe_session_open_curation (session, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, 1);
  sqlite3_close (writer.db);
}

/* What another program's lock keeps a thread waiting for doesn't keep the main loop waiting. */
static void
test_opening_waits_for_another_program_without_blocking (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());
  TitheReviewPage *page = tithe_window_get_page (window);
  Writer writer = { .rounds_left = 20 };

  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpint (sqlite3_open_v2 (fixture->session, &writer.db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (writer.db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  tithe_project_open (tithe_window_get_project (window), fixture->session, NULL);
  g_timeout_add (1, on_round, &writer);
  widget_fixture_wait_for (is_over, &writer);
  widget_fixture_wait_for (window_fixture_has_curation, window);
  g_assert_false (tithe_journal_is_read_only (tithe_curation_get_journal (tithe_review_page_get_curation (page))));
  sqlite3_close (writer.db);
  window_fixture_close (window);
}

static void
test_a_figure_is_drawn_while_the_window_goes_on (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  g_autofree char *path = g_build_filename (fixture->folder, "groups.pdf", NULL), *contents = NULL;
  gsize length;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups-to", "s", path);
  g_assert_false (tithe_window_is_settled (window));
  widget_fixture_wait_for (window_fixture_is_settled, window);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_str_has_prefix (contents, "%PDF"));
  window_fixture_close (window);
}

/* No journal has a table like that: what was decided can't be read. */
static void
test_groups_are_drawn_although_the_decisions_cannot_be_read (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (window));
  g_autofree char *path = g_build_filename (fixture->folder, "groups.pdf", NULL);

  fixture_run_sql (fixture->session, "DROP TABLE IF EXISTS journal; CREATE TABLE journal (id INTEGER PRIMARY KEY)");
  tithe_project_open (tithe_window_get_project (window), fixture->session, NULL);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (window_fixture_has_session, window);
  g_assert_false (window_fixture_has_curation (window));
  tithe_group_view_set_cursor (view, 0, 0);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups-to", "s", path);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups", NULL);
  widget_fixture_wait_for (window_fixture_is_settled, window);
  window_fixture_close (window);
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
test_a_file_without_a_path_is_not_opened (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());

  gtk_window_present (GTK_WINDOW (window));
  g_assert_true (drop_files (window, fixture->session));
  widget_fixture_wait_for (window_fixture_is_all_there, window);
  g_assert_cmpstr (tithe_project_get_session (tithe_window_get_project (window)), ==, fixture->session);
  g_assert_false (drop_files (window, NULL));
  g_assert_null (tithe_project_get_job (tithe_window_get_project (window)));
  window_fixture_close (window);
}

static void
test_what_blinks_has_the_keyboard (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
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
  window_fixture_close (window);
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
test_a_selection_is_remembered_whole_or_not_at_all (WindowFixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (remember_selected (fixture->session, 10000), ==, 10000);
  g_assert_cmpuint (remember_selected (fixture->session, 10001), ==, 0);
}

static void
test_a_window_that_goes_hears_nothing_of_what_it_began (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  g_autofree char *path = g_build_filename (fixture->folder, "report.html", NULL);
  gpointer gone = window;

  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-report-to", "s", path);
  g_assert_false (tithe_window_is_settled (window));
  gtk_window_destroy (GTK_WINDOW (window));
  widget_fixture_wait_for (window_fixture_is_gone, &gone);
}

static void
test_the_dataset_is_never_written_to (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
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
      widget_fixture_wait_for (window_fixture_is_settled, window);
    }
  g_assert_true (g_file_get_contents (picture, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
  window_fixture_close (window);
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
  widget_fixture_wait_for (window_fixture_is_settled, window);
}

/* Another name of the file, one that a figure could have. */
static char *
add_name (WindowFixture *fixture, const char *file, const char *name)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_cmpint (link (file, path), ==, 0);
  return path;
}

static void
test_what_is_open_is_never_written_over (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  g_autofree char *picture = add_name (fixture, fixture->session, "session.svg");
  g_autofree char *rows_picture = add_name (fixture, rows, "rows.svg");
  const char *const files[] = { fixture->session, picture, rows, rows_picture };
  TitheWindow *window = window_fixture_open (fixture->session);
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
  window_fixture_close (window);
  session = tithe_session_open (fixture->session, &error);
  g_assert_no_error (error);
  embedding = tithe_session_open_embedding (session, NULL, &error);
  g_assert_no_error (error);
}

/* Where the session is open without its embedding, as when there is no memory for it, that is still its embedding's file. */
static void
test_the_embedding_is_not_written_over_while_it_is_not_open (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  g_autofree char *contents = NULL;
  TitheWindow *window;
  gsize length;

  g_assert_true (g_file_set_contents (rows, "for now", -1, NULL));
  window = window_fixture_open (fixture->session);
  g_assert_null (tithe_project_get_embedding (tithe_window_get_project (window)));
  write_everything_to (window, rows);
  g_assert_true (g_file_get_contents (rows, &contents, &length, NULL));
  g_assert_cmpstr (contents, ==, "for now");
  window_fixture_close (window);
}

#define add(path, func)                                                                                                \
  g_test_add ("/window/" path, WindowFixture, NULL, window_fixture_set_up, func, window_fixture_tear_down)

int
main (int argc, char **argv)
{
  window_fixture_init (&argc, &argv);
  add ("ten-restarts-keep-place-and-selection", test_ten_restarts_keep_place_and_selection);
  add ("a-decision-waits-for-another-program-without-blocking",
       test_a_decision_waits_for_another_program_without_blocking);
  add ("a-decision-that-waits-is-made-before-the-window-goes",
       test_a_decision_that_waits_is_made_before_the_window_goes);
  add ("opening-waits-for-another-program-without-blocking", test_opening_waits_for_another_program_without_blocking);
  add ("a-figure-is-drawn-while-the-window-goes-on", test_a_figure_is_drawn_while_the_window_goes_on);
  add ("groups-are-drawn-although-the-decisions-cannot-be-read",
       test_groups_are_drawn_although_the_decisions_cannot_be_read);
  add ("a-file-without-a-path-is-not-opened", test_a_file_without_a_path_is_not_opened);
  add ("what-blinks-has-the-keyboard", test_what_blinks_has_the_keyboard);
  add ("a-selection-is-remembered-whole-or-not-at-all", test_a_selection_is_remembered_whole_or_not_at_all);
  add ("a-window-that-goes-hears-nothing-of-what-it-began", test_a_window_that_goes_hears_nothing_of_what_it_began);
  add ("the-dataset-is-never-written-to", test_the_dataset_is_never_written_to);
  add ("what-is-open-is-never-written-over", test_what_is_open_is_never_written_over);
  add ("the-embedding-is-not-written-over-while-it-is-not-open",
       test_the_embedding_is_not_written_over_while_it_is_not_open);
  return window_fixture_run ();
}
