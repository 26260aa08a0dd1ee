/* SPDX-License-Identifier: MIT */
#include "tithe-csv.h"

#include <string.h>

/**
 * tithe_csv_append:
 *
 * Appends the text as a field of a CSV file by RFC 4180: quoted where it must be.
 */
void
tithe_csv_append (GString *out, const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

/**
 * tithe_csv_quote:
 *
 * Returns: (transfer full): the text as a field of a CSV file
 */
char *
tithe_csv_quote (const char *text)
{
  GString *out = g_string_new (NULL);

  tithe_csv_append (out, text);
  return g_string_free (out, FALSE);
}
