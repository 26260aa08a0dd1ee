/* SPDX-License-Identifier: MIT */
#include "tithe-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MARK ".\\\" @options "

/* Text of a manual page: no dash becomes a hyphen, and what is not ASCII goes by its number. */
static void
append_text (GString *out, const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      const gunichar c = g_utf8_get_char (text);

      if (c == '-' || c == '\\')
        g_string_append (out, c == '-' ? "\\-" : "\\e");
      else if (c < 128)
        g_string_append_c (out, (char) c);
      else
        g_string_append_printf (out, "\\[u%04X]", c);
    }
}

static void
append_word (const TitheWord *word, gboolean usual, gpointer user_data)
{
  GString *out = user_data;

  g_string_append (out, "\n.br\n\\fB");
  append_text (out, word->text);
  g_string_append (out, usual ? "\\fR (default): " : "\\fR: ");
  append_text (out, word->what);
}

static void
append_option (GString *out, const TitheCliOption *option)
{
  const TitheCliWord *word = option->kind == TITHE_CLI_WORD ? option->target : NULL;

  g_string_append (out, ".TP\n");
  if (option->letter != '\0')
    g_string_append_printf (out, "\\fB\\-%c\\fR, ", option->letter);
  g_string_append (out, "\\fB\\-\\-");
  append_text (out, option->name);
  g_string_append (out, "\\fR");
  if (option->unit != NULL)
    g_string_append_printf (out, "=\\fI%s\\fR", option->unit);
  g_string_append_c (out, '\n');
  append_text (out, option->what);
  if (option->kind == TITHE_CLI_NUMBER)
    {
      g_autofree char *range = tithe_reference_dup_range (option->target);

      g_string_append (out, ": ");
      append_text (out, range);
    }
  g_string_append (out, word != NULL ? ":" : ".");
  if (word != NULL)
    tithe_cli_word_foreach (word, append_word, out);
  if (word != NULL && word->others != NULL)
    {
      g_string_append (out, "\n.br\nor ");
      append_text (out, word->others);
    }
  g_string_append_c (out, '\n');
}

static const TitheCliCommand *
find_command (const char *name)
{
  for (const TitheCliCommand *command = tithe_cli_commands; command->name != NULL; command++)
    if (g_str_equal (command->name, name))
      return command;
  return NULL;
}

/* A date is part of the page only where the build has one that is the same each time. */
static void
append_line (GString *out, const char *line)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  g_autoptr (GDateTime) time = epoch ? g_date_time_new_from_unix_utc (g_ascii_strtoll (epoch, NULL, 10)) : NULL;
  g_autofree char *date = time ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("");
  g_auto (GStrv) parts = g_strsplit (line, "@date@", -1);
  g_autofree char *text = g_strjoinv (date, parts);

  g_string_append_printf (out, "%s\n", text);
}

static gboolean
check_commands (GHashTable *told, GError **error)
{
  for (const TitheCliCommand *command = tithe_cli_commands; command->name != NULL; command++)
    if (!g_hash_table_contains (told, command->options))
      {
        g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the page has no mark for the options of “%s”",
                     command->name);
        return FALSE;
      }
  if (g_hash_table_contains (told, tithe_cli_shared_options))
    return TRUE;
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the page has no mark for the options of all commands");
  return FALSE;
}

/**
 * tithe_reference_to_man:
 * @prose: a manual page with a line such as “.\" @options demo@” where the options of a command belong, and one with “all”
 *   for those that every command has
 *
 * Commands that share their options share a mark.
 *
 * Returns: (transfer full): the page with the options, or %NULL where a command has no mark
 */
char *
tithe_reference_to_man (const char *prose, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (prose, "\n", -1);
  g_autoptr (GHashTable) told = g_hash_table_new (NULL, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  for (char **line = lines; *line != NULL && (**line != '\0' || line[1] != NULL); line++)
    {
      g_autofree char *name = NULL;
      const TitheCliOption *options = tithe_cli_shared_options;

      if (!g_str_has_prefix (*line, MARK))
        {
          append_line (out, *line);
          continue;
        }
      name = g_strndup (*line + strlen (MARK), strcspn (*line + strlen (MARK), "@"));
      if (!g_str_equal (name, "all"))
        {
          const TitheCliCommand *command = find_command (name);

          if (command == NULL)
            {
              g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "there is no command “%s”", name);
              return NULL;
            }
          options = command->options;
        }
      g_hash_table_add (told, (gpointer) options);
      g_string_append (out, options == tithe_cli_shared_options ? "" : ".RS\n");
      for (const TitheCliOption *option = options; option->name != NULL; option++)
        append_option (out, option);
      g_string_append (out, options == tithe_cli_shared_options ? "" : ".RE\n");
    }
  return check_commands (told, error) ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}
