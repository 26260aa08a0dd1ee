/* SPDX-License-Identifier: MIT */
#include "tithe-sharpness.h"

static double
get_luma (const TithePixels *pixels, guint x, guint y)
{
  const guint8 *p = pixels->data + 3 * ((gsize) y * pixels->width + x);

  return 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
}

/**
 * tithe_sharpness_measure:
 * @pixels: compared only with pictures of about the same size
 *
 * The variance of the Laplacian of the luma, by which autofocus has been done since Pech-Pacheco et al., "Diatom
 * autofocusing in brightfield microscopy" (2000): blur takes fine detail away, and with it what this sums up.
 *
 * Returns: 0 for a picture without detail, more for a sharper one; O(pixels)
 */
double
tithe_sharpness_measure (const TithePixels *pixels)
{
  double sum = 0, squares = 0, n = 0;

  for (guint y = 1; y + 1 < pixels->height; y++)
    for (guint x = 1; x + 1 < pixels->width; x++)
      {
        double value = get_luma (pixels, x - 1, y) + get_luma (pixels, x + 1, y) + get_luma (pixels, x, y - 1)
                       + get_luma (pixels, x, y + 1) - 4 * get_luma (pixels, x, y);

        sum += value;
        squares += value * value;
        n++;
      }
  return n > 0 ? MAX (squares / n - (sum / n) * (sum / n), 0) : 0;
}
