/* SPDX-License-Identifier: MIT */
#include "store/tithe-database.h"
#include "fixture.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder, *path;
  char *before; /* bytes of the file, as set_up() left it */
  gsize size;
} Fixture;

static const char *program; /* this one */

static int step_status = SQLITE_OK; /* that copying pages ends with, where it is another one */

int
sqlite3_backup_step (sqlite3_backup *backup, int n_pages)
{
  int (*step) (sqlite3_backup *, int);

  if (step_status != SQLITE_OK)
    return step_status;
  *(void **) &step = dlsym (RTLD_NEXT, "sqlite3_backup_step");
  return step (backup, n_pages);
}

static void
remember (Fixture *fixture)
{
  g_clear_pointer (&fixture->before, g_free);
  g_assert_true (g_file_get_contents (fixture->path, &fixture->before, &fixture->size, NULL));
}

static void
assert_untouched (Fixture *fixture)
{
  g_autofree char *now = NULL, *log = g_strconcat (fixture->path, "-wal", NULL);
  gsize size;

  g_assert_true (g_file_get_contents (fixture->path, &now, &size, NULL));
  g_assert_cmpmem (now, size, fixture->before, fixture->size);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->path = g_build_filename (fixture->folder, "s.tithe", NULL);
  fixture_run_sql (fixture->path, "PRAGMA application_id = 1416915045; PRAGMA user_version = 1;"
                                  "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
                                  "INSERT INTO meta VALUES ('linkage', 'complete');");
  remember (fixture);
  tithe_database_set_default_patience (100);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->path);
  g_free (fixture->before);
  fixture_remove (fixture->folder);
}

static void
assert_refused (Fixture *fixture, TitheDatabaseError code, const char *part)
{
  static const TitheDatabaseMode modes[]
      = { TITHE_DATABASE_READ, TITHE_DATABASE_WRITE, TITHE_DATABASE_WRITE_IF_POSSIBLE };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      GError *error = NULL;

      g_assert_null (tithe_database_open (fixture->path, modes[i], "CREATE TABLE IF NOT EXISTS t (x)", &error));
      fixture_assert_error (error, TITHE_DATABASE_ERROR, code, part);
    }
}

static void
test_nothing_is_not_found (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  assert_refused (fixture, TITHE_DATABASE_ERROR_NOT_FOUND, "s.tithe");
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

/* What it leads to may come back when a disk is mounted. */
static void
test_a_link_to_nothing_is_something (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (symlink ("nowhere", fixture->path), ==, 0);
  assert_refused (fixture, TITHE_DATABASE_ERROR_READ, "s.tithe");
}

static void
test_a_folder_is_no_session (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_mkdir (fixture->path, 0700);
  assert_refused (fixture, TITHE_DATABASE_ERROR_FORMAT, "not a Tithe session");
}

static void
test_other_files_are_no_sessions (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->path, "path,label\nboat/0001.png,boat\n", -1, NULL));
  remember (fixture);
  assert_refused (fixture, TITHE_DATABASE_ERROR_FORMAT, "not a Tithe session");
  assert_untouched (fixture);
  g_assert_true (g_file_set_contents (fixture->path, "", 0, NULL));
  remember (fixture);
  assert_refused (fixture, TITHE_DATABASE_ERROR_FORMAT, "not a Tithe session");
  assert_untouched (fixture);
  g_unlink (fixture->path);
  fixture_run_sql (fixture->path, "CREATE TABLE places (url)");
  remember (fixture);
  assert_refused (fixture, TITHE_DATABASE_ERROR_FORMAT, "not a Tithe session");
  assert_untouched (fixture);
}

static void
test_a_newer_version_is_left_as_it_is (Fixture *fixture, gconstpointer data)
{
  fixture_run_sql (fixture->path, "PRAGMA user_version = 2");
  remember (fixture);
  assert_refused (fixture, TITHE_DATABASE_ERROR_VERSION, "newer version");
  assert_untouched (fixture);
}

static void
test_no_version_at_all_is_damage (Fixture *fixture, gconstpointer data)
{
  fixture_run_sql (fixture->path, "PRAGMA user_version = -1");
  assert_refused (fixture, TITHE_DATABASE_ERROR_DAMAGED, "damaged");
  fixture_run_sql (fixture->path, "PRAGMA user_version = 0");
  assert_refused (fixture, TITHE_DATABASE_ERROR_DAMAGED, "damaged");
}

static void
test_a_broken_page_is_damage (Fixture *fixture, gconstpointer data)
{
  memset (fixture->before + 100, 0x5a, 200);
  g_assert_true (g_file_set_contents (fixture->path, fixture->before, (gssize) fixture->size, NULL));
  assert_refused (fixture, TITHE_DATABASE_ERROR_DAMAGED, "damaged");
  assert_untouched (fixture);
}

/* --- other programs --- */

static void
test_a_held_file_is_in_use (Fixture *fixture, gconstpointer data)
{
  sqlite3 *other;

  sqlite3_open (fixture->path, &other);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  assert_refused (fixture, TITHE_DATABASE_ERROR_BUSY, "in use");
  assert_untouched (fixture);
  g_assert_true (tithe_database_matches (fixture->path));
  sqlite3_close (other);
}

typedef struct
{
  sqlite3 *db;
  gint opening; /* atomic, as ThreadSanitizer does not see GLib's locks */
} Holder;

/* Lets go only when the other has begun to wait: SQLite asks for the lock again and again until then. */
static gpointer
let_go (gpointer data)
{
  Holder *holder = data;

  while (g_atomic_int_get (&holder->opening) == 0)
    g_usleep (1000);
  g_usleep (50000);
  sqlite3_exec (holder->db, "COMMIT", NULL, NULL, NULL);
  return NULL;
}

static void
test_a_held_file_is_waited_for (Fixture *fixture, gconstpointer data)
{
  static const TitheDatabaseMode modes[] = { TITHE_DATABASE_READ, TITHE_DATABASE_WRITE };

  tithe_database_set_default_patience (60000);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      Holder holder = { 0 };
      GThread *thread;
      g_autoptr (TitheDatabase) database = NULL;
      g_autoptr (GError) error = NULL;

      sqlite3_open (fixture->path, &holder.db);
      g_assert_cmpint (sqlite3_exec (holder.db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
      thread = g_thread_new ("holder", let_go, &holder);
      g_atomic_int_set (&holder.opening, 1);
      database = tithe_database_open (fixture->path, modes[i], NULL, &error);
      g_assert_no_error (error);
      g_thread_join (thread);
      sqlite3_close (holder.db);
    }
}

/* One that only reads is in the way of a log, which the file begins to have when somebody writes. */
static void
test_a_reader_is_waited_for_and_named (Fixture *fixture, gconstpointer data)
{
  sqlite3 *other;
  GError *error = NULL;

  sqlite3_open (fixture->path, &other);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN; SELECT * FROM meta", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_null (tithe_database_open (fixture->path, TITHE_DATABASE_WRITE_IF_POSSIBLE, NULL, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY, "in use");
  sqlite3_close (other);
}

static void
test_several_write_at_a_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDatabase) one
      = tithe_database_open (fixture->path, TITHE_DATABASE_WRITE, "CREATE TABLE IF NOT EXISTS t (x)", NULL);
  g_autoptr (TitheDatabase) two
      = tithe_database_open (fixture->path, TITHE_DATABASE_WRITE, "CREATE TABLE IF NOT EXISTS t (x)", NULL);
  g_autoptr (TitheDatabase) reader = tithe_database_open (fixture->path, TITHE_DATABASE_READ, NULL, NULL);

  g_assert_true (tithe_database_run (one, "INSERT INTO t VALUES (1)"));
  g_assert_true (tithe_database_run (two, "INSERT INTO t VALUES (2)"));
  g_assert_cmpint (tithe_database_get_number (reader, "SELECT sum(x) FROM t"), ==, 3);
  g_assert_false (tithe_database_run (reader, "DELETE FROM t"));
}

static void
test_nothing_is_left_beside_it (Fixture *fixture, gconstpointer data)
{
  TitheDatabase *one = tithe_database_open (fixture->path, TITHE_DATABASE_WRITE, "CREATE TABLE t (x)", NULL);
  TitheDatabase *two = tithe_database_open (fixture->path, TITHE_DATABASE_WRITE, NULL, NULL);
  g_autoptr (GDir) dir = NULL;

  tithe_database_close (one);
  tithe_database_close (two);
  dir = g_dir_open (fixture->folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "s.tithe");
  g_assert_null (g_dir_read_name (dir));
}

/* A program that was killed leaves its log; what is in there was decided. */
static void
test_the_log_of_a_killed_program_is_taken_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDatabase) reader = NULL;
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      TitheDatabase *writer = tithe_database_open (fixture->path, TITHE_DATABASE_WRITE, "CREATE TABLE t (x)", NULL);

      _exit (!tithe_database_run (writer, "INSERT INTO t VALUES (7)"));
    }
  waitpid (child, &status, 0);
  g_assert_cmpint (status, ==, 0);
  reader = tithe_database_open (fixture->path, TITHE_DATABASE_READ, NULL, NULL);
  g_assert_cmpint (tithe_database_get_number (reader, "SELECT x FROM t"), ==, 7);
}

/* --- strangers --- */

static void
test_views_and_triggers_are_off (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDatabase) database = NULL;

  fixture_run_sql (
      fixture->path,
      "CREATE VIEW forever AS WITH RECURSIVE r (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r;"
      "CREATE TABLE t (x);"
      "CREATE TRIGGER trap AFTER INSERT ON t BEGIN DELETE FROM meta; END;");
  database = tithe_database_open (fixture->path, TITHE_DATABASE_WRITE, NULL, NULL);
  g_assert_nonnull (database);
  g_assert_null (tithe_database_prepare (database, "SELECT count(*) FROM forever"));
  g_assert_true (tithe_database_run (database, "INSERT INTO t VALUES (1)"));
  g_assert_cmpint (tithe_database_get_number (database, "SELECT count(*) FROM meta"), ==, 1);
}

static void
test_a_view_is_no_table (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDatabase) database = NULL;
  gboolean has;

  fixture_run_sql (fixture->path, "CREATE VIEW journal AS SELECT 1");
  database = tithe_database_open (fixture->path, TITHE_DATABASE_READ, NULL, NULL);
  g_assert_true (tithe_database_has_table (database, "journal", &has, NULL));
  g_assert_false (has);
  g_assert_true (tithe_database_has_table (database, "meta", &has, NULL));
  g_assert_true (has);
}

/* Half a kilobyte that would be a gigabyte when it is read. */
static void
test_a_column_that_is_worked_out_is_damage (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  fixture_run_sql (fixture->path, "CREATE TABLE journal (id INTEGER PRIMARY KEY, changes AS (zeroblob (1000000000)))");
  g_assert_null (tithe_database_open (fixture->path, TITHE_DATABASE_READ, NULL, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_DAMAGED, "worked out");
}

static void
test_sessions_are_told_from_other_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = fixture_write (fixture->folder, "m.csv", "a,b\n", 4);

  g_assert_true (tithe_database_matches (fixture->path));
  g_assert_false (tithe_database_matches (other));
  g_assert_false (tithe_database_matches (fixture->folder));
  fixture_run_sql (fixture->path, "PRAGMA user_version = 2");
  g_assert_true (tithe_database_matches (fixture->path));
}

/* Another program, which shares nothing with this one but the file: whether it may write to it now. */
static gboolean
another_program_may_write (const char *path)
{
  g_autofree char *words = g_strconcat ("--write ", path, NULL);
  g_auto (GStrv) arguments = fixture_command (program, words);
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, arguments, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  return g_spawn_check_wait_status (status, NULL);
}

static int
write_to (const char *path)
{
  sqlite3 *db = NULL;
  int status;

  sqlite3_open (path, &db);
  status = sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
  sqlite3_close (db);
  return status;
}

/* Closing a descriptor of a file gives up what the process holds of it: asking about a file must not. */
static void
test_asking_keeps_the_locks (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;
  sqlite3 *db;

  sqlite3_open (fixture->path, &db);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_true (tithe_database_matches (fixture->path));
  g_assert_false (another_program_may_write (fixture->path));
  /* So it is with one that reads the file itself. */
  g_assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  g_assert_true (another_program_may_write (fixture->path));
  sqlite3_close (db);
}

static gboolean
fill_nothing (TitheDatabase *database, gpointer user_data)
{
  return TRUE;
}

/* SQLite may forget in the end that it couldn't begin. */
static void
test_a_copy_that_is_cut_short_is_an_error (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    int status;
    TitheDatabaseError code;
    const char *part;
  } cases[] = { { SQLITE_BUSY, TITHE_DATABASE_ERROR_BUSY, "locked" },
                { SQLITE_LOCKED, TITHE_DATABASE_ERROR_BUSY, "locked" },
                { SQLITE_FULL, TITHE_DATABASE_ERROR_WRITE, "full" } };
  const char *tables = "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;";

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean written;

      step_status = cases[i].status;
      written = tithe_database_write (fixture->path, TRUE, tables, fill_nothing, NULL, &error);
      step_status = SQLITE_OK;
      g_assert_false (written);
      g_assert_error (error, TITHE_DATABASE_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].part));
      assert_untouched (fixture);
    }
}

#define ADD(path, function) g_test_add ("/database/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--write"))
    return write_to (argv[2]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  ADD ("not-found", test_nothing_is_not_found);
  ADD ("dangling-link", test_a_link_to_nothing_is_something);
  ADD ("folder", test_a_folder_is_no_session);
  ADD ("other-files", test_other_files_are_no_sessions);
  ADD ("newer", test_a_newer_version_is_left_as_it_is);
  ADD ("no-version", test_no_version_at_all_is_damage);
  ADD ("broken-page", test_a_broken_page_is_damage);
  ADD ("in-use", test_a_held_file_is_in_use);
  ADD ("waits", test_a_held_file_is_waited_for);
  ADD ("reader", test_a_reader_is_waited_for_and_named);
  ADD ("several", test_several_write_at_a_time);
  ADD ("nothing-left", test_nothing_is_left_beside_it);
  ADD ("killed", test_the_log_of_a_killed_program_is_taken_up);
  ADD ("code", test_views_and_triggers_are_off);
  ADD ("view", test_a_view_is_no_table);
  ADD ("column", test_a_column_that_is_worked_out_is_damage);
  ADD ("matches", test_sessions_are_told_from_other_files);
  ADD ("locks", test_asking_keeps_the_locks);
  ADD ("cut-short", test_a_copy_that_is_cut_short_is_an_error);
  return g_test_run ();
}
