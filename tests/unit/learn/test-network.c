/* SPDX-License-Identifier: MIT */
#include "io/tithe-output.h"
#include "learn-fixture.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

static void
test_network_survives_its_file (LearnFixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = learn_fixture_options ();
  g_autofree char *path = g_build_filename (fixture->folder, "n.safetensors", NULL);
  g_autoptr (GBytes) rows = NULL, again = NULL;
  g_autoptr (TitheNetwork) network = NULL, read = NULL;
  g_autoptr (GError) error = NULL;

  learn_fixture_make_images (fixture, 2, 10);
  network = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tithe_network_write (network, path, &error));
  read = tithe_network_read (path, &error);
  g_assert_no_error (error);
  again = tithe_learn_apply (read, fixture->dataset, 1, FALSE, NULL, &error);
  g_assert_true (g_bytes_equal (rows, again));
}

static void
test_new_network_replaces_nothing (LearnFixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1), read = NULL;
  g_autofree char *there = fixture_write (fixture->folder, "n.safetensors", "mine", -1), *kept = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "new.safetensors", NULL);
  GError *error = NULL;

  g_assert_false (tithe_network_create (network, there, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "n.safetensors");
  g_assert_true (g_file_get_contents (there, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "mine");
  g_assert_true (tithe_network_create (network, path, NULL));
  read = tithe_network_read (path, NULL);
  g_assert_nonnull (read);
}

static void
test_lying_network_files_are_refused (LearnFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *from, *to; /* of the same length: offsets stay */
  } lies[] = {
    { "[2,16]", "[2,17]" },       { "\"F32\"", "\"I32\"" },
    { "width 4", "width 8" },     { "conv1.weight", "conv9.weight" },
    { "resnet8", "resnet9" },     { "classes 2", "classes 3" },
    { "classes 2", "classes 9" }, { "width 4 channels 3 size 16 classes 2", "width 99 channels 3 size 8 classes 2" }
  };
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autofree char *path = g_build_filename (fixture->folder, "n.safetensors", NULL), *contents = NULL;
  gsize size;

  g_assert_true (tithe_network_write (network, path, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      GError *error = NULL;

      learn_fixture_write_lie (fixture, "lie.safetensors", contents, size, lies[i].from, lies[i].to);
      g_free (path);
      path = g_build_filename (fixture->folder, "lie.safetensors", NULL);
      g_assert_null (tithe_network_read (path, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, "lie.safetensors");
    }
  g_free (fixture_write (fixture->folder, "lie.safetensors", contents, (gssize) size - 5));
  g_assert_null (tithe_network_read (path, NULL));
  g_free (fixture_write (fixture->folder, "lie.safetensors", "\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10));
  g_assert_null (tithe_network_read (path, NULL));
}

static void
test_networks_of_odd_metadata_are_refused (LearnFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "odd.safetensors", NULL);

  for (guint i = 0; learn_fixture_write_odd (fixture, "odd.safetensors", i); i++)
    {
      GError *error = NULL;

      g_assert_null (tithe_network_read (path, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, "odd.safetensors");
    }
}

/* Each number is finite, their products are not: nothing is written that isn't a number. */
static void
test_network_without_finite_numbers_is_refused (LearnFixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  GPtrArray *parameters = tithe_network_get_parameters (network);
  GError *error = NULL;

  learn_fixture_make_images (fixture, 2, 4);
  for (guint i = 0; i < parameters->len; i++)
    {
      TitheParameter *parameter = g_ptr_array_index (parameters, i);

      for (gsize j = 0; parameter->n_dims == 4 && j < parameter->n; j++)
        parameter->value[j] *= 1e30f;
    }
  g_assert_null (tithe_learn_apply (network, fixture->dataset, 1, FALSE, NULL, &error));
  fixture_assert_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_NOT_FINITE, "no finite numbers for “c");
}

/* How many numbers there are is known before the network is. */
static void
test_numbers_are_counted (LearnFixture *fixture, gconstpointer data)
{
  const TitheNetworkShape shapes[] = { { TITHE_NETWORK_RESNET, 20, 16, 3, 32, 10 },
                                       { TITHE_NETWORK_RESNET, 8, 5, 1, 8, 3 },
                                       { TITHE_NETWORK_FAST, 8, 32, 3, 96, 10 },
                                       { TITHE_NETWORK_FAST, 8, 8, 1, 32, 7 } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (TitheNetwork) network = tithe_network_new (&shapes[i], 1);
      GPtrArray *parameters = tithe_network_get_parameters (network);
      guint64 n = 0;

      for (guint p = 0; p < parameters->len; p++)
        n += ((const TitheParameter *) g_ptr_array_index (parameters, p))->n;
      g_assert_cmpuint (n, ==, tithe_network_shape_count (&shapes[i]));
    }
}

/* Nobody writes into the pipe: who opened it as a file would wait for ever. */
static void
test_pipe_is_no_network (LearnFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pipe.safetensors", NULL);
  GError *error = NULL;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (tithe_network_read (path, &error));
  fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_READ, "it is not a file");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LEARN_ADD ("/network/file", test_network_survives_its_file);
  LEARN_ADD ("/network/replaces-nothing", test_new_network_replaces_nothing);
  LEARN_ADD ("/network/lying", test_lying_network_files_are_refused);
  LEARN_ADD ("/network/odd-metadata", test_networks_of_odd_metadata_are_refused);
  LEARN_ADD ("/network/pipe", test_pipe_is_no_network);
  LEARN_ADD ("/network/not-finite", test_network_without_finite_numbers_is_refused);
  LEARN_ADD ("/network/numbers", test_numbers_are_counted);
  return g_test_run ();
}
