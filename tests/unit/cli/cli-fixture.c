/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

void
cli_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
}

void
cli_tear_down (Fixture *fixture, gconstpointer data)
{
  fixture_remove (fixture->folder);
}

/* Runs the program in the fixture's folder; the words are split at spaces. */
int
cli_run (Fixture *fixture, const char *words, char **output, char **errors)
{
  g_auto (GStrv) argv = fixture_command (g_getenv ("TITHE_CLI"), words);
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (fixture->folder, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  if (output != NULL)
    *output = g_steal_pointer (&out);
  if (errors != NULL)
    *errors = g_steal_pointer (&err);
  return WEXITSTATUS (status);
}

char *
cli_read (Fixture *fixture, const char *name, gsize *size)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents;

  g_file_get_contents (path, &contents, size, &error);
  g_assert_no_error (error);
  return contents;
}

void
cli_assert_runs (Fixture *fixture, const char *words)
{
  g_autofree char *errors = NULL;
  int status = cli_run (fixture, words, NULL, &errors);

  if (status != 0)
    g_error ("“%s” ended with %d: %s", words, status, errors);
}

void
cli_assert_fails (Fixture *fixture, const char *words, int expected, const char *part)
{
  g_autofree char *errors = NULL;
  int status = cli_run (fixture, words, NULL, &errors);

  if (status != expected || strstr (errors, part) == NULL || !g_str_has_prefix (errors, "tithe-cli: "))
    g_error ("“%s” ended with %d: %s", words, status, errors);
  /* One line explains it. */
  if (expected == 1)
    g_assert_true (strchr (errors, '\n') == errors + strlen (errors) - 1);
}

/* Runs the program until it says that it is at a stage, and presses Ctrl+C then. Returns how it ended. */
static int
interrupt (Fixture *fixture, const char *words, const char *stage)
{
  g_autofree char *line = g_strconcat (words, " --progress", NULL);
  g_auto (GStrv) argv = fixture_command (g_getenv ("TITHE_CLI"), line);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_cwd (launcher, fixture->folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  while (strstr (said->str, stage) == NULL)
    {
      char byte;

      g_assert_cmpint (g_input_stream_read (g_subprocess_get_stderr_pipe (process), &byte, 1, NULL, &error), ==, 1);
      g_string_append_c (said, byte);
    }
  g_subprocess_send_signal (process, SIGINT);
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process);
}

/* A command that is interrupted at a stage ends, not well, and leaves no output. One that was done before Ctrl+C reached it
 * is run again: one that does not listen is done every time. */
void
cli_assert_interrupted (Fixture *fixture, const char *words, const char *stage, const char *output)
{
  g_autofree char *path = g_build_filename (fixture->folder, output, NULL);
  int status = 0;

  for (guint i = 0; i < 20 && status == 0; i++)
    {
      g_unlink (path);
      status = interrupt (fixture, words, stage);
    }
  g_assert_cmpint (status, !=, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Runs the program until its output has a line that begins so, does something, and lets it go on. Its output waits in a pipe
 * of one page: a program that has more to say than that after the line has not ended before. Returns its errors. */
char *
cli_run_until (Fixture *fixture, const char *words, const char *line, void (*then) (Fixture *), int *status)
{
  g_auto (GStrv) argv = fixture_command (g_getenv ("TITHE_CLI"), words);
  g_autofree char *errors = NULL;
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  gsize after = 0;
  char *said = NULL;
  size_t room = 0;
  FILE *output;
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_assert_cmpint (fcntl (ends[1], F_SETPIPE_SZ, 4096), ==, 4096);
  g_subprocess_launcher_set_cwd (launcher, fixture->folder);
  g_subprocess_launcher_take_stdout_fd (launcher, ends[1]);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  g_clear_object (&launcher);
  output = fdopen (ends[0], "r");
  setvbuf (output, NULL, _IONBF, 0);
  do
    g_assert_cmpint (getline (&said, &room, output), >, 0);
  while (!g_str_has_prefix (said, line));
  then (fixture);
  for (gssize n; (n = getline (&said, &room, output)) > 0;)
    after += (gsize) n;
  g_assert_cmpuint (after, >, 2 * 4096); /* so that it did wait */
  free (said);
  fclose (output);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &errors, &error));
  *status = g_subprocess_get_exit_status (process);
  return g_steal_pointer (&errors);
}
