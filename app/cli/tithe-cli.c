/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "io/tithe-matrix.h"
#include "io/tithe-output.h"
#include "session/tithe-session.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (tithe-cli-usage-quark, tithe_cli_usage)

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

static void
catch_signals (void)
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

/* Begins work that Ctrl+C can end, with a progress line where one is wanted. */
TitheJob *
tithe_cli_start_job (TitheCliContext *context, const char *title)
{
  TitheJob *job = tithe_job_new (title);

  g_mutex_lock (&current.mutex);
  current.job = job;
  current.stop = FALSE;
  g_mutex_unlock (&current.mutex);
  if (context->progress || isatty (STDERR_FILENO))
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

static void
print_overview (void)
{
  g_print (_("Tithe finds the redundant images of an image-classification dataset.\n\nUsage:\n"));
  for (const TitheCliCommand *command = tithe_cli_commands; command->name != NULL; command++)
    g_print ("  tithe-cli %s %s\n      %s\n", command->name, command->arguments, _ (command->summary));
  g_print (_("\n“tithe-cli COMMAND --help” tells the options of each. --version prints the version.\n"));
}

static gboolean
has_option (const TitheCliCommand *command, const char *name)
{
  for (const GOptionEntry *option = command->options; option->long_name != NULL; option++)
    if (g_str_equal (option->long_name, name))
      return TRUE;
  return FALSE;
}

/* What the command line adds to errors of those below, which know nothing of options: where the command has that option. */
static const char *
find_hint (const TitheCliCommand *command, const GError *error)
{
  const struct
  {
    GQuark domain;
    int code;
    const char *option, *text;
  } hints[] = {
    { TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "overwrite", _("take another name, or --overwrite") },
    { TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, "array", _("name one with --array NAME") },
    { TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_EMBEDDING, "embeddings",
      _("say where it is now with --embeddings FILE") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    if (g_error_matches (error, hints[i].domain, hints[i].code) && has_option (command, hints[i].option))
      return hints[i].text;
  return NULL;
}

static void
print_error (const TitheCliCommand *command, const GError *error)
{
  const char *hint = find_hint (command, error);

  if (hint != NULL)
    g_printerr ("tithe-cli: %s; %s\n", error->message, hint);
  else
    g_printerr ("tithe-cli: %s\n", error->message);
}

/* @given: the command's name, and what follows it; NULL-terminated */
static int
run_command (const TitheCliCommand *command, char **given)
{
  TitheCliContext context = { 0 };
  const GOptionEntry shared[] = { { "progress", 0, 0, G_OPTION_ARG_NONE, &context.progress,
                                    N_("Show progress even where standard error is no terminal"), NULL },
                                  G_OPTION_ENTRY_NULL };
  g_autoptr (GOptionContext) options = g_option_context_new (command->arguments);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = g_strdupv (given);
  GOptionGroup *group;
  gboolean ok;

  g_option_context_set_summary (options, _ (command->summary));
  g_option_context_set_translation_domain (options, GETTEXT_PACKAGE);
  group = g_option_group_new (command->name, NULL, NULL, (gpointer) command, NULL);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, command->options);
  g_option_group_add_entries (group, shared);
  g_option_context_set_main_group (options, group);
  g_set_prgname (command->name);
  ok = g_option_context_parse_strv (options, &arguments, &error);
  if (!ok)
    {
      g_printerr ("tithe-cli: %s\n", error->message);
      return 2;
    }
  context.positional = g_ptr_array_new ();
  for (guint i = 1; arguments[i] != NULL; i++)
    g_ptr_array_add (context.positional, arguments[i]);
  if (context.positional->len != command->n_positional)
    {
      g_printerr (_("tithe-cli: usage: tithe-cli %s %s\n"), command->name, command->arguments);
      g_ptr_array_unref (context.positional);
      return 2;
    }
  ok = command->run (&context, &error);
  g_ptr_array_unref (context.positional);
  if (ok)
    return 0;
  print_error (command, error);
  if (g_atomic_int_get (&current.interrupted))
    return 130;
  return g_error_matches (error, TITHE_CLI_USAGE, 0) ? 2 : 1;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  catch_signals ();

  if (argc >= 2 && g_str_equal (argv[1], "--version"))
    {
      g_print ("tithe " TITHE_VERSION "\n");
      return 0;
    }
  if (argc >= 2 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help")))
    {
      print_overview ();
      return 0;
    }
  for (const TitheCliCommand *command = tithe_cli_commands; argc >= 2 && command->name != NULL; command++)
    if (g_str_equal (argv[1], command->name))
      return run_command (command, argv + 1);
  if (argc >= 2)
    g_printerr (_("tithe-cli: there is no command “%s”; “tithe-cli --help” lists them\n"), argv[1]);
  else
    g_printerr (_("tithe-cli: which command? “tithe-cli --help” lists them\n"));
  return 2;
}
