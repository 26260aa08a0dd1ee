/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* What every command does with a session that it can't read: it says why, and leaves the file as it is. */

static const char *const commands[] = {
  "linkage s.tithe --class boat -o z.npy",
  "subset s.tithe --ratio 0.8 --format csv -o x.csv",
  "export s.tithe --ratio 0.8 --format indices -o x.npy",
  "replay kept/provenance.json -o again",
  "decide s.tithe --rule largest --ratio 0.8",
  "decide s.tithe --undo",
  "figure s.tithe --kind sizes --ratio 0.8 -o x.pdf",
  "report s.tithe --ratio 0.8 -o x.html",
#ifdef TITHE_HAVE_LEARN
  "verify s.tithe --quick --trials 2",
#endif
  "coverage s.tithe --ratios 0.8",
  "cluster d --embeddings f.npy -o s.tithe --overwrite",
};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  cli_set_up (fixture, data);
  cli_assert_runs (fixture, "demo d --images 60 --classes 2");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  cli_assert_runs (fixture, "decide s.tithe --rule at-least --value 29 --ratio 0.8");
  cli_assert_runs (fixture, "export s.tithe --ratio 0.8 --format tree -o kept");
}

static sqlite3 *
open_session (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "s.tithe", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  return db;
}

static void
run_sql (Fixture *fixture, const char *sql)
{
  sqlite3 *db = open_session (fixture);

  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
assert_all_fail (Fixture *fixture, const char *part)
{
  g_autofree char *before = NULL;
  gsize size;

  before = cli_read (fixture, "s.tithe", &size);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *after = NULL;
      gsize n;

      g_test_message ("%s", commands[i]);
      cli_assert_fails (fixture, commands[i], 1, part);
      after = cli_read (fixture, "s.tithe", &n);
      g_assert_cmpmem (after, n, before, size);
    }
}

static void
test_a_newer_version_is_left_alone (Fixture *fixture, gconstpointer data)
{
  run_sql (fixture, "PRAGMA user_version = 2");
  assert_all_fail (fixture, "newer version");
}

static void
test_a_damaged_session_is_left_alone (Fixture *fixture, gconstpointer data)
{
  run_sql (fixture, "PRAGMA user_version = 0");
  assert_all_fail (fixture, "damaged");
}

/* Waited for first, each time. */
static void
test_a_held_session_is_in_use (Fixture *fixture, gconstpointer data)
{
  static const char *const some[] = {
    "subset s.tithe --ratio 0.8 --format csv -o x.csv",
    "decide s.tithe --rule largest --ratio 0.8",
    "coverage s.tithe --ratios 0.8",
    "cluster d --embeddings f.npy -o s.tithe --overwrite",
    "cluster d --embeddings f.npy -o s.tithe --overwrite --replace",
  };
  sqlite3 *db = open_session (fixture);

  g_assert_cmpint (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    {
      g_test_message ("%s", some[i]);
      cli_assert_fails (fixture, some[i], 1, "in use by another program");
    }
  sqlite3_close (db);
  cli_assert_runs (fixture, "decide s.tithe --undo");
}

/* A session that is open elsewhere, where nobody writes just now. */
static void
test_an_open_session_is_not_replaced (Fixture *fixture, gconstpointer data)
{
  sqlite3 *db = open_session (fixture);

  g_assert_cmpint (sqlite3_exec (db, "PRAGMA journal_mode = WAL; SELECT count(*) FROM journal", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o s.tithe --overwrite --replace", 1, "in use");
  g_assert_cmpint (
      sqlite3_exec (db, "PRAGMA integrity_check; INSERT INTO journal VALUES (2, 'U', '', 0, '')", NULL, NULL, NULL), ==,
      SQLITE_OK);
  sqlite3_close (db);
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o s.tithe --overwrite", 1, "2 decisions");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe --overwrite --replace");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe --overwrite");
}

#define ADD(path, function) g_test_add ("/cli/sessions/" path, Fixture, NULL, set_up, function, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("newer", test_a_newer_version_is_left_alone);
  ADD ("damaged", test_a_damaged_session_is_left_alone);
  ADD ("held", test_a_held_session_is_in_use);
  ADD ("open", test_an_open_session_is_not_replaced);
  return g_test_run ();
}
