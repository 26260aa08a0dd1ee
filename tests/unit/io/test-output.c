/* SPDX-License-Identifier: MIT */
#include "io/tithe-output.h"
#include "io/tithe-part.h"
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARKER "ours.json"

typedef struct
{
  char *folder, *target;
} Fixture;

/* As in the folder of a sandbox's portal that has a file of a person's. */
static gboolean without_folders;

int
mkdir (const char *path, mode_t mode)
{
  errno = EPERM;
  return without_folders ? -1 : mkdirat (AT_FDCWD, path, mode);
}

#ifndef SYS_fcntl64 /* there is one where offsets of 64 bits are not the only ones */
#  define SYS_fcntl64 SYS_fcntl
#endif

/* As by that portal, to which all locks are those of one process. */
static gboolean without_locks;

int
fcntl (int fd, int command, ...)
{
  void *argument;
  va_list list;

  va_start (list, command);
  argument = va_arg (list, void *);
  va_end (list);
  return without_locks && command == F_OFD_SETLK ? 0 : (int) syscall (SYS_fcntl64, fd, command, argument);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->target = g_build_filename (fixture->folder, "target", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->target);
  fixture_remove (fixture->folder);
}

static void
put (const char *path, const char *text)
{
  GError *error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
assert_text (const char *path, const char *text)
{
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static TitheOutput *
begin_well (Fixture *fixture, gboolean overwrite)
{
  GError *error = NULL;
  TitheOutput *output = tithe_output_begin (fixture->target, NULL, overwrite, &error);

  g_assert_no_error (error);
  return output;
}

static void
test_target_stays_until_it_is_finished (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = NULL;

  put (fixture->target, "old");
  output = begin_well (fixture, TRUE);
  put (tithe_output_get_temporary (output), "new");
  assert_text (fixture->target, "old");
  g_assert_true (tithe_output_finish (output, NULL));
  assert_text (fixture->target, "new");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_given_up_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  TitheOutput *output = begin_well (fixture, FALSE);

  put (tithe_output_get_temporary (output), "new");
  tithe_output_free (output);
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
test_what_came_meanwhile_is_not_replaced_unasked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = begin_well (fixture, FALSE);
  GError *error = NULL;

  put (tithe_output_get_temporary (output), "new");
  put (fixture->target, "somebody's");
  g_assert_false (tithe_output_finish (output, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "meanwhile");
  assert_text (fixture->target, "somebody's");
}

static void
test_files_are_whole_where_no_folder_can_be (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = NULL, given_up = NULL, folder = NULL;
  GError *error = NULL;

  without_folders = TRUE;
  folder = tithe_output_begin_folder (fixture->target, MARKER, NULL, FALSE, &error);
  output = begin_well (fixture, FALSE);
  given_up = begin_well (fixture, FALSE);
  without_folders = FALSE;
  g_assert_null (folder);
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, g_strerror (EPERM));
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
  g_assert_true (tithe_output_put (output, "new", 3, NULL));
  g_assert_true (tithe_output_put (given_up, "half", 4, NULL));
  g_assert_false (g_file_test (fixture->target, G_FILE_TEST_EXISTS));
  g_assert_true (tithe_output_finish (output, NULL));
  assert_text (fixture->target, "new");
  g_clear_pointer (&given_up, tithe_output_free);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_folders_are_replaced_only_with_the_marker (Fixture *fixture, gconstpointer data)
{
  g_autofree char *foreign = fixture_write (fixture->target, "thesis.txt", "years", -1), *first = NULL, *second = NULL;
  g_autofree char *marker = NULL;
  g_autoptr (TitheOutput) output = NULL;
  GError *error = NULL;

  g_assert_null (tithe_output_begin_folder (fixture->target, MARKER, NULL, TRUE, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_FOREIGN, "not exported by Tithe");
  marker = fixture_write (fixture->target, MARKER, "{}", -1);
  g_assert_null (tithe_output_begin_folder (fixture->target, MARKER, NULL, FALSE, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "there already");
  output = tithe_output_begin_folder (fixture->target, MARKER, NULL, TRUE, &error);
  g_assert_no_error (error);
  first = fixture_write (tithe_output_get_temporary (output), "a", "1", -1);
  g_assert_true (tithe_output_finish (output, &error));
  second = g_build_filename (fixture->target, "a", NULL);
  assert_text (second, "1");
  g_assert_false (g_file_test (foreign, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_folder_takes_the_place_of_a_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = NULL;
  g_autofree char *first = NULL;

  put (fixture->target, "old");
  output = tithe_output_begin_folder (fixture->target, MARKER, NULL, TRUE, NULL);
  first = fixture_write (tithe_output_get_temporary (output), "a", "1", -1);
  g_assert_true (tithe_output_finish (output, NULL));
  g_assert_true (g_file_test (fixture->target, G_FILE_TEST_IS_DIR));
}

static void
test_files_are_no_folders (Fixture *fixture, gconstpointer data)
{
  const char *names[] = { "target", "target/", "target/.", "." };
  GError *error = NULL;

  g_mkdir (fixture->target, 0777);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat (fixture->folder, "/", names[i], NULL);

      g_assert_false (tithe_output_check (path, NULL, TRUE, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_FOREIGN, "it is a folder");
    }
}

/* A rename would put a file where the whole machine expects a device. */
static void
test_devices_and_pipes_are_not_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pipe = g_build_filename (fixture->folder, "pipe", NULL);
  g_autofree char *null = g_build_filename (fixture->folder, "null", NULL);
  const char *paths[] = { pipe, null };
  GError *error = NULL;

  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (symlink ("/dev/null", null), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_false (tithe_output_check (paths[i], NULL, TRUE, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_FOREIGN, "device or a pipe");
    }
}

static void
test_places_where_nothing_can_be (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = fixture_write (fixture->folder, "file", "1", -1), *name = g_strnfill (300, 'x');
  g_autofree char *below = g_build_filename (file, "new", NULL),
                  *longest = g_build_filename (fixture->folder, name, NULL);
  const char *paths[] = { "/no/where/new", below, longest, "/proc/new" };
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_assert_false (tithe_output_check (paths[i], NULL, TRUE, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, paths[i]);
    }
  g_assert_true (tithe_output_check ("-", NULL, FALSE, NULL));
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_whole_files_replace (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  put (fixture->target, "old");
  g_assert_true (tithe_output_write (fixture->target, "new", 3, &error));
  assert_text (fixture->target, "new");
  g_assert_false (tithe_output_write ("/no/where/new", "new", 3, &error));
  g_assert_cmpstr (error->message, ==, "cannot write “/no/where/new”: No such file or directory"); /* the name once */
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, "/no/where/new");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

static void
test_no_room_is_told_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = begin_well (fixture, FALSE);
  GError *error = NULL;

  g_assert_true (tithe_output_check_room (output, 1, 1, &error));
  g_assert_false (tithe_output_check_room (output, G_MAXUINT64 / 4, 1, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_SPACE, "left");
}

/* Who can make room can go on; nothing else is told so. */
static void
test_a_full_disk_and_a_used_up_quota_are_the_same (void)
{
  g_assert_cmpint (tithe_output_classify (ENOSPC), ==, TITHE_OUTPUT_ERROR_SPACE);
  g_assert_cmpint (tithe_output_classify (EDQUOT), ==, TITHE_OUTPUT_ERROR_SPACE);
  g_assert_cmpint (tithe_output_classify (EIO), ==, TITHE_OUTPUT_ERROR_WRITE);
  g_assert_cmpint (tithe_output_classify (EFBIG), ==, TITHE_OUTPUT_ERROR_WRITE);
}

/* What wrote under the temporary name says the name that a person knows. */
static void
test_errors_name_the_target (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = begin_well (fixture, FALSE);
  GError *local = NULL;
  g_autoptr (GError) error = NULL;

  tithe_output_fail_at (&local, tithe_output_get_temporary (output), ENOSPC);
  g_assert_false (tithe_output_propagate (output, local, &error));
  g_assert_null (strstr (error->message, ".part"));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_SPACE, fixture->target);
}

/* A folder that took the place of what might be replaced stays, whoever made it. */
static void
test_folder_that_came_meanwhile_is_not_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = tithe_output_begin_folder (fixture->target, MARKER, NULL, TRUE, NULL);
  g_autofree char *first = fixture_write (tithe_output_get_temporary (output), "a", "1", -1);
  g_autofree char *foreign = fixture_write (fixture->target, "thesis.txt", "years", -1);
  GError *error = NULL;

  g_assert_false (tithe_output_finish (output, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "meanwhile");
  assert_text (foreign, "years");
}

static void
test_what_was_not_written_is_not_finished (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheOutput) output = begin_well (fixture, FALSE);
  GError *error = NULL;

  g_assert_false (tithe_output_finish (output, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, fixture->target);
}

/* --- what is protected --- */

static gboolean
knows_target (const char *target, gpointer user_data)
{
  return g_str_has_suffix (target, user_data);
}

static void
test_protected_by_any_name (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path, *why; /* NULL where it may be written */
  } cases[] = {
    { "safe/x", NULL },        { "safe/none", NULL },        { "root/new", "root" },    { "root", "root" },
    { "alias/new", "root" },   { "root/deep/new", "root" },  { "root2", NULL },         { "safe/into", "root" },
    { "single/kept", "kept" }, { "safe/hard", "kept" },      { "safe/soft", "kept" },   { "single", "kept" },
    { "safe/mine", "owner" },  { "safe/absent-mine", NULL }, { "safe/dangling", NULL }, { ".", "root" },
  };
  g_autoptr (TitheProtected) protected = tithe_protected_new ();
  g_autofree char *root = g_build_filename (fixture->folder, "root", NULL);
  g_autofree char *kept = fixture_write (fixture->folder, "single/kept", "1", -1);

  g_free (fixture_write (fixture->folder, "root/deep/a", "1", -1));
  g_free (fixture_write (fixture->folder, "root2/a", "1", -1));
  g_free (fixture_write (fixture->folder, "safe/x", "1", -1));
  g_free (fixture_write (fixture->folder, "safe/mine", "1", -1));
  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  g_assert_cmpint (symlink ("root", "alias"), ==, 0);
  g_assert_cmpint (symlink ("../root/deep/a", "safe/into"), ==, 0);
  g_assert_cmpint (symlink ("../single/kept", "safe/soft"), ==, 0);
  g_assert_cmpint (symlink ("nowhere", "safe/dangling"), ==, 0);
  g_assert_cmpint (link ("single/kept", "safe/hard"), ==, 0);
  tithe_protected_add_folder (protected, root, "root");
  tithe_protected_add_file (protected, kept, "kept");
  tithe_protected_add_file (protected, NULL, "none");
  tithe_protected_add_owner (protected, knows_target, (gpointer) "mine", NULL, "owner");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, cases[i].path, NULL);

      if (g_strcmp0 (tithe_protected_find (protected, path), cases[i].why) != 0)
        g_error ("%s: %s", cases[i].path, tithe_protected_find (protected, path));
    }
  g_chdir ("/");
}

/* --- what was left --- */

/* A program elsewhere, with process numbers of its own, is known by its lock alone. */
static GPid
start_foreign_work (const char *part)
{
  g_autofree char *path = g_build_filename (part, "lock", NULL);
  int ends[2];
  GPid pid;
  char byte = 1;

  g_assert_cmpint (pipe (ends), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
      int fd = open (path, O_RDWR);

      if (fcntl (fd, F_OFD_SETLK, &lock) == 0 && write (ends[1], &byte, 1) == 1)
        pause ();
      _exit (1);
    }
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 1);
  close (ends[0]);
  close (ends[1]);
  return pid;
}

static void
test_leftovers_go_and_live_parts_stay (Fixture *fixture, gconstpointer data)
{
  g_autofree char *part = g_build_filename (fixture->folder, ".tithe-0a1b2c.part", NULL);
  g_autofree char *without = g_build_filename (fixture->folder, ".tithe-000000.part", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, ".tithe-000001.part", NULL), *kept = NULL;
  int status;
  GPid pid;

  g_free (fixture_write (part, "new/0000.png", "1", -1));
  g_free (fixture_write (part, "lock", "another machine's start", -1));
  g_mkdir (without, 0700);
  kept = fixture_write (other, "no-lock", "1", -1);
  pid = start_foreign_work (part);
  tithe_output_free (begin_well (fixture, FALSE));
  g_assert_true (g_file_test (part, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (without, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  kill (pid, SIGKILL);
  waitpid (pid, &status, 0);
  tithe_output_free (begin_well (fixture, FALSE));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

static void
test_parts_stay_where_locks_keep_nobody_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TithePart) live = NULL;

  without_locks = TRUE;
  live = tithe_part_new (fixture->folder);
  tithe_output_free (begin_well (fixture, FALSE));
  without_locks = FALSE;
  g_assert_true (g_file_test (tithe_part_get_path (live), G_FILE_TEST_EXISTS));
}

static void
test_parts_of_one_program_leave_each_other_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TithePart) first = tithe_part_new (fixture->folder), second = NULL;
  g_autofree char *file = fixture_write (tithe_part_get_path (first), "new", "1", -1);

  tithe_part_remove_leftovers (fixture->folder);
  second = tithe_part_new (fixture->folder);
  tithe_part_remove_leftovers (fixture->folder);
  g_assert_cmpstr (tithe_part_get_path (first), !=, tithe_part_get_path (second));
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
}

#define ADD(path, function) g_test_add ("/output/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("target-stays-until-it-is-finished", test_target_stays_until_it_is_finished);
  ADD ("given-up-leaves-nothing", test_given_up_leaves_nothing);
  ADD ("what-came-meanwhile-is-not-replaced-unasked", test_what_came_meanwhile_is_not_replaced_unasked);
  ADD ("files-are-whole-where-no-folder-can-be", test_files_are_whole_where_no_folder_can_be);
  ADD ("folders-are-replaced-only-with-the-marker", test_folders_are_replaced_only_with_the_marker);
  ADD ("folder-takes-the-place-of-a-file", test_folder_takes_the_place_of_a_file);
  ADD ("files-are-no-folders", test_files_are_no_folders);
  ADD ("devices-and-pipes-are-not-replaced", test_devices_and_pipes_are_not_replaced);
  ADD ("places-where-nothing-can-be", test_places_where_nothing_can_be);
  ADD ("whole-files-replace", test_whole_files_replace);
  ADD ("no-room-is-told-before", test_no_room_is_told_before);
  ADD ("errors-name-the-target", test_errors_name_the_target);
  ADD ("folder-that-came-meanwhile-is-not-replaced", test_folder_that_came_meanwhile_is_not_replaced);
  ADD ("what-was-not-written-is-not-finished", test_what_was_not_written_is_not_finished);
  ADD ("protected-by-any-name", test_protected_by_any_name);
  ADD ("leftovers-go-and-live-parts-stay", test_leftovers_go_and_live_parts_stay);
  ADD ("parts-stay-where-locks-keep-nobody-out", test_parts_stay_where_locks_keep_nobody_out);
  ADD ("parts-of-one-program-leave-each-other-alone", test_parts_of_one_program_leave_each_other_alone);
  g_test_add_func ("/output/space", test_a_full_disk_and_a_used_up_quota_are_the_same);
  return g_test_run ();
}
