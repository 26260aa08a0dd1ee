/* SPDX-License-Identifier: MIT */
#include "tithe-reference.h"

static const char head[] = "# SPDX-License-Identifier: MIT\n"
                           "# Completion of tithe-cli for fish, made from the program's table of options.\n"
                           "\n"
                           "complete -c tithe-cli -f\n";

static const char choice[] = "\n"
                             "# Whether the command is $argv; without arguments, whether there is none yet.\n"
                             "function __tithe_cli_command\n"
                             "    set -l words (commandline -opc)\n"
                             "    test \"$words[2]\" = \"$argv\"\n"
                             "end\n"
                             "\n"
                             "complete -c tithe-cli -n __tithe_cli_command -s h -l help -d 'Show the commands'\n"
                             "complete -c tithe-cli -n __tithe_cli_command -l version -d 'Print the version'\n";

/* A line about the command, or of a program that has none. */
static void
begin_line (GString *out, const TitheCliCommand *command)
{
  g_string_append (out, "complete -c tithe-cli");
  if (*command->name)
    g_string_append_printf (out, " -n '__tithe_cli_command %s'", command->name);
}

static void
append_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '\'');
  tithe_reference_append_escaped (out, text, "'\\", "\\");
  g_string_append_c (out, '\'');
}

static void
append_word (const TitheWord *word, gboolean usual, gpointer user_data)
{
  g_autoptr (GString) pair = g_string_new (word->text);

  g_string_append (pair, "\\t");
  append_quoted (pair, word->what);
  g_string_append_printf (user_data, "%s ", pair->str);
}

/* fish lists the files with the ending first. */
static void
append_endings (GString *out, const char *files)
{
  g_auto (GStrv) endings = g_strsplit (files, " ", -1);

  g_string_append (out, " -r -F -k -a '(");
  for (guint i = g_strv_length (endings); i-- > 0;)
    g_string_append_printf (out, "__fish_complete_suffix .%s%s", endings[i], i > 0 ? "; " : ")'");
}

static void
append_files (GString *out, const char *files)
{
  if (g_str_equal (files, TITHE_CLI_FOLDER))
    g_string_append (out, " -x -a '(__fish_complete_directories (commandline -ct) \"\")'");
  else if (*files == '\0')
    g_string_append (out, " -r -F");
  else
    append_endings (out, files);
}

static void
append_option (GString *out, const TitheCliCommand *command, const TitheCliOption *option)
{
  begin_line (out, command);
  g_string_append_printf (out, " -l %s", option->name);
  if (option->letter != '\0')
    g_string_append_printf (out, " -s %c", option->letter);
  g_string_append (out, " -d ");
  append_quoted (out, option->what);
  if (option->kind == TITHE_CLI_WORD)
    {
      g_autoptr (GString) words = g_string_new (NULL);

      tithe_cli_word_foreach (option->target, append_word, words);
      g_string_append (out, " -x -k -a ");
      append_quoted (out, words->str);
    }
  else if (option->files != NULL)
    append_files (out, option->files);
  else if (option->kind != TITHE_CLI_SWITCH)
    g_string_append (out, " -x");
  g_string_append_c (out, '\n');
}

static void
append_command (GString *out, const TitheReferenceProgram *program, const TitheCliCommand *command)
{
  if (*command->name)
    {
      g_string_append_printf (out, "\ncomplete -c tithe-cli -n __tithe_cli_command -a %s -d ", command->name);
      append_quoted (out, command->summary);
      g_string_append_c (out, '\n');
    }
  begin_line (out, command);
  append_files (out, command->files);
  g_string_append_c (out, '\n');
  begin_line (out, command);
  g_string_append (out, " -s h -l help -d 'Show the options'\n");
  for (const TitheCliOption *option = command->options; option->name != NULL; option++)
    append_option (out, command, option);
  for (const TitheCliOption *option = program->shared; option->name != NULL; option++)
    append_option (out, command, option);
}

/* Returns: (transfer full): what fish reads */
char *
tithe_reference_to_fish (const TitheReferenceProgram *program)
{
  g_autoptr (GString) out = g_string_new (head);

  if (*program->commands->name)
    g_string_append (out, choice);
  for (const TitheCliCommand *command = program->commands; command->name != NULL; command++)
    append_command (out, program, command);
  return tithe_reference_dup_for (program, out->str);
}
