/* SPDX-License-Identifier: MIT */
#include "tithe-image-private.h"
#include "base/tithe-name.h"
#include "io/tithe-regular.h"

#include <inttypes.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* No file of a picture is larger: more is refused before it is read. */
#define MAX_FILE_SIZE ((guint64) 1 << 30)

G_DEFINE_QUARK (tithe-image-error-quark, tithe_image_error)

/**
 * tithe_image_check_size:
 *
 * Returns: whether a picture of that size is one that memory is taken for, 1 to %TITHE_IMAGE_MAX_EDGE an edge and
 *   %TITHE_IMAGE_MAX_PIXELS in all; else %FALSE with an error that begins with “it” and names no file
 */
gboolean
tithe_image_check_size (guint64 width, guint64 height, GError **error)
{
  if (width == 0 || height == 0)
    {
      g_set_error_literal (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_CORRUPT, _("it has no pixels"));
      return FALSE;
    }
  if (width > TITHE_IMAGE_MAX_EDGE || height > TITHE_IMAGE_MAX_EDGE || width * height > TITHE_IMAGE_MAX_PIXELS)
    {
      g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_LIMIT,
                   _("it declares %" PRIu64 " x %" PRIu64 " pixels, more than the limit of %d an "
                      "edge and %u million in all"),
                   width, height, TITHE_IMAGE_MAX_EDGE, (guint) (TITHE_IMAGE_MAX_PIXELS / 1000000));
      return FALSE;
    }
  return TRUE;
}

/**
 * tithe_pixels_try_new:
 *
 * Returns: (transfer full): a black picture; %NULL with an error as of tithe_image_check_size(), or with
 *   %TITHE_IMAGE_ERROR_LIMIT where there is no memory for it
 */
TithePixels *
tithe_pixels_try_new (guint64 width, guint64 height, GError **error)
{
  TithePixels *self;

  if (!tithe_image_check_size (width, height, error))
    return NULL;
  self = g_try_malloc0 (sizeof (TithePixels) + width * height * 3);
  if (self == NULL)
    {
      g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_LIMIT,
                   _("it declares %" PRIu64 " x %" PRIu64 " pixels, and there is no memory for them"), width, height);
      return NULL;
    }
  g_atomic_ref_count_init (&self->n_refs);
  self->width = self->original_width = (guint) width;
  self->height = self->original_height = (guint) height;
  return self;
}

/**
 * tithe_pixels_new:
 * @width: chosen by the program, as @height is; see tithe_image_check_size()
 *
 * Returns: (transfer full): a black picture; the program ends where there is no memory for it
 */
TithePixels *
tithe_pixels_new (guint width, guint height)
{
  g_autoptr (GError) error = NULL;
  TithePixels *self = tithe_pixels_try_new (width, height, &error);

  if (self == NULL)
    g_error ("%u x %u pixels: %s", width, height, error->message);
  return self;
}

/* tithe_pixels_ref: (transfer full), from any thread */
TithePixels *
tithe_pixels_ref (TithePixels *self)
{
  g_atomic_ref_count_inc (&self->n_refs);
  return self;
}

/* tithe_pixels_unref: (transfer full), from any thread */
void
tithe_pixels_unref (TithePixels *self)
{
  if (g_atomic_ref_count_dec (&self->n_refs))
    g_free (self);
}

/**
 * tithe_pixels_get_size:
 *
 * Returns: bytes of pixel data
 */
gsize
tithe_pixels_get_size (const TithePixels *self)
{
  return (gsize) self->width * self->height * 3;
}

/**
 * tithe_pixels_is_grey:
 *
 * Returns: whether red, green and blue are the same everywhere
 */
gboolean
tithe_pixels_is_grey (const TithePixels *self)
{
  for (gsize i = 0; i < (gsize) self->width * self->height; i++)
    if (self->data[3 * i] != self->data[3 * i + 1] || self->data[3 * i] != self->data[3 * i + 2])
      return FALSE;
  return TRUE;
}

/* Each target pixel is the mean of the source area that it covers, in 8.8 fixed point weights: exact for whole
 * factors, and the same on every machine. Source areas are at least one pixel, so enlarging repeats pixels. */
static void
average_area (const TithePixels *source, TithePixels *target)
{
  for (guint y = 0; y < target->height; y++)
    {
      guint64 y0 = (guint64) y * source->height * 256 / target->height;
      guint64 y1 = MAX ((guint64) (y + 1) * source->height * 256 / target->height, y0 + 1);

      for (guint x = 0; x < target->width; x++)
        {
          guint64 x0 = (guint64) x * source->width * 256 / target->width;
          guint64 x1 = MAX ((guint64) (x + 1) * source->width * 256 / target->width, x0 + 1);
          guint64 sum[3] = { 0 }, total = 0;

          for (guint64 sy = y0 >> 8; sy << 8 < y1; sy++)
            {
              guint64 wy = MIN (y1, (sy + 1) << 8) - MAX (y0, sy << 8);
              const guint8 *row = source->data + sy * source->width * 3;

              for (guint64 sx = x0 >> 8; sx << 8 < x1; sx++)
                {
                  guint64 weight = wy * (MIN (x1, (sx + 1) << 8) - MAX (x0, sx << 8));

                  for (guint c = 0; c < 3; c++)
                    sum[c] += weight * row[sx * 3 + c];
                  total += weight;
                }
            }
          for (guint c = 0; c < 3; c++)
            /* cppcheck-suppress zerodiv ; an area is at least one 256th of a pixel */
            target->data[((gsize) y * target->width + x) * 3 + c] = (guint8) ((sum[c] + total / 2) / total);
        }
    }
}

/**
 * tithe_pixels_resize:
 *
 * Returns: (transfer full): the picture at exactly that size, each pixel the mean of the area that it covers
 */
TithePixels *
tithe_pixels_resize (TithePixels *self, guint width, guint height)
{
  TithePixels *target;

  if (width == self->width && height == self->height)
    return tithe_pixels_ref (self);
  target = tithe_pixels_new (width, height);
  average_area (self, target);
  target->original_width = self->original_width;
  target->original_height = self->original_height;
  return target;
}

/**
 * tithe_pixels_shrink:
 * @max_edge: the longer edge wanted at most, or 0
 *
 * Returns: (transfer full): the picture with its proportions kept; itself where it is small enough
 */
TithePixels *
tithe_pixels_shrink (TithePixels *self, guint max_edge)
{
  guint longer = MAX (self->width, self->height);

  if (max_edge == 0 || longer <= max_edge)
    return tithe_pixels_ref (self);
  return tithe_pixels_resize (self, MAX (1, (guint) (((guint64) self->width * max_edge + longer / 2) / longer)),
                              MAX (1, (guint) (((guint64) self->height * max_edge + longer / 2) / longer)));
}

/**
 * tithe_image_sniff:
 *
 * Returns: the format that the first bytes of a file show; 3 bytes tell JPEG, 8 tell PNG
 */
TitheImageFormat
tithe_image_sniff (const guint8 *data, gsize size)
{
  if (size >= 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0)
    return TITHE_IMAGE_PNG;
  if (size >= 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff)
    return TITHE_IMAGE_JPEG;
  return TITHE_IMAGE_UNKNOWN;
}

/**
 * tithe_image_decode:
 * @data: a PNG or JPEG file
 * @max_edge: the longer edge wanted at most, or 0; JPEG is decoded at a reduced scale where that is enough
 *
 * Grey, palette, alpha (over white), 16 bits, interlaced, CMYK and turned by EXIF: all become upright RGB.
 *
 * Returns: (transfer full): the picture, or %NULL with a %TITHE_IMAGE_ERROR that does not name the file
 */
TithePixels *
tithe_image_decode (const guint8 *data, gsize size, guint max_edge, GError **error)
{
  g_autoptr (TithePixels) pixels = NULL;

  switch (tithe_image_sniff (data, size))
    {
    case TITHE_IMAGE_PNG:
      pixels = tithe_image_decode_png (data, size, error);
      break;
    case TITHE_IMAGE_JPEG:
      pixels = tithe_image_decode_jpeg (data, size, max_edge, error);
      break;
    case TITHE_IMAGE_UNKNOWN:
    default:
      g_set_error_literal (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_UNKNOWN,
                           size == 0 ? _("the file is empty") : _("it is neither PNG nor JPEG"));
    }
  return pixels ? tithe_pixels_shrink (pixels, max_edge) : NULL;
}

static guint8 *
fail_to_read (GError **error, const char *why)
{
  g_set_error_literal (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_READ, why);
  return NULL;
}

/* All of a file's @size bytes; a disk that fails is not taken for a picture that is cut short. */
static guint8 *
read_bytes (int fd, gsize size, GError **error)
{
  g_autofree guint8 *data = g_try_malloc (size + 1);
  gsize done = 0;

  if (data == NULL)
    return fail_to_read (error, _("there is no memory for the file"));
  while (done < size)
    {
      gssize n = read (fd, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_to_read (error, g_strerror (errno));
      if (n == 0)
        return fail_to_read (error, _("the file became shorter while it was read"));
      done += (gsize) n;
    }
  return g_steal_pointer (&data);
}

static guint8 *
read_file (const char *path, gsize *size, GError **error)
{
  const char *why;
  guint64 n_bytes;
  int fd = tithe_regular_open (path, &n_bytes, &why);
  guint8 *data = NULL;

  if (fd < 0)
    return fail_to_read (error, why);
  if (n_bytes > MAX_FILE_SIZE)
    fail_to_read (error, _("the file is larger than 1 GiB"));
  else
    data = read_bytes (fd, *size = (gsize) n_bytes, error);
  close (fd);
  return data;
}

/**
 * tithe_image_decode_file:
 *
 * As tithe_image_decode(), for a file; errors name it.
 */
TithePixels *
tithe_image_decode_file (const char *path, guint max_edge, GError **error)
{
  gsize size = 0;
  g_autofree guint8 *data = read_file (path, &size, error);
  TithePixels *pixels = data ? tithe_image_decode (data, size, max_edge, error) : NULL;
  g_autofree char *shown = pixels ? NULL : tithe_name_dup (path);

  if (pixels == NULL)
    g_prefix_error (error, _("cannot read “%s”: "), shown);
  return pixels;
}
