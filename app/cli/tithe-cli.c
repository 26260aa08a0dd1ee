/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "base/tithe-language.h"
#include "io/tithe-matrix.h"
#include "session/tithe-session.h"

static void
print_overview (void)
{
  g_print (_("Tithe finds the redundant groups of an image-classification dataset.\n\nUsage:\n"));
  for (const TitheCliCommand *command = tithe_cli_commands; command->name != NULL; command++)
    g_print ("  tithe-cli %s %s\n      %s\n", command->name, command->arguments, _ (command->summary));
  g_print (_("\n“tithe-cli COMMAND --help” tells the options of each. --version prints the version.\n"));
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
    if (g_error_matches (error, hints[i].domain, hints[i].code)
        && tithe_cli_option_find (command->options, hints[i].option) != NULL)
      return hints[i].text;
  return NULL;
}

/* Whether another rank says it: the one that failed, or rank 0 where all of them find the same. */
static gboolean
is_said_elsewhere (const GError *error)
{
  guint rank;

  tithe_team_get_started (&rank);
  if (error->domain == TITHE_TEAM_ERROR)
    return error->code == TITHE_TEAM_ERROR_ELSEWHERE || (rank > 0 && error->code != TITHE_TEAM_ERROR_DIFFERENT);
  return rank > 0 && (error->domain == G_OPTION_ERROR || error->domain == TITHE_CLI_USAGE);
}

/* Every rank would do what the others do, and write where they write. */
static gboolean
check_alone (const TitheCliCommand *command, GError **error)
{
  if (command->run == tithe_cli_cluster || tithe_team_get_started (NULL) == 1)
    return TRUE;
  g_set_error (error, TITHE_TEAM_ERROR, TITHE_TEAM_ERROR_ALONE,
               _("“%s” is not shared out among processes: start it without mpirun"), command->name);
  return FALSE;
}

static void
print_error (const TitheCliCommand *command, const GError *error)
{
  const char *hint = find_hint (command, error);

  if (is_said_elsewhere (error))
    return;
  if (hint != NULL)
    g_printerr ("tithe-cli: %s; %s\n", error->message, hint);
  else
    g_printerr ("tithe-cli: %s\n", error->message);
}

/* Whether the answer is for a program, which is to find the same words whatever the person's language is. */
static gboolean
is_for_program (const TitheCliCommand *command)
{
  const TitheCliOption *json = tithe_cli_option_find (command->options, "json");

  return json != NULL && *(const gboolean *) json->target;
}

/* @texts: (element-type utf8): keeps what the context refers to */
static GOptionContext *
make_options (const TitheCliCommand *command, GPtrArray *texts)
{
  GOptionContext *options = g_option_context_new (command->arguments);
  GOptionGroup *group = g_option_group_new (command->name, NULL, NULL, (gpointer) command->options, NULL);

  g_option_context_set_summary (options, _ (command->summary));
  g_option_context_set_translation_domain (options, GETTEXT_PACKAGE);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  tithe_cli_options_add (command->options, group, texts);
  tithe_cli_options_add (tithe_cli_shared_options, group, texts);
  g_option_context_set_main_group (options, group);
  return options;
}

/* @given: the command's name, and what follows it; NULL-terminated */
static int
run_command (const TitheCliCommand *command, char **given)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GOptionContext) options = make_options (command, texts);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) positional = NULL;
  g_auto (GStrv) arguments = g_strdupv (given);

  g_set_prgname (command->name);
  if (!g_option_context_parse_strv (options, &arguments, &error))
    {
      print_error (command, error);
      return 2;
    }
  if (g_strv_length (arguments) != 2)
    {
      g_printerr (_("tithe-cli: usage: tithe-cli %s %s\n"), command->name, command->arguments);
      return 2;
    }
  if (is_for_program (command))
    tithe_language_leave ();
  tithe_cli_context.positional = positional = g_ptr_array_new ();
  g_ptr_array_add (positional, arguments[1]);
  if (!check_alone (command, &error) || !command->run (&tithe_cli_context, &error))
    print_error (command, error);
  g_clear_pointer (&tithe_cli_context.team, tithe_team_leave);
  if (error == NULL)
    return 0;
  if (tithe_cli_was_interrupted ())
    return 130;
  return g_error_matches (error, TITHE_CLI_USAGE, 0) ? 2 : 1;
}

int
main (int argc, char **argv)
{
  tithe_language_begin (TRUE);

  tithe_cli_catch_signals ();

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
