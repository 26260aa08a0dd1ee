/* SPDX-License-Identifier: MIT */
#include "demo/tithe-demo.h"
#include "fixture.h"
#include "io/tithe-output.h"

#include <glib/gstdio.h>
#include <string.h>

/* Where the demo goes: a new folder, whole, or an empty one. */

typedef struct
{
  char *folder, *target;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->target = g_build_filename (fixture->folder, "new", "demo", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->target);
  fixture_remove (fixture->folder);
}

static gboolean
render (Fixture *fixture, TitheJob *job, GError **error)
{
  return tithe_demo_render (fixture->target, 6, 4, 2, 1, job, error);
}

static gboolean
is_there (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->target, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static void
test_new_folder_is_whole (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  render (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_there (fixture, "truth.csv"));
  g_assert_true (is_there (fixture, "train/boat/0002.png"));
  g_assert_true (is_there (fixture, "test/boat/0001.png"));
}

static void
test_cancelled_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autofree char *parent = g_path_get_dirname (fixture->target);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;

  tithe_job_cancel (job);
  g_assert_false (render (fixture, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  dir = g_dir_open (parent, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

static void
test_only_an_empty_folder_is_filled (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  g_mkdir_with_parents (fixture->target, 0777);
  render (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_there (fixture, "truth.csv"));
  g_assert_false (render (fixture, NULL, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_FOREIGN, "not empty");
}

static void
test_file_is_not_replaced (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  g_free (fixture_write (fixture->folder, "new/demo", "mine", -1));
  g_assert_false (render (fixture, NULL, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "there already");
}

#define ADD(path, function) g_test_add ("/demo-folder/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("new-folder-is-whole", test_new_folder_is_whole);
  ADD ("cancelled-leaves-nothing", test_cancelled_leaves_nothing);
  ADD ("only-an-empty-folder-is-filled", test_only_an_empty_folder_is_filled);
  ADD ("file-is-not-replaced", test_file_is_not_replaced);
  return g_test_run ();
}
