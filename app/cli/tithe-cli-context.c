/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

G_DEFINE_QUARK (tithe-cli-usage-quark, tithe_cli_usage)

TitheCliContext tithe_cli_context;

const TitheCliOption tithe_cli_shared_options[]
    = { { "progress", 0, TITHE_CLI_SWITCH, &tithe_cli_context.progress,
          N_("Show progress even where standard error is no terminal"), NULL, NULL },
        TITHE_CLI_NO_OPTION };

/* Sets an error of wrong usage, which ends the program with 2; returns %FALSE. */
gboolean
tithe_cli_usage (GError **error, const char *message)
{
  g_set_error_literal (error, TITHE_CLI_USAGE, 0, message);
  return FALSE;
}

/* Whether an option was given, else an error of wrong usage. */
gboolean
tithe_cli_require (const char *value, const char *name, GError **error)
{
  if (value != NULL)
    return TRUE;
  g_set_error (error, TITHE_CLI_USAGE, 0, _("%s is missing"), name);
  return FALSE;
}

/**
 * tithe_cli_check_file:
 *
 * As tithe_output_check() of a command that does not write to standard output, to be asked before its work.
 */
gboolean
tithe_cli_check_file (const char *path, const TitheProtected *protected, gboolean overwrite, GError **error)
{
  if (g_str_equal (path, "-"))
    return tithe_cli_usage (error, _("this command writes a file: give it a name other than -"));
  return tithe_output_check (path, protected, overwrite, error);
}

/* Prints an object that was begun with tithe_json_begin(), and ends it. */
void
tithe_cli_print_json (JsonBuilder *builder)
{
  g_autofree char *text = tithe_json_end (builder, TRUE);

  g_print ("%s\n", text);
}

/* The job that Ctrl+C cancels and the progress line shows. */
static struct
{
  GMutex mutex;
  GCond ended;
  TitheJob *job;
  GThread *painter;
  gboolean stop;
  volatile int interrupted;
} current;

/* OpenBLAS starts its threads before main, so that signals can't be blocked in all of them: a handler passes them on. */
static int signal_pipe[2];

static void
on_signal (int number)
{
  char byte = (char) number;
  gssize written = write (signal_pipe[1], &byte, 1);

  (void) written;
}

static gpointer
watch_signals (gpointer data)
{
  char byte;

  while (read (signal_pipe[0], &byte, 1) == 1 || errno == EINTR)
    {
      g_mutex_lock (&current.mutex);
      if (current.job == NULL)
        _exit (130);
      g_atomic_int_set (&current.interrupted, 1);
      tithe_job_cancel (current.job);
      g_mutex_unlock (&current.mutex);
    }
  return NULL;
}

/* Lets Ctrl+C end the job that goes on, and the program where there is none. */
void
tithe_cli_catch_signals (void)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

  if (!g_unix_open_pipe (signal_pipe, FD_CLOEXEC, NULL))
    return;
  sigemptyset (&action.sa_mask);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  g_thread_unref (g_thread_new ("signals", watch_signals, NULL));
}

static void
paint (TitheJob *job)
{
  g_autofree char *stage = tithe_job_dup_stage (job), *left = tithe_job_dup_left (job);
  double fraction = tithe_job_get_fraction (job);
  char bar[31];
  int filled = (int) (MAX (fraction, 0.0) * 30);

  for (int i = 0; i < 30; i++)
    bar[i] = i < filled ? '#' : '.';
  bar[30] = '\0';
  if (fraction < 0)
    fprintf (stderr, "\r%s ...\033[K", stage);
  else
    fprintf (stderr, "\r%s [%s] %3.0f %%  %s\033[K", stage, bar, fraction * 100, left);
}

static gpointer
paint_progress (gpointer data)
{
  g_mutex_lock (&current.mutex);
  while (!current.stop)
    {
      paint (data);
      g_cond_wait_until (&current.ended, &current.mutex, g_get_monotonic_time () + 100 * G_TIME_SPAN_MILLISECOND);
    }
  g_mutex_unlock (&current.mutex);
  fputs ("\r\033[K", stderr);
  return NULL;
}

/* Begins work that Ctrl+C can end, with a progress line where one is wanted: one for all ranks. */
TitheJob *
tithe_cli_start_job (TitheCliContext *context, const char *title)
{
  TitheJob *job = tithe_job_new (title);
  guint rank;

  tithe_team_get_started (&rank);

  g_mutex_lock (&current.mutex);
  current.job = job;
  current.stop = FALSE;
  g_mutex_unlock (&current.mutex);
  if (rank == 0 && (context->progress || isatty (STDERR_FILENO)))
    current.painter = g_thread_new ("progress", paint_progress, job);
  return job;
}

/* Ends what tithe_cli_start_job() began, and takes the job. */
void
tithe_cli_finish_job (TitheJob *job)
{
  g_mutex_lock (&current.mutex);
  current.job = NULL;
  current.stop = TRUE;
  g_cond_broadcast (&current.ended);
  g_mutex_unlock (&current.mutex);
  g_clear_pointer (&current.painter, g_thread_join);
  tithe_job_unref (job);
}

/* Returns: whether Ctrl+C ended a job */
gboolean
tithe_cli_was_interrupted (void)
{
  return g_atomic_int_get (&current.interrupted);
}
