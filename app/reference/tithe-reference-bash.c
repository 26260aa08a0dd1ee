/* SPDX-License-Identifier: MIT */
#include "tithe-reference.h"

/* Needs nothing of bash-completion. “--name=value” comes as three words, or as one where = parts no words. */
static const char head[]
    = "# SPDX-License-Identifier: MIT\n"
      "# Completion of tithe-cli for bash, made from the program's table of options.\n"
      "\n"
      "_tithe_cli_words () {\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$cur\")\n"
      "}\n"
      "\n"
      "# Folders, and the files with one of the endings that are given; without any, all files.\n"
      "_tithe_cli_files () {\n"
      "  local ending\n"
      "  compopt -o filenames 2>/dev/null\n"
      "  case $cur in [\\\"\\']*) cur=${cur:1} ;; *) cur=${cur//\\\\/} ;; esac\n"
      "  mapfile -t COMPREPLY < <(\n"
      "    [ $# -eq 0 ] && compgen -f -- \"$cur\"\n"
      "    [ $# -gt 0 ] && compgen -d -- \"$cur\"\n"
      "    for ending; do\n"
      "      compgen -f -X \"!*.$ending\" -- \"$cur\"\n"
      "      compgen -f -X \"!*.${ending^^}\" -- \"$cur\"\n"
      "    done)\n"
      "}\n"
      "\n"
      "_tithe_cli_folders () {\n"
      "  _tithe_cli_files ' '\n"
      "}\n"
      "\n"
      "_tithe_cli () {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} option='' whole='' i\n"
      "  COMPREPLY=()\n"
      "  if [[ $cur == --*=* ]]; then\n"
      "    option=${cur%%=*} whole=${cur%%=*}= cur=${cur#*=}\n"
      "  elif [[ $cur == '=' ]]; then\n"
      "    option=$before cur=''\n"
      "  elif [[ $before == '=' ]]; then\n"
      "    option=${COMP_WORDS[COMP_CWORD - 2]}\n"
      "  elif [[ $before == -* ]]; then\n"
      "    option=$before\n"
      "  fi\n"
      "$dispatch"
      "  for i in \"${!COMPREPLY[@]}\"; do COMPREPLY[i]=$whole${COMPREPLY[i]}; done\n"
      "} && complete -F _tithe_cli tithe-cli\n";

static const char dispatch[] = "  if [[ $COMP_CWORD -eq 1 ]]; then\n"
                               "    _tithe_cli_words %s--help --version\n"
                               "  else\n"
                               "    _tithe_cli_of \"${COMP_WORDS[1]}\" \"$option\"\n"
                               "  fi\n";

static void
append_files (GString *out, const char *files)
{
  if (g_str_equal (files, TITHE_CLI_FOLDER))
    g_string_append (out, " _tithe_cli_folders");
  else
    g_string_append_printf (out, " _tithe_cli_files%s%s", *files ? " " : "", files);
}

static void
append_word (const TitheWord *word, gboolean usual, gpointer out)
{
  g_string_append_printf (out, " %s", word->text);
}

/* What comes after the option; of what nobody can guess, nothing. */
static void
append_value (GString *out, const TitheCliCommand *command, const TitheCliOption *option)
{
  g_string_append_printf (out, "    '%s --%s'", command->name, option->name);
  if (option->letter != '\0')
    g_string_append_printf (out, " | '%s -%c'", command->name, option->letter);
  g_string_append (out, ")");
  if (option->kind == TITHE_CLI_WORD)
    {
      g_string_append (out, " _tithe_cli_words");
      tithe_cli_word_foreach (option->target, append_word, out);
    }
  else if (option->files != NULL)
    append_files (out, option->files);
  g_string_append (out, " ;;\n");
}

static void
append_names (GString *out, const TitheCliOption *option)
{
  for (; option->name != NULL; option++)
    {
      g_string_append_printf (out, " --%s", option->name);
      if (option->letter != '\0')
        g_string_append_printf (out, " -%c", option->letter);
    }
}

/* What a command takes where no value of an option is asked for. */
static void
append_command (GString *out, const TitheReferenceProgram *program, const TitheCliCommand *command)
{
  g_string_append_printf (out, "    '%s '*)\n      case $cur in\n        -*) _tithe_cli_words --help -h",
                          command->name);
  append_names (out, command->options);
  append_names (out, program->shared);
  g_string_append (out, " ;;\n        *)");
  append_files (out, command->files);
  g_string_append (out, " ;;\n      esac ;;\n");
}

/* Returns: (transfer full): what bash reads */
char *
tithe_reference_to_bash (const TitheReferenceProgram *program)
{
  g_auto (GStrv) parts = g_strsplit (head, "$dispatch", 2);
  g_autoptr (GString) names = g_string_new (NULL), cases = g_string_new (NULL);
  g_autofree char *first = NULL, *text = NULL;

  for (const TitheCliCommand *command = program->commands; command->name != NULL; command++)
    {
      g_string_append_printf (names, "%s ", command->name);
      for (const TitheCliOption *option = command->options; option->name != NULL; option++)
        if (option->kind != TITHE_CLI_SWITCH)
          append_value (cases, command, option);
      append_command (cases, program, command);
    }
  first = *program->commands->name ? g_strdup_printf (dispatch, names->str)
                                   : g_strdup ("  _tithe_cli_of '' \"$option\"\n");
  text = g_strdup_printf ("%s%s%s\n"
                          "# What may stand after the command $1 and the option $2.\n"
                          "_tithe_cli_of () {\n  case \"$1 $2\" in\n%s  esac\n}\n",
                          parts[0], first, parts[1], cases->str);
  return tithe_reference_dup_for (program, text);
}
