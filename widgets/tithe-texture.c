/* SPDX-License-Identifier: MIT */
#include "tithe-texture.h"

/**
 * tithe_texture_new_surface:
 *
 * Cairo draws 32-bit pixels as they are; three-byte ones it would convert in each frame.
 *
 * Returns: (transfer full): the picture, as Cairo draws it
 */
cairo_surface_t *
tithe_texture_new_surface (const TithePixels *pixels)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) pixels->width, (int) pixels->height);
  guint32 *data = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  const gsize stride = (gsize) cairo_image_surface_get_stride (surface) / 4;
  const guint8 *pixel = pixels->data;

  cairo_surface_flush (surface);
  for (guint y = 0; data != NULL && y < pixels->height; y++)
    for (guint x = 0; x < pixels->width; x++, pixel += 3)
      data[(gsize) y * stride + x] = 0xff000000u | (guint32) pixel[0] << 16 | (guint32) pixel[1] << 8 | pixel[2];
  cairo_surface_mark_dirty (surface);
  return surface;
}

/**
 * tithe_texture_new_for_surface:
 * @surface: (transfer full): of an image in CAIRO_FORMAT_ARGB32, that nobody draws on any longer
 *
 * Returns: (transfer full): the same pixels
 */
GdkTexture *
tithe_texture_new_for_surface (cairo_surface_t *surface)
{
  const int width = cairo_image_surface_get_width (surface), height = cairo_image_surface_get_height (surface);
  const gsize stride = (gsize) cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_flush (surface);
  bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), stride * (gsize) height,
                                      (GDestroyNotify) cairo_surface_destroy, surface);
  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}
