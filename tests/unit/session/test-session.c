/* SPDX-License-Identifier: MIT */
#include "session/tithe-session-protected.h"
#include "embedding/tithe-quick.h"
#include "embedding/tithe-record.h"
#include "store/tithe-database.h"
#include "io/tithe-output.h"
#include "export/tithe-export.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder, *images, *rows, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture->rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  fixture->path = g_build_filename (fixture->folder, "s.tithe", NULL);
  hierarchy = fixture_hierarchy (fixture->images, 3, 20, TITHE_LINKAGE_COMPLETE, 2);
  embedding = tithe_embedding_open (fixture->rows, NULL, &error);
  g_assert_no_error (error);
  tithe_embedding_bind (&embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 1, NULL, &error);
  tithe_session_write (fixture->path, hierarchy, embedding, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->images);
  g_free (fixture->rows);
  g_free (fixture->path);
  fixture_remove (fixture->folder);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, &error);
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) again = NULL;

  g_assert_no_error (error);
  g_assert_true (tithe_database_matches (fixture->path));
  g_assert_false (tithe_database_matches (fixture->rows));
  g_assert_true (tithe_hierarchy_is_complete (tithe_session_get_hierarchy (session)));
  embedding = tithe_session_open_embedding (session, NULL, &error);
  g_assert_no_error (error);
  again = tithe_hierarchy_new (tithe_session_get_dataset (session), TITHE_LINKAGE_COMPLETE);
  g_assert_true (tithe_hierarchy_compute (
      again, embedding, &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .max_memory = 0 },
      NULL, NULL, NULL, &error));
  for (guint c = 0; c < 3; c++)
    {
      const TitheDendrogram *x = tithe_hierarchy_get_class (tithe_session_get_hierarchy (session), c);
      const TitheDendrogram *y = tithe_hierarchy_get_class (again, c);

      g_assert_cmpmem (x->heights, 19 * 4, y->heights, 19 * 4);
      g_assert_cmpmem (x->leaves, 20 * 4, y->leaves, 20 * 4);
      g_assert_cmpmem (x->representatives[1], 19 * 4, y->representatives[1], 19 * 4);
    }
}

/* Numbers that are stored the lowest byte first. */
static void
assert_little_endian (gconstpointer stored, int size, gconstpointer numbers, guint n)
{
  const guint8 *bytes = stored;

  g_assert_cmpint (size, ==, 4 * (int) n);
  for (guint i = 0; i < n; i++)
    {
      guint32 number;

      memcpy (&number, (const guint8 *) numbers + 4 * i, 4);
      for (guint b = 0; b < 4; b++)
        g_assert_cmphex (bytes[4 * i + b], ==, number >> 8 * b & 255);
    }
}

/* A session may go to a machine that keeps the highest byte of its numbers first. */
static void
test_bytes_are_those_of_every_machine (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, NULL);
  guint8 labels[3 * 20 * 4] = { 0 };
  sqlite3_stmt *row = NULL;
  sqlite3 *db = NULL;

  for (guint i = 0; i < 3 * 20; i++)
    labels[4 * i] = (guint8) (i / 20);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "SELECT left_child, heights, medoids FROM class ORDER BY id", -1, &row, NULL);
  for (guint c = 0; c < 3; c++)
    {
      const TitheDendrogram *class = tithe_hierarchy_get_class (tithe_session_get_hierarchy (session), c);
      const void *const arrays[] = { class->left, class->heights, class->representatives[1] };

      g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
      for (int i = 0; i < 3; i++)
        assert_little_endian (sqlite3_column_blob (row, i), sqlite3_column_bytes (row, i), arrays[i], 19);
    }
  sqlite3_finalize (row);
  sqlite3_prepare_v2 (db, "SELECT value FROM meta WHERE key = 'dataset'", -1, &row, NULL);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  g_assert_nonnull (
      memmem (sqlite3_column_blob (row, 0), (gsize) sqlite3_column_bytes (row, 0), labels, sizeof labels));
  sqlite3_finalize (row);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* One file when closed: nothing that SQLite needs lies beside it. */
static void
test_is_one_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);

  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_assert_true (g_str_equal (name, "s.tithe") || !g_str_has_prefix (name, "s.tithe"));
}

static void
test_changed_embedding_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, NULL);
  GError *error = NULL;

  g_free (fixture_write_rows (fixture->folder, "rows.npy", 60, 12, 8));
  g_assert_null (tithe_session_open_embedding (session, NULL, &error));
  fixture_assert_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_CHANGED, "rows.npy");
  g_unlink (fixture->rows);
  g_assert_null (tithe_session_open_embedding (session, NULL, &error));
  fixture_assert_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_EMBEDDING, "rows.npy");
}

static void
test_newer_version_is_refused (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  fixture_run_sql (fixture->path, "PRAGMA user_version = 999");
  g_assert_null (tithe_session_open (fixture->path, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_VERSION, "newer version");
}

static void
test_damage_is_found (Fixture *fixture, gconstpointer data)
{
  static const char *const damages[] = {
    "DELETE FROM class WHERE id = 1",
    "UPDATE class SET n = 21 WHERE id = 1",
    "UPDATE class SET left_child = zeroblob (76) WHERE id = 1",
    "UPDATE class SET left_child = right_child WHERE id = 1",
    "UPDATE class SET heights = x'00' WHERE id = 1",
    "UPDATE class SET centres = randomblob (76) WHERE id = 2",
    "UPDATE meta SET value = x'0001' WHERE key = 'dataset'",
    "UPDATE meta SET value = 'ward2' WHERE key = 'linkage'",
    "DROP TABLE class",
  };
  g_autofree char *contents = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = fixture_write (fixture->folder, "damaged.tithe", contents, (gssize) size);
      GError *error = NULL;

      fixture_run_sql (path, damages[i]);
      g_test_message ("%s", damages[i]);
      g_assert_null (tithe_session_open (path, &error));
      g_assert_nonnull (strstr (error->message, "damaged.tithe"));
      g_clear_error (&error);
    }
}

static void
test_not_a_session (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "none.tithe", NULL);
  GError *error = NULL;

  g_assert_null (tithe_session_open (missing, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_NOT_FOUND, "none.tithe");
  g_assert_null (tithe_session_open (fixture->rows, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_FORMAT, "not a Tithe session");
}

static void
test_failed_write_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, NULL);
  g_autoptr (TitheEmbedding) embedding = tithe_session_open_embedding (session, NULL, NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "no", "such", "folder.tithe", NULL);
  GError *error = NULL;

  g_assert_false (tithe_session_write (path, tithe_session_get_hierarchy (session), embedding, NULL, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, "folder.tithe");
}

/* --- replacing a session that others have open --- */

static TitheHierarchy *
get_contents (Fixture *fixture, TitheEmbedding **embedding)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, NULL);

  *embedding = tithe_session_open_embedding (session, NULL, NULL);
  g_assert_nonnull (*embedding);
  return tithe_hierarchy_ref (tithe_session_get_hierarchy (session));
}

static void
decide (TitheJournal *journal)
{
  const guint8 keep[12] = { 0xff, 0xff, 0xff, 0xff, 5, 0, 0, 0, 0, 1 };

  if (!tithe_journal_append (journal, TITHE_EVENT_DO, "Keep", keep, sizeof keep, NULL))
    _exit (1);
}

/* Another program that works on the session: it has decided something when this returns, and decides again when it is told
 * to end, which it does then if all is well. */
static pid_t
start_other (Fixture *fixture, int pipes[2])
{
  int ready[2];
  char byte;
  pid_t child;

  g_assert_true (pipe (pipes) == 0 && pipe (ready) == 0);
  child = fork ();
  if (child == 0)
    {
      TitheJournal *journal = tithe_journal_open (fixture->path, TRUE, NULL);

      close (pipes[1]);
      decide (journal);
      if (write (ready[1], "r", 1) != 1 || read (pipes[0], &byte, 1) != 1)
        _exit (2);
      decide (journal);
      tithe_journal_free (journal);
      _exit (0);
    }
  close (ready[1]);
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  close (pipes[0]);
  return child;
}

static void
finish_other (pid_t child, int pipes[2])
{
  int status;

  g_assert_cmpint (write (pipes[1], "e", 1), ==, 1);
  close (pipes[1]);
  waitpid (child, &status, 0);
  g_assert_cmpint (status, ==, 0);
}

static void
kill_other (pid_t child, int pipes[2])
{
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  close (pipes[1]);
}

static gsize
count_decisions (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gsize n;

  tithe_session_count_decisions (fixture->path, &n, &error);
  g_assert_no_error (error);
  return n;
}

static gboolean
has_companion (Fixture *fixture)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL), *shared = g_strconcat (fixture->path, "-shm", NULL);

  return g_file_test (log, G_FILE_TEST_EXISTS) || g_file_test (shared, G_FILE_TEST_EXISTS);
}

static void
test_open_elsewhere_is_not_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = get_contents (fixture, &embedding);
  GError *error = NULL;
  int pipes[2];
  pid_t child = start_other (fixture, pipes);

  tithe_database_set_default_patience (100);
  g_assert_false (tithe_session_write (fixture->path, hierarchy, embedding, NULL, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY, "in use");
  finish_other (child, pipes);
  g_assert_cmpuint (count_decisions (fixture), ==, 2);
  g_assert_true (tithe_session_write (fixture->path, hierarchy, embedding, NULL, &error));
  g_assert_cmpuint (count_decisions (fixture), ==, 0);
  g_assert_false (has_companion (fixture));
}

static void
test_open_here_is_not_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = get_contents (fixture, &embedding);
  g_autoptr (TitheJournal) journal = tithe_journal_open (fixture->path, TRUE, NULL);
  GError *error = NULL;

  decide (journal);
  tithe_database_set_default_patience (100);
  g_assert_false (tithe_session_write (fixture->path, hierarchy, embedding, NULL, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY, "in use");
  decide (journal);
  g_assert_cmpuint (count_decisions (fixture), ==, 2);
}

/* What a killed program left beside the file is of the old session, and goes with it. */
static void
test_log_of_the_killed_goes_with_the_old (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = get_contents (fixture, &embedding);
  g_autoptr (GError) error = NULL;
  int pipes[2];
  pid_t child = start_other (fixture, pipes);

  kill_other (child, pipes);
  g_assert_true (has_companion (fixture));
  tithe_session_write (fixture->path, hierarchy, embedding, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (has_companion (fixture));
  g_assert_cmpuint (count_decisions (fixture), ==, 0);
  tithe_session_free (tithe_session_open (fixture->path, &error));
  g_assert_no_error (error);
}

static void
test_log_without_its_file_is_not_taken_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = get_contents (fixture, &embedding);
  GError *error = NULL;
  int pipes[2];
  pid_t child = start_other (fixture, pipes);

  g_unlink (fixture->path);
  g_assert_false (tithe_session_create (fixture->path, hierarchy, embedding, NULL, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY, "another program");
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  kill_other (child, pipes);
  g_assert_true (has_companion (fixture));
  tithe_session_create (fixture->path, hierarchy, embedding, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_decisions (fixture), ==, 0);
  tithe_journal_free (tithe_journal_open (fixture->path, TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_decisions (fixture), ==, 0);
}

/* The decisions of the new one are not about what was opened. */
static void
test_replaced_before_the_decisions_are_opened (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, NULL);
  g_autofree char *rows = fixture_write_rows (fixture->folder, "others.npy", 60, 12, 8);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (rows, NULL, NULL);
  GError *error = NULL;

  g_assert_true (tithe_session_write (fixture->path, tithe_session_get_hierarchy (session), embedding, NULL, &error));
  g_assert_null (tithe_session_open_curation (session, TRUE, &error));
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_REPLACED, "open it again");
}

static void
test_creating_replaces_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = get_contents (fixture, &embedding);
  TitheJournal *journal = tithe_journal_open (fixture->path, TRUE, NULL);
  GError *error = NULL;

  decide (journal);
  tithe_journal_free (journal);
  g_assert_false (tithe_session_create (fixture->path, hierarchy, embedding, NULL, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "s.tithe");
  g_assert_cmpuint (count_decisions (fixture), ==, 1);
}

/* Whenever it is killed, there is a whole session: the old one with its decision, or the new one without. */
static void
test_killed_while_replacing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = get_contents (fixture, &embedding);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      pid_t child = fork ();

      if (child == 0)
        for (;;)
          {
            TitheJournal *journal = tithe_journal_open (fixture->path, TRUE, NULL);

            if (journal == NULL)
              _exit (1);
            decide (journal);
            tithe_journal_free (journal);
            tithe_session_write (fixture->path, hierarchy, embedding, NULL, NULL);
          }
      g_usleep ((gulong) g_rand_int_range (rand, 1000, 40000));
      kill (child, SIGKILL);
      waitpid (child, NULL, 0);
      tithe_session_free (tithe_session_open (fixture->path, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (count_decisions (fixture), <=, 1);
    }
}

static void
test_test_split_comes_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "split", NULL), *train = NULL, *test = NULL, *rows = NULL;
  g_autofree char *file = g_build_filename (fixture->folder, "split.tithe", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (GError) error = NULL;

  train = g_build_filename (path, "train", NULL);
  test = g_build_filename (path, "test", NULL);
  fixture_write_classes (train, 2, 10);
  fixture_write_classes (test, 2, 3);
  dataset = tithe_dataset_open (path, NULL, &error);
  rows = fixture_write_rows (fixture->folder, "split.npy", 20, 4, 1);
  embedding = tithe_embedding_open (rows, NULL, NULL);
  tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, NULL);
  hierarchy = tithe_hierarchy_new (dataset, TITHE_LINKAGE_COMPLETE);
  tithe_hierarchy_compute (hierarchy, embedding,
                           &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .max_memory = 0 },
                           NULL, NULL, NULL, &error);
  g_assert_true (tithe_session_write (file, hierarchy, embedding, NULL, &error));
  session = tithe_session_open (file, &error);
  g_assert_no_error (error);
  g_assert_nonnull (tithe_dataset_get_test (tithe_session_get_dataset (session)));
  g_assert_cmpuint (tithe_dataset_get_n_images (tithe_dataset_get_test (tithe_session_get_dataset (session))), ==, 6);
}

/* --- what compares --- */

/* A session takes its embedding for what the embedding itself does: its record counts, and its name where there is none. */
static void
test_a_session_is_as_quick_as_its_embedding (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name, *origin;
    gboolean quick;
  } cases[] = { { "a.quick.npy", "learned", FALSE },
                { "b.npy", TITHE_QUICK_ORIGIN, TRUE },
                { "b.npy", "quick descriptor 1", TRUE },
                { "c.quick.npy", NULL, TRUE },
                { "d.npy", NULL, FALSE } };
  g_autoptr (TitheSession) first = tithe_session_open (fixture->path, NULL);
  TitheHierarchy *hierarchy = tithe_session_get_hierarchy (first);
  g_autofree float *values = g_new0 (float, 60 * 2);
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  for (guint i = 0; i < 120; i++)
    values[i] = (float) (i + 1);
  rows = g_bytes_new (values, 120 * sizeof *values);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, cases[i].name, NULL);
      g_autofree char *record = g_strconcat (path, TITHE_EMBEDDING_RECORD_ENDING, NULL);
      g_autofree char *file = g_strconcat (path, ".tithe", NULL);
      g_autoptr (TitheEmbedding) embedding = NULL;
      g_autoptr (TitheSession) session = NULL;

      g_assert_true (tithe_embedding_write (rows, 2, cases[i].origin ? cases[i].origin : "none", path, &error));
      if (cases[i].origin == NULL)
        g_assert_cmpint (g_remove (record), ==, 0);
      embedding = tithe_embedding_open (path, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (tithe_embedding_is_quick (embedding), ==, cases[i].quick);
      g_assert_true (tithe_session_write (file, hierarchy, embedding, NULL, &error));
      session = tithe_session_open (file, &error);
      g_assert_no_error (error);
      g_assert_cmpint (tithe_session_is_quick (session), ==, cases[i].quick);
    }
}

/* --- exports --- */

static char *export(Fixture *fixture, TitheSubset *subset, TitheEmbedding *embedding, TitheExportFormat format,
                    const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (TitheProtected) protected = tithe_protected_new ();
  const TitheExportOptions options = { .format = format, .protected = protected };
  g_autoptr (GError) error = NULL;
  char *contents;

  tithe_export_subset (subset, embedding, &options, NULL, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, NULL, &error));
  return contents;
}

static void
test_exports_agree (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, NULL);
  g_autoptr (TitheEmbedding) embedding = tithe_session_open_embedding (session, NULL, NULL);
  g_autoptr (TitheSubset) subset = tithe_subset_new (tithe_session_get_hierarchy (session), NULL);
  g_autofree char *csv = NULL, *kept = NULL, *dropped = NULL;
  g_auto (GStrv) lines = NULL, kept_lines = NULL, dropped_lines = NULL;
  guint n_kept = 0;

  tithe_subset_set_ratio (subset, 0.75, TITHE_POLICY_PER_CLASS, FALSE);
  csv = export(fixture, subset, embedding, TITHE_EXPORT_CSV, "a.csv");
  kept = export(fixture, subset, embedding, TITHE_EXPORT_PATHS, "a.txt");
  dropped = export(fixture, subset, embedding, TITHE_EXPORT_PATHS_DROPPED, "b.txt");
  lines = g_strsplit (csv, "\n", -1);
  kept_lines = g_strsplit (kept, "\n", -1);
  dropped_lines = g_strsplit (dropped, "\n", -1);
  g_assert_cmpstr (lines[0], ==, "index,path,class,group,group_size,kept,representative,dissimilarity,origin");
  g_assert_cmpuint (g_strv_length (lines), ==, 62); /* header, 60 images, the end */
  for (guint i = 1; i <= 60; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);
      gboolean is_kept = g_str_equal (fields[5], "1");

      g_assert_cmpuint (g_strv_length (fields), ==, 9);
      g_assert_cmpuint (g_ascii_strtoull (fields[0], NULL, 10), ==, i - 1);
      g_assert_cmpint (g_strv_contains ((const char *const *) kept_lines, fields[1]), ==, is_kept);
      g_assert_cmpint (g_strv_contains ((const char *const *) dropped_lines, fields[1]), ==, !is_kept);
      g_assert_cmpint (g_str_equal (fields[0], fields[6]), ==, is_kept);
      g_assert_cmpint (*fields[3] == '\0', ==, g_str_equal (fields[4], "1"));
      n_kept += is_kept;
    }
  g_assert_cmpuint (n_kept, ==, 45);
}

static void
test_export_to_nowhere (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->path, NULL);
  g_autoptr (TitheSubset) subset = tithe_subset_new (tithe_session_get_hierarchy (session), NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "no", "indices.npy", NULL);
  g_autoptr (TitheProtected) protected = tithe_session_protect (session, NULL);
  const TitheExportOptions options = { .format = TITHE_EXPORT_INDICES, .protected = protected };
  GError *error = NULL;

  g_assert_false (tithe_export_subset (subset, NULL, &options, NULL, path, NULL, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, "indices.npy");
}

#define ADD(path, function) g_test_add ("/session/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round-trip", test_round_trip);
  ADD ("bytes", test_bytes_are_those_of_every_machine);
  ADD ("test-split", test_test_split_comes_back);
  ADD ("one-file", test_is_one_file);
  ADD ("changed-embedding", test_changed_embedding_is_named);
  ADD ("newer-version", test_newer_version_is_refused);
  ADD ("damage", test_damage_is_found);
  ADD ("not-a-session", test_not_a_session);
  ADD ("replace/elsewhere", test_open_elsewhere_is_not_replaced);
  ADD ("replace/here", test_open_here_is_not_replaced);
  ADD ("replace/killed", test_log_of_the_killed_goes_with_the_old);
  ADD ("replace/log-alone", test_log_without_its_file_is_not_taken_up);
  ADD ("replace/between", test_replaced_before_the_decisions_are_opened);
  ADD ("replace/create", test_creating_replaces_nothing);
  ADD ("replace/cut-short", test_killed_while_replacing);
  ADD ("failed-write", test_failed_write_leaves_nothing);
  ADD ("export/agree", test_exports_agree);
  ADD ("export/nowhere", test_export_to_nowhere);
  ADD ("as-quick-as-its-embedding", test_a_session_is_as_quick_as_its_embedding);
  return g_test_run ();
}
