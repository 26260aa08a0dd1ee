/* SPDX-License-Identifier: MIT */
#include "tithe-reference.h"

/* Within single quotes, and of what _arguments gives a meaning to. */
static void
append_text (GString *out, const char *text, const char *special)
{
  g_auto (GStrv) parts = g_strsplit (text, "'", -1);
  g_autofree char *quoted = g_strjoinv ("’", parts);

  tithe_reference_append_escaped (out, quoted, special, "\\");
}

static void
append_files (GString *out, const char *files)
{
  g_auto (GStrv) endings = g_strsplit (files, " ", -1);
  g_autofree char *pattern = g_strjoinv ("|", endings);

  if (g_str_equal (files, TITHE_CLI_FOLDER))
    g_string_append (out, "_files -/");
  else if (*files == '\0')
    g_string_append (out, "_files");
  else
    g_string_append_printf (out, "_files -g \"(#i)*.(%s)(-.)\"", pattern);
}

static void
append_word (const TitheWord *word, gboolean usual, gpointer user_data)
{
  GString *out = user_data;

  g_string_append_printf (out, "%s\\:\"", word->text);
  append_text (out, word->what, ":\"\\");
  g_string_append (out, usual ? " (default)\" " : "\" ");
}

/* Where a build has none of the words, others are taken all the same. */
static void
append_words (GString *out, const TitheCliWord *word)
{
  g_autoptr (GString) words = g_string_new (NULL);

  tithe_cli_word_foreach (word, append_word, words);
  g_string_append_printf (out, words->len > 0 ? "((%s))" : " ", words->str);
}

/* “:what it is:how it is completed” */
static void
append_value (GString *out, const TitheCliOption *option)
{
  g_autofree char *range = option->kind == TITHE_CLI_NUMBER ? tithe_reference_dup_range (option->target) : NULL;
  const TitheCliWord *word = option->kind == TITHE_CLI_WORD ? option->target : NULL;

  if (option->kind == TITHE_CLI_SWITCH)
    return;
  g_string_append_c (out, ':');
  append_text (out, range ? range : word && word->others ? word->others : option->unit, ":\\");
  g_string_append_c (out, ':');
  if (word != NULL)
    append_words (out, word);
  else if (option->files != NULL)
    append_files (out, option->files);
  else
    g_string_append_c (out, ' ');
}

static void
append_option (GString *out, const TitheCliOption *option)
{
  const gboolean again = option->kind == TITHE_CLI_TEXTS || option->kind == TITHE_CLI_CLASSES;
  const char *sign = option->kind == TITHE_CLI_SWITCH ? "" : "=";

  g_string_append (out, "        ");
  if (again)
    g_string_append (out, "'*'");
  else if (option->letter != '\0')
    g_string_append_printf (out, "'(-%c --%s)'", option->letter, option->name);
  if (option->letter != '\0')
    g_string_append_printf (out, "{-%c,--%s%s}'[", option->letter, option->name, sign);
  else
    g_string_append_printf (out, "'--%s%s[", option->name, sign);
  append_text (out, option->what, "[]\\");
  g_string_append_c (out, ']');
  append_value (out, option);
  g_string_append (out, "' \\\n");
}

static void
append_options (GString *out, const TitheCliOption *option)
{
  for (; option->name != NULL; option++)
    append_option (out, option);
}

/* What a command takes, or a program without one. */
static void
append_arguments (GString *out, const TitheReferenceProgram *program, const TitheCliCommand *command)
{
  g_string_append (out, "_arguments \\\n");
  append_options (out, command->options);
  append_options (out, program->shared);
  g_string_append_printf (
      out, "        '(- *)'{-h,--help}'[Show the options]' \\\n        '%s:", *command->name ? "1" : "*");
  append_text (out, command->arguments, ":\\");
  g_string_append_c (out, ':');
  append_files (out, command->files);
  g_string_append (out, "' && ret=0");
}

static void
append_commands (GString *out, const TitheReferenceProgram *program)
{
  g_string_append (out, "  local curcontext=$curcontext state\n"
                        "  local -a line commands\n"
                        "  typeset -A opt_args\n"
                        "  commands=(\n");
  for (const TitheCliCommand *command = program->commands; command->name != NULL; command++)
    {
      g_string_append_printf (out, "    '%s:", command->name);
      append_text (out, command->summary, "\\");
      g_string_append (out, "'\n");
    }
  g_string_append (out,
                   "  )\n"
                   "  _arguments -C '(- *)'{-h,--help}'[Show the commands]' '(- *)--version[Print the version]' \\\n"
                   "    '1:command:->command' '*::argument:->argument' && ret=0\n"
                   "  case $state in\n"
                   "    command) _describe -t commands command commands && ret=0 ;;\n"
                   "    argument)\n"
                   "      curcontext=${curcontext%:*}-$words[1]:\n"
                   "      case $words[1] in\n");
  for (const TitheCliCommand *command = program->commands; command->name != NULL; command++)
    {
      g_string_append_printf (out, "      %s) ", command->name);
      append_arguments (out, program, command);
      g_string_append (out, " ;;\n");
    }
  g_string_append (out, "      esac ;;\n  esac\n");
}

/* Returns: (transfer full): what zsh reads */
char *
tithe_reference_to_zsh (const TitheReferenceProgram *program)
{
  g_autoptr (GString) out
      = g_string_new ("#compdef tithe-cli\n# SPDX-License-Identifier: MIT\n"
                      "# Completion of tithe-cli for zsh, made from the program's table of options.\n\n"
                      "_tithe_cli () {\n"
                      "  local ret=1\n");

  if (*program->commands->name)
    append_commands (out, program);
  else
    {
      g_string_append (out, "  ");
      append_arguments (out, program, program->commands);
      g_string_append_c (out, '\n');
    }
  g_string_append (out, "  return ret\n}\n\n_tithe_cli \"$@\"\n");
  return tithe_reference_dup_for (program, out->str);
}
