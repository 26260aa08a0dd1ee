/* SPDX-License-Identifier: MIT */
#include "tithe-count.h"

#include <langinfo.h>
#include <string.h>

/**
 * tithe_format_count:
 *
 * Returns: (transfer full): digits in groups of three, with the locale's separator or one that is not its decimal
 * point where it has none: 45,000
 */
char *
tithe_format_count (gsize count)
{
  const char *separator = nl_langinfo (THOUSEP);
  g_autofree char *digits = g_strdup_printf ("%zu", count);
  gsize n = strlen (digits);
  GString *text = g_string_new (NULL);

  if (*separator == '\0')
    separator = g_str_equal (nl_langinfo (RADIXCHAR), ",") ? "\u202f" : ",";
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (text, separator);
      g_string_append_c (text, digits[i]);
    }
  return g_string_free (text, FALSE);
}
