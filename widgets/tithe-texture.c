/* SPDX-License-Identifier: MIT */
#include "tithe-texture.h"

/**
 * tithe_texture_new:
 * @factor: how many pixels each becomes in both directions, so that small pictures stay sharp when they are shown large
 *
 * Cairo draws 32-bit pixels as they are; three-byte ones it would convert in each frame.
 *
 * Returns: (transfer full): the picture
 */
GdkTexture *
tithe_texture_new (const TithePixels *pixels, guint factor)
{
  const guint width = pixels->width * factor, height = pixels->height * factor;
  guint32 *data = g_new (guint32, (gsize) width * height);
  g_autoptr (GBytes) bytes = NULL;

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        const guint8 *pixel = pixels->data + 3 * ((gsize) (y / factor) * pixels->width + x / factor);

        data[(gsize) y * width + x] = 0xff000000u | (guint32) pixel[0] << 16 | (guint32) pixel[1] << 8 | pixel[2];
      }
  bytes = g_bytes_new_take (data, (gsize) width * height * 4);
  return gdk_memory_texture_new ((int) width, (int) height, GDK_MEMORY_DEFAULT, bytes, (gsize) width * 4);
}
