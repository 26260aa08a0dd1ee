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
  guint8 *row;         /* of RGBA, here for the same reason */
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
    png_error (png, _("it is cut short"));
  memcpy (out, source->data + source->position, n);
  source->position += n;
}

/* Deflate makes at most 1,032 bytes of one (a match of 258 bytes in two bits): a file that declares more is cut short,
 * and that is known before memory is taken. */
static gboolean
is_plausible (const Source *source, png_structp png, png_infop info, guint64 height)
{
  return height * png_get_rowbytes (png, info) / 1032 <= source->size;
}

/* Colour @c at opacity @a, both out of @max, over white. */
static guint
over_white (guint c, guint a, guint max)
{
  return (guint) (((guint64) c * a + (guint64) max * (max - a) + max / 2) / max);
}

/*
 * Composes a row of RGBA, of 8 or 16 bits a channel in PNG's byte order, over white. Values are composed as they are
 * stored, as browsers do it; of 16 bits the upper 8 are kept, as for pictures without alpha. In an interlaced picture a
 * pass has only the pixels from @first on, @step apart.
 */
static void
compose_row (const guint8 *in, guint8 *out, gboolean wide, guint width, guint first, guint step)
{
  for (gsize x = first; x < width; x += step)
    for (gsize c = 0; c < 3; c++)
      if (wide)
        {
          const guint8 *value = in + 8 * x + 2 * c, *alpha = in + 8 * x + 6;

          out[3 * x + c]
              = (guint8) (over_white ((guint) value[0] << 8 | value[1], (guint) alpha[0] << 8 | alpha[1], 0xffff) >> 8);
        }
      else
        out[3 * x + c] = (guint8) over_white (in[4 * x + c], in[4 * x + 3], 0xff);
}

static void
read_opaque (png_structp png, int n_passes, TithePixels *out)
{
  for (int pass = 0; pass < n_passes; pass++)
    for (guint y = 0; y < out->height; y++)
      png_read_row (png, out->data + (gsize) y * out->width * 3, NULL);
}

static void
read_transparent (png_structp png, int n_passes, gboolean wide, guint8 *row, TithePixels *out)
{
  for (int pass = 0; pass < n_passes; pass++)
    for (guint y = 0; y < out->height; y++)
      {
        gboolean all = n_passes == 1;

        png_read_row (png, row, NULL);
        if (all || PNG_ROW_IN_INTERLACE_PASS (y, pass))
          compose_row (row, out->data + (gsize) y * out->width * 3, wide, out->width,
                       all ? 0 : (guint) PNG_PASS_START_COL (pass), all ? 1 : (guint) PNG_PASS_COL_OFFSET (pass));
      }
}

/* Kept apart from its caller so that nothing that changes after setjmp() lives in the same frame. */
static gboolean
read_png (png_structp png, png_infop info, Source *source, GError **error)
{
  png_uint_32 width, height;
  int depth, type, n_passes;
  gboolean transparent;

  png_read_info (png, info);
  png_get_IHDR (png, info, &width, &height, &depth, &type, NULL, NULL, NULL);
  if (!tithe_image_check_size (width, height, error))
    return FALSE;
  if (!is_plausible (source, png, info, height))
    png_error (png, _("it is cut short"));

  transparent = type & PNG_COLOR_MASK_ALPHA || png_get_valid (png, info, PNG_INFO_tRNS);
  png_set_expand (png);
  if (depth == 16 && !transparent)
    png_set_strip_16 (png);
  if (type == PNG_COLOR_TYPE_GRAY || type == PNG_COLOR_TYPE_GRAY_ALPHA)
    png_set_gray_to_rgb (png);
  n_passes = png_set_interlace_handling (png);
  png_read_update_info (png, info);
  if (png_get_rowbytes (png, info) != (gsize) width * (transparent ? (depth == 16 ? 8 : 4) : 3))
    png_error (png, "unexpected row size");

  source->pixels = tithe_pixels_try_new (width, height, error);
  if (source->pixels == NULL)
    return FALSE;
  if (transparent)
    source->row = g_malloc0 (png_get_rowbytes (png, info));
  if (transparent)
    read_transparent (png, n_passes, depth == 16, source->row, source->pixels);
  else
    read_opaque (png, n_passes, source->pixels);
  return TRUE;
}

/**
 * tithe_image_decode_png:
 *
 * As tithe_image_decode(), in its full size.
 */
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
    ok = read_png (png, info, &source, error);
  else
    g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_CORRUPT, _("broken PNG: %s"), source.message);
  png_destroy_read_struct (&png, &info, NULL);
  g_free (source.row);
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
    return g_bytes_new_take (g_realloc (g_steal_pointer (&data), size), size);
  g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_READ, _("cannot make a PNG file: %s"), image.message);
  return NULL;
}

/**
 * tithe_image_write_png:
 *
 * Writes what tithe_image_encode_png() makes; errors name the file.
 */
gboolean
tithe_image_write_png (const char *path, const TithePixels *pixels, GError **error)
{
  g_autoptr (GBytes) png = tithe_image_encode_png (pixels, error);
  g_autoptr (GError) local = NULL;
  const char *data;
  gsize size;

  if (png == NULL)
    return FALSE;
  data = g_bytes_get_data (png, &size);
  if (g_file_set_contents (path, data, (gssize) size, &local))
    return TRUE;
  g_set_error_literal (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_READ, local->message);
  return FALSE;
}
