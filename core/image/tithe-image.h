/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TITHE_IMAGE_ERROR (tithe_image_error_quark ())

typedef enum
{
  TITHE_IMAGE_ERROR_READ,    /* the file cannot be read */
  TITHE_IMAGE_ERROR_UNKNOWN, /* neither PNG nor JPEG */
  TITHE_IMAGE_ERROR_CORRUPT, /* broken or cut short */
  TITHE_IMAGE_ERROR_LIMIT,   /* declares more pixels than we take memory for */
} TitheImageError;

typedef enum
{
  TITHE_IMAGE_UNKNOWN,
  TITHE_IMAGE_PNG,
  TITHE_IMAGE_JPEG,
} TitheImageFormat;

/* A picture that declares more is refused before memory is taken. */
#define TITHE_IMAGE_MAX_EDGE 65535
#define TITHE_IMAGE_MAX_PIXELS (G_GUINT64_CONSTANT (1) << 28)

/**
 * TithePixels:
 *
 * A decoded picture: height x width x 3 bytes, RGB, rows without padding, top row first. @original_width and
 * @original_height are those of the picture before it was shrunk. Reference-counted, immutable once handed out.
 *
 * A size that was read from a file goes through tithe_pixels_try_new(), which looks at it and survives where there is
 * no memory; tithe_pixels_new() is for sizes that the program chose.
 */
typedef struct
{
  gatomicrefcount n_refs;
  guint width;
  guint height;
  guint original_width;
  guint original_height;
  guint8 data[];
} TithePixels;

GQuark           tithe_image_error_quark (void);
TitheImageFormat tithe_image_sniff       (const guint8 *data, gsize size);
gboolean         tithe_image_check_size  (guint64 width, guint64 height, GError **error);
TithePixels     *tithe_image_decode      (const guint8 *data, gsize size, guint max_edge, GError **error);
TithePixels     *tithe_image_decode_file (const char *path, guint max_edge, GError **error);
GBytes          *tithe_image_encode_png  (const TithePixels *pixels, GError **error);
gboolean         tithe_image_write_png   (const char *path, const TithePixels *pixels, GError **error);

TithePixels     *tithe_pixels_new        (guint width, guint height);
TithePixels     *tithe_pixels_try_new    (guint64 width, guint64 height, GError **error);
TithePixels     *tithe_pixels_ref        (TithePixels *self);
void             tithe_pixels_unref      (TithePixels *self);
gsize            tithe_pixels_get_size   (const TithePixels *self);
gboolean         tithe_pixels_is_grey    (const TithePixels *self);
TithePixels     *tithe_pixels_shrink     (TithePixels *self, guint max_edge);
TithePixels     *tithe_pixels_resize     (TithePixels *self, guint width, guint height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TithePixels, tithe_pixels_unref)

G_END_DECLS
