/* SPDX-License-Identifier: MIT */
#include "store/tithe-journal.h"
#include "fixture.h"

#include <string.h>
#include <sys/mman.h>

typedef struct
{
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->path = g_build_filename (fixture->folder, "s.tithe", NULL);
  fixture_run_sql (fixture->path, "PRAGMA application_id = 1416915045; PRAGMA user_version = 1;"
                                  "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
                                  "INSERT INTO meta VALUES ('linkage', 'complete'), ('dataset_fingerprint', 'abc');");
  tithe_database_set_default_patience (100);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->path);
  fixture_remove (fixture->folder);
}

static TitheJournal *
open_journal (Fixture *fixture, gboolean writable)
{
  g_autoptr (GError) error = NULL;
  TitheJournal *journal = tithe_journal_open (fixture->path, writable, &error);

  g_assert_no_error (error);
  return journal;
}

/* A row as a word: event, name, changes. */
static gboolean
take_row (TitheEvent event, const char *name, gconstpointer changes, gsize size, gpointer user_data)
{
  g_string_append_printf (user_data, "%c:%s:%.*s ", (char) event, name, (int) size, (const char *) changes);
  return g_strcmp0 (name, "refused") != 0;
}

static char *
read_all (TitheJournal *journal)
{
  g_autoptr (GString) rows = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  tithe_journal_read (journal, take_row, rows, &error);
  g_assert_no_error (error);
  return g_string_free (g_steal_pointer (&rows), FALSE);
}

static void
append (TitheJournal *journal, TitheEvent event, const char *name, const char *changes)
{
  g_autoptr (GError) error = NULL;

  tithe_journal_append (journal, event, name, changes, strlen (changes), &error);
  g_assert_no_error (error);
}

static void
test_rows_come_back_in_order_and_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) writer = open_journal (fixture, TRUE), reader = open_journal (fixture, FALSE);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  append (writer, TITHE_EVENT_DO, "Keep", "x");
  append (writer, TITHE_EVENT_UNDO, "", "");
  first = read_all (reader);
  g_assert_cmpstr (first, ==, "D:Keep:x U:: ");
  g_assert_false (tithe_journal_has_news (reader));
  append (writer, TITHE_EVENT_REDO, "", "");
  g_assert_true (tithe_journal_has_news (reader));
  second = read_all (reader);
  g_assert_cmpstr (second, ==, "R:: ");
  third = read_all (reader);
  g_assert_cmpstr (third, ==, "");
  g_assert_cmpint (tithe_journal_get_n_rows (reader), ==, 3);
}

static void
test_the_past_ends_where_it_did (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) writer = open_journal (fixture, TRUE), past = open_journal (fixture, FALSE);
  g_autofree char *rows = NULL;

  append (writer, TITHE_EVENT_DO, "one", "");
  append (writer, TITHE_EVENT_DO, "two", "");
  tithe_journal_set_limit (past, 1);
  rows = read_all (past);
  g_assert_cmpstr (rows, ==, "D:one: ");
}

static void
test_who_is_behind_adds_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) one = open_journal (fixture, TRUE), two = open_journal (fixture, TRUE);
  g_autofree char *rows = NULL;
  GError *error = NULL;

  append (one, TITHE_EVENT_DO, "first", "");
  g_assert_false (tithe_journal_append (two, TITHE_EVENT_DO, "second", "", 0, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BEHIND, "s.tithe");
  rows = read_all (two);
  g_assert_cmpstr (rows, ==, "D:first: ");
  append (two, TITHE_EVENT_DO, "second", "");
}

static void
test_a_held_session_is_busy_and_tried_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) journal = open_journal (fixture, TRUE);
  GError *error = NULL;
  sqlite3 *other;

  tithe_journal_set_patience (journal, 0);
  sqlite3_open (fixture->path, &other);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (tithe_journal_append (journal, TITHE_EVENT_DO, "Keep", "", 0, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY, "was not made");
  g_assert_cmpint (sqlite3_exec (other, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  append (journal, TITHE_EVENT_DO, "Keep", "");
  sqlite3_close (other);
}

static void
test_reading_writes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) journal = open_journal (fixture, FALSE);
  g_autofree char *rows = read_all (journal);
  GError *error = NULL;

  g_assert_cmpstr (rows, ==, "");
  g_assert_false (tithe_journal_append (journal, TITHE_EVENT_DO, "Keep", "", 0, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_READ_ONLY, "may not be written");
}

static void
test_decisions_about_another_session_are_not_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) journal = open_journal (fixture, FALSE);
  g_autoptr (GString) rows = g_string_new (NULL);
  GError *error = NULL;

  fixture_run_sql (fixture->path, "UPDATE meta SET value = 'def' WHERE key = 'dataset_fingerprint'");
  g_assert_false (tithe_journal_read (journal, take_row, rows, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_REPLACED, "open it again");
}

/* --- strangers --- */

static void
assert_damaged (Fixture *fixture, const char *sql)
{
  g_autoptr (TitheJournal) journal = open_journal (fixture, TRUE), reader = NULL;
  g_autoptr (GString) rows = g_string_new (NULL);
  GError *error = NULL;

  g_test_message ("%s", sql);
  fixture_run_sql (fixture->path, "DELETE FROM journal");
  fixture_run_sql (fixture->path, sql);
  g_assert_false (tithe_journal_read (journal, take_row, rows, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_DAMAGED, "s.tithe");
  g_assert_cmpint (tithe_journal_get_n_rows (journal), ==, 0);
}

static void
test_rows_that_cannot_be_are_damage (Fixture *fixture, gconstpointer data)
{
  assert_damaged (fixture, "INSERT INTO journal VALUES (9223372036854775807, 'D', '', 0, '')");
  assert_damaged (fixture, "INSERT INTO journal VALUES (2, 'D', '', 0, '')");
  assert_damaged (fixture, "INSERT INTO journal VALUES (1, 'X', '', 0, '')");
  assert_damaged (fixture, "INSERT INTO journal VALUES (1, '', '', 0, '')");
  assert_damaged (fixture, "INSERT INTO journal VALUES (1, 'DU', '', 0, '')");
  assert_damaged (fixture, "INSERT INTO journal VALUES (1, 'D', 'refused', 0, '')");
}

/* Numbers from below nothing are before what is read: they are no part of it. */
static void
test_rows_before_the_first_are_not_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) journal = open_journal (fixture, TRUE);
  g_autofree char *rows = NULL;

  fixture_run_sql (fixture->path, "INSERT INTO journal VALUES (-9223372036854775807, 'D', 'before', 0, '')");
  rows = read_all (journal);
  g_assert_cmpstr (rows, ==, "");
  append (journal, TITHE_EVENT_DO, "first", "");
}

static void
test_names_are_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJournal) journal = open_journal (fixture, TRUE);
  g_autofree char *rows = NULL;

  fixture_run_sql (fixture->path, "INSERT INTO journal VALUES (1, 'D', CAST (x'41ff42' AS TEXT), 0, 7)");
  rows = read_all (journal);
  g_assert_cmpstr (rows, ==, "D:A\357\277\275B:7 ");
}

/* A constraint of a stranger's is not another program that was quicker. */
static void
test_a_table_with_rules_of_its_own_is_an_error (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr (TitheJournal) journal = NULL;

  fixture_run_sql (fixture->path, "CREATE TABLE journal (a, b, c)");
  journal = open_journal (fixture, TRUE);
  g_assert_false (tithe_journal_append (journal, TITHE_EVENT_DO, "Keep", "", 0, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_WRITE, "was not made");
}

/* More than SQLite takes, of memory that nobody touches. */
static void
test_too_large_a_step_is_an_error (Fixture *fixture, gconstpointer data)
{
  const gsize size = 1100000000;
  g_autoptr (TitheJournal) journal = open_journal (fixture, TRUE);
  gpointer changes = mmap (NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  GError *error = NULL;

  if (changes == MAP_FAILED)
    {
      g_test_skip ("there is no room");
      return;
    }
  g_assert_false (tithe_journal_append (journal, TITHE_EVENT_DO, "Keep", changes, size, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_WRITE, "too big");
  munmap (changes, size);
}

#define ADD(path, function) g_test_add ("/journal/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("order", test_rows_come_back_in_order_and_once);
  ADD ("past", test_the_past_ends_where_it_did);
  ADD ("behind", test_who_is_behind_adds_nothing);
  ADD ("busy", test_a_held_session_is_busy_and_tried_again);
  ADD ("read-only", test_reading_writes_nothing);
  ADD ("replaced", test_decisions_about_another_session_are_not_taken);
  ADD ("stranger/damage", test_rows_that_cannot_be_are_damage);
  ADD ("stranger/before", test_rows_before_the_first_are_not_read);
  ADD ("stranger/names", test_names_are_text);
  ADD ("stranger/rules", test_a_table_with_rules_of_its_own_is_an_error);
  ADD ("stranger/size", test_too_large_a_step_is_an_error);
  return g_test_run ();
}
