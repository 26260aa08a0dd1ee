/* SPDX-License-Identifier: MIT */
#include "tithe-difference.h"

#include <stdlib.h>

/**
 * tithe_pixels_subtract:
 * @base: is brought to the same size where it has another
 * @gain: how many times as bright a difference becomes; what would be brighter than white is white
 *
 * Takes O(pixels) time.
 *
 * Returns: (transfer full): how much each value differs from that of @base: black where they are the same
 */
TithePixels *
tithe_pixels_subtract (const TithePixels *self, TithePixels *base, guint gain)
{
  g_autoptr (TithePixels) other = tithe_pixels_resize (base, self->width, self->height);
  TithePixels *result = tithe_pixels_new (self->width, self->height);

  for (gsize i = 0; i < 3 * (gsize) self->width * self->height; i++)
    {
      const guint difference = (guint) abs ((int) self->data[i] - (int) other->data[i]);

      result->data[i] = (guint8) MIN (255, gain * difference);
    }
  return result;
}
