/* SPDX-License-Identifier: MIT */
#include "tithe-format.h"

#include "base/tithe-text.h"

#include <math.h>

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
