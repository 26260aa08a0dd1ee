/* SPDX-License-Identifier: MIT */
#include "tithe-reference.h"

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

static char *
make (char **words, GError **error)
{
  g_autofree char *prose = NULL;

  if (g_strcmp0 (words[1], "bash") == 0)
    return tithe_reference_to_bash ();
  if (g_strcmp0 (words[1], "zsh") == 0)
    return tithe_reference_to_zsh ();
  if (g_strcmp0 (words[1], "fish") == 0)
    return tithe_reference_to_fish ();
  if (g_strcmp0 (words[1], "man") == 0 && words[2] != NULL)
    return g_file_get_contents (words[2], &prose, NULL, error) ? tithe_reference_to_man (prose, error) : NULL;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "usage: tithe-reference bash|zsh|fish|man PROSE");
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
