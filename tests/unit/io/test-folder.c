/* SPDX-License-Identifier: MIT */
#include "faulty-disk.h"
#include "fixture.h"
#include "io/tithe-folder.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void
write_files (FolderFixture *fixture, guint n)
{
  for (guint i = n; i-- > 0;)
    {
      g_autofree char *name = g_strdup_printf ("%04u", i);

      g_free (fixture_write (fixture->folder, name, "", 0));
    }
}

static void
test_names_are_sorted_bytewise (FolderFixture *fixture, gconstpointer data)
{
  static const char *const expected[] = { ".hidden", "B", "a", "b/", "\xe9", NULL };
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; expected[i] != NULL; i++)
    g_free (fixture_write (fixture->folder, i == 3 ? "b/x" : expected[i], "", 0));
  names = tithe_folder_list (fixture->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (names->len, ==, 5);
  for (guint i = 0; i < names->len; i++)
    g_assert_cmpstr (g_ptr_array_index (names, i), ==, i == 3 ? "b" : expected[i]);
}

static void
test_empty_folder_has_no_names (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = tithe_folder_list (fixture->folder, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (names->len, ==, 0);
}

static void
test_missing_folder_is_named (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "caf\xe9", NULL);
  GError *error = NULL;

  g_assert_null (tithe_folder_list (path, &error));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  fixture_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "caf\\xE9");
}

static void
test_failure_in_the_middle_is_not_the_end (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *last = g_path_get_basename (fixture->folder);
  GError *error = NULL;

  write_files (fixture, 300);
  faulty_disk_set (last, 100);
  g_assert_null (tithe_folder_list (fixture->folder, &error));
  g_assert_nonnull (strstr (error->message, last));
  fixture_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO, g_strerror (EIO));
  faulty_disk_set (last, 0);
  g_assert_null (tithe_folder_list (fixture->folder, &error));
  fixture_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO, g_strerror (EIO));
}

static void
test_open_folder_is_listed_twice (FolderFixture *fixture, gconstpointer data)
{
  int fd = open (fixture->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  write_files (fixture, 20);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) names = tithe_folder_list_at (fd, "it", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (names->len, ==, 20);
    }
  close (fd);
}

#define ADD(path, function)                                                                                            \
  g_test_add ("/folder/" path, FolderFixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sorted-bytewise", test_names_are_sorted_bytewise);
  ADD ("empty", test_empty_folder_has_no_names);
  ADD ("missing", test_missing_folder_is_named);
  ADD ("failure-in-the-middle", test_failure_in_the_middle_is_not_the_end);
  ADD ("open", test_open_folder_is_listed_twice);
  return g_test_run ();
}
