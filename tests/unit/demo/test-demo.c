/* SPDX-License-Identifier: MIT */
#include "demo/tithe-demo.h"
#include "faulty-disk.h"
#include "fixture.h"
#include "io/tithe-output.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static char *
render (FolderFixture *fixture, const char *name, guint n_images, guint n_test, guint n_classes, guint32 seed)
{
  char *folder = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (tithe_demo_render (folder, n_images, n_test, n_classes, seed, NULL, &error));
  g_assert_no_error (error);
  return folder;
}

static TitheDataset *
open_demo (const char *folder)
{
  g_autoptr (GError) error = NULL;
  TitheDataset *dataset = tithe_dataset_open (folder, NULL, &error);

  g_assert_no_error (error);
  return dataset;
}

/* Path to group + 1, as truth.csv has them. */
static GHashTable *
read_truth (const char *folder)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *path = g_build_filename (folder, "truth.csv", NULL), *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpstr (lines[0], ==, "path,group");
  for (guint i = 1; *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);

      g_assert_cmpuint (g_strv_length (fields), ==, 2);
      g_assert_true (g_hash_table_insert (groups, g_strdup (fields[0]),
                                          GUINT_TO_POINTER (g_ascii_strtoull (fields[1], NULL, 10) + 1)));
    }
  return groups;
}

static guint
group_of (GHashTable *truth, TitheDataset *dataset, gsize image, GString *buffer)
{
  guint group = GPOINTER_TO_UINT (g_hash_table_lookup (truth, tithe_dataset_get_path (dataset, image, buffer)));

  g_assert_cmpuint (group, >, 0);
  return group;
}

static void
test_images_are_shared_out_over_the_classes (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = render (fixture, "d", 32, 0, 3, 1);
  g_autoptr (TitheDataset) dataset = open_demo (folder);

  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 32);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 3);
  g_assert_null (tithe_dataset_get_test (dataset));
  for (guint c = 0; c < 3; c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      g_assert_true (n == 10 || n == 11);
    }
}

/* In colour, and more than a background of one. */
static void
test_every_class_is_drawn (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = render (fixture, "d", 3 * TITHE_DEMO_MAX_CLASSES, 0, TITHE_DEMO_MAX_CLASSES, 2);
  g_autoptr (TitheDataset) dataset = open_demo (folder);

  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, TITHE_DEMO_MAX_CLASSES);
  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, i, 0, &error);
      gboolean varies = FALSE;

      g_assert_no_error (error);
      for (gsize p = 3; p < tithe_pixels_get_size (pixels); p++)
        varies |= pixels->data[p] != pixels->data[p % 3];
      g_assert_true (varies);
      g_assert_false (tithe_pixels_is_grey (pixels));
    }
}

static void
test_test_split_has_the_same_classes (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = render (fixture, "d", 24, 12, 4, 1);
  g_autoptr (TitheDataset) dataset = open_demo (folder);

  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 24);
  g_assert_cmpuint (tithe_dataset_get_n_images (tithe_dataset_get_test (dataset)), ==, 12);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 4);
}

static void
test_truth_names_every_image_once (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = render (fixture, "d", 200, 0, 4, 3);
  g_autoptr (GHashTable) truth = read_truth (folder), classes = g_hash_table_new (NULL, NULL);
  g_autoptr (TitheDataset) dataset = open_demo (folder);
  g_autoptr (GString) buffer = g_string_new (NULL);

  g_assert_cmpuint (g_hash_table_size (truth), ==, 200);
  for (gsize i = 0; i < 200; i++)
    {
      gpointer group = GUINT_TO_POINTER (group_of (truth, dataset, i, buffer));
      gpointer label = GUINT_TO_POINTER (tithe_dataset_get_label (dataset, i)), known;

      /* A group lies in one class. */
      if (g_hash_table_lookup_extended (classes, group, NULL, &known))
        g_assert_true (known == label);
      g_hash_table_insert (classes, group, label);
    }
  g_assert_cmpuint (g_hash_table_size (classes), <, 200);
}

/* Root mean square over all channels. */
static double
difference (const TithePixels *a, const TithePixels *b)
{
  double sum = 0;

  for (gsize i = 0; i < tithe_pixels_get_size (a); i++)
    sum += ((double) a->data[i] - b->data[i]) * ((double) a->data[i] - b->data[i]);
  return sqrt (sum / (double) tithe_pixels_get_size (a));
}

/* What is planted can be found: the nearest other picture of one in a group is nearly always of that group. */
static void
test_groups_are_near_copies (FolderFixture *fixture, gconstpointer data)
{
  const gsize n = 150;
  g_autofree char *folder = render (fixture, "d", (guint) n, 0, 1, 5);
  g_autoptr (GHashTable) truth = read_truth (folder);
  g_autoptr (TitheDataset) dataset = open_demo (folder);
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) tithe_pixels_unref);
  g_autoptr (GString) buffer = g_string_new (NULL);
  guint n_grouped = 0, n_found = 0;

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (pictures, tithe_dataset_read_pixels (dataset, i, 0, NULL));
  for (gsize i = 0; i < n; i++)
    {
      guint group = group_of (truth, dataset, i, buffer), nearest_group = 0;
      double nearest = G_MAXDOUBLE;
      gboolean grouped = FALSE;

      for (gsize j = 0; j < n; j++)
        {
          double d = j == i ? G_MAXDOUBLE : difference (pictures->pdata[i], pictures->pdata[j]);

          grouped |= j != i && group_of (truth, dataset, j, buffer) == group;
          if (d < nearest)
            nearest_group = group_of (truth, dataset, j, buffer);
          nearest = MIN (nearest, d);
        }
      n_grouped += grouped;
      n_found += grouped && nearest_group == group;
    }
  g_test_message ("%u of %u in groups are nearest to their own", n_found, n_grouped);
  g_assert_cmpuint (n_grouped, >, 20);
  g_assert_cmpuint (n_found * 10, >=, n_grouped * 9);
}

static void
assert_same_file (const char *a, const char *b, const char *name, gboolean same)
{
  g_autofree char *path_a = g_build_filename (a, name, NULL), *path_b = g_build_filename (b, name, NULL);
  g_autofree char *text_a = NULL, *text_b = NULL;
  gsize size_a, size_b;

  g_assert_true (g_file_get_contents (path_a, &text_a, &size_a, NULL));
  g_assert_true (g_file_get_contents (path_b, &text_b, &size_b, NULL));
  g_assert_true ((size_a == size_b && memcmp (text_a, text_b, size_a) == 0) == same);
}

static void
test_seed_decides_everything (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *one = render (fixture, "1", 12, 0, 2, 7), *again = render (fixture, "2", 12, 0, 2, 7);
  g_autofree char *other = render (fixture, "3", 12, 0, 2, 8);
  g_autoptr (TitheDataset) dataset = open_demo (one);
  g_autoptr (GString) buffer = g_string_new (NULL);

  assert_same_file (one, again, "truth.csv", TRUE);
  for (gsize i = 0; i < 12; i++)
    assert_same_file (one, again, tithe_dataset_get_path (dataset, i, buffer), TRUE);
  assert_same_file (one, other, tithe_dataset_get_path (dataset, 0, buffer), FALSE);
}

static void
test_folder_that_is_not_empty_is_left_alone (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *file = fixture_write (fixture->folder, "mine", "x", 1), *truth = NULL;
  GError *error = NULL;

  g_assert_false (tithe_demo_render (fixture->folder, 10, 0, 2, 1, NULL, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_FOREIGN, "is not empty");
  truth = g_build_filename (fixture->folder, "truth.csv", NULL);
  g_assert_false (g_file_test (truth, G_FILE_TEST_EXISTS));
}

/* A folder that can't be read is not taken for an empty one. */
static void
test_folder_that_cannot_be_read_is_left_alone (FolderFixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  g_free (fixture_write (fixture->folder, "mine", "x", 1));
  faulty_disk_set (fixture->folder, 0);
  g_assert_false (tithe_demo_render (fixture->folder, 10, 0, 2, 1, NULL, &error));
  fixture_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO, g_strerror (EIO));
}

static void
test_place_that_is_a_file_is_named (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *file = fixture_write (fixture->folder, "mine", "x", 1);
  g_autofree char *below = g_build_filename (file, "d", NULL);
  GError *error = NULL;

  g_assert_false (tithe_demo_render (below, 10, 0, 2, 1, NULL, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, "mine");
}

static void
test_cancelling_ends_it (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autofree char *folder = g_build_filename (fixture->folder, "d", NULL);
  GError *error = NULL;

  tithe_job_cancel (job);
  g_assert_false (tithe_demo_render (folder, 10, 0, 2, 1, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
}

#define ADD(path, function) g_test_add ("/demo/" path, FolderFixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("shared-out", test_images_are_shared_out_over_the_classes);
  ADD ("every-class", test_every_class_is_drawn);
  ADD ("test-split", test_test_split_has_the_same_classes);
  ADD ("truth", test_truth_names_every_image_once);
  ADD ("near-copies", test_groups_are_near_copies);
  ADD ("seed", test_seed_decides_everything);
  ADD ("not-empty", test_folder_that_is_not_empty_is_left_alone);
  ADD ("cannot-be-read", test_folder_that_cannot_be_read_is_left_alone);
  ADD ("is-a-file", test_place_that_is_a_file_is_named);
  ADD ("cancel", test_cancelling_ends_it);
  return g_test_run ();
}
