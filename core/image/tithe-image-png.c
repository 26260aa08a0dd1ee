/* SPDX-License-Identifier: MIT */
#include "tithe-image-private.h"

#include <glib/gi18n-lib.h>
#include <png.h>
#include <string.h>

typedef struct
{
  const guint8 *data;
  gsize size;
  gsize position;
  TithePixels *pixels; /* what was decoded so far; here so that longjmp() leaves it alone */
  char message[128];
} Source;

static void
on_error (png_structp png, png_const_charp message)
{
  Source *source = png_get_error_ptr (png);

  g_strlcpy (source->message, message, sizeof source->message);
  png_longjmp (png, 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
}

static void
on_read (png_structp png, png_bytep out, png_size_t n)
{
  Source *source = png_get_io_ptr (png);

  if (source->size - source->position < n)
    png_error (png, "the file is cut short");
  memcpy (out, source->data + source->position, n);
  source->position += n;
}

/* Kept apart from its caller so that nothing that changes after setjmp() lives in the same frame. */
static gboolean
read_png (png_structp png, png_infop info, TithePixels **out, GError **error)
{
  png_color_16 white = { .red = 0xffff, .green = 0xffff, .blue = 0xffff, .gray = 0xffff };
  png_uint_32 width, height;
  int depth, type, n_passes;

  png_read_info (png, info);
  png_get_IHDR (png, info, &width, &height, &depth, &type, NULL, NULL, NULL);
  if (!tithe_image_check_size (width, height, error))
    return FALSE;

  png_set_expand (png);
  if (depth == 16)
    png_set_strip_16 (png);
  if (type == PNG_COLOR_TYPE_GRAY || type == PNG_COLOR_TYPE_GRAY_ALPHA)
    png_set_gray_to_rgb (png);
  if (type & PNG_COLOR_MASK_ALPHA || png_get_valid (png, info, PNG_INFO_tRNS))
    png_set_background (png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
  n_passes = png_set_interlace_handling (png);
  png_read_update_info (png, info);
  if (png_get_rowbytes (png, info) != (gsize) width * 3)
    png_error (png, "unexpected row size");

  *out = tithe_pixels_new (width, height);
  for (int pass = 0; pass < n_passes; pass++)
    for (png_uint_32 y = 0; y < height; y++)
      png_read_row (png, (*out)->data + (gsize) y * width * 3, NULL);
  return TRUE;
}

TithePixels *
tithe_image_decode_png (const guint8 *data, gsize size, GError **error)
{
  Source source = { .data = data, .size = size };
  png_structp png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &source, on_error, on_warning);
  png_infop info = png_create_info_struct (png);
  gboolean ok = FALSE;

  png_set_read_fn (png, &source, on_read);
  png_set_user_limits (png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max (png, 64 << 20);
  if (setjmp (png_jmpbuf (png)) == 0)
    ok = read_png (png, info, &source.pixels, error);
  else
    g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_CORRUPT, _("broken PNG: %s"), source.message);
  png_destroy_read_struct (&png, &info, NULL);
  if (!ok)
    g_clear_pointer (&source.pixels, tithe_pixels_unref);
  return source.pixels;
}

/**
 * tithe_image_encode_png:
 *
 * Returns: (transfer full): 8-bit RGB with one fixed filter and compression level, or %NULL with an error
 */
GBytes *
tithe_image_encode_png (const TithePixels *pixels, GError **error)
{
  png_image image
      = { .version = PNG_IMAGE_VERSION, .width = pixels->width, .height = pixels->height, .format = PNG_FORMAT_RGB };
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX (image);
  g_autofree guint8 *data = g_malloc (size);

  if (png_image_write_to_memory (&image, data, &size, 0, pixels->data, 0, NULL))
    return g_bytes_new (data, size);
  g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_READ, _("cannot make a PNG file: %s"), image.message);
  return NULL;
}

/**
 * tithe_image_write_png:
 *
 * Writes 8-bit RGB with one fixed filter and compression level.
 */
gboolean
tithe_image_write_png (const char *path, const TithePixels *pixels, GError **error)
{
  png_image image
      = { .version = PNG_IMAGE_VERSION, .width = pixels->width, .height = pixels->height, .format = PNG_FORMAT_RGB };

  if (png_image_write_to_file (&image, path, 0, pixels->data, 0, NULL))
    return TRUE;
  g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_READ, _("cannot write “%s”: %s"), path, image.message);
  return FALSE;
}
