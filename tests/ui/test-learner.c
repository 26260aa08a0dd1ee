/* SPDX-License-Identifier: MIT */
#include "background/tithe-learner.h"
#include "learn/tithe-learn-pace.h"
#include "state/tithe-paces.h"
#include "state/tithe-places.h"
#include "fixture.h"

#include <string.h>

typedef struct
{
  char *folder;
  TitheDataset *dataset;
  TitheLearner *learner;
  guint stop_after; /* epochs; 0 for never */
  guint n_epochs;
  char *message;
} Fixture;

static void
on_epoch (Fixture *fixture)
{
  const TitheEpoch *epoch = tithe_learner_get_epoch (fixture->learner);

  g_assert_nonnull (tithe_learner_get_examples (fixture->learner));
  if (epoch->epoch == 0)
    return;
  fixture->n_epochs++;
  if (fixture->n_epochs == fixture->stop_after)
    tithe_job_cancel (tithe_learner_get_job (fixture->learner));
}

static void
on_failed (Fixture *fixture, const char *message)
{
  fixture->message = g_strdup (message);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *images = NULL;

  fixture->folder = fixture_folder ();
  images = g_build_filename (fixture->folder, "images", NULL);
  fixture_write_classes (images, 2, 4);
  fixture->dataset = tithe_dataset_open (images, NULL, NULL);
  fixture->learner = tithe_learner_new ();
  g_signal_connect_swapped (fixture->learner, "epoch", G_CALLBACK (on_epoch), fixture);
  g_signal_connect_swapped (fixture->learner, "failed", G_CALLBACK (on_failed), fixture);
  tithe_learner_set_dataset (fixture->learner, fixture->dataset, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->learner);
  tithe_dataset_unref (fixture->dataset);
  g_free (fixture->message);
  fixture_remove (fixture->folder);
}

/* Learns until it ends or is stopped after that many epochs. */
static void
learn (Fixture *fixture, const char *preset, guint stop_after)
{
  fixture->stop_after = stop_after;
  fixture->n_epochs = 0;
  tithe_learner_begin (fixture->learner, preset);
  g_assert_nonnull (tithe_learner_get_job (fixture->learner));
  while (tithe_learner_get_job (fixture->learner) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static guint
count_checkpoints (void)
{
  g_autofree char *folder = tithe_places_dup_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    n += strstr (name, ".checkpoint") != NULL;
  return n;
}

static void
test_a_learning_ends_with_features (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = tithe_learner_dup_path (fixture->dataset);

  g_assert_null (tithe_learner_get_learned (fixture->learner));
  learn (fixture, "resnet8", 0);
  g_assert_cmpstr (fixture->message, ==, NULL);
  g_assert_cmpstr (tithe_learner_get_learned (fixture->learner), ==, path);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (fixture->n_epochs, ==, 12);
  g_assert_cmpuint (count_checkpoints (), ==, 0);
}

/* Each way to learn goes on from its own; trying another one neither uses nor loses what was begun. */
static void
test_presets_have_their_own_unfinished_learning (Fixture *fixture, gconstpointer data)
{
  learn (fixture, "resnet8", 4);
  g_assert_null (tithe_learner_get_learned (fixture->learner));
  g_assert_cmpuint (count_checkpoints (), ==, 1);
  learn (fixture, "resnet14", 2);
  g_assert_cmpuint (count_checkpoints (), ==, 2);
  g_assert_cmpstr (fixture->message, ==, NULL);
  learn (fixture, "resnet8", 0);
  g_assert_cmpstr (fixture->message, ==, NULL);
  g_assert_cmpuint (fixture->n_epochs, <, 12);
  g_assert_cmpuint (count_checkpoints (), ==, 1);
}

static void
wait_for_estimate (Fixture *fixture)
{
  while (tithe_learner_get_estimate (fixture->learner) < 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_stopped (guint *n_stopped)
{
  (*n_stopped)++;
}

/* What is kept of a learning is told once it was stopped, and by the next start, too; who asks for no other way goes on with it. */
static void
test_a_stopped_learning_is_gone_on_with (Fixture *fixture, gconstpointer data)
{
  guint n_stopped = 0, n_kept, n_epochs;

  g_signal_connect_swapped (fixture->learner, "stopped", G_CALLBACK (on_stopped), &n_stopped);
  learn (fixture, "resnet8", 4);
  while (n_stopped == 0)
    g_main_context_iteration (NULL, TRUE);
  n_kept = tithe_learner_get_unfinished (fixture->learner, &n_epochs);
  /* It may be further when it hears of it. */
  g_assert_true (n_kept >= 4 && n_kept < 12);
  g_assert_cmpfloat (tithe_learner_get_estimate (fixture->learner), >, 0);
  tithe_learner_set_dataset (fixture->learner, fixture->dataset, TRUE);
  g_assert_cmpuint (tithe_learner_get_unfinished (fixture->learner, &n_epochs), ==, 0);
  wait_for_estimate (fixture);
  g_assert_cmpuint (tithe_learner_get_unfinished (fixture->learner, &n_epochs), ==, n_kept);
  learn (fixture, NULL, 0);
  g_assert_cmpuint (fixture->n_epochs, ==, 12 - n_kept);
  g_assert_nonnull (tithe_learner_get_learned (fixture->learner));
  g_assert_cmpuint (tithe_learner_get_unfinished (fixture->learner, &n_epochs), ==, 0);
  g_assert_cmpuint (n_stopped, ==, 1);
}

/* The pace of a learning is what the next estimate begins with, whatever a few batches say. */
static void
test_a_pace_is_remembered (Fixture *fixture, gconstpointer data)
{
  const TithePaceMemory slow = { 5, 5, FALSE }, tried = { 5, 5, TRUE };
  TithePaceMemory memory;
  TitheLearnOptions options;
  g_autofree char *key = NULL;

  tithe_learn_options_init (&options, NULL);
  key = tithe_learn_pace_dup_key (fixture->dataset, &options);
  g_assert_false (tithe_paces_recall (key, &memory));
  g_assert_true (tithe_paces_remember (key, &slow, NULL));
  tithe_learner_set_dataset (fixture->learner, fixture->dataset, TRUE);
  wait_for_estimate (fixture);
  g_assert_cmpfloat (tithe_learner_get_estimate (fixture->learner), >, 8 * 15 * 5);
  g_assert_true (tithe_paces_recall (key, &memory) && memory.learn == 5 && !memory.tried);
  /* What was only tried is tried again. */
  g_assert_true (tithe_paces_remember (key, &tried, NULL));
  tithe_learner_set_dataset (fixture->learner, fixture->dataset, TRUE);
  wait_for_estimate (fixture);
  g_assert_true (tithe_paces_recall (key, &memory) && memory.learn < 5 && memory.tried);
}

/* What another dataset has open is not told of any more, nor switched to. */
static void
test_a_dropped_learning_tells_nothing (Fixture *fixture, gconstpointer data)
{
  tithe_learner_begin (fixture->learner, "resnet8");
  tithe_learner_set_dataset (fixture->learner, NULL, FALSE);
  g_assert_null (tithe_learner_get_job (fixture->learner));
  g_assert_false (tithe_learner_can (fixture->learner));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->n_epochs, ==, 0);
  g_assert_null (tithe_learner_get_learned (fixture->learner));
}

static void
test_an_estimate_comes (Fixture *fixture, gconstpointer data)
{
  tithe_learner_set_dataset (fixture->learner, fixture->dataset, TRUE);
  while (tithe_learner_get_estimate (fixture->learner) < 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (tithe_learner_get_estimate (fixture->learner), >, 0);
}

#define ADD(path, function) g_test_add ("/learner/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  ADD ("features", test_a_learning_ends_with_features);
  ADD ("presets", test_presets_have_their_own_unfinished_learning);
  ADD ("stopped", test_a_stopped_learning_is_gone_on_with);
  ADD ("pace", test_a_pace_is_remembered);
  ADD ("dropped", test_a_dropped_learning_tells_nothing);
  ADD ("estimate", test_an_estimate_comes);
  return g_test_run ();
}
