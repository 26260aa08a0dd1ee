/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include <gio/gio.h>
#include <signal.h>
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
  g_auto (GStrv) argv = NULL;
  g_autofree char *line = g_strconcat (g_getenv ("TITHE_CLI"), " ", words, NULL);
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  argv = g_strsplit (line, " ", -1);
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

/* Runs the program until it says that it is at a stage, and presses Ctrl+C then: it ends, and not well. */
void
cli_assert_interrupted (Fixture *fixture, const char *words, const char *stage)
{
  g_autofree char *line = g_strconcat (g_getenv ("TITHE_CLI"), " ", words, " --progress", NULL);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
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
  g_assert_cmpint (g_subprocess_get_exit_status (process), !=, 0);
}
