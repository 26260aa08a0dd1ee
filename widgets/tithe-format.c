/* SPDX-License-Identifier: MIT */
#include "tithe-format.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>
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

/**
 * tithe_format_size_range:
 * @smallest: images of a group; 2 or less where any is small enough
 * @largest: images; 0 where any is large enough
 *
 * Returns: (transfer full): such as “5 to 12 images”
 */
char *
tithe_format_size_range (guint32 smallest, guint32 largest)
{
  g_autofree char *low = tithe_format_count (smallest), *high = tithe_format_count (largest);

  if (largest == 0 && smallest <= 2)
    return g_strdup (C_ ("range", "any"));
  if (largest == 0)
    /* TRANSLATORS: a range of group sizes */
    return g_strdup_printf (ngettext ("%s image or more", "%s images or more", smallest), low);
  if (largest <= MAX (smallest, 2))
    return g_strdup_printf (ngettext ("%s image", "%s images", largest), high);
  if (smallest <= 2)
    /* TRANSLATORS: a range of group sizes */
    return g_strdup_printf (ngettext ("up to %s image", "up to %s images", largest), high);
  /* TRANSLATORS: a range of group sizes, such as “5 to 12 images” */
  return g_strdup_printf (ngettext ("%s to %s image", "%s to %s images", largest), low, high);
}

/**
 * tithe_format_spread_range:
 * @low: dissimilarity; 0 where any is low enough
 * @high: dissimilarity; 0 where any is high enough
 *
 * Returns: (transfer full): such as “spread 0.005 to 0.010”
 */
char *
tithe_format_spread_range (float low, float high)
{
  g_autofree char *from = tithe_format_dissimilarity (low), *to = tithe_format_dissimilarity (high);

  if (low <= 0 && high <= 0)
    return g_strdup (C_ ("range", "any"));
  if (high <= 0)
    /* TRANSLATORS: a range of the spreads of groups */
    return g_strdup_printf (_("spread %s or more"), from);
  if (low <= 0)
    /* TRANSLATORS: a range of the spreads of groups */
    return g_strdup_printf (_("spread up to %s"), to);
  /* TRANSLATORS: a range of the spreads of groups, such as “spread 0.005 to 0.010” */
  return g_strdup_printf (_("spread %s to %s"), from, to);
}
