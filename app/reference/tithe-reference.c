/* SPDX-License-Identifier: MIT */
#include "tithe-reference.h"

#include "cli/tithe-cli-window.h"

#include <stdio.h>
#include <string.h>

/**
 * tithe_reference_dup_range:
 *
 * Returns: (transfer full): such as “a whole number from 1 to 100”
 */
char *
tithe_reference_dup_range (const TitheCliNumber *number)
{
  if (number->kind == TITHE_CLI_SIZE)
    return g_strdup ("a size such as 800M or 4G");
  if (number->kind == TITHE_CLI_RATIO)
    return g_strdup_printf ("a ratio between %g and %g, such as 0.9 or 90%%", number->min, number->max);
  if (number->kind == TITHE_CLI_WHOLE)
    return g_strdup_printf ("a whole number from %.0f to %.0f", number->min, number->max);
  return g_strdup_printf (number->above ? "a number above %g and up to %g" : "a number from %g to %g", number->min,
                          number->max);
}

/**
 * tithe_reference_append_escaped:
 * @special: the bytes that @escape is put before
 */
void
tithe_reference_append_escaped (GString *out, const char *text, const char *special, const char *escape)
{
  for (; *text != '\0'; text++)
    {
      if (strchr (special, *text) != NULL)
        g_string_append (out, escape);
      g_string_append_c (out, *text);
    }
}

/**
 * tithe_reference_dup_for:
 * @text: as it is for tithe-cli, whose functions begin with _tithe_cli
 *
 * Returns: (transfer full): the same for another program
 */
char *
tithe_reference_dup_for (const TitheReferenceProgram *program, const char *text)
{
  g_autoptr (GString) out = g_string_new (text);
  g_autofree char *prefix = g_strdelimit (g_strdup (program->name), "-", '_');

  g_string_replace (out, "tithe-cli", program->name, 0);
  g_string_replace (out, "tithe_cli", prefix, 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* tithe-reference SHELL is of the command line, and tithe-reference SHELL tithe of the window's program. */
static char *
make (char **words, GError **error)
{
  static const TitheCliOption none = TITHE_CLI_NO_OPTION;
  const gboolean window = words[1] != NULL && g_strcmp0 (words[2], "tithe") == 0;
  const TitheReferenceProgram program
      = { window ? "tithe" : "tithe-cli", window ? tithe_cli_window_commands : tithe_cli_commands,
          window ? &none : tithe_cli_shared_options };
  g_autofree char *prose = NULL;

  if (g_strcmp0 (words[1], "bash") == 0)
    return tithe_reference_to_bash (&program);
  if (g_strcmp0 (words[1], "zsh") == 0)
    return tithe_reference_to_zsh (&program);
  if (g_strcmp0 (words[1], "fish") == 0)
    return tithe_reference_to_fish (&program);
  if (g_strcmp0 (words[1], "man") == 0 && words[2] != NULL)
    return g_file_get_contents (words[2], &prose, NULL, error) ? tithe_reference_to_man (prose, error) : NULL;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       "usage: tithe-reference bash|zsh|fish [tithe] or man PROSE");
  return NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = make (argv, &error);

  if (text == NULL)
    {
      g_printerr ("tithe-reference: %s\n", error->message);
      return 1;
    }
  return fputs (text, stdout) < 0 || fflush (stdout) != 0;
}
