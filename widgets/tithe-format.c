/* SPDX-License-Identifier: MIT */
#include "tithe-format.h"

#include "base/tithe-text.h"

#include <langinfo.h>
#include <math.h>
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

/**
 * tithe_format_dissimilarity:
 *
 * Returns: (transfer full): three decimals, or two digits that count where those would all be 0: 0.011, 0.00042
 */
char *
tithe_format_dissimilarity (float dissimilarity)
{
  if (dissimilarity >= 0.0005f || dissimilarity <= 0.0f)
    return g_strdup_printf ("%.3f", (double) dissimilarity);
  return g_strdup_printf ("%.2g", (double) dissimilarity);
}

/**
 * tithe_format_ratio:
 *
 * Returns: (transfer full): a share in percent with as many decimals as it needs, two at most, such as “80 %”
 */
char *
tithe_format_ratio (double ratio)
{
  g_autofree char *number = g_strdup_printf ("%.*f",
                                             fabs (ratio * 100 - round (ratio * 100)) < 5e-5     ? 0
                                             : fabs (ratio * 1000 - round (ratio * 1000)) < 5e-5 ? 1
                                                                                                 : 2,
                                             ratio * 100);

  return tithe_text_dup_percent (number);
}
