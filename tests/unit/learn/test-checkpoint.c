/* SPDX-License-Identifier: MIT */
#include "learn-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  TitheJob *job;
  guint stop_after;
} Interruption;

static void
interrupt (const TitheEpoch *epoch, gpointer user_data)
{
  Interruption *interruption = user_data;

  if (--interruption->stop_after == 0)
    tithe_job_cancel (interruption->job);
}

/* Four epochs without a tenth, four with everything: stopped in either. */
static void
check_interruption (LearnFixture *fixture, guint stop_after, GBytes *whole)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);
  g_autofree char *held_out = g_strconcat (checkpoint, "-held-out", NULL);
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  Interruption interruption = { job, stop_after };
  g_autoptr (GBytes) rest = NULL;
  g_autoptr (TitheNetwork) b = NULL;
  g_autoptr (GError) error = NULL;
  TitheEpoch last = { 0 };

  options.checkpoint = checkpoint;
  g_assert_null (tithe_learn (fixture->dataset, &options, interrupt, &interruption, &rest, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (g_file_test (held_out, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS) == (stop_after > 4));
  b = tithe_learn (fixture->dataset, &options, learn_fixture_keep_epoch, &last, &rest, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (whole, rest));
  tithe_learn_forget (&options);
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (held_out, G_FILE_TEST_EXISTS));
}

static void
test_interrupted_run_ends_the_same (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GError) error = NULL;

  learn_fixture_make_images (fixture, 2, 24);
  network = tithe_learn (fixture->dataset, &options, NULL, NULL, &whole, NULL, &error);
  g_assert_no_error (error);
  check_interruption (fixture, 2, whole);
  check_interruption (fixture, 6, whole);
}

/* Stops a learning of @dataset after an epoch; its checkpoint is read into @contents. */
static void
leave_unfinished (TitheDataset *dataset, const TitheLearnOptions *options, char **contents, gsize *size)
{
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  Interruption interruption = { job, 2 };
  g_autoptr (GBytes) rows = NULL;

  g_assert_null (tithe_learn (dataset, options, interrupt, &interruption, &rows, job, NULL));
  g_assert_true (g_file_get_contents (options->checkpoint, contents, size, NULL));
}

static void
assert_left_alone (TitheDataset *dataset, const TitheLearnOptions *options, const char *part)
{
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  g_assert_true (g_file_get_contents (options->checkpoint, &before, &n_before, NULL));
  g_assert_null (tithe_learn (dataset, options, NULL, NULL, &rows, NULL, &error));
  g_assert_nonnull (strstr (error->message, options->checkpoint));
  fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_OTHER, part);
  g_assert_true (g_file_get_contents (options->checkpoint, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static TitheDataset *
make_other (LearnFixture *fixture, const char *name, guint32 seed)
{
  g_autofree char *folder = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  TitheDataset *dataset;

  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *file = g_strdup_printf ("c%u/%04u.png", i / 8, i % 8);

      fixture_write_picture (folder, file, 12 + seed % 5, 12, seed + i);
    }
  dataset = tithe_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

/* The same number of pictures and the same settings, and yet another dataset: its weights are not gone on with. */
static void
test_unfinished_learning_belongs_to_its_dataset (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL), *contents = NULL;
  g_autoptr (TitheDataset) ours = make_other (fixture, "ours", 1), other = make_other (fixture, "other", 102);
  g_autoptr (TitheDataset) namesake = make_other (fixture, "elsewhere/ours", 203);
  gsize size;

  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  leave_unfinished (ours, &options, &contents, &size);
  assert_left_alone (other, &options, "is of the dataset “ours”, not of “other”");
  assert_left_alone (namesake, &options, "is of a dataset “ours” with other images or labels");
}

static void
test_unfinished_learning_belongs_to_its_settings (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options (), changed;
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL), *contents = NULL;
  g_autofree char *broken = NULL, *picture = NULL;
  gsize size;

  learn_fixture_make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  leave_unfinished (fixture->dataset, &options, &contents, &size);
  changed = options;
  changed.train.epochs = 7;
  assert_left_alone (fixture->dataset, &changed, "begun with “epochs 4”, not 7");
  changed = options;
  changed.train.seed = 5;
  assert_left_alone (fixture->dataset, &changed, "begun with “seed 1”, not 5");
  changed = options;
  changed.train.steps = 3;
  assert_left_alone (fixture->dataset, &changed, "other settings");
  changed = options;
  changed.width = 8;
  assert_left_alone (fixture->dataset, &changed, "another network");
  /* A picture that can't be read any more, one that can be again: the same number, of the same size on disk. */
  broken = g_build_filename (fixture->folder, "images", "c0", "0003.png", NULL);
  g_assert_true (g_file_get_contents (broken, &picture, &size, NULL));
  memset (picture, 0, size);
  g_assert_true (g_file_set_contents (broken, picture, (gssize) size, NULL));
  assert_left_alone (fixture->dataset, &options, "begun with “images 16”, not 15");
}

/* A checkpoint as earlier programs wrote it says nothing of a dataset, and is not taken for anybody's. */
static void
test_checkpoint_without_a_dataset_is_left_alone (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);

  learn_fixture_make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  g_assert_true (tithe_network_write (network, checkpoint, NULL));
  assert_left_alone (fixture->dataset, &options, "does not say which dataset");
}

/* What was learned is not forgotten before it is where it belongs. */
static void
test_checkpoint_stays_until_it_is_forgotten (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);
  g_autoptr (GBytes) rows = NULL, again = NULL;
  g_autoptr (TitheNetwork) a = NULL, b = NULL;
  g_autoptr (GError) error = NULL;
  TitheEpoch last = { 0 };

  learn_fixture_make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  a = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  b = tithe_learn (fixture->dataset, &options, learn_fixture_keep_epoch, &last, &again, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last.epoch, ==, 0); /* nothing was left to learn */
  g_assert_true (g_bytes_equal (rows, again));
  tithe_learn_forget (&options);
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
}

static void
test_checkpoints_of_odd_metadata_are_refused (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *path = g_build_filename (fixture->folder, "odd.checkpoint", NULL);

  learn_fixture_make_images (fixture, 2, 4);
  options.checkpoint = path;
  options.hold_out = FALSE;
  for (guint i = 0; learn_fixture_write_odd (fixture, "odd.checkpoint", i); i++)
    {
      g_autoptr (GBytes) rows = NULL;
      GError *error = NULL;

      g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_OTHER, "odd.checkpoint");
    }
}

/* A checkpoint that is ours by its words but lies about how far it is, or lacks a velocity. */
static void
test_lying_checkpoints_are_refused (LearnFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *from, *to; /* of the same length: offsets stay */
  } lies[] = { { "epochs_done\":\"2\"", "epochs_done\":\"9\"" },
               { "epochs_done\":\"2\"", "epochs_done\":\"0\"" },
               { "epochs_done\":\"2\"", "epochs_done\":\"-\"" },
               { "epochs_done\":\"2\"", "epochs_gone\":\"2\"" },
               { "velocity.fc.bias", "velocity.fc.bios" } };
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL), *contents = NULL;
  gsize size;

  learn_fixture_make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  leave_unfinished (fixture->dataset, &options, &contents, &size);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GBytes) rows = NULL;
      GError *error = NULL;

      learn_fixture_write_lie (fixture, "run.checkpoint", contents, size, lies[i].from, lies[i].to);
      g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, "run.checkpoint");
    }
}

/* A disk that is full when a checkpoint is written: an error, and no part of a file; a later run goes on. */
static void
test_full_disk_at_a_checkpoint (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);
  struct rlimit full = { 4096, RLIM_INFINITY }, room;
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GDir) dir = NULL;
  GError *error = NULL;

  learn_fixture_make_images (fixture, 2, 4);
  options.checkpoint = checkpoint;
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &room);
  setrlimit (RLIMIT_FSIZE, &full);
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
  setrlimit (RLIMIT_FSIZE, &room);
  fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_WRITE, "run.checkpoint");
  dir = g_dir_open (fixture->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_assert_cmpstr (name, ==, "images");
  network = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
  g_assert_no_error (error);
}

/* The command line learning a small network to @target. */
static GSubprocess *
start_embed (const char *images, const char *target, guint epochs, GSubprocessFlags flags)
{
  g_autofree char *words
      = g_strdup_printf ("embed %s -o %s --method learn --model resnet8 --width 4 --epochs %u --size 16 --threads 1"
                         " --no-held-out",
                         images, target, epochs);
  g_auto (GStrv) argv = fixture_command (g_getenv ("TITHE_CLI"), words);
  g_autoptr (GError) error = NULL;
  GSubprocess *process
      = g_subprocess_newv ((const char *const *) argv, flags | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  g_assert_no_error (error);
  return process;
}

/* Killed without a warning, at three moments, and started again: the same bytes as a run that was let be. */
static void
test_killed_run_ends_the_same (LearnFixture *fixture, gconstpointer data)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "f.npy", NULL);
  g_autofree char *whole_path = g_build_filename (fixture->folder, "whole.npy", NULL);
  g_autofree char *checkpoint = g_strconcat (path, ".checkpoint", NULL), *whole = NULL, *rest = NULL;
  gsize n, n_rest;
  g_autoptr (GError) error = NULL;

  learn_fixture_make_images (fixture, 2, 24);
  for (guint kills = 0; kills <= 3; kills++)
    {
      g_autoptr (GSubprocess) process
          = start_embed (images, kills == 0 ? whole_path : path, 30, G_SUBPROCESS_FLAGS_STDERR_SILENCE);

      if (kills == 0 || kills == 3)
        {
          g_assert_true (g_subprocess_wait_check (process, NULL, &error));
          continue;
        }
      while (!g_file_test (checkpoint, G_FILE_TEST_EXISTS) && g_subprocess_get_identifier (process) != NULL)
        g_usleep (1000);
      g_usleep (15000 * kills);
      g_subprocess_send_signal (process, SIGKILL);
      g_subprocess_wait (process, NULL, NULL);
    }
  g_assert_true (g_file_get_contents (whole_path, &whole, &n, NULL));
  g_assert_true (g_file_get_contents (path, &rest, &n_rest, NULL));
  g_assert_cmpmem (whole, n, rest, n_rest);
}

static int
embed (const char *images, const char *target, char **message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = start_embed (images, target, 40, G_SUBPROCESS_FLAGS_STDERR_PIPE);

  if (message == NULL)
    {
      g_autofree char *checkpoint = g_strconcat (target, ".checkpoint", NULL);

      while (!g_file_test (checkpoint, G_FILE_TEST_EXISTS) && g_subprocess_get_identifier (process) != NULL)
        g_usleep (1000);
      g_subprocess_send_signal (process, SIGKILL);
      g_subprocess_wait (process, NULL, NULL);
      return -1;
    }
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, message, &error));
  return g_subprocess_get_exit_status (process);
}

/* embed A is killed; embed B to the same file does not go on with A's weights, and leaves them to A. */
static void
test_killed_embed_of_one_dataset_is_not_anothers (LearnFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) a = make_other (fixture, "alpha", 1), b = make_other (fixture, "beta", 102);
  g_autofree char *alpha = g_build_filename (fixture->folder, "alpha", NULL);
  g_autofree char *beta = g_build_filename (fixture->folder, "beta", NULL);
  g_autofree char *target = g_build_filename (fixture->folder, "f.npy", NULL);
  g_autofree char *whole = g_build_filename (fixture->folder, "whole.npy", NULL);
  g_autofree char *checkpoint = g_strconcat (target, ".checkpoint", NULL);
  g_autofree char *refused = NULL, *said = NULL, *said_of_whole = NULL, *before = NULL, *after = NULL, *expected = NULL;
  gsize n_before, n_after, n_expected;

  embed (alpha, target, NULL);
  g_assert_true (g_file_get_contents (checkpoint, &before, &n_before, NULL));
  g_assert_cmpint (embed (beta, target, &refused), ==, 1);
  g_assert_nonnull (strstr (refused, "f.npy.checkpoint"));
  g_assert_nonnull (strstr (refused, "is of the dataset “alpha”, not of “beta”"));
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (checkpoint, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
  g_clear_pointer (&after, g_free);
  g_assert_cmpint (embed (alpha, target, &said), ==, 0);
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_assert_cmpint (embed (alpha, whole, &said_of_whole), ==, 0);
  g_assert_true (g_file_get_contents (target, &after, &n_after, NULL));
  g_assert_true (g_file_get_contents (whole, &expected, &n_expected, NULL));
  g_assert_cmpmem (after, n_after, expected, n_expected);
}

/* A checkpoint that can't be written is an error that names it. */
static void
test_checkpoint_without_a_place (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "no", "place.checkpoint", NULL);
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  learn_fixture_make_images (fixture, 2, 4);
  options.checkpoint = checkpoint;
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
  fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_WRITE, "place.checkpoint");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LEARN_ADD ("/checkpoint/interrupted", test_interrupted_run_ends_the_same);
  LEARN_ADD ("/checkpoint/dataset", test_unfinished_learning_belongs_to_its_dataset);
  LEARN_ADD ("/checkpoint/settings", test_unfinished_learning_belongs_to_its_settings);
  LEARN_ADD ("/checkpoint/of-nobody", test_checkpoint_without_a_dataset_is_left_alone);
  LEARN_ADD ("/checkpoint/forgotten", test_checkpoint_stays_until_it_is_forgotten);
  LEARN_ADD ("/checkpoint/odd-metadata", test_checkpoints_of_odd_metadata_are_refused);
  LEARN_ADD ("/checkpoint/lying", test_lying_checkpoints_are_refused);
  LEARN_ADD ("/checkpoint/full-disk", test_full_disk_at_a_checkpoint);
  LEARN_ADD ("/checkpoint/killed", test_killed_run_ends_the_same);
  LEARN_ADD ("/checkpoint/killed-of-another-dataset", test_killed_embed_of_one_dataset_is_not_anothers);
  LEARN_ADD ("/checkpoint/without-a-place", test_checkpoint_without_a_place);
  return g_test_run ();
}
