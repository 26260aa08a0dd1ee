/* SPDX-License-Identifier: MIT */
#include "curation-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Decisions in a session: by one program or several, and whatever happens to the file. */

static void
test_decisions_are_there_again (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (TitheSession) session = NULL;
  g_autofree char *log = g_strconcat (fixture->session, "-wal", NULL);
  TitheCuration *first = curation_open (fixture), *second;

  for (guint i = 0; i < 100; i++)
    curation_decide_at_random (first, rand, NULL);
  for (guint i = 0; i < 20; i++)
    tithe_curation_undo (first, NULL);
  for (guint i = 0; i < 7; i++)
    tithe_curation_redo (first, NULL);
  second = curation_open (fixture);
  curation_assert_same (first, second);
  tithe_curation_free (second);
  tithe_curation_free (first);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  second = curation_open (fixture);
  g_assert_cmpuint (tithe_curation_count_steps (second), >, 30);
  while (tithe_curation_get_undo_name (second) != NULL) /* across sessions */
    tithe_curation_undo (second, NULL);
  tithe_curation_free (second);
  session = tithe_session_open (fixture->session, NULL);
  g_assert_nonnull (session);
}

/* Two programs decide in one session, in turns: both know everything, and nothing is lost. */
static void
test_two_at_once (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  TitheCuration *curations[2] = { curation_open (fixture), curation_open (fixture) };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 60; i++)
    {
      TitheCuration *who = curations[g_rand_int_range (rand, 0, 2)];

      if (i % 7 == 6)
        tithe_curation_undo (who, &error);
      else
        curation_decide_at_random (who, rand, &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < 2; i++)
    {
      gboolean changed;

      g_assert_true (tithe_curation_catch_up (curations[i], &changed, &error));
    }
  curation_assert_same (curations[0], curations[1]);
  tithe_curation_free (curations[0]);
  tithe_curation_free (curations[1]);
}

/* The second of two programs hasn't seen yet what the first did: it adds its own, and takes its own back. */
static void
test_marks_of_two_programs_add_up (CurationFixture *fixture, gconstpointer data)
{
  TitheCuration *one = curation_open (fixture), *two = curation_open (fixture), *again;
  g_autoptr (GError) error = NULL;

  curation_mark (one, 3, TITHE_MARK_REVIEWED);
  curation_mark (two, 3, TITHE_MARK_MERGED);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_REVIEWED | TITHE_MARK_MERGED);
  again = curation_open (fixture);
  g_assert_cmpuint (tithe_curation_get_marks (again, 0, 3), ==, TITHE_MARK_REVIEWED | TITHE_MARK_MERGED);
  tithe_curation_undo (one, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_get_marks (one, 0, 3), ==, TITHE_MARK_REVIEWED);
  tithe_curation_undo (one, &error);
  g_assert_cmpuint (tithe_curation_get_marks (one, 0, 3), ==, 0);
  tithe_curation_redo (two, &error);
  tithe_curation_redo (two, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_REVIEWED | TITHE_MARK_MERGED);
  curation_assert_same (again, two);
  tithe_curation_free (one);
  tithe_curation_free (two);
  tithe_curation_free (again);
}

/* A split says that the node isn't merged, also where another program merged it a moment ago. */
static void
test_a_split_takes_back_an_unseen_merge (CurationFixture *fixture, gconstpointer data)
{
  TitheCuration *one = curation_open (fixture), *two = curation_open (fixture);
  g_autoptr (GError) error = NULL;

  curation_mark (one, 3, TITHE_MARK_MERGED);
  tithe_curation_begin (two);
  tithe_curation_split (two, 0, 3, 4);
  tithe_curation_commit (two, "Split", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_SPLIT);
  tithe_curation_undo (two, &error);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_MERGED);
  tithe_curation_free (one);
  tithe_curation_free (two);
}

static void
test_what_another_program_did_already_is_no_step (CurationFixture *fixture, gconstpointer data)
{
  TitheCuration *one = curation_open (fixture), *two = curation_open (fixture);

  curation_mark (one, 3, TITHE_MARK_REVIEWED);
  curation_mark (two, 3, TITHE_MARK_REVIEWED);
  g_assert_cmpuint (tithe_curation_count_steps (two), ==, 1);
  tithe_curation_free (one);
  tithe_curation_free (two);
}

/* The rows as every version has written them: class or -1, node or image, from, to, two bytes that say nothing. */
static void
test_rows_of_earlier_versions_are_replayed (CurationFixture *fixture, gconstpointer data)
{
  static const guint8 rows[][12] = { { 0, 0, 0, 0, 3, 0, 0, 0, 0, 1 },
                                     { 0, 0, 0, 0, 3, 0, 0, 0, 1, 4 },
                                     { 0xff, 0xff, 0xff, 0xff, 5, 0, 0, 0, 0, 2 } };
  TitheJournal *journal = tithe_journal_open (fixture->session, TRUE, NULL);
  TitheCuration *curation;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_true (tithe_journal_append (journal, TITHE_EVENT_DO, "Earlier", rows[i], sizeof rows[i], NULL));
  tithe_journal_free (journal);
  curation = curation_open (fixture);
  g_assert_cmpuint (tithe_curation_get_marks (curation, 0, 3), ==, TITHE_MARK_MERGED);
  g_assert_cmpint (tithe_curation_get_decision (curation, 5), ==, TITHE_DECISION_DISCARD);
  g_assert_true (tithe_curation_undo (curation, NULL) && tithe_curation_undo (curation, NULL));
  g_assert_cmpuint (tithe_curation_get_marks (curation, 0, 3), ==, TITHE_MARK_REVIEWED);
  tithe_curation_free (curation);
}

static void
test_full_disk_changes_nothing (CurationFixture *fixture, gconstpointer data)
{
  struct rlimit room, full;
  GStatBuf buffer;
  TitheCuration *curation = curation_open (fixture), *again;
  g_autofree char *before = tithe_curation_dup_fingerprint (curation), *after = NULL;
  GError *error = NULL;

  g_stat (fixture->session, &buffer);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &room);
  full = (struct rlimit){ 100, room.rlim_max };
  setrlimit (RLIMIT_FSIZE, &full);
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 5, TITHE_DECISION_KEEP);
  g_assert_false (tithe_curation_commit (curation, "Keep", &error));
  setrlimit (RLIMIT_FSIZE, &room);
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_WRITE, "was not made");
  after = tithe_curation_dup_fingerprint (curation);
  g_assert_cmpstr (before, ==, after);
  g_assert_null (tithe_curation_get_undo_name (curation));
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 5, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (curation, "Keep", &error));
  again = curation_open (fixture);
  curation_assert_same (curation, again);
  tithe_curation_free (again);
  tithe_curation_free (curation);
}

/* Somebody without the right to write sees every decision and can make none. */
static void
test_read_only (CurationFixture *fixture, gconstpointer data)
{
  TitheCuration *curation = curation_open (fixture);
  int status;
  pid_t child;

  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 5, TITHE_DECISION_DISCARD);
  g_assert_true (tithe_curation_commit (curation, "Discard", NULL));
  tithe_curation_free (curation);
  g_chmod (fixture->session, 0444);
  g_chmod (fixture->folder, 0555);
  child = fork ();
  if (child == 0)
    {
      g_autoptr (GError) error = NULL;

      if (geteuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
        _exit (77);
      curation = curation_open (fixture);
      g_assert_true (tithe_journal_is_read_only (tithe_curation_get_journal (curation)));
      g_assert_cmpint (tithe_curation_get_decision (curation, 5), ==, TITHE_DECISION_DISCARD);
      g_assert_false (tithe_curation_undo (curation, &error));
      g_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_READ_ONLY);
      g_assert_cmpint (tithe_curation_get_decision (curation, 5), ==, TITHE_DECISION_DISCARD);
      _exit (0);
    }
  waitpid (child, &status, 0);
  g_chmod (fixture->folder, 0755);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip ("cannot become somebody else");
  else
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
test_damaged_journal_is_refused (CurationFixture *fixture, gconstpointer data)
{
  const guint8 rows[][12] = {
    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0 }, /* no such image */
    { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1, 0, 1 },       /* no such decision */
    { 0xfe, 0xff, 0xff, 0xff, CLASSES, 0, 0, 0, 0, 1, 0, 0 }, /* no such class */
    { 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0x11, 0, 0x27 }, /* a ratio of 10,001 ten-thousandths */
    { 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0, 0xff, 0 }, /* from such a one */
    { 0xfd, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1, 0, 0 },       /* a kind that is not known */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = g_strdup_printf ("damaged-%u.tithe", i);
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL), *bytes = NULL;
      TitheCuration *curation = tithe_curation_new (fixture->hierarchy);
      g_autoptr (TitheJournal) journal = NULL;
      GError *error = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (fixture->session, &bytes, &size, NULL));
      g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
      journal = tithe_journal_open (path, TRUE, NULL);
      g_assert_true (tithe_journal_append (journal, TITHE_EVENT_DO, "Odd", rows[i], sizeof rows[i], NULL));
      g_assert_false (tithe_curation_attach (curation, tithe_journal_open (path, TRUE, NULL), &error));
      fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_DAMAGED, "damaged");
      tithe_curation_free (curation);
    }
}

/* Decides until it is killed; says so on the pipe after each. */
static void
decide_for_ever (CurationFixture *fixture, guint32 seed, int pipe)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  TitheCuration *curation = curation_open (fixture);

  for (guint32 i = 0;; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u/%u", seed, i);

      guint32 image = (guint32) g_rand_int_range (rand, 0, CLASSES * IMAGES);

      /* Another decision than there was: a step that changes nothing is none. */
      tithe_curation_begin (curation);
      tithe_curation_set_decision (
          curation, image,
          (TitheDecision) ((tithe_curation_get_decision (curation, image) + (guint) g_rand_int_range (rand, 1, 4))
                           % 4));
      tithe_curation_set_mark (curation, i % CLASSES, i % (IMAGES - 1), TITHE_MARK_REVIEWED, i / IMAGES % 2 == 0);
      if (!tithe_curation_commit (curation, name, NULL) || write (pipe, &i, sizeof i) != sizeof i)
        _exit (1);
    }
}

/* Killed in the middle, hundreds of times: every decision that was acknowledged is there. */
static void
test_killed_hundreds_of_times (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  guint rounds = g_test_slow () ? 1000 : 300, n_with_decisions = 0;

  for (guint round = 0; round < rounds; round++)
    {
      int ends[2], status;
      guint32 last = 0, next;
      gboolean any = FALSE;
      TitheCuration *curation;
      const char *name;
      pid_t child;

      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      if (child == 0)
        decide_for_ever (fixture, round, ends[1]);
      close (ends[1]);
      /* Also on a busy machine some get as far as deciding something. */
      if (round % 4 == 0)
        any = read (ends[0], &last, sizeof last) == sizeof last;
      g_usleep ((gulong) g_rand_int_range (rand, 500, 12000));
      kill (child, SIGKILL);
      waitpid (child, &status, 0);
      while (read (ends[0], &next, sizeof next) == sizeof next)
        {
          last = next;
          any = TRUE;
        }
      close (ends[0]);
      curation = curation_open (fixture);
      name = tithe_curation_get_undo_name (curation);
      if (any)
        {
          guint seed = 0, step = 0;

          n_with_decisions++;
          g_assert_cmpint (sscanf (name, "%u/%u", &seed, &step), ==, 2);
          g_assert_cmpuint (seed, ==, round);
          g_assert_cmpuint (step, >=, last);
          g_assert_cmpuint (step, <=, last + 1);
        }
      tithe_curation_free (curation);
    }
  g_assert_cmpuint (n_with_decisions, >, rounds / 10); /* it was not killed too early each time */
}

/* Many decisions cost no more than a frame has room for; timing decides nothing here, the bench measures it. */
static void
test_ten_thousand_decisions (CurationFixture *fixture, gconstpointer data)
{
  TitheCuration *curation = curation_open (fixture), *again;

  for (guint i = 0; i < 10000; i++)
    {
      tithe_curation_begin (curation);
      tithe_curation_set_decision (curation, i * 7 % (CLASSES * IMAGES), (TitheDecision) (i % 4));
      g_assert_true (tithe_curation_commit (curation, "One", NULL));
    }
  again = curation_open (fixture);
  curation_assert_same (curation, again);
  tithe_curation_free (again);
  tithe_curation_free (curation);
}

/* One step about every image, taken back and done again 100,000 times: what holds in the end is worked out once. */
static void
test_undo_and_redo_without_end_is_quick (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) changes = g_byte_array_new ();
  TitheJournal *journal = tithe_journal_open (fixture->session, TRUE, NULL);
  TitheCuration *curation;
  gint64 start;
  sqlite3 *db;

  for (guint i = 0; i < 200000; i++)
    {
      guint8 bytes[12] = { 0xff, 0xff, 0xff, 0xff, (guint8) (i % (CLASSES * IMAGES)), 0, 0, 0, i % 2, 1 - i % 2 };

      g_byte_array_append (changes, bytes, sizeof bytes);
    }
  g_assert_true (tithe_journal_append (journal, TITHE_EVENT_DO, "All", changes->data, changes->len, NULL));
  tithe_journal_free (journal);
  sqlite3_open (fixture->session, &db);
  sqlite3_exec (db,
                "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 200001)"
                " INSERT INTO journal SELECT i, substr ('UR', 1 + i % 2, 1), '', 0, '' FROM n",
                NULL, NULL, NULL);
  sqlite3_close (db);
  start = g_get_monotonic_time ();
  curation = curation_open (fixture);
  g_test_message ("%.3f s", (double) (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, 1);
  tithe_curation_free (curation);
}

#define ADD(path, function)                                                                                            \
  g_test_add ("/curation/" path, CurationFixture, NULL, curation_set_up, function, curation_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("reopen", test_decisions_are_there_again);
  ADD ("two-at-once", test_two_at_once);
  ADD ("two/marks", test_marks_of_two_programs_add_up);
  ADD ("two/split", test_a_split_takes_back_an_unseen_merge);
  ADD ("two/same", test_what_another_program_did_already_is_no_step);
  ADD ("earlier-versions", test_rows_of_earlier_versions_are_replayed);
  ADD ("undo-without-end", test_undo_and_redo_without_end_is_quick);
  ADD ("full-disk", test_full_disk_changes_nothing);
  ADD ("read-only", test_read_only);
  ADD ("damaged", test_damaged_journal_is_refused);
  ADD ("killed", test_killed_hundreds_of_times);
  ADD ("ten-thousand", test_ten_thousand_decisions);
  return g_test_run ();
}
